package gui

import (
	"bytes"
	"io"
)

// Log returns a writer for what libraries log. It drops net/http's line about an answer that is longer than announced: that line
// repeats what the server sent, and a server may send the key back.
func Log(to io.Writer) io.Writer { return logWriter{to} }

type logWriter struct{ io.Writer }

// Write implements [io.Writer].
func (d logWriter) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("Unsolicited response")) {
		return len(line), nil
	}
	return d.Writer.Write(line)
}
