// Package vault keeps connections, their API keys and their last reports in a keychain.
//
// A keychain cannot list its entries, so all names are known by counting:
//
//	connections/0, connections/1, …  a page of connections with their reports, as many as fit into one entry
//	key/0, key/1, …                  one API key each; connections that use the same key share it
//	index                            how many pages and keys there are
//
// Every record is one entry, and every change of a connection is one write of its page:
//
//   - Save writes the key first and the page last. Remove writes the page first and deletes the key last. So a crash can
//     leave an unused key, but no connection without its key.
//   - A connection that outgrows its page moves to a later one. It is written there before it leaves the former page. After a
//     crash it is on both, and the later page counts. Readers count upwards, so they cannot miss a connection that moves.
//   - Rotate gives many connections another key. It writes that as an intent on a page of its own, and then writes their pages. Readers follow
//     the intent while it is there. It is read last: so it has the last word on what was read before.
//   - A page is created before the index counts it, and the index stops counting it before it is deleted. So if the index
//     counts a page that is not there, another program has deleted the page.
//
// [Vault.Tidy] deletes what a crash has left. Records of a later version, and keys for an unknown service, are left alone.
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

// Connection is a kept API key and the organization that it opens. It holds no secret.
type Connection struct {
	ID               string    `json:"id"`
	Name             string    `json:"name"`
	Region           string    `json:"region"`
	OrganizationID   string    `json:"organization"`
	OrganizationName string    `json:"organizationName"`
	Saved            time.Time `json:"saved"`
	// KeyNumber and Fingerprint identify its key. Keys with the same fingerprint are the same.
	KeyNumber   int    `json:"key"`
	Fingerprint string `json:"fingerprint"`
	// Report is any JSON, or nil. The vault does not look into it.
	Report json.RawMessage `json:"report,omitempty"`
	// HandOver says whether ControlMap has the key.
	HandOver HandOver `json:"handOver,omitzero"`
	// Note is what a person wants to remember about it; "" for nothing.
	Note string `json:"note,omitempty"`
	// Reminded says what became of the reminders of the key's end.
	Reminded Reminded `json:"reminded,omitzero"`
	// Edition counts how often the connection was saved. An Update does not count.
	Edition int `json:"edition"`
	// Trouble says why the connection cannot be used; nil if it can. [keychain.ErrNotFound]: only its key is missing.
	Trouble error `json:"-"`
	// Several is true if this stands for all connections of a page that cannot be read. Only ID and Trouble are set then.
	Several bool `json:"-"`
}

// HandOver is when a connection was handed over to ControlMap, and where.
type HandOver struct {
	// At is when a person said that ControlMap has the key with this fingerprint. It is zero if nobody has said so.
	At          time.Time `json:"at,omitzero"`
	Fingerprint string    `json:"key,omitempty"`
	// Tenant is the address of the company's ControlMap; "" if it is not known.
	Tenant string `json:"tenant,omitempty"`
}

// Reminded is the last reminder of the end of the key with this fingerprint: at which stage, when to remind again, and whether never to.
type Reminded struct {
	Fingerprint string    `json:"key"`
	Stage       int       `json:"stage"`
	Later       time.Time `json:"later,omitzero"`
	Muted       bool      `json:"muted,omitempty"`
}

// Vault keeps connections in a keychain. Its methods may be called from several goroutines.
type Vault struct {
	keychain *keychain.Keychain
	changing Lock               // held during a change, against other goroutines
	others   *keychain.FileLock // held during a change, against other processes; may be nil

	mu          sync.Mutex
	pageOf      map[string]int  // by connection: the last page it was seen on; another process may have moved it since
	missingKeys map[keyRef]bool // keys that connections use and that are not stored
	rotation    *rotation       // what the intent of a rotation says; nil without one
}

// New returns the vault in k. It reads nothing. Other processes that use the same keychain and hold the lock others do not
// change it at the same time. Others may be nil.
func New(k *keychain.Keychain, others *keychain.FileLock) *Vault {
	return &Vault{keychain: k, others: others, changing: NewLock(), pageOf: make(map[string]int), missingKeys: make(map[keyRef]bool)}
}

// List returns all connections with their last reports. It reads no key. Reading thousands may take seconds, so found, if not
// nil, gets the connections of each page as soon as it is read, in the calling goroutine. A connection that cannot be read
// has a Trouble. The error is [keychain.ErrDamaged] or [keychain.ErrIncomplete] if the index is damaged or missing; List then
// returns the connections that it found by counting.
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
	if isNewer(c.trouble) { // the index of a later version: counting has found everything
		return all, nil
	}
	return all, c.trouble
}

// shown returns the connections of page n for List.
func (v *Vault) shown(n int, p page) []Connection {
	if p.trouble != nil {
		return []Connection{{ID: pageName(n), Trouble: p.trouble, Several: true}}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	var some []Connection
	for _, one := range p.connections {
		if v.missingKeys[one.keyRef()] {
			one.Trouble = recordError(keyName(one.KeyNumber), keychain.ErrNotFound)
		}
		some = append(some, one)
	}
	return some
}

// Find returns the connection with this id. The error is [keychain.ErrNotFound] if there is none. If a page cannot be read,
// the connection may be on it, and the error is that page's.
func (v *Vault) Find(ctx context.Context, id string) (Connection, error) {
	one, _, _, err := v.find(ctx, id)
	return one, err
}

// find returns the connection and its page.
func (v *Vault) find(ctx context.Context, id string) (one Connection, at int, p page, err error) {
	v.mu.Lock()
	at, seen := v.pageOf[id]
	rotating := v.rotation != nil // then only all pages together say which key it has
	v.mu.Unlock()
	if seen && !rotating {
		p, err := v.readPage(ctx, at)
		if one, ok := p.find(id); ok || isFatal(err) {
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

// Key returns a connection and its API key. If only the key is missing, it returns the connection with
// [keychain.ErrNotFound]. If another key is stored in its place, the error is [keychain.ErrDamaged].
func (v *Vault) Key(ctx context.Context, id string) (one Connection, key secret.Secret, err error) {
	return v.KeyOnce(ctx, id, new(Keys))
}

// KeyOnce is Key, but takes the API key from known if it is there, and puts it there if not.
func (v *Vault) KeyOnce(ctx context.Context, id string, known *Keys) (one Connection, key secret.Secret, err error) {
	for range 2 { // another process may replace the key between the two reads
		if one, err = v.Find(ctx, id); err != nil {
			return one, key, err
		}
		if key, isKnown := known.find(one.keyRef()); isKnown {
			return one, key, nil
		}
		if key, err = v.keyOf(ctx, one); err == nil || isFatal(err) {
			break
		}
	}
	if err == nil || isNotFound(err) {
		v.noteKey(one.keyRef(), err == nil)
	}
	if err == nil {
		known.add(one.keyRef(), key)
	}
	return one, key, err
}

// change reads everything and calls f with it. Nothing else changes it meanwhile. It first finishes an interrupted rotation.
func (v *Vault) change(ctx context.Context, f func(*contents) error) error {
	return v.locked(ctx, func() error {
		c, err := v.read(ctx)
		if err == nil {
			err = v.finishRotation(ctx, &c)
		}
		if err != nil {
			return err
		}
		return f(&c)
	})
}

// locked calls f while no other goroutine and no other process changes what is stored. Waiting for that ends with ctx.
func (v *Vault) locked(ctx context.Context, f func() error) error {
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

// newID returns a random id for a connection.
func newID() string { return strings.ToLower(rand.Text()[:10]) }
