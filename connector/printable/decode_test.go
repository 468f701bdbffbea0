package printable_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"controlmap-jumpcloud/connector/printable"
)

// in returns a text in an encoding.
func in(t *testing.T, name, text string) string {
	t.Helper()
	var encoded string
	var err error
	switch name {
	case "Windows-1252":
		encoded, err = charmap.Windows1252.NewEncoder().String(text)
	case "UTF-16LE":
		encoded, err = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	case "UTF-16BE":
		encoded, err = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	default:
		encoded = text
	}
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// A list comes out as it was written, in each encoding, with its byte order mark and without.
func TestDecode(t *testing.T) {
	list := "Name,ID\r\nZürich Präzision,1\r\nCafé Noël,2\r\nLarkspur Robotics,3\r\n"
	for name, text := range map[string]string{"UTF-8": list + "株式会社,4\r\nŽluťoučký,5\r\n", "Windows-1252": list + "€ & “Sons”,4\r\n",
		"UTF-16LE": list + "Āda,4\r\n一二,5\r\n", "UTF-16BE": list + "Āda,4\r\n一二,5\r\n"} {
		if got := printable.Decode([]byte(in(t, name, text))); got != text {
			t.Errorf("%s is read as %q", name, got)
		}
		if name == "Windows-1252" {
			continue
		}
		if got := printable.Decode([]byte(in(t, name, "\ufeff"+text))); got != text {
			t.Errorf("%s with its mark is read as %q", name, got)
		}
	}
}

// A byte that does not belong there spoils its line at most, wherever it is. Lines of two files, one below the other, are both right.
func TestDecodeWithStrayBytes(t *testing.T) {
	lines := []string{"Zürich", "Café Noël", "株式会社", "Larkspur", "Žluťoučký kůň", "Aldgate"}
	for _, stray := range []string{"\xff", "\x81", "\xc3", "\xe4\xb8", "\xfc", "\xf0\x9f\xa5"} {
		for bad := range lines {
			for at := range len(lines[bad]) + 1 {
				spoilt := slices.Clone(lines)
				spoilt[bad] = lines[bad][:at] + stray + lines[bad][at:]
				got := strings.Split(printable.Decode([]byte(strings.Join(spoilt, "\n"))), "\n")
				if len(got) != len(lines) {
					t.Fatalf("%q at %d of line %d: %d lines", stray, at, bad, len(got))
				}
				for i := range lines {
					if i != bad && got[i] != lines[i] || !utf8.ValidString(got[i]) {
						t.Errorf("%q at %d of line %d: line %d is %q", stray, at, bad, i, got[i])
					}
				}
			}
		}
	}
	both := "Zürich\nCafé Noël\nŽluťoučký\n"
	if got := printable.Decode([]byte(both + in(t, "Windows-1252", "Genève\nKöln\n"))); got != both+"Genève\nKöln\n" {
		t.Errorf("two files are read as %q", got)
	}
	if got := printable.Decode([]byte("\xef\xbb\xbfCaf\xe9\nK\xf6ln\n")); got != "Café\nKöln\n" {
		t.Errorf("below a mark of UTF-8, Windows-1252 is read as %q", got)
	}
}

// What looks like UTF-8 by chance does not make a text in Windows-1252 another one.
func TestDecodeMostlyWindows1252(t *testing.T) {
	text := "Müller\nCafé Noël\nGenève\nKÃ¶ln\n"
	if got := printable.Decode([]byte(in(t, "Windows-1252", text))); got != text {
		t.Errorf("it is read as %q", got)
	}
}

// Whatever comes, it becomes a text, and a text in UTF-8 stays as it is.
func FuzzDecodeText(f *testing.F) {
	for _, data := range []string{"", "a", "Zürich", "\xff\xfe", "\xfe\xff\x00", "\xef\xbb\xbf", "a\x00b\x00", "\xff", "\x00"} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := printable.Decode(data)
		if !utf8.ValidString(got) {
			t.Errorf("%q is read as %q", data, got)
		}
		if plain := string(data); utf8.ValidString(plain) && !strings.ContainsAny(plain, "\x00\ufeff") && got != plain {
			t.Errorf("%q is read as %q", data, got)
		}
	})
}
