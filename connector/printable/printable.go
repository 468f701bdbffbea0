// Package printable makes text that comes from outside safe to show: an answer, a certificate, the clipboard, a record
// that another program may have changed.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest is how many characters a line has at most. It holds every real name and almost every email address.
const Longest = 100

// Line returns text as one line that a screen, a terminal and a table can show. Line breaks, tabs and control characters
// become blanks; blanks at the ends are cut and runs of them become one. Characters without a shape of their own (those
// that turn the direction of writing, and those of no width) are left out, and bytes that are not UTF-8 replaced. What is
// longer than [Longest] ends in an ellipsis. A text in which there is nothing to see gives the empty string.
func Line(text string) string {
	var b strings.Builder
	length, seen, blank := 0, false, false
	for _, r := range text {
		switch {
		case isBlank(r):
			blank = length > 0
			continue
		case isShapeless(r), length == 0 && unicode.IsMark(r): // a mark needs something to stand on
			continue
		case !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if blank {
			b.WriteByte(' ')
			length, blank = length+1, false
		}
		if length >= Longest {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
		length++
		seen = seen || r != utf8.RuneError && !unicode.IsMark(r)
	}
	if !seen {
		return ""
	}
	return b.String()
}

// Typed returns text as it can stand in a field, of the same length: line breaks, control characters and those that turn the
// direction of writing become blanks.
func Typed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, text)
}

// isBlank tells the characters that show as an empty space, whatever Unicode calls them: letters and symbols are among them.
func isBlank(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', // fillers for a missing part of a Hangul syllable
		'\u2800',     // the Braille pattern without a dot
		'\U0001d159': // a musical note without a head
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

// isShapeless tells the characters that are not seen at all, and take no space.
func isShapeless(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}
