package terminal

import (
	"bytes"
	"io"
)

// Log returns a writer for the logs of libraries. It drops one line of net/http about a server that sends more than it announced,
// because the line repeats what the server sent, which may be the key.
func Log(to io.Writer) io.Writer { return logWriter{to} }

type logWriter struct{ io.Writer }

// Write implements [io.Writer].
func (l logWriter) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("Unsolicited response")) {
		return len(line), nil
	}
	return l.Writer.Write(line)
}
