package terminal

import (
	"context"
	"io"

	"controlmap-jumpcloud/connector/printable"
)

// maxPipe is how many bytes of a pipe are read. This is more than the search for a key reads, in any encoding.
const maxPipe = 256 << 10

// readPipe reads a text from a pipe until the pipe or the context ends.
func readPipe(ctx context.Context, in io.Reader) (string, error) {
	return printable.Read(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(in, maxPipe)) })
}
