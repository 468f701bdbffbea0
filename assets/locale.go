package assets

import (
	"os"
	"strings"
)

// Fyne looks for the language before main begins, and complains about the locale C, which a scheduler or a bare
// terminal has, on every start. Packages are initialized in the order of their paths, so this comes before it.
func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := os.Getenv(name); locale != "" && locale != "C" && locale != "POSIX" && !strings.HasPrefix(locale, "C.") {
			return
		} else if locale != "" {
			os.Unsetenv(name)
		}
	}
	os.Setenv("LANG", "en_US.UTF-8")
}
