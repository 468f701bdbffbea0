package printable

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

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

// Decode reads UTF-8, UTF-16 as Windows' shells and Excel write it, or Windows-1252, as Excel saves a CSV on most computers. It goes by the byte
// order mark, or else by what the text mostly is. In a text that is mostly UTF-8, a byte that is none is read as Windows-1252, and all else stays
// right.
func Decode(data []byte) string {
	if order, ok := byteOrder(data); ok {
		text, _, _ := transform.Bytes(unicode.UTF16(order, unicode.UseBOM).NewDecoder(), data)
		return string(text)
	}
	data, marked := bytes.CutPrefix(data, []byte("\ufeff"))
	asUTF8, longer, strays := decodeUTF8(data)
	if marked || longer >= strays {
		return asUTF8
	}
	var b strings.Builder
	for _, one := range data {
		b.WriteRune(charmap.Windows1252.DecodeByte(one))
	}
	return b.String()
}

// decodeUTF8 reads UTF-8, and each byte that is none as Windows-1252. It counts these strays, and the characters of more than one byte.
func decodeUTF8(data []byte) (text string, longer, strays int) {
	var b strings.Builder
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			r = charmap.Windows1252.DecodeByte(data[0])
			strays++
		case size > 1:
			longer++
		}
		b.WriteRune(r)
		data = data[size:]
	}
	return b.String(), longer, strays
}

// byteOrder recognizes UTF-16 by its byte order mark, or without one: in Latin letters, every other byte is zero, and few others are.
func byteOrder(data []byte) (unicode.Endianness, bool) {
	zeros := [2]int{} // at even and at odd positions
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	units := len(data) / 2
	switch most := units / 2; {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), units > 0 && zeros[1] > most && zeros[0] <= zeros[1]/4:
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}), units > 0 && zeros[0] > most && zeros[1] <= zeros[0]/4:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}
