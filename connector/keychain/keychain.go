// Package keychain stores values by name in the system keychain. A value is one entry, small enough for every system's
// keychain, so a write happens as a whole or not at all. What was written is read back before it is called saved. Every call
// has a time limit.
//
// A system keychain cannot list its entries. Whoever uses this package has to know the names.
package keychain

import (
	"context"
	"errors"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// Keychain keeps values by name in a [Backend]. Its methods may be called from several goroutines; the backend is
// called one call at a time, in the order in which the methods got their turn.
//
// A method that is given up (its context ended, or the time limit passed) returns at once. The backend call that it was in
// may still end later. So a Put that failed with [ErrTimeout] or a context's error may have been done; nothing else of it
// follows. No other call starts before that one has ended, so a later Put is also stored later.
type Keychain struct {
	backend Backend
	service string
	queue   *queue
}

// Option changes how a [Keychain] works.
type Option func(*Keychain)

// WithTimeouts sets after which time without an answer the user is told (see [Keychain.OnWaiting]) and after which
// a call is given up with [ErrTimeout]. The second has to leave time to answer an unlock prompt. Both are for one
// call of the backend; the defaults are 3 and 60 seconds.
func WithTimeouts(quiet, prompt time.Duration) Option {
	return func(k *Keychain) { k.queue.quiet, k.queue.prompt = quiet, prompt }
}

// New returns the keychain of the application service, its id, in b. Nothing is read yet.
func New(b Backend, service string, opts ...Option) *Keychain {
	k := &Keychain{backend: b, service: service, queue: newQueue(3*time.Second, 60*time.Second)}
	for _, o := range opts {
		o(k)
	}
	return k
}

// OnWaiting sets what is called with true once a call has had no answer for some seconds, for example because an unlock
// prompt is on the screen, and with false when it was answered or given up. The calls come from a goroutine, in order, with
// no lock held. Set it before the keychain is used.
func (k *Keychain) OnWaiting(tell func(waiting bool)) { k.queue.waiting.tell = tell }

// Get returns the value of name: [ErrNotFound] if there is none, [ErrDamaged] if the entry is not one that Put wrote under
// this name, [ErrNewer] if a later version of this layout wrote it.
func (k *Keychain) Get(ctx context.Context, name string) (secret.Secret, error) {
	var value secret.Secret
	err := k.run(ctx, "get", name, func(o *operation) error {
		text, err := o.read("")
		if err != nil {
			return err
		}
		plain, err := decode(name, text)
		if err != nil {
			return o.failed(err)
		}
		value = secret.New(plain)
		return nil
	})
	return value, err
}

// Put stores value under name and replaces what is there: the caller has read it before and knows that it may go. Put
// returns nil when the value has been read back and is the same.
//
// The value may be any bytes, up to [MaxValue] ([ErrTooBig]). A name has up to 64 of the characters a-z, 0-9 and "-._/",
// for some keychains take names that differ only in case for the same.
//
// The entry is a header line with the version of the layout and a SHA-256 of the name and the value, and then the value in
// base64. The layout is the same on every system.
func (k *Keychain) Put(ctx context.Context, name string, value secret.Secret) error {
	return k.run(ctx, "put", name, func(o *operation) error { return o.put(value) })
}

// Create is Put for a name that must not have an entry yet: [ErrExists] if it has one, and nothing is written then.
func (k *Keychain) Create(ctx context.Context, name string, value secret.Secret) error {
	return k.run(ctx, "put", name, func(o *operation) error {
		_, err := o.read("")
		if err == nil {
			return o.failed(ErrExists)
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		return o.put(value)
	})
}

func (o *operation) put(value secret.Secret) error {
	text := encode(o.name, value.Reveal())
	if len(text) > maxEntry {
		return o.failed(ErrTooBig)
	}
	return o.write(text)
}

// Delete removes the value of name, whatever it is, and returns nil when it is gone. To delete what is not there is no error.
func (k *Keychain) Delete(ctx context.Context, name string) error {
	return k.run(ctx, "delete", name, func(o *operation) error { return o.delete() })
}

const opDeleteAll = "wipe"

// DeleteAll removes everything that is stored under the service. On Linux it does not fail when the user refuses: look
// afterwards.
func (k *Keychain) DeleteAll(ctx context.Context) error {
	return k.run(ctx, opDeleteAll, "", func(o *operation) error {
		if err := o.turn.call(func() error { return o.backend.DeleteAll(o.service) }); err != nil {
			return o.failed(err)
		}
		return nil
	})
}
