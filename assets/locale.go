package assets

import (
	"os"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Fyne looks for the language before main begins, and complains about what it cannot read, on every start. Packages are
// initialized in the order of their paths, so this comes before it.
func init() { readable() }

// readable makes the locale in the environment one that Fyne can read. What comes after an @ is left out, such as the euro of
// de_DE@euro, and so is what names no language. In place of C, which a scheduler or a bare terminal has, and which is set to have
// a program speak the same everywhere, it is English. As for every program, the first of the variables that is set decides.
func readable() {
	names := []string{"LC_ALL", "LC_MESSAGES", "LANG"}
	for _, name := range names {
		locale, _, _ := strings.Cut(os.Getenv(name), ":") // a list is for LANGUAGE
		locale, _, _ = strings.Cut(locale, "@")
		if locale == "" {
			continue
		}
		if !isLanguage(locale) {
			break
		}
		os.Setenv(name, locale)
		if list := readableList(os.Getenv("LANGUAGE")); list != "" {
			os.Setenv("LANGUAGE", list)
		} else {
			os.Unsetenv("LANGUAGE")
		}
		return
	}
	for _, name := range append(names, "LANGUAGE") {
		os.Unsetenv(name)
	}
	os.Setenv("LANG", "en_US.UTF-8")
}

// readableList leaves out of a list of locales what Fyne cannot read.
func readableList(list string) string {
	var all []string
	for locale := range strings.SplitSeq(list, ":") {
		if locale, _, _ = strings.Cut(locale, "@"); isLanguage(locale) && !slices.Contains(all, locale) {
			all = append(all, locale)
		}
	}
	return strings.Join(all, ":")
}

// isLanguage reports whether a locale names a language. C and POSIX do not.
func isLanguage(locale string) bool {
	name, _, _ := strings.Cut(locale, ".")
	_, err := language.Parse(strings.ReplaceAll(name, "_", "-"))
	return err == nil && name != "POSIX"
}
