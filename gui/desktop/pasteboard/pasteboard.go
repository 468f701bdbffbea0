// Package pasteboard is the system's clipboard, for use beside the window's thread. It copies secrets with the mark by which the
// system's clipboard history, and programs that keep one, know what they must not keep. Whoever holds the clipboard may be slow or
// hang: nobody waits for it longer than a context allows. Fyne's clipboard takes text only, and waits without limit.
package pasteboard

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/secret"
)

var (
	// ErrUnsupported means that there is no way to this system's clipboard here.
	ErrUnsupported = errors.New("this system's clipboard is not known here")
	// ErrUnanswered means that another program holds the clipboard and does not answer.
	ErrUnanswered = errors.New("another program holds the clipboard and does not answer")
	// ErrNoText means that there is nothing on the clipboard, or no text.
	ErrNoText = errors.New("there is no text on the clipboard")
)

// Claim is something on the clipboard that this program has put there.
type Claim interface {
	// Release empties the clipboard if it still holds that, and reports whether it did. It asks no other program for anything.
	Release() bool
}

// System is the clipboard of the system.
type System struct{}

// Copy puts a secret on the clipboard, where it stays until something else is copied, it is released, or the program ends. Marked
// says that no history must keep it.
func (System) Copy(ctx context.Context, s secret.Secret, marked bool) (Claim, error) {
	return within(ctx, func() (Claim, error) { return put(ctx, s, marked) }, func(c Claim) { c.Release() })
}

// Read returns the text on the clipboard, cut after limit bytes.
func (System) Read(ctx context.Context, limit int) (secret.Secret, error) {
	return within(ctx, func() (secret.Secret, error) { return read(ctx, limit) }, func(secret.Secret) {})
}

// within calls a function that may hang. Where it does so for longer than the context allows, it goes on by itself, and late takes
// what it finds after all.
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
