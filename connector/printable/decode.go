package printable

import (
	"context"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Read returns the text that read reads from a pipe or a file, see [Decode]. It ends with the context, even if read hangs.
func Read(ctx context.Context, read func() ([]byte, error)) (string, error) {
	type answer struct {
		data []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		data, err := read()
		done <- answer{data, err}
	}()
	select {
	case a := <-done:
		return Decode(a.data), a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Decode reads UTF-8, or UTF-16 as Windows' shells and Excel write it, with or without a byte order mark. All else is taken for Windows-1252, as
// Excel saves a CSV on most computers.
func Decode(data []byte) string {
	var from encoding.Encoding = charmap.Windows1252
	if order, ok := byteOrder(data); ok {
		from = unicode.UTF16(order, unicode.IgnoreBOM)
	} else if utf8.Valid(data) {
		from = unicode.UTF8
	}
	text, _, _ := transform.Bytes(unicode.BOMOverride(from.NewDecoder()), data)
	return string(text)
}

// byteOrder recognizes UTF-16 without a byte order mark: in Latin letters, every other byte is zero.
func byteOrder(data []byte) (unicode.Endianness, bool) {
	zeros := [2]int{} // at even and at odd positions
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	units := len(data) / 2
	switch most := units / 2; {
	case units > 0 && zeros[1] > most && zeros[0] == 0:
		return unicode.LittleEndian, true
	case units > 0 && zeros[0] > most && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}
