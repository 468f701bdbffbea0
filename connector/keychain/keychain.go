// Package keychain treats the system keychain as a small database of names and values: what was written is read
// back before it is called saved, values of any size are split into entries that every system accepts, names can be
// listed, and a crash at any point leaves the old value or the new one. Every call has a time limit.
//
// The layout is described at [Keychain.Put]; it is the same on every system.
package keychain

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// Keychain keeps values by name in a [Backend]. Its methods may be called from several goroutines; the backend is
// called one call at a time, in the order in which the methods got their turn.
//
// A method that was given up (its context ended, or the time limit passed) returns at once, but the backend call
// that it was in may still end later, as its caller could not know better: a Put that failed with [ErrTimeout] or
// a context's error may have been done, and nothing else of it follows. No other call starts before that one has
// ended, so that a Put after it is also stored after it.
type Keychain struct {
	backend Backend
	service string
	queue   *queue
	index   *index // as last read or written; nil if not known. Belongs to whoever has the turn
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

// OnWaiting sets what is called with true once a call has had no answer for some seconds, as when an unlock prompt
// is on the screen, and with false when it was answered or given up. The calls come from a goroutine, in order, with
// no lock held. Set it before the keychain is used.
func (k *Keychain) OnWaiting(tell func(waiting bool)) { k.queue.waiting.tell = tell }

// Names returns the names of all entries, sorted. A crash may leave a name whose entry does not exist, so that Get
// says [ErrNotFound]; [Keychain.Repair] removes it. With [ErrDamaged], where a page of the index cannot be read, and with
// [ErrIncomplete], where one is gone, the names of the other pages are returned too. If the whole index is gone, there are
// no names and no error: this package cannot know whether there ever were any.
func (k *Keychain) Names(ctx context.Context) ([]string, error) {
	var names []string
	err := k.run(ctx, "list", "", func(o *operation) error {
		o.index = nil // another process may have changed it
		x, err := o.readIndex()
		if err != nil {
			return err
		}
		names = slices.Sorted(maps.Keys(x.page))
		return o.unreadable(x)
	})
	return names, err
}

// Get returns the value of name: [ErrNotFound] if there is none, [ErrDamaged] if what is stored is not what Put
// wrote, [ErrNewer] if a later version of this layout wrote it.
func (k *Keychain) Get(ctx context.Context, name string) (secret.Secret, error) {
	var value secret.Secret
	err := k.run(ctx, "get", name, func(o *operation) (err error) {
		value, err = o.wholeValue(name)
		return err
	})
	return value, err
}

// Create is Put for a name that must not have an entry yet. It returns [ErrExists] if there is one, whether it is listed
// or not, and writes nothing then.
func (k *Keychain) Create(ctx context.Context, name string, value secret.Secret) error {
	return k.put(ctx, name, value, true)
}

// Put stores value under name, and returns nil when it has been read back and is the same. The value may be any bytes,
// up to about 500 KB of text or 380 KB of anything else ([ErrTooBig]). A damaged entry is replaced, one of a later
// layout is not ([ErrNewer]).
//
// A name has up to 200 of the characters a-z, 0-9 and "-._/", for some keychains take names that differ only in case
// for the same. "index" and what begins with "index/" is taken.
//
// What is stored: an entry <name>, whose first line is a header (version of the layout, generation, number of parts,
// length and SHA-256 of the value) and which goes on with the value; what does not fit into 2,000 bytes goes on in
// the entries <name>#<generation>.2, .3 and so on. A value that is not plain text is stored as base64. A new value is
// written under the other one of two generations, a and b, its first entry last: that write is the moment of change.
// Then the parts of the old generation are deleted, the last one first, so that those that a crash leaves behind are
// found by counting up from 2. The names are kept in the entries "index", "index/1" and so on, one a line; a name is
// written there before its entry, and removed after it.
func (k *Keychain) Put(ctx context.Context, name string, value secret.Secret) error {
	return k.put(ctx, name, value, false)
}

func (k *Keychain) put(ctx context.Context, name string, value secret.Secret, create bool) error {
	return k.run(ctx, "put", name, func(o *operation) error {
		old, err := o.head(name)
		missing := errors.Is(err, ErrNotFound)
		switch {
		case err != nil && !missing && !errors.Is(err, ErrDamaged):
			return err
		case create && !missing:
			return o.failed(name, ErrExists)
		}
		entry, ok := split(value.Reveal(), old.generation.other())
		if !ok {
			return o.failed(name, ErrTooBig)
		}
		listed := false
		if !missing { // it is listed, then, unless the page with its name is damaged or gone
			if listed, err = o.listed(name); err != nil {
				return err
			}
		}
		if !listed {
			if err := o.addName(name); err != nil {
				return err
			}
		}
		return o.replace(name, old, entry)
	})
}

// Delete removes the value of name, and returns nil when it is gone. To delete what is not there is no error. A
// value of a later layout is left as it is ([ErrNewer]). With [ErrDamaged] the value is gone, but its name may
// still be in a page of the index that cannot be read.
func (k *Keychain) Delete(ctx context.Context, name string) error {
	return k.run(ctx, "delete", name, func(o *operation) error {
		old, err := o.head(name)
		missing := errors.Is(err, ErrNotFound)
		if err != nil && !missing && !errors.Is(err, ErrDamaged) {
			return err
		}
		if _, err := o.readIndex(); err != nil {
			return err // before anything is deleted, for a name in an index of a later layout could not be removed
		}
		if !missing {
			if err := o.deleteHead(name); err != nil {
				return err
			}
		}
		return o.forget(name, old)
	})
}

// Repair removes what a crash can leave behind, the names without an entry and the parts that belong to no value,
// and returns how many names it removed. It makes at least three calls of the backend for every name, and lets
// other calls go between: run it in the background. Each is what it does to one name, or to the index; exclusively is
// called with each, to keep other processes off meanwhile. What is damaged or of a later layout is left as it is.
func (k *Keychain) Repair(ctx context.Context, exclusively func(each func() error) error) (removed int, err error) {
	names, damage := k.Names(ctx)
	if !mayGoOn(damage) {
		return 0, damage
	}
	for _, name := range names {
		err := exclusively(func() error {
			return k.run(ctx, "repair", name, func(o *operation) error {
				found, err := o.repair(name)
				if found {
					removed++
				}
				return err
			})
		})
		if err != nil {
			return removed, err
		}
	}
	err = exclusively(func() error {
		return k.run(ctx, "repair", "", func(o *operation) error { return o.trimIndex() })
	})
	return removed, cmp.Or(err, damage)
}

// mayGoOn reports whether the names that [Keychain.Names] returned with this error can be used: all of them exist.
func mayGoOn(err error) bool {
	return err == nil || errors.Is(err, ErrDamaged) || errors.Is(err, ErrIncomplete)
}

// Relist adds these names, which have entries, to the index. If they are all that is stored, it then makes the pages of the
// index anew that are damaged or gone: what else was on them is not listed any more.
func (k *Keychain) Relist(ctx context.Context, names []string, all bool) error {
	return k.run(ctx, "repair", "", func(o *operation) error {
		o.index = nil
		for _, name := range names {
			if err := o.addName(name); err != nil {
				return err
			}
		}
		if !all {
			return nil
		}
		return o.emptyDamaged()
	})
}

// Wipe removes everything that is stored under the service: what is listed, one by one and the last name first, and then what
// is damaged, of a later layout, or belongs to nothing. It returns nil when nothing is left of what was listed.
func (k *Keychain) Wipe(ctx context.Context) error {
	names, err := k.Names(ctx)
	if !mayGoOn(err) && !errors.Is(err, ErrNewer) {
		return err
	}
	for _, name := range slices.Backward(names) {
		// What cannot be deleted by itself goes with all that is left.
		if err := k.Delete(ctx, name); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
			return err
		}
	}
	return k.run(ctx, "wipe", "", func(o *operation) error {
		o.index = nil
		if err := o.turn.call(func() error { return o.backend.DeleteAll(o.service) }); err != nil {
			return o.failed(indexName, err)
		}
		// On Linux the library does not say when the user has refused.
		if _, err := o.get(indexName); err == nil {
			return o.failed(indexName, ErrNotSaved)
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		return nil
	})
}
