package terminal

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Safe returns a writer for texts in a terminal. It replaces hidden characters by U+FFFD, such as a terminal's commands, or marks
// that change the direction of writing. Each write must hold whole characters.
func Safe(w io.Writer) io.Writer { return safe{w} }

type safe struct{ w io.Writer }

func (s safe) Write(p []byte) (int, error) {
	shown := strings.Map(func(r rune) rune {
		if isHidden(r) {
			return unicode.ReplacementChar
		}
		return r
	}, string(p))
	if _, err := io.WriteString(s.w, shown); err != nil {
		return 0, err
	}
	return len(p), nil
}

// isHidden reports whether a character is hidden: a control (but not a line break or a tab), a mark of direction, a character without
// width, or a Unicode line break.
func isHidden(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// escapeHidden replaces hidden characters in JSON by escape sequences. They can only be inside of its strings.
func escapeHidden(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case !isHidden(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := (r-0x10000)>>10+0xD800, (r-0x10000)&0x3FF+0xDC00
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
