package check

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// word is a run of characters between separators such as blanks, quotes and brackets.
type word struct {
	text       string
	start, end int
}

// split lists the words of a text that have a letter or a digit.
func split(text string) []word {
	var words []word
	start := -1
	for at, r := range text + " " {
		switch separates := separator(r); {
		case !separates && start < 0:
			start = at
		case separates && start >= 0:
			// Punctuation, Markdown, and the % that zsh prints after an output without a line break.
			if w := strings.Trim(text[start:at], ".!?*_~-%$^"); strings.ContainsFunc(w, alphanumeric) {
				words = append(words, word{w, start, at})
			}
			start = -1
		}
	}
	return words
}

// separator reports whether a character separates words. The characters of an address, such as / and @, do not, because a commit in a
// link is no key.
func separator(r rune) bool {
	if r > unicode.MaxASCII {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\"'`()[]{}<>,;|=:\\&", r)
}

func alphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// assignment matches a line such as "API key: value" or "export API_KEY=value".
var assignment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:export\s+|set\s+|\$env:)?(?:\pL[\pL\d_ .-]{0,40}["']?\s*(?:=>?|：|:\s)|[\pL\d_ .-]{0,40}(?:key|token|secret|id)["']?\s*:)\s*([^\s=].*)$`)
})

// firstValue finds the first line that is not an Organization ID. It returns the line's name and value, without quotes and brackets
// around them. If all lines are Organization IDs, it returns the first one.
func firstValue(text string) (name, value string) {
	organization, empty := "", ""
	for _, line := range strings.FieldsFunc(text, breaksLine) {
		switch name, value := valueOf(line); {
		case hex24.MatchString(value):
			organization = cmp.Or(organization, value)
		case value == "", strings.HasSuffix(value, ":"): // a name; its value is on the next line
			empty = cmp.Or(empty, value)
		case empty != "" && name != "": // the next line names something else
			return empty + " " + name, value
		default:
			return name, value
		}
	}
	return "", cmp.Or(organization, empty)
}

func breaksLine(r rune) bool { return strings.ContainsRune("\n\r\v\f\x00\u0085\u2028\u2029", r) }

// valueOf divides a line into a name and its value, without quotes and brackets around them.
func valueOf(line string) (name, value string) {
	for value = firstRunes(strings.TrimFunc(line, around), 2*LongestEntry); ; {
		before := value
		value = strings.TrimFunc(value, around)
		if m := assignment().FindStringSubmatch(value); m != nil {
			name += strings.TrimSuffix(value, m[1])
			value = m[1]
		}
		if value == before {
			return oneLine(name), oneLine(value)
		}
	}
}

// around reports whether a character at the beginning or the end of a value is no part of the value.
func around(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Pi, unicode.Pf) || strings.ContainsRune("\"'`()[]{}<>,;„", r)
}

// escapes are the sequences that colour text in a terminal.
var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[ -/]*[@-~]`)

// visible removes the characters of a text that nobody sees: characters without width, marks of direction, a terminal's colours.
func visible(text string) string {
	text = escapes.ReplaceAllString(strings.ToValidUTF8(text, "\ufffd"), "")
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, text)
}

// oneLine replaces each line break and each other control character by a blank.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// firstRunes returns the first n characters of a text, or all if it has fewer.
func firstRunes(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			return text[:at]
		}
	}
	return text
}
