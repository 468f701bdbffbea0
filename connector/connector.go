// Package connector is the domain of the program: credentials, their validation check by check, and the
// connections kept in the system keychain. It knows nothing of any screen; a screen talks to a [Connector] only.
package connector

import (
	"context"
	"net/http"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/vault"
)

// Connector validates credentials and keeps connections. Its methods may be called from any goroutine, block
// until they are done, and end early with their context.
type Connector struct {
	validator check.Validator
	now       func() time.Time

	keychain *keychain.Keychain // the system's
	fileLock *keychain.FileLock // keeps other processes from changing it; nil if there are none
	system   *vault.Vault       // in that keychain
	session  *vault.Vault       // in memory, until the program ends

	moving vault.Lock // is taken while a connection of the session is saved or removed
	moved  sync.Map   // ids of connections of the session that were saved, and their ids since
}

// Option changes how a Connector meets the world.
type Option func(*Connector)

// WithRegions replaces JumpCloud's own regions: by another address, or by simulators.
func WithRegions(regions ...jumpcloud.Region) Option {
	return func(c *Connector) { c.validator.JumpCloud.Regions = regions }
}

// WithHTTPClient replaces what makes the HTTP client of each validation.
func WithHTTPClient(newHTTP func() *http.Client) Option {
	return func(c *Connector) { c.validator.JumpCloud.NewHTTP = newHTTP }
}

// WithClock replaces the source of the time that reports and connections bear.
func WithClock(now func() time.Time) Option {
	return func(c *Connector) { c.now, c.validator.Now = now, now }
}

// WithUserAgent sets the name under which requests are made.
func WithUserAgent(name string) Option {
	return func(c *Connector) { c.validator.JumpCloud.UserAgent = name }
}

// WithLimits sets how long one check, and all checks of a validation together, may take: 20 s and 60 s unless told.
func WithLimits(check, all time.Duration) Option {
	return func(c *Connector) { c.validator.CheckLimit, c.validator.Limit = check, all }
}

// WithFileLock sets what keeps other processes that use the same keychain from changing it at the same time.
func WithFileLock(l *keychain.FileLock) Option {
	return func(c *Connector) { c.fileLock = l }
}

// New makes a Connector that keeps its connections in k.
func New(k *keychain.Keychain, opts ...Option) *Connector {
	c := &Connector{
		now:      time.Now,
		keychain: k,
		session:  vault.New(keychain.New(keychain.Memory(), "session"), nil),
		moving:   vault.NewLock(),
	}
	for _, o := range opts {
		o(c)
	}
	c.system = vault.New(k, c.fileLock)
	return c
}

// Regions lists the ids of the regions that a person can choose from.
func (c *Connector) Regions() []string {
	var ids []string
	for _, r := range c.validator.JumpCloud.AllRegions() {
		ids = append(ids, r.ID)
	}
	return ids
}

// ConsoleURL is the front page of a region's Admin Portal; of the first region where id names none. Links lead to
// the front page, and the clicks from there are said in words, because the console's own paths change.
func (c *Connector) ConsoleURL(id string) string {
	r, ok := c.validator.JumpCloud.Region(id)
	if !ok {
		r = c.validator.JumpCloud.AllRegions()[0]
	}
	return r.Console
}

// Validate runs all checks on credentials, see [check.Validator.Validate].
func (c *Connector) Validate(ctx context.Context, credentials check.Credentials, watch func(check.Result)) check.Report {
	return c.validator.Validate(ctx, credentials, watch)
}

// Again repeats what did not pass in a validation, see [check.Validator.Again].
func (c *Connector) Again(ctx context.Context, before check.Report, credentials check.Credentials, watch func(check.Result)) check.Report {
	return c.validator.Again(ctx, before, credentials, watch)
}

// OnKeychainWaiting sets what is called with true when the system keychain keeps a call waiting, as it does while
// it asks the user to unlock it, and with false when that ended. It is called from another goroutine.
func (c *Connector) OnKeychainWaiting(f func(waiting bool)) { c.keychain.OnWaiting(f) }
