// Package printable makes text from outside safe to show: from an answer, a certificate, the clipboard, or a record that another
// program may have changed.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest is how many characters a line has at most. Real names and almost all email addresses are shorter.
const Longest = 100

// Line returns text as one line that a screen, a terminal and a table can show. Line breaks, tabs and control characters become
// blanks. Blanks at the ends are removed, and several blanks become one. Invisible characters (without width, or for the direction
// of writing) are removed, and bytes that are not UTF-8 are replaced. A text longer than [Longest] is cut and ends in an ellipsis.
// A text without a visible character becomes "".
func Line(text string) string {
	var b strings.Builder
	length, seen, blank := 0, false, false
	for _, r := range text {
		switch {
		case isBlank(r):
			blank = length > 0
			continue
		case isInvisible(r), length == 0 && unicode.IsMark(r): // a mark needs a character before it
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

// Typed returns text for a field, with the same length: line breaks, control characters and those for the direction of writing
// become blanks.
func Typed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, text)
}

// isBlank reports whether a character shows as empty space. Unicode calls some of these letters or symbols.
func isBlank(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', // fillers for a missing part of a Hangul syllable
		'\u2800',     // the Braille pattern without a dot
		'\U0001d159': // a musical note without a head
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

// Visible returns text without the characters that show nothing and take no space.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, text)
}

// isInvisible reports whether a character shows nothing and takes no space.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}
