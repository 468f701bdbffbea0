package connector

import (
	"context"
	"errors"
	"io"
	"strings"

	"controlmap-jumpcloud/connector/printable"
)

// maxList is how many bytes a list of organizations may have.
const maxList = 4 << 20

var (
	// ErrListTooLarge is the error of a list that has more than 4 MiB.
	ErrListTooLarge = errors.New("the list is larger than 4 MiB")
	// ErrListNotText is the error of a list that is no text, but a workbook for example.
	ErrListNotText = errors.New("the list is not a text")
)

// ReadList reads the text of a list of organizations, in any encoding that [printable.Decode] knows, until its end or that of ctx. Open opens it;
// it may be a file or a pipe that hangs. The error is [ErrListTooLarge], [ErrListNotText], or that of open and of reading.
func ReadList(ctx context.Context, open func() (io.ReadCloser, error)) (string, error) {
	text, err := printable.Read(ctx, func() ([]byte, error) {
		from, err := open()
		if err != nil {
			return nil, err
		}
		defer from.Close()
		data, err := io.ReadAll(io.LimitReader(from, maxList+1))
		if err == nil && len(data) > maxList {
			err = ErrListTooLarge
		}
		return data, err
	})
	if err == nil && strings.ContainsRune(text, 0) {
		err = ErrListNotText
	}
	return text, err
}
