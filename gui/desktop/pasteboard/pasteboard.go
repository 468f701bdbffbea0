// Package pasteboard is the system's clipboard, for use beside the window's thread. It marks secrets, so that clipboard histories do
// not keep them. The program that holds the clipboard may be slow or hang, so each call ends with its context. Fyne's clipboard can
// do neither: it has no marks, and waits without limit.
package pasteboard

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/secret"
)

var (
	// ErrUnsupported means that this package does not support the system's clipboard.
	ErrUnsupported = errors.New("this system's clipboard is not supported")
	// ErrUnanswered means that another program holds the clipboard and does not answer.
	ErrUnanswered = errors.New("another program holds the clipboard and does not answer")
	// ErrNoTool means that the clipboard of this Wayland session cannot be read, because wl-paste is missing or fails.
	ErrNoTool = errors.New("wl-paste is missing or fails")
	// ErrNoText means that the clipboard is empty, or holds something other than text.
	ErrNoText = errors.New("there is no text on the clipboard")
)

// Claim is something that this program has put on the clipboard.
type Claim interface {
	// Release empties the clipboard if it still holds this, and reports whether it did. It waits for no other program.
	Release() bool
}

// System is the system's clipboard.
type System struct{}

// Copy puts a secret on the clipboard. It stays there until something else is copied, it is released, or the program ends. If marked
// is true, clipboard histories do not keep it.
func (System) Copy(ctx context.Context, s secret.Secret, marked bool) (Claim, error) {
	return within(ctx, func() (Claim, error) { return put(ctx, s, marked) }, func(c Claim) { c.Release() })
}

// Read returns the text on the clipboard, cut after limit bytes.
func (System) Read(ctx context.Context, limit int) (secret.Secret, error) {
	return within(ctx, func() (secret.Secret, error) { return read(ctx, limit) }, func(secret.Secret) {})
}

// within calls f, which may hang. If ctx ends first, within returns ErrUnanswered. f goes on running; its value, if it still comes, is
// passed to late.
func within[T any](ctx context.Context, f func() (T, error), late func(T)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		value, err := f()
		answered <- answer{value, err}
	}()
	select {
	case a := <-answered:
		if a.err != nil && ctx.Err() != nil {
			a.err = ErrUnanswered
		}
		return a.value, a.err
	case <-ctx.Done():
		go func() {
			if a := <-answered; a.err == nil {
				late(a.value)
			}
		}()
		var none T
		return none, ErrUnanswered
	}
}
