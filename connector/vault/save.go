package vault

import (
	"context"
	"encoding/json"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Save stores a connection with its key. Decide is called with all connections that can be read, while nothing changes them,
// and returns the one to store: with the ID of a former one to take its place, or without an ID to be a new one. Its error
// ends Save, and nothing is written. The error is [keychain.ErrTooBig] where the connection does not fit (see [Fits]).
// When Save returns nil, what was written has been read back.
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

// save writes the key, and last the page: until then the former state holds.
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
	// The connection is saved. What cannot be done now, Tidy does at the next start.
	_ = v.updateIndex(ctx, c)
	if known {
		_ = v.deleteKey(ctx, c, former.KeyNumber)
	}
	return nil
}

// place stores a connection on its page, or if that has no room, on a later one. At is -1 for a connection that has no page.
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

// placeAfter stores a connection on a page after this one: on the last that has room, or on a new one.
func (v *Vault) placeAfter(ctx context.Context, c *contents, at int, one Connection) error {
	for n := len(c.pages) - 1; n > at; n-- {
		p := c.pages[n]
		if p.trouble != nil || p.size+growth > keychain.MaxValue {
			continue
		}
		if all := with(p.connections, one); holds(all, growth) {
			return v.writePage(ctx, c, n, all)
		}
	}
	return v.createPage(ctx, c, []Connection{one})
}

// KeepReport replaces the report of a connection. The error is [keychain.ErrNotFound] if the connection is not there any
// more, or was saved since it was read.
func (v *Vault) KeepReport(ctx context.Context, read Connection, report json.RawMessage) error {
	return v.alone(ctx, func() error {
		now, at, p, err := v.find(ctx, read.ID)
		if err == nil {
			now, err = now.reporting(read, report, at)
		}
		if err != nil {
			return err
		}
		if all := with(p.connections, now); holds(all, 0) { // as it usually does, so no other page has to be read
			_, err := v.storePage(ctx, at, all, v.keychain.Put)
			return err
		}
		c, err := v.read(ctx)
		if err != nil {
			return err
		}
		now, at, _ = c.current(read.ID) // its page may have been one that it has left
		if now, err = now.reporting(read, report, at); err != nil {
			return err
		}
		if err := v.place(ctx, &c, at, now); err != nil {
			return err
		}
		return v.updateIndex(ctx, &c)
	})
}

// reporting returns the connection on a page with this report, if it was not saved since it was read.
func (c Connection) reporting(read Connection, report json.RawMessage, at int) (Connection, error) {
	if c.Edition != read.Edition || c.Fingerprint != read.Fingerprint {
		return Connection{}, recordError(pageName(at), keychain.ErrNotFound)
	}
	if c.Report = report; !Fits(c) {
		return Connection{}, &keychain.Error{Op: "put", Name: pageName(at), Kind: keychain.ErrTooBig}
	}
	return c, nil
}
