// Package vault keeps connections, their API keys and their last reports in a keychain.
//
// A keychain cannot list its entries, so all names can be told by counting:
//
//	connections/0, connections/1, …  a page of connections with their reports, as many as fit into one entry
//	key/0, key/1, …                  one API key each; connections that use the same key share it
//	index                            how many pages there are, and how far the numbers of the keys go
//
// Every record is one entry, and every change of a connection is one write of its page:
//
//   - Save writes the key first and the page last. Remove writes the page first and deletes the key last. So a crash can
//     leave a key that no connection uses, but no connection without its key.
//   - A connection that outgrows its page moves to a later one. It is written there before it leaves the former page. After a
//     crash it is on both; the one on the later page counts. A reader counts upwards, so it cannot miss one that moves.
//   - A page is created before the index counts it, and the index stops counting it before it is deleted. So a page that the
//     index counts and that is not there was deleted by another program.
//
// [Vault.Tidy] deletes what a crash has left. Records of a later version, and keys for a service that this version does not
// know, stay as they are.
package vault

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Connection is what is kept of an API key and the organization that it opens. It holds no secret.
type Connection struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Region           string    `json:"region"`
	OrganizationID   string    `json:"organization"`
	OrganizationName string    `json:"organizationName"`
	Saved            time.Time `json:"saved"`
	// KeyNumber and Fingerprint say which key it uses. Two keys with the same fingerprint are the same.
	KeyNumber   int    `json:"key"`
	Fingerprint string `json:"fingerprint"`
	// Report is any JSON, or nil. The vault does not look into it.
	Report json.RawMessage `json:"report,omitempty"`
	// Edition counts how often the connection was saved. To keep a report does not count.
	Edition int `json:"edition"`
	// Trouble says why the connection cannot be used, nil if it can. If it is [keychain.ErrNotFound], only its key is missing.
	Trouble error `json:"-"`
	// Several says that it stands for all connections of a page that cannot be read.
	Several bool `json:"-"`
}

// Vault keeps connections in a keychain. Its methods may be called from several goroutines.
type Vault struct {
	keychain *keychain.Keychain
	changing Lock               // is held while something changes what is stored
	others   *keychain.FileLock // keeps other processes off meanwhile; nil if there are none

	mu      sync.Mutex
	pageOf  map[string]int  // the last page on which a connection was seen; another process may have moved it to a later one
	keyless map[keyRef]bool // keys that connections use and that are not there
}

// New returns the vault in k. Nothing is read yet. Others keeps other processes that use the same keychain from changing it
// at the same time; nil if there are none.
func New(k *keychain.Keychain, others *keychain.FileLock) *Vault {
	return &Vault{keychain: k, others: others, changing: NewLock(), pageOf: make(map[string]int), keyless: make(map[keyRef]bool)}
}

// List returns all connections with their last reports. It reads no key. Found, if not nil, is called with some connections
// as they are read, from the calling goroutine: a keychain may take seconds for thousands. A connection that cannot be read
// has a Trouble. With [keychain.ErrDamaged] and [keychain.ErrIncomplete], the index is damaged or missing, and List returns
// the connections that it found by counting.
func (v *Vault) List(ctx context.Context, found func([]Connection)) ([]Connection, error) {
	c, err := v.readEach(ctx, func(n int, p page) {
		if some := v.shown(n, p); found != nil && len(some) > 0 {
			found(some)
		}
	})
	if err != nil {
		return nil, err
	}
	var all []Connection
	for n, p := range c.currentPages() {
		all = append(all, v.shown(n, p)...)
	}
	if isNewer(c.trouble) { // counting has found everything
		return all, nil
	}
	return all, c.trouble
}

// shown returns the connections of a page as List does.
func (v *Vault) shown(n int, p page) []Connection {
	if p.trouble != nil {
		return []Connection{{ID: pageName(n), Trouble: p.trouble, Several: true}}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var some []Connection
	for _, one := range p.connections {
		if v.keyless[one.keyRef()] {
			one.Trouble = recordError(keyName(one.KeyNumber), keychain.ErrNotFound)
		}
		some = append(some, one)
	}
	return some
}

// Find returns the connection with this id: [keychain.ErrNotFound] if there is none. Where a page cannot be read, the
// connection may be on it, and Find returns what is wrong with that page.
func (v *Vault) Find(ctx context.Context, id string) (Connection, error) {
	one, _, _, err := v.find(ctx, id)
	return one, err
}

// find returns the connection and its page.
func (v *Vault) find(ctx context.Context, id string) (one Connection, at int, p page, err error) {
	v.mu.Lock()
	at, seen := v.pageOf[id]
	v.mu.Unlock()
	if seen {
		p, err := v.readPage(ctx, at)
		if one, ok := p.find(id); ok || stops(err) {
			return one, at, p, err
		}
	}
	c, err := v.read(ctx)
	if err != nil {
		return Connection{}, 0, page{}, err
	}
	if one, at, ok := c.current(id); ok {
		return one, at, c.pages[at], nil
	}
	return Connection{}, 0, page{}, cmp.Or(c.unreadable(), recordError(pageName(len(c.pages)), keychain.ErrNotFound))
}

// Key returns a connection and its API key. If the connection is there and its key is not, it returns the connection with
// [keychain.ErrNotFound]. If the stored key is not the one that the connection was saved with, the error is
// [keychain.ErrDamaged].
func (v *Vault) Key(ctx context.Context, id string) (one Connection, key secret.Secret, err error) {
	for range 2 { // another process may replace the key between the two reads
		if one, err = v.Find(ctx, id); err != nil {
			return one, key, err
		}
		if key, err = v.keyOf(ctx, one); err == nil || stops(err) {
			break
		}
	}
	if err == nil || isNotFound(err) {
		v.noteKey(one.keyRef(), err == nil)
	}
	return one, key, err
}

// change does f with all that is stored, while nothing else, and no other process, changes it. Waiting for that ends with the
// context.
func (v *Vault) change(ctx context.Context, f func(*contents) error) error {
	return v.alone(ctx, func() error {
		c, err := v.read(ctx)
		if err != nil {
			return err
		}
		return f(&c)
	})
}

func (v *Vault) alone(ctx context.Context, f func() error) error {
	if err := v.changing.Take(ctx); err != nil {
		return err
	}
	defer v.changing.Leave()
	if v.others != nil {
		unlock, err := v.others.Lock(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return f()
}

// newID makes an id that no other connection has.
func newID() string { return strings.ToLower(rand.Text()[:10]) }
