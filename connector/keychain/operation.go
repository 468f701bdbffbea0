package keychain

import (
	"context"
	"errors"
	"fmt"

	"controlmap-jumpcloud/connector/secret"
)

// operation is one use of the keychain. It has the turn from its first call of the backend to its last, so that
// nothing comes between what it reads and what it writes.
type operation struct {
	*Keychain
	op   string
	turn *turn
}

// errNotAName is a mistake of the program that uses this package.
var errNotAName = fmt.Errorf("a name has up to %d of the characters a-z 0-9 - . _ / and is not taken by the index", maxName)

// run waits for the turn and does f with it. Name is that of the entry, or empty if f is about all of them.
func (k *Keychain) run(ctx context.Context, op, name string, f func(*operation) error) error {
	if name == "" && (op == "list" || op == "repair" || op == "wipe") {
		name = indexName
	} else if !usable(name) {
		return newError(op, name, errNotAName)
	}
	t, err := k.queue.take(ctx)
	if err != nil {
		return newError(op, name, err)
	}
	defer t.end()
	return f(&operation{Keychain: k, op: op, turn: t})
}

// failed returns the error for what happened at the backend's entry user.
func (o *operation) failed(user string, cause error) error { return newError(o.op, user, cause) }

// damaged returns the error for an entry that is not what was written.
func (o *operation) damaged(user, how string) error {
	return &Error{Op: o.op, Name: user, Kind: ErrDamaged, Err: errors.New(how)}
}

func (o *operation) get(user string) (string, error) { return o.read(user, "") }

// read returns what is stored as user. Its error does not repeat text, which was just written there.
func (o *operation) read(user, text string) (string, error) {
	var answer string
	err := o.turn.call(func() (err error) {
		answer, err = o.backend.Get(o.service, user)
		return err
	})
	if err != nil {
		return "", o.failed(user, discreet(err, text))
	}
	return answer, nil
}

// set writes an entry, and reads it back.
func (o *operation) set(user, text string) error {
	err := o.turn.call(func() error { return o.backend.Set(o.service, user, text) })
	if err != nil {
		return o.failed(user, discreet(err, text))
	}
	stored, err := o.read(user, text)
	if errors.Is(err, ErrNotFound) || err == nil && stored != text {
		return o.failed(user, ErrNotSaved)
	}
	return err
}

// delete removes an entry if it is there.
func (o *operation) delete(user string) error {
	err := o.turn.call(func() error { return o.backend.Delete(o.service, user) })
	if err != nil && classify(err) != ErrNotFound {
		return o.failed(user, err)
	}
	return nil
}

// head reads the first entry of a value.
func (o *operation) head(name string) (head, error) {
	text, err := o.get(name)
	if err != nil {
		return head{}, err
	}
	h, err := parseHead(text)
	if err != nil {
		return head{}, o.failed(name, err)
	}
	return h, nil
}

// wholeValue reads the value of name. Another process may replace it between the reading of its head and of its parts,
// which looks like damage: that is only believed if the head is still the same.
func (o *operation) wholeValue(name string) (secret.Secret, error) {
	h, err := o.head(name)
	for range 3 {
		if err != nil {
			break
		}
		value, damage := o.value(name, h)
		if !errors.Is(damage, ErrDamaged) {
			return value, damage
		}
		before := h
		if h, err = o.head(name); err == nil && h == before {
			err = damage
		}
	}
	if err == nil {
		err = o.failed(name, ErrBusy) // it was replaced again and again
	}
	return secret.Secret{}, err
}

// value reads the parts that follow h, and puts them together.
func (o *operation) value(name string, h head) (secret.Secret, error) {
	var parts []string
	for n := 2; n <= h.parts; n++ {
		part, err := o.get(partName(name, h.generation, n))
		if errors.Is(err, ErrNotFound) {
			return secret.Secret{}, o.damaged(partName(name, h.generation, n), "a part of it is missing")
		}
		if err != nil {
			return secret.Secret{}, err
		}
		parts = append(parts, part)
	}
	value, ok := join(h, parts)
	if !ok {
		return secret.Secret{}, o.damaged(name, "it differs from its checksum")
	}
	return secret.New(value), nil
}

// replace writes e, the head last: until that is written, the value is the old one.
func (o *operation) replace(name string, old head, e entry) error {
	for i, part := range e.parts {
		if err := o.set(partName(name, e.head.generation, i+2), part); err != nil {
			return err
		}
	}
	if err := o.set(name, e.head.header()+e.head.first); err != nil {
		return err
	}
	// The new value is stored and has been read back. What is left of the old one now, Repair finds.
	_ = o.tidy(name, e.head, old)
	return nil
}

// deleteHead deletes the first entry of a value, and makes sure that it is gone: on Linux the library does not say
// when the user has refused.
func (o *operation) deleteHead(name string) error {
	if err := o.delete(name); err != nil {
		return err
	}
	_, err := o.get(name)
	if err == nil {
		return o.failed(name, ErrNotSaved)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// forget deletes what there may be of a value whose head is gone: its parts, then its name in the index.
func (o *operation) forget(name string, old head) error {
	if err := o.tidy(name, head{}, old); err != nil {
		return err
	}
	return o.removeName(name)
}

// tidy deletes the parts under name that do not belong to kept: those of the value before it, if known, and those
// that a crash has left.
func (o *operation) tidy(name string, kept, old head) error {
	for _, g := range []generation{"a", "b"} {
		from, last := 2, 1
		if g == kept.generation {
			from, last = kept.parts+1, kept.parts
		}
		if g == old.generation {
			last = max(last, old.parts)
		}
		if err := o.deleteParts(name, g, from, last); err != nil {
			return err
		}
	}
	return nil
}

// deleteParts deletes the parts from one on up to last and as many as there are after it. It begins with the highest,
// so that after a crash those left are found again by counting up.
func (o *operation) deleteParts(name string, g generation, from, last int) error {
	for ; last < maxParts; last++ {
		_, err := o.get(partName(name, g, last+1))
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return err
		}
	}
	for n := last; n >= from; n-- {
		if err := o.delete(partName(name, g, n)); err != nil {
			return err
		}
	}
	return nil
}

// repair deletes what a crash has left under name, and reports whether that was the name itself.
func (o *operation) repair(name string) (removed bool, err error) {
	h, err := o.head(name)
	switch {
	case errors.Is(err, ErrNotFound):
		err = o.forget(name, head{})
		return err == nil, err
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrNewer):
		return false, nil
	case err != nil:
		return false, err
	}
	return false, o.tidy(name, h, head{})
}
