package vault

import (
	"context"
	"fmt"
	"slices"

	"controlmap-jumpcloud/connector/keychain"
)

// Remove deletes a connection, and its key if no other connection uses it. The id may be that of a page that cannot be read,
// as List has it: then all that is on the page goes. Remove can be repeated after it has failed; it then deletes what is
// left.
func (v *Vault) Remove(ctx context.Context, id string) error {
	err := v.change(ctx, func(c *contents) error {
		one, at, known := c.current(id)
		if known {
			return v.remove(ctx, c, one, at)
		}
		if err := v.removePage(ctx, c, id); err != nil {
			return err
		}
		return v.tidy(ctx, c)
	})
	if err != nil {
		return fmt.Errorf("remove the connection: %w", err)
	}
	return nil
}

func (v *Vault) remove(ctx context.Context, c *contents, one Connection, at int) error {
	if err := v.mayDelete(ctx, one); err != nil {
		return err
	}
	for n, p := range c.pages { // a former copy first: alone, it would come back
		if _, ok := p.find(one.ID); ok && n != at {
			if err := v.writePage(ctx, c, n, without(p.connections, one.ID)); err != nil {
				return err
			}
		}
	}
	if err := v.writePage(ctx, c, at, without(c.pages[at].connections, one.ID)); err != nil {
		return err
	}
	if err := v.deleteKey(ctx, c, one.KeyNumber); err != nil {
		return err
	}
	return v.updateIndex(ctx, c)
}

// removePage empties the page with this name that cannot be read. If there is none, the id is that of a connection, which a
// page of a later version may have.
func (v *Vault) removePage(ctx context.Context, c *contents, id string) error {
	var newer error
	for n, p := range c.pages {
		switch {
		case isNewer(p.trouble):
			newer = p.trouble
			if pageName(n) == id {
				return newer
			}
		case p.trouble != nil && pageName(n) == id:
			return v.writePage(ctx, c, n, nil)
		}
	}
	return newer
}

// RemoveEverything deletes all that is stored, also what is damaged or was written by a later version, and looks whether it
// is gone. It empties the pages first: should it be interrupted, what is left belongs to no connection.
func (v *Vault) RemoveEverything(ctx context.Context) error {
	return v.alone(ctx, func() error {
		c, err := v.read(ctx)
		if err != nil {
			return err
		}
		keys := c.keysEnd() + c.spare() // before the pages are empty
		// What cannot be deleted by itself goes with all that is left. A keychain that is full can still delete.
		if err := v.emptyPages(ctx, &c); err == nil {
			_ = v.updateIndex(ctx, &c)
		}
		if err := v.keychain.DeleteAll(ctx); err != nil {
			return err
		}
		left, err := v.read(ctx)
		if err == nil && (left.index.Schema > 0 || left.trouble != nil || len(left.pages) > 0) {
			err = &keychain.Error{Op: "wipe", Name: indexName, Kind: keychain.ErrNotSaved}
		}
		for n := 0; n < keys && err == nil; n++ {
			switch _, unread := v.readKey(ctx, n); {
			case stops(unread):
				err = unread
			case !isNotFound(unread):
				err = &keychain.Error{Op: "wipe", Name: keyName(n), Kind: keychain.ErrNotSaved}
			}
		}
		return err
	})
}

// emptyPages writes every page that has connections, or cannot be read, without any.
func (v *Vault) emptyPages(ctx context.Context, c *contents) error {
	for n, p := range c.pages {
		if p.trouble == nil && len(p.connections) == 0 {
			continue
		}
		if err := v.writePage(ctx, c, n, nil); err != nil {
			return err
		}
	}
	return nil
}

// Tidy deletes what an interrupted change has left, and mends the index. It reports whether the list has to be read again to
// be right. Other processes are kept off only if there is something to do.
func (v *Vault) Tidy(ctx context.Context) (again bool, err error) {
	c, err := v.read(ctx)
	if err != nil {
		return false, err
	}
	if c.index.Schema == 0 && c.trouble == nil && len(c.pages) == 0 {
		return false, nil
	}
	k, err := v.readKeyring(ctx, &c)
	if err != nil {
		return false, fmt.Errorf("tidy the keychain: %w", err)
	}
	if again, err = v.noteKeys(ctx, &c, k); err != nil {
		return false, fmt.Errorf("tidy the keychain: %w", err)
	}
	if len(k.unused) == 0 && c.isTidy(k) {
		return again, nil
	}
	if err := v.change(ctx, func(c *contents) error { return v.tidy(ctx, c) }); err != nil {
		return again, fmt.Errorf("tidy the keychain: %w", err)
	}
	return again, nil
}

// noteKeys notes which keys are there, and reports whether one is newly missing. What was missing may have been stored
// meanwhile, so it looks again while nothing else changes.
func (v *Vault) noteKeys(ctx context.Context, c *contents, k keyring) (news bool, err error) {
	v.mu.Lock()
	var missing []keyRef
	for _, one := range c.all() {
		switch ref := one.keyRef(); {
		case !k.missing[ref.number]:
			delete(v.keyless, ref)
		case !v.keyless[ref] && !slices.Contains(missing, ref):
			missing = append(missing, ref)
		}
	}
	v.mu.Unlock()
	if len(missing) == 0 {
		return false, nil
	}
	err = v.alone(ctx, func() error {
		for _, ref := range missing {
			_, err := v.readKey(ctx, ref.number)
			if stops(err) {
				return err
			}
			news = news || isNotFound(err)
			v.noteKey(ref, !isNotFound(err))
		}
		return nil
	})
	return news, err
}

// isTidy reports whether nothing is left of an interrupted change, but for keys.
func (c contents) isTidy(k keyring) bool {
	same := slices.EqualFunc(c.pages, c.currentPages(), func(a, b page) bool { return len(a.connections) == len(b.connections) })
	return same && (isNewer(c.trouble) || c.trouble == nil && c.index == index{schema, c.lastUsed(), max(c.index.Keys, k.end)} &&
		len(c.pages) == c.lastUsed() && len(c.pages) > 0)
}

// tidy does what Tidy has found to do.
func (v *Vault) tidy(ctx context.Context, c *contents) error {
	for n, p := range c.currentPages() {
		if len(p.connections) != len(c.pages[n].connections) {
			if err := v.writePage(ctx, c, n, p.connections); err != nil {
				return err
			}
		}
	}
	k, err := v.readKeyring(ctx, c)
	if err != nil {
		return err
	}
	if err := v.deleteUnused(ctx, &k); err != nil {
		return err
	}
	c.keys = k.end
	return v.updateIndex(ctx, c)
}
