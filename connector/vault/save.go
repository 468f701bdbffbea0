package vault

import (
	"context"
	"slices"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Save stores a connection with its key. It calls decide with all connections that can be read; nothing changes them
// meanwhile. Decide returns the connection to store: it replaces the connection with the same ID; without an ID it is new.
// An error of decide ends Save, and nothing is written. The error is [keychain.ErrTooBig] if the connection does not fit
// (see [Fits]). When Save returns nil, everything written has been read back.
func (v *Vault) Save(ctx context.Context, key secret.Secret, decide func([]Connection) (Connection, error)) (Connection, error) {
	saved, err := v.SaveSeveral(ctx, key, func(all []Connection) ([]Connection, error) {
		one, err := decide(all)
		return []Connection{one}, err
	})
	if err != nil {
		return Connection{}, err
	}
	return saved[0], nil
}

// SaveSeveral does the same for several connections with one key. It reads everything once, and writes new ones page by page. It returns
// those that are stored, also if it fails: they come first among those of decide, in the same order.
func (v *Vault) SaveSeveral(ctx context.Context, key secret.Secret, decide func([]Connection) ([]Connection, error)) (saved []Connection, err error) {
	err = v.change(ctx, func(c *contents) error {
		some, err := decide(c.all())
		if err != nil || len(some) == 0 {
			return err
		}
		saved, err = v.save(ctx, c, some, key)
		return err
	})
	return saved, err
}

// save writes the key, and then the pages. Until its page is written, the former state of a connection holds.
func (v *Vault) save(ctx context.Context, c *contents, some []Connection, key secret.Secret) (saved []Connection, err error) {
	at, formerKeys, err := v.begin(ctx, c, some, Fingerprint(key))
	if err != nil {
		return nil, err
	}
	if err := v.startIndex(ctx, c); err != nil {
		return nil, err
	}
	number, err := v.saveKey(ctx, c, key)
	if err != nil {
		return nil, err
	}
	for i := range some {
		some[i].KeyNumber = number
	}
	stored := 0
	for n := 0; stored < len(some) && err == nil; stored += n {
		n, err = v.placeNext(ctx, c, some[stored:], at[stored:])
	}
	if stored == 0 {
		return nil, err
	}
	// These connections are saved. If something else fails from here on, Tidy does it at the next start.
	_ = v.updateIndex(ctx, c)
	for _, n := range formerKeys {
		_ = v.deleteKey(ctx, c, n)
	}
	return some[:stored], err
}

// begin completes the connections that are to be saved. It returns the page of each, -1 for a new one, and the keys that the others have. It
// writes nothing.
func (v *Vault) begin(ctx context.Context, c *contents, some []Connection, fingerprint string) (at, formerKeys []int, err error) {
	for i := range some {
		one := &some[i]
		former, on, known := c.current(one.ID)
		if !known {
			on, one.ID = -1, newID()
		}
		one.Fingerprint, one.Edition = fingerprint, former.Edition+1
		if !Fits(*one) {
			return nil, nil, &keychain.Error{Op: "put", Name: pageName(max(on, 0)), Kind: keychain.ErrTooBig}
		}
		if known && !slices.Contains(formerKeys, former.KeyNumber) {
			if err := v.mayDelete(ctx, former); err != nil {
				return nil, nil, err
			}
			formerKeys = append(formerKeys, former.KeyNumber)
		}
		at = append(at, on)
	}
	return at, formerKeys, nil
}

// placeNext stores the first of these connections: on its page, or a new one on the last page that has room, with the new ones behind it as far
// as they fit. It returns how many it has stored.
func (v *Vault) placeNext(ctx context.Context, c *contents, some []Connection, at []int) (stored int, err error) {
	if at[0] >= 0 {
		if err := v.place(ctx, c, at[0], some[0]); err != nil {
			return 0, err
		}
		return 1, nil
	}
	fresh := len(some)
	if i := slices.IndexFunc(at, func(n int) bool { return n >= 0 }); i >= 0 {
		fresh = i
	}
	return v.placeAfter(ctx, c, -1, some[:fresh])
}

// place stores a connection of page at on that page, or on a later one if it does not fit.
func (v *Vault) place(ctx context.Context, c *contents, at int, one Connection) error {
	if all := with(c.pages[at].connections, one); holds(all, 0) {
		return v.writePage(ctx, c, at, all)
	}
	if _, err := v.placeAfter(ctx, c, at, []Connection{one}); err != nil {
		return err
	}
	return v.writePage(ctx, c, at, without(c.pages[at].connections, one.ID))
}

// placeAfter stores connections on the last page after at that has room for the first of them, or on a new page: as many as fit. It returns how
// many these are.
func (v *Vault) placeAfter(ctx context.Context, c *contents, at int, some []Connection) (stored int, err error) {
	for n := len(c.pages) - 1; n > at; n-- {
		p := c.pages[n]
		if p.trouble != nil || p.intent != nil || !p.hasRoom() {
			continue
		}
		if all, stored := withMost(p.connections, some); stored > 0 {
			if err := v.writePage(ctx, c, n, all); err != nil {
				return 0, err
			}
			return stored, nil
		}
	}
	all, stored := withMost(some[:1], some[1:]) // one always fits
	if err := v.createPage(ctx, c, all); err != nil {
		return 0, err
	}
	return stored + 1, nil
}

// withMost returns connections with as many of some as fit into one page, and how many these are. Each replaces the one with its ID.
func withMost(all, some []Connection) (most []Connection, stored int) {
	most = all
	for _, one := range some {
		more := with(most, one)
		if !holds(more, growth) {
			break
		}
		most, stored = more, stored+1
	}
	return most, stored
}

// Update changes a connection where it is stored: not its key, and not its edition. It calls change with the stored connection, perhaps
// twice. An error of change ends Update, and nothing is written. The error is [keychain.ErrNotFound] if the connection was removed.
func (v *Vault) Update(ctx context.Context, id string, change func(*Connection) error) error {
	return v.locked(ctx, func() error {
		one, at, p, err := v.find(ctx, id)
		if err == nil {
			err = one.update(change, at)
		}
		if err != nil {
			return err
		}
		if all := with(p.connections, one); holds(all, 0) { // the usual case: no other page has to be read
			_, err := v.storePage(ctx, at, all, v.keychain.Put)
			return err
		}
		c, err := v.read(ctx)
		if err != nil {
			return err
		}
		one, at, known := c.current(id) // it may have moved from the page where find saw it
		if !known {
			return recordError(pageName(at), keychain.ErrNotFound)
		}
		if err := one.update(change, at); err != nil {
			return err
		}
		if err := v.place(ctx, &c, at, one); err != nil {
			return err
		}
		return v.updateIndex(ctx, &c)
	})
}

// update changes the connection of page at. The error is [keychain.ErrTooBig] if it does not fit afterwards.
func (c *Connection) update(change func(*Connection) error, at int) error {
	if err := change(c); err != nil {
		return err
	}
	if !Fits(*c) {
		return &keychain.Error{Op: "put", Name: pageName(at), Kind: keychain.ErrTooBig}
	}
	return nil
}
