package vault

import (
	"context"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Save stores a connection with its key. It calls decide with all connections that can be read; nothing changes them
// meanwhile. Decide returns the connection to store: it replaces the connection with the same ID; without an ID it is new.
// An error of decide ends Save, and nothing is written. The error is [keychain.ErrTooBig] if the connection does not fit
// (see [Fits]). When Save returns nil, everything written has been read back.
func (v *Vault) Save(ctx context.Context, key secret.Secret, decide func([]Connection) (Connection, error)) (saved Connection, err error) {
	err = v.change(ctx, func(c *contents) error {
		saved, err = decide(c.all())
		if err != nil {
			return err
		}
		return v.save(ctx, c, &saved, key)
	})
	if err != nil {
		return Connection{}, err
	}
	return saved, nil
}

// save writes the key, and then the page. Until the page is written, the former state holds.
func (v *Vault) save(ctx context.Context, c *contents, one *Connection, key secret.Secret) error {
	former, at, known := c.current(one.ID)
	if !known {
		at, one.ID = -1, newID()
	}
	one.Fingerprint, one.Edition = Fingerprint(key), former.Edition+1
	if !Fits(*one) {
		return &keychain.Error{Op: "put", Name: pageName(max(at, 0)), Kind: keychain.ErrTooBig}
	}
	if known {
		if err := v.mayDelete(ctx, former); err != nil {
			return err
		}
	}
	if err := v.startIndex(ctx, c); err != nil {
		return err
	}
	var err error
	if one.KeyNumber, err = v.saveKey(ctx, c, key); err != nil {
		return err
	}
	if err := v.place(ctx, c, at, *one); err != nil {
		return err
	}
	// The connection is saved. If something fails from here on, Tidy does it at the next start.
	_ = v.updateIndex(ctx, c)
	if known {
		_ = v.deleteKey(ctx, c, former.KeyNumber)
	}
	return nil
}

// place stores a connection on page at, or on a later page if it does not fit. At is -1 for a new connection.
func (v *Vault) place(ctx context.Context, c *contents, at int, one Connection) error {
	if at >= 0 {
		if all := with(c.pages[at].connections, one); holds(all, 0) {
			return v.writePage(ctx, c, at, all)
		}
	}
	if err := v.placeAfter(ctx, c, at, one); err != nil || at < 0 {
		return err
	}
	return v.writePage(ctx, c, at, without(c.pages[at].connections, one.ID))
}

// placeAfter stores a connection on the last page after at that has room, or on a new page.
func (v *Vault) placeAfter(ctx context.Context, c *contents, at int, one Connection) error {
	for n := len(c.pages) - 1; n > at; n-- {
		p := c.pages[n]
		if p.trouble != nil || p.note != nil || p.size+growth > keychain.MaxValue {
			continue
		}
		if all := with(p.connections, one); holds(all, growth) {
			return v.writePage(ctx, c, n, all)
		}
	}
	return v.createPage(ctx, c, []Connection{one})
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
