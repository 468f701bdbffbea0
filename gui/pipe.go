package gui

import (
	"context"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// longestPipe bounds what is read from a pipe, in bytes. It is more than is looked through for a key, in each encoding.
const longestPipe = 256 << 10

// readPipe reads the text that comes out of a pipe until its end, or that of the context.
func readPipe(ctx context.Context, in io.Reader) (string, error) {
	type answer struct {
		data []byte
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(in, longestPipe))
		read <- answer{data, err}
	}()
	select {
	case a := <-read:
		return decoded(a.data), a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// decoded is the text of what came out of a pipe: UTF-8, or UTF-16 as Windows' shells write it, with or without its mark. What
// cannot be read is replaced, and nothing fails.
func decoded(data []byte) string {
	encoding := unicode.UTF8
	if order, ok := byteOrder(data); ok {
		encoding = unicode.UTF16(order, unicode.IgnoreBOM)
	}
	text, _, _ := transform.Bytes(unicode.BOMOverride(encoding.NewDecoder()), data)
	return string(text)
}

// byteOrder tells UTF-16 without a mark by its zeros. In a text of Latin letters, every other byte is one.
func byteOrder(data []byte) (unicode.Endianness, bool) {
	zeros := [2]int{} // at even and at odd places
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
