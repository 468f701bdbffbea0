package vault

import (
	"context"
	"fmt"
	"slices"

	"controlmap-jumpcloud/connector/keychain"
)

// Remove deletes a connection, and its key if no other connection uses it. For a page that cannot be read, List returns an
// id of its own: Remove deletes the page. If Remove fails, call it again to delete what is left.
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
	for n, p := range c.pages { // a former copy goes first: if it were left alone, the connection would come back
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

// removePage empties the page with this name, if it cannot be read. If no page has this name, id is a connection's, and a page
// of a later version may hold it: then the error is [keychain.ErrNewer].
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

// RemoveEverything deletes everything stored, also damaged records and those of a later version, and verifies that it is
// deleted. It empties the pages first. So if it is interrupted, only unused keys are left.
func (v *Vault) RemoveEverything(ctx context.Context) error {
	return v.locked(ctx, func() error {
		c, err := v.read(ctx)
		if err != nil {
			return err
		}
		keys := c.keysEnd() + c.maxGap() // before the pages are empty
		// These may fail, for example if the keychain is full. DeleteAll needs no room.
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
			case isFatal(unread):
				err = unread
			case !isNotFound(unread):
				err = &keychain.Error{Op: "wipe", Name: keyName(n), Kind: keychain.ErrNotSaved}
			}
		}
		return err
	})
}

// emptyPages writes an empty page over each page that has connections or cannot be read.
func (v *Vault) emptyPages(ctx context.Context, c *contents) error {
	for n, p := range c.pages {
		if p.trouble == nil && p.intent == nil && len(p.connections) == 0 {
			continue
		}
		if err := v.writePage(ctx, c, n, nil); err != nil {
			return err
		}
	}
	return nil
}

// Tidy deletes what an interrupted change has left, and repairs the index. It reports whether the list changed and has to be
// read again. It locks other processes out only if there is something to do.
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

// noteKeys notes which keys are there, and reports whether one is newly missing. It reads missing keys again under the lock,
// because one may have been stored since.
func (v *Vault) noteKeys(ctx context.Context, c *contents, k keyring) (news bool, err error) {
	v.mu.Lock()
	var missing []keyRef
	for _, one := range c.all() {
		switch ref := one.keyRef(); {
		case !k.missing[ref.number]:
			delete(v.missingKeys, ref)
		case !v.missingKeys[ref] && !slices.Contains(missing, ref):
			missing = append(missing, ref)
		}
	}
	v.mu.Unlock()
	if len(missing) == 0 {
		return false, nil
	}
	err = v.locked(ctx, func() error {
		for _, ref := range missing {
			_, err := v.readKey(ctx, ref.number)
			if isFatal(err) {
				return err
			}
			news = news || isNotFound(err)
			v.noteKey(ref, !isNotFound(err))
		}
		return nil
	})
	return news, err
}

// isTidy reports whether nothing but unused keys has to be tidied.
func (c contents) isTidy(k keyring) bool {
	same := slices.EqualFunc(c.pages, c.currentPages(), func(a, b page) bool { return len(a.connections) == len(b.connections) })
	return same && !c.isRotating() && (isNewer(c.trouble) || c.trouble == nil && c.index == index{schema, c.lastUsed(), k.end} &&
		len(c.pages) == c.lastUsed() && len(c.pages) > 0)
}

// tidy deletes copies on former pages, unused keys and empty pages, and updates the index.
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
	if err := v.deleteUnused(ctx, c, &k); err != nil {
		return err
	}
	c.keys = k.end
	return v.updateIndex(ctx, c)
}
