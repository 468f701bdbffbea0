// Package history keeps how the checks of each connection ended, day by day. A connection has one file, sealed with age. The key to all
// files is one entry of the keychain.
//
// A keychain is too small for this, and too slow to be written at each check. So the time of the last check is here too. A file that is
// lost or damaged costs only that history.
//
// The files are sealed for an X25519 key whose public half is written nowhere. So nobody can make a file without the key, and breaking
// X25519 itself, as a quantum computer might, opens none.
package history

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/keychain"
)

// keyTrusted is how long the key in memory may be taken for a new history. Another process may have made the key anew, and unlike an earlier
// history, a new one would not show that.
const keyTrusted = time.Minute

// Most is how many outcomes of a connection are kept.
const Most = 100

var (
	// ErrUnreadable says that a history is damaged, or was sealed with a key that is gone.
	ErrUnreadable = errors.New("the history cannot be read")
	// ErrNewer says that a later version of this program wrote the history, or its key. It is left alone.
	ErrNewer = errors.New("a newer version of this program wrote the history")
)

// Outcome is how one or several checks in a row ended, all on one day in UTC and all alike. State and Cause have up to 60 of the
// characters a-z, 0-9 and "_". Cause is empty if there is nothing to say.
type Outcome struct {
	At    time.Time `json:"at"`    // of the first check, in UTC
	Until time.Time `json:"until"` // of the last check, in UTC
	Times int       `json:"times"` // how many checks these were
	State string    `json:"state"`
	Cause string    `json:"cause,omitempty"`
}

// History keeps the outcomes of connections in a folder. Its methods may be called from any goroutine. Several processes may use the same
// folder. A nil History and the zero value keep nothing.
type History struct {
	folder   string
	keychain *keychain.Keychain

	trusted  time.Time          // when the key was read last before a history began, by the times of the outcomes
	changing chan struct{}      // has a token in it during a change, against other goroutines
	others   *keychain.FileLock // held during a change, against other processes
	tidied   bool               // what an interrupted change has left is removed
	files    sync.RWMutex       // held while a file is replaced: Windows does not replace one that is being read

	mu  sync.Mutex
	key *sealer // nil until it is needed
}

// New returns the history in folder, which need not exist. The key is kept in k. New reads nothing.
func New(folder string, k *keychain.Keychain) *History {
	return &History{folder: folder, keychain: k, changing: make(chan struct{}, 1),
		others: keychain.NewFileLock(filepath.Join(folder, "lock"))}
}

func (h *History) keepsNothing() bool { return h == nil || h.folder == "" }

// Add adds the outcome of a check to the history of a connection. Without Until and Times it stands for one check. If the last outcome is
// of the same day and the same otherwise, the two become one. The outcome that is there already is not added again.
//
// A history that cannot be read begins anew; Read says so from then on. The error is [ErrNewer], or that of the keychain or the disk. Then
// nothing was changed. Where files cannot be locked, two processes that add at the same time may lose one of the two outcomes.
func (h *History) Add(ctx context.Context, id string, o Outcome) error {
	if h.keepsNothing() {
		return nil
	}
	o, err := o.normal()
	if err != nil {
		return err
	}
	return h.locked(ctx, func() error {
		r, err := h.read(ctx, id)
		if errors.Is(err, ErrUnreadable) {
			r, err = record{Lost: true}, nil
		}
		begins := len(r.Outcomes) == 0
		if err != nil || !r.add(o) {
			return err
		}
		if begins && o.At.Sub(h.trusted).Abs() > keyTrusted {
			h.forgetKey()
			h.trusted = o.At
		}
		key, err := h.keyToSeal(ctx)
		if err != nil {
			return fmt.Errorf("seal a history: %w", err)
		}
		sealed, err := key.sealRecord(id, r)
		if err != nil {
			return fmt.Errorf("seal a history: %w", err)
		}
		return h.replace(id, sealed)
	})
}

// Read returns the outcomes of a connection, the oldest first. There are none if nothing was added. If the error is [ErrUnreadable], earlier
// outcomes are lost, and those that can be read are returned. Other errors are [ErrNewer], and those of the keychain or the disk.
func (h *History) Read(ctx context.Context, id string) ([]Outcome, error) {
	if h.keepsNothing() {
		return nil, nil
	}
	r, err := h.read(ctx, id)
	if err == nil && r.Lost {
		err = fmt.Errorf("%w: an earlier part of it is lost", ErrUnreadable)
	}
	return r.Outcomes, err
}

// Last returns the last outcome of each of these connections. Those that have none, or whose history cannot be read, are missing.
func (h *History) Last(ctx context.Context, ids []string) map[string]Outcome {
	last := make(map[string]Outcome)
	if h.keepsNothing() {
		return last
	}
	var found []string
	var sealed [][]byte
	for _, id := range ids {
		if data, err := h.load(id); err == nil && data != nil {
			found, sealed = append(found, id), append(sealed, data)
		}
	}
	if len(found) == 0 {
		return last
	}
	key, err := h.readKey(ctx)
	if err != nil {
		return last
	}
	records := key.openEach(found, sealed)
	for i, id := range found {
		if all := records[i].Outcomes; len(all) > 0 {
			last[id] = all[len(all)-1]
		}
	}
	return last
}

// Remove removes the history of a connection.
func (h *History) Remove(ctx context.Context, id string) error {
	if h.keepsNothing() {
		return nil
	}
	if _, err := os.Lstat(h.path(id)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return h.locked(ctx, func() error { return h.delete(h.path(id)) })
}

// RemoveEverything removes the key and all histories. An error of the keychain comes before one of the disk: without the key nobody can
// read what is left of the files.
func (h *History) RemoveEverything(ctx context.Context) error {
	if h.keepsNothing() {
		return nil
	}
	return h.locked(ctx, func() error {
		err := h.keychain.Delete(ctx, keyName)
		h.forgetKey()
		for _, suffix := range []string{sealedSuffix, unfinishedSuffix} {
			if failed := h.deleteAll(suffix); err == nil {
				err = failed
			}
		}
		return err
	})
}

// read reads a history. There may be none. The key may have been made anew by another process, so it is read again before a file counts as
// unreadable.
func (h *History) read(ctx context.Context, id string) (record, error) {
	sealed, err := h.load(id)
	if err != nil || sealed == nil {
		return record{}, err
	}
	var r record
	for range 2 {
		var key *sealer
		if key, err = h.readKey(ctx); err == nil {
			r, err = key.openRecord(id, sealed)
		}
		switch {
		case errors.Is(err, keychain.ErrNotFound), errors.Is(err, keychain.ErrDamaged):
			return record{}, fmt.Errorf("%w: its key is gone: %w", ErrUnreadable, err)
		case errors.Is(err, keychain.ErrNewer):
			return record{}, fmt.Errorf("%w: %w", ErrNewer, err)
		case !errors.Is(err, ErrUnreadable):
			return r, err
		}
		h.forgetKey()
	}
	return record{}, err
}

// locked calls f while no other goroutine and no other process changes a history. Waiting for that ends with ctx.
func (h *History) locked(ctx context.Context, f func() error) error {
	select {
	case h.changing <- struct{}{}:
		defer func() { <-h.changing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	unlock, err := h.others.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if !h.tidied {
		h.tidied = true
		_ = h.deleteAll(unfinishedSuffix)
	}
	return f()
}
