// Package connector is what the program can do: it validates credentials check by check, and keeps connections in the system keychain.
// Screens and commands call a [Connector].
package connector

import (
	"context"
	"net/http"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
	"controlmap-jumpcloud/connector/wire"
)

// Connector validates credentials and keeps connections. Its methods may be called from any goroutine. They block until they are done
// or their context ends.
type Connector struct {
	validator check.Validator
	now       func() time.Time
	after     func(time.Duration) <-chan time.Time

	keychain *keychain.Keychain // the system's
	fileLock *keychain.FileLock // keeps other processes from changing the keychain; nil if there are none
	system   *vault.Vault       // in that keychain
	session  *vault.Vault       // in memory, until the program ends
	history  *history.History   // of the connections in system; nil if none is kept

	watched watchedKeys

	moving vault.Lock // held while a connection of the session is saved or removed
	moved  sync.Map   // by the id of a connection of the session that was saved: its new id
}

// Option replaces something that a Connector depends on: the clock, the network, the regions.
type Option func(*Connector)

// WithRegions replaces JumpCloud's own regions by others: another address, or simulators.
func WithRegions(regions ...jumpcloud.Region) Option {
	return func(c *Connector) { c.validator.JumpCloud.Regions = regions }
}

// WithHTTPClient sets the function that makes an HTTP client for each validation.
func WithHTTPClient(newHTTP func() *http.Client) Option {
	return func(c *Connector) { c.validator.JumpCloud.NewHTTP = newHTTP }
}

// WithClock sets the clock that dates reports and connections.
func WithClock(now func() time.Time) Option {
	return func(c *Connector) { c.now, c.validator.Now = now, now }
}

// WithTimer sets the function that waits, as [time.After] does.
func WithTimer(after func(time.Duration) <-chan time.Time) Option {
	return func(c *Connector) { c.after = after }
}

// WithUserAgent sets the User-Agent of all requests.
func WithUserAgent(name string) Option {
	return func(c *Connector) { c.validator.JumpCloud.UserAgent = name }
}

// WithLimits sets how long one check may take, and how long all checks of a validation together. Without it, these are 20 s and 60 s.
func WithLimits(check, all time.Duration) Option {
	return func(c *Connector) { c.validator.CheckLimit, c.validator.Limit = check, all }
}

// WithFileLock sets the lock that keeps other processes from changing the same keychain at the same time.
func WithFileLock(l *keychain.FileLock) Option {
	return func(c *Connector) { c.fileLock = l }
}

// WithHistory sets the folder that keeps how the checks of each connection ended. Without it, only the last report is kept.
func WithHistory(folder string) Option {
	return func(c *Connector) { c.history = history.New(folder, c.keychain) }
}

// wallClock is the time without the monotonic clock, which stands still while the computer sleeps: a day is a day then too.
func wallClock() time.Time { return time.Now().Round(0) }

// New makes a Connector that keeps its connections in k.
func New(k *keychain.Keychain, opts ...Option) *Connector {
	c := &Connector{
		validator: check.Validator{Limits: wire.NewLimits(), Now: wallClock},
		now:       wallClock,
		after:     time.After,
		keychain:  k,
		session:   vault.New(keychain.New(keychain.Memory(), "session"), nil),
		moving:    vault.NewLock(),
		watched:   watchedKeys{keys: make(map[string]secret.Secret)},
	}
	for _, o := range opts {
		o(c)
	}
	c.system = vault.New(k, c.fileLock)
	return c
}

// Regions lists the ids of the regions to choose from.
func (c *Connector) Regions() []string {
	var ids []string
	for _, r := range c.validator.JumpCloud.AllRegions() {
		ids = append(ids, r.ID)
	}
	return ids
}

// ConsoleURL is the front page of a region's Admin Portal. If no region has this id, it is that of the first region. Links lead to the
// front page, and words say where to click from there, because the paths within the console change.
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

// OnKeychainWaiting sets a function that is called with true when the system keychain keeps a call waiting, for example because it asks
// the user to unlock it, and with false when the wait has ended. The function is called from another goroutine.
func (c *Connector) OnKeychainWaiting(f func(waiting bool)) { c.keychain.OnWaiting(f) }
