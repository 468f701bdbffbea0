package terminal

import (
	"context"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxPipe is how many bytes of a pipe are read. This is more than the search for a key reads, in any encoding.
const maxPipe = 256 << 10

// readPipe reads a text from a pipe until the pipe or the context ends.
func readPipe(ctx context.Context, in io.Reader) (string, error) {
	return readText(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(in, maxPipe)) })
}

// readText returns the text that read reads, in any encoding that decode knows. It ends with the context, even if read hangs.
func readText(ctx context.Context, read func() ([]byte, error)) (string, error) {
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
		return decode(a.data), a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// decode reads UTF-8, or UTF-16 as Windows' shells write it, with or without a byte order mark. It replaces all other bytes.
func decode(data []byte) string {
	encoding := unicode.UTF8
	if order, ok := byteOrder(data); ok {
		encoding = unicode.UTF16(order, unicode.IgnoreBOM)
	}
	text, _, _ := transform.Bytes(unicode.BOMOverride(encoding.NewDecoder()), data)
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
