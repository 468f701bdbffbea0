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

// News says what is new about a connection that was checked again.
type News int

const (
	// NoNews: it is as it was.
	NoNews News = iota
	// Undecided: the network, a server or a limit was in the way.
	Undecided
	// Doubtful: it worked, and was refused. That may be a mistake, so it is asked about again before it counts.
	Doubtful
	// Changed: other checks pass than before, or for another reason they do not.
	Changed
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
// once, and then has it in memory until a connection is saved or removed. It writes to the keychain only what is new, and to the history how each check ended, but for a first refusal. Connections that were
// refused before are given again: then the other regions are asked about the key, too, and the answer counts.
func (c *Connector) WatchEach(ctx context.Context, connections []Connection, again bool, each func(Watched)) {
	var telling sync.Mutex
	c.batched(ctx, connections, func(batch *check.Batch, one Connection) {
		seen := c.watch(ctx, batch, one, again)
		if ctx.Err() != nil {
			return
		}
		telling.Lock()
		defer telling.Unlock()
		each(seen)
	})
}

// watch checks one connection again, and keeps what is new.
func (c *Connector) watch(ctx context.Context, batch *check.Batch, one Connection, again bool) Watched {
	seen := Watched{ID: one.ID}
	key, err := c.watchedKey(ctx, one)
	if err != nil {
		seen.Err = err
		return seen
	}
	credentials := check.Credentials{Region: one.Region, AnyRegion: again, APIKey: key, OrganizationID: secret.New(one.Organization.ID)}
	seen.Report = batch.Validate(ctx, one.keyInRegion(), one.Report, credentials, func(check.Result) {})
	v := c.vaultOf(ctx, one.ID)
	switch r := seen.Report; {
	case !r.Complete():
	case r.Undecided():
		seen.News = Undecided
		c.note(ctx, v, one.ID, r)
	case r.Broken() && !one.Report.Broken() && !again:
		seen.News = Doubtful
	case r.ChangedSince(one.Report):
		seen.News, seen.Err = Changed, c.keepWatched(ctx, v, one, r)
	case r.Administrator != one.Report.Administrator, r.Organization != one.Report.Organization, r.Usable() && r.Region != one.Region:
		seen.Err = c.keepWatched(ctx, v, one, r)
	default:
		c.note(ctx, v, one.ID, r)
	}
	return seen
}

// keepWatched keeps a new report with a connection that is still what it was when it was read, else the error is [ErrReplaced].
func (c *Connector) keepWatched(ctx context.Context, v *vault.Vault, read Connection, report check.Report) error {
	err := update(ctx, v, read.ID, func(now *vault.Connection) error {
		if now.Fingerprint != read.KeyID || now.OrganizationID != read.Organization.ID || !now.Saved.Equal(read.Saved) {
			return ErrReplaced
		}
		if report.Usable() {
			now.Region = report.Region // another region may have accepted the key
		}
		*now = withReport(*now, report)
		return nil
	})
	if err == nil {
		c.note(ctx, v, read.ID, report)
	}
	return err
}

// watchedKeys holds keys that were read before, by their [Connection.KeyID].
type watchedKeys struct {
	mu   sync.Mutex
	keys map[string]secret.Secret
}

// watchedKey returns the key of a connection: from memory, if it was read before.
func (c *Connector) watchedKey(ctx context.Context, one Connection) (secret.Secret, error) {
	c.watched.mu.Lock()
	key, known := c.watched.keys[one.KeyID]
	c.watched.mu.Unlock()
	if known {
		return key, nil
	}
	kept, key, err := c.vaultOf(ctx, one.ID).Key(ctx, one.ID)
	if errors.Is(err, keychain.ErrNotFound) && kept.ID == "" || err == nil && kept.Fingerprint != one.KeyID {
		err = ErrReplaced
	}
	if err != nil {
		return secret.Secret{}, err
	}
	c.watched.mu.Lock()
	defer c.watched.mu.Unlock()
	if c.watched.keys == nil {
		c.watched.keys = make(map[string]secret.Secret)
	}
	c.watched.keys[one.KeyID] = key
	return key, nil
}

// forgetKeys drops the keys in memory. The keychain is asked again for those that are needed.
func (c *Connector) forgetKeys() {
	c.watched.mu.Lock()
	defer c.watched.mu.Unlock()
	c.watched.keys = nil
}
