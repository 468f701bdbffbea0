package widgets

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Match returns a function that reports whether one of its texts contains what is searched for. Case and accents do not count: orsted
// finds Ørsted, and strasse finds Straße.
func Match(wanted string) func(texts ...string) bool {
	wanted = fold(strings.TrimSpace(wanted))
	if wanted == "" {
		return func(...string) bool { return true }
	}
	return func(texts ...string) bool {
		for _, text := range texts {
			if strings.Contains(fold(text), wanted) {
				return true
			}
		}
		return false
	}
}

// letters are those that Unicode does not take apart into a plain letter and an accent.
var letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ı", "i", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th")

// fold returns a text in lower case and without accents.
func fold(text string) string {
	text = strings.ToLower(text)
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return text
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
	return letters.Replace(plain)
}
