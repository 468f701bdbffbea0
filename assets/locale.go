package assets

import (
	"os"
	"strings"
)

// Fyne looks for the language before main begins, and complains about what it cannot read, on every start. Packages are
// initialized in the order of their paths, so this comes before it.
func init() { readable() }

// readable makes the locale in the environment one that Fyne can read. What comes after an @ is left out, such as the euro of
// de_DE@euro. In place of C, which a scheduler or a bare terminal has, and which is set to have a program speak the same
// everywhere, it is English. As for every program, the first of the variables that is set decides.
func readable() {
	names := []string{"LC_ALL", "LC_MESSAGES", "LANG"}
	for _, name := range names {
		locale, _, _ := strings.Cut(os.Getenv(name), "@")
		if locale == "C" || locale == "POSIX" || strings.HasPrefix(locale, "C.") {
			break
		}
		if locale != "" {
			os.Setenv(name, locale)
			return
		}
	}
	for _, name := range append(names, "LANGUAGE") {
		os.Unsetenv(name)
	}
	os.Setenv("LANG", "en_US.UTF-8")
}
