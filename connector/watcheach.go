package connector

import (
	"context"
	"errors"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// Watched is what a watcher has found out about a connection.
type Watched struct {
	ID     string
	Report check.Report
	News   News
	// Err is [ErrReplaced] if the connection is not what it was when it was read, or that of the keychain.
	Err error
}

// WatchEach validates connections as [Connector.CheckEach] does, for somebody who watches them all day. It reads each key from the keychain
// once, and then has it in memory until a connection is saved or removed. It writes what is new to the keychain, and to the history how each
// check ended. What could not be found out and a first refusal are kept nowhere. Connections that were refused before are given again: then
// the answer counts. Kept are all connections: another key of an organization may tell why one is refused.
func (c *Connector) WatchEach(ctx context.Context, connections, kept []Connection, again bool, each func(Watched)) {
	why := c.newInquiry(func() []Connection { return kept }, func(ctx context.Context, one Connection) (secret.Secret, error) {
		key, _, err := c.watchedKey(ctx, one)
		return key, err
	})
	c.batched(ctx, connections, func(batch *check.Batch, one Connection) (tell func()) {
		seen := c.watch(ctx, batch, why, one, again)
		if ctx.Err() != nil {
			return nil
		}
		return func() { each(seen) }
	})
}

// watch checks one connection again, and keeps what is new.
func (c *Connector) watch(ctx context.Context, batch *check.Batch, why *inquiry, one Connection, again bool) Watched {
	seen := Watched{ID: one.ID}
	key, changes, err := c.watchedKey(ctx, one)
	if err != nil {
		seen.Err = err
		return seen
	}
	seen.Report, seen.News = c.ask(ctx, batch, why, question{one, key, again}, func(check.Result) {})
	v, moved := c.vaultOf(ctx, one.ID), seen.Report.RegionAfter(one.Region) != one.Region
	same := saysTheSame(one.Report, seen.Report) && !moved
	switch {
	case ctx.Err() != nil, !seen.Report.Complete(), seen.News == Undecided && !moved, seen.News == Doubtful:
	case seen.News == NoNews && same && c.noteUnlessChanged(ctx, v, one.ID, seen.Report, changes): // the keychain is left alone
	default:
		seen.Err = c.keepReport(ctx, v, one.ID, seen.Report, func(now vault.Connection) error {
			if now.Fingerprint != one.KeyID || now.OrganizationID != one.Organization.ID || !now.Saved.Equal(one.Saved) {
				return ErrReplaced
			}
			return nil
		})
	}
	return seen
}

// noteUnlessChanged adds how a check ended to the history, without a look into the keychain. It does not if a connection was saved or removed
// since so many changes: it may be this one, and what was removed gets no history. It reports whether the history has it now.
func (c *Connector) noteUnlessChanged(ctx context.Context, v *vault.Vault, id string, report check.Report, changes int) bool {
	c.watched.mu.RLock()
	defer c.watched.mu.RUnlock()
	return c.watched.changes == changes && c.note(ctx, v, id, report)
}

// watchedKeys holds keys that were read before.
type watchedKeys struct {
	mu      sync.RWMutex             // held for reading while the history is written: checks do not wait for each other, but a removal does
	keys    map[string]secret.Secret // by their [Connection.KeyID]
	changes int                      // counts how often they were dropped
}

// count returns how often the keys were dropped.
func (w *watchedKeys) count() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.changes
}

// watchedKey returns the key of a connection: from memory, if it was read before. It also returns how often the keys were dropped until then.
func (c *Connector) watchedKey(ctx context.Context, one Connection) (key secret.Secret, changes int, err error) {
	c.watched.mu.RLock()
	key, known := c.watched.keys[one.KeyID]
	changes = c.watched.changes
	c.watched.mu.RUnlock()
	if known {
		return key, changes, nil
	}
	kept, key, err := c.vaultOf(ctx, one.ID).Key(ctx, one.ID)
	if errors.Is(err, keychain.ErrNotFound) && kept.ID == "" || err == nil && kept.Fingerprint != one.KeyID {
		err = ErrReplaced
	}
	if err != nil {
		return secret.Secret{}, 0, err
	}
	c.watched.mu.Lock()
	defer c.watched.mu.Unlock()
	if c.watched.changes == changes {
		c.watched.keys[one.KeyID] = key
	}
	return key, changes, nil
}

// forgetKeys drops the keys in memory: before and after a connection is saved or removed. The keychain is asked again for those that are
// needed.
func (c *Connector) forgetKeys() {
	c.watched.mu.Lock()
	defer c.watched.mu.Unlock()
	c.watched.keys = make(map[string]secret.Secret)
	c.watched.changes++
}
