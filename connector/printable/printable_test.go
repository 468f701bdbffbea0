package printable_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"controlmap-jumpcloud/connector/printable"
)

func TestLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"as it is":               {"Larkspur Robotics", "Larkspur Robotics"},
		"accents":                {"Žluťoučký kůň", "Žluťoučký kůň"},
		"accents in two parts":   {"Zoe\u0308", "Zoe\u0308"},
		"Hebrew":                 {"שלום בע״מ", "שלום בע״מ"},
		"Thai":                   {"บริษัท", "บริษัท"},
		"an emoji":               {"Bakery 🥐", "Bakery 🥐"},
		"no-break spaces":        {"A\u00a0B\u3000C", "A B C"},
		"blanks around":          {" \t A  B \n", "A B"},
		"line breaks":            {"A\r\nB\u2028C\u2029D\u0085E\vF", "A B C D E F"},
		"an order to a terminal": {"\x1b[31mred\x1b[0m", "[31mred [0m"},
		"C1 controls":            {"A\u009b31mB\u0080", "A 31mB"},
		"DEL":                    {"A\x7fB", "A B"},
		"NUL":                    {"A\x00B", "A B"},
		"bidi":                   {"\u202eexe.\u2066gpj\u2069\u200f\u061c", "exe.gpj"},
		"no width":               {"A\u200bB\u200c\u200dC\u2060D\ufeffE\u00adF", "ABCDEF"},
		"tags":                   {"A\U000e0041\U000e007fB", "AB"},
		"not UTF-8":              {"A\xffB\xc3", "A\ufffdB\ufffd"},
		"a lone surrogate":       {"A\xed\xa0\x80B", "A\ufffd\ufffd\ufffdB"},
		"private use":            {"A\ue000B", "A\ufffdB"},
		"a mark at the front":    {"\u0301A", "A"},

		"nothing":                {"", ""},
		"blanks":                 {"   ", ""},
		"a no-break space":       {"\u00a0", ""},
		"zero width":             {"\u200b", ""},
		"zero width, several":    {"\u200b\u2060\ufeff\u200e", ""},
		"Hangul fillers":         {"\u3164\uffa0\u115f\u1160", ""},
		"Braille blank":          {"\u2800\u2800", ""},
		"marks only":             {"\u0301\u0302\u20dd", ""},
		"a blank under a mark":   {" \u0301", ""},
		"variation selectors":    {"\ufe0f\ufe0e\U000e0100", ""},
		"a grapheme joiner":      {"\u034f", ""},
		"soft hyphens":           {"\u00ad\u00ad", ""},
		"a note without a head":  {"\U0001d159", ""},
		"Khmer inherent vowels":  {"\u17b4\u17b5", ""},
		"a Mongolian separator":  {"\u180e\u180b", ""},
		"nothing that was UTF-8": {"\xff\xfe", ""},
		"private use only":       {"\ue000\U0010fffd", ""},
		"controls only":          {"\x00\x1b\u009f", ""},
	} {
		if got := printable.Line(c.text); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", name, c.text, got, c.want)
		}
	}
}

func TestTyped(t *testing.T) {
	for text, want := range map[string]string{" a  b ": " a  b ", "a\nb\r": "a b ", "a\u2028b\u0085": "a b ", "\u202ea\x1b": " a ", "\u200ba": "\u200ba"} {
		if got := printable.Typed(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestLineIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"letters":         strings.Repeat("W", 30_000),
		"two bytes":       strings.Repeat("é", 30_000),
		"four bytes":      strings.Repeat("🥐", 30_000),
		"words":           strings.Repeat("word ", 30_000),
		"marks":           "e" + strings.Repeat("\u0301", 30_000),
		"blanks first":    strings.Repeat(" ", 30_000) + strings.Repeat("W", 200),
		"blanks between":  "A" + strings.Repeat(" ", 30_000) + strings.Repeat("W", 200),
		"nothing between": "A" + strings.Repeat("\u200b", 30_000) + strings.Repeat("W", 200),
	} {
		got := printable.Line(text)
		if n := utf8.RuneCountInString(got); n > printable.Longest+2 || !strings.HasSuffix(got, "…") {
			t.Errorf("%s: %d characters, %q", name, n, got)
		}
	}
	whole := strings.Repeat("W", printable.Longest)
	if got := printable.Line(whole + "  \n"); got != whole {
		t.Errorf("a text of the greatest length becomes %q", got)
	}
}

// What was made printable once stays as it is, so that it may pass here as often as it is read and stored.
func FuzzLine(f *testing.F) {
	for _, text := range []string{"", " a ", "\u202e", "\xff", "a\u0301", strings.Repeat("W ", 100), "\u2800a", "\U000e0041"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := printable.Line(text)
		if !utf8.ValidString(got) || got != strings.TrimSpace(got) || utf8.RuneCountInString(got) > printable.Longest+2 {
			t.Errorf("%q becomes %q", text, got)
		}
		for _, r := range got {
			if !unicode.IsPrint(r) && r != utf8.RuneError {
				t.Errorf("%q becomes %q, which holds %U", text, got, r)
			}
		}
		if again := printable.Line(got); again != got {
			t.Errorf("%q becomes %q and then %q", text, got, again)
		}
	})
}
