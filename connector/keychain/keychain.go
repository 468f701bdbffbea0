// Package keychain stores values by name in the system keychain. A value is one entry that fits into every system's keychain, so
// it is written as a whole or not at all. It is read back before it counts as saved. Every call has a time limit.
//
// A system keychain cannot list its entries, so callers have to know the names.
package keychain

import (
	"context"
	"errors"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// Keychain stores values by name in a [Backend]. Its methods may be called from several goroutines. It makes one call of the
// backend at a time.
//
// When its context ends or the time limit passes, a method returns at once, but its call of the backend may still be running.
// So a Put that failed with [ErrTimeout] or a context's error may still be stored. No other call starts before that one has
// ended, so a later Put is also stored later.
type Keychain struct {
	backend Backend
	service string
	queue   *queue
}

// Option changes how a [Keychain] works.
type Option func(*Keychain)

// WithTimeouts sets two time limits for a call of the backend: after quiet, [Keychain.OnWaiting] reports that the keychain waits;
// after prompt, the call ends with [ErrTimeout]. Prompt has to be long enough to answer an unlock prompt. The defaults are 3 and
// 60 seconds.
func WithTimeouts(quiet, prompt time.Duration) Option {
	return func(k *Keychain) { k.queue.quiet, k.queue.prompt = quiet, prompt }
}

// New returns the entries in b of the application with the id service. It reads nothing.
func New(b Backend, service string, opts ...Option) *Keychain {
	k := &Keychain{backend: b, service: service, queue: newQueue(3*time.Second, 60*time.Second)}
	for _, o := range opts {
		o(k)
	}
	return k
}

// OnWaiting sets a function that is called with true when a call has had no answer for some seconds, for example because an unlock
// prompt is on the screen, and with false when the wait has ended. It is called in order, from another goroutine, without a lock.
// Set it before the first use.
func (k *Keychain) OnWaiting(tell func(waiting bool)) { k.queue.waiting.tell = tell }

// Get returns the value of name. The error is [ErrNotFound] if there is none, [ErrDamaged] if Put did not write the entry under
// this name, and [ErrNewer] if a later version of the layout wrote it.
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

// Put stores value under name and replaces a former value. Call Put only after reading the former value and deciding to replace it.
// When Put returns nil, the value has been read back and is the same.
//
// The value may be any bytes, up to [MaxValue] ([ErrTooBig]). A name has up to 64 of the characters a-z, 0-9 and "-._/", because
// some keychains ignore case.
//
// The entry is a header line with the version of the layout and a SHA-256 of the name and the value, and then the value in
// base64. The layout is the same on every system.
func (k *Keychain) Put(ctx context.Context, name string, value secret.Secret) error {
	return k.run(ctx, "put", name, func(o *operation) error { return o.put(value) })
}

// Create is Put for a new name. If the name has an entry, Create writes nothing and returns [ErrExists].
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

// Delete deletes the entry of name, whatever it holds. It returns nil when there is no such entry any more.
func (k *Keychain) Delete(ctx context.Context, name string) error {
	return k.run(ctx, "delete", name, func(o *operation) error { return o.delete() })
}

const opDeleteAll = "wipe"

// DeleteAll deletes all entries of the application. On Linux it returns nil even if the user refuses, so the caller has to check.
func (k *Keychain) DeleteAll(ctx context.Context) error {
	return k.run(ctx, opDeleteAll, "", func(o *operation) error {
		if err := o.turn.call(func() error { return o.backend.DeleteAll(o.service) }); err != nil {
			return o.failed(err)
		}
		return nil
	})
}
