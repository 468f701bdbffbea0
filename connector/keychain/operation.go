package keychain

import (
	"context"
	"errors"
	"fmt"
)

// operation is one use of the keychain. It keeps the turn from its first call of the backend to its last, so no other operation
// writes between its reads and writes.
type operation struct {
	*Keychain
	op, name string
	turn     *turn
}

// errNotAName is a mistake of the caller.
var errNotAName = fmt.Errorf("a name has up to %d of the characters a-z 0-9 - . _ /", maxName)

// run waits for the turn and calls f. Name is the entry's, or empty if f is for all entries.
func (k *Keychain) run(ctx context.Context, op, name string, f func(*operation) error) error {
	if name != "" && !usable(name) || name == "" && op != opDeleteAll {
		return newError(op, name, errNotAName)
	}
	t, err := k.queue.take(ctx)
	if err != nil {
		return newError(op, name, err)
	}
	defer t.end()
	return f(&operation{Keychain: k, op: op, name: name, turn: t})
}

// failed returns the operation's error.
func (o *operation) failed(cause error) error { return newError(o.op, o.name, cause) }

// read returns the text of the entry. Its error does not repeat written, the text that was just stored there.
func (o *operation) read(written string) (string, error) {
	var text string
	err := o.turn.call(func() (err error) {
		text, err = o.backend.Get(o.service, o.name)
		return err
	})
	if err != nil {
		return "", o.failed(discreet(err, written))
	}
	return text, nil
}

// write stores the text of the entry, and reads it back.
func (o *operation) write(text string) error {
	err := o.turn.call(func() error { return o.backend.Set(o.service, o.name, text) })
	if err != nil {
		return o.failed(discreet(err, text))
	}
	stored, err := o.read(text)
	if errors.Is(err, ErrNotFound) || err == nil && stored != text {
		return o.failed(ErrNotSaved)
	}
	return err
}

// delete deletes the entry if it exists, and verifies that. On Linux the library returns no error when the user refuses.
func (o *operation) delete() error {
	err := o.turn.call(func() error { return o.backend.Delete(o.service, o.name) })
	if err != nil && classify(err) != ErrNotFound {
		return o.failed(err)
	}
	_, err = o.read("")
	if err == nil {
		return o.failed(ErrNotSaved)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}
