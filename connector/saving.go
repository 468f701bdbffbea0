package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// ErrUnusable is the error of saving credentials that open no organization: there is nothing to save yet.
var ErrUnusable = errors.New("the credentials open no organization yet")

// ConnectedError says that the organization is connected already, with another key. Nothing was written: JumpCloud shows a key only
// once, so a person has to decide what happens to the kept key.
type ConnectedError struct {
	// Kept are the connections to the organization, with their last reports, sorted by name.
	Kept []Connection
}

// Error names no organization.
func (e *ConnectedError) Error() string {
	return "the organization is connected already, with another key"
}

// SaveOption says what a person has decided about kept connections to the organization. Without one, a kept key is never replaced.
type SaveOption func(*saveRequest)

// Replacing replaces the key of a connection, if the connection still has the key that it had when it was read. Otherwise the person is
// asked again, by a [ConnectedError].
func Replacing(kept Connection) SaveOption {
	return func(r *saveRequest) { r.replaces = kept }
}

// KeepingBoth adds one more connection to the same organization.
func KeepingBoth() SaveOption {
	return func(r *saveRequest) { r.keepsBoth = true }
}

// saveRequest is what is to be saved, and what a person has decided about it.
type saveRequest struct {
	kept      vault.Connection // without a name if nobody has given one, and without its report
	key       secret.Secret
	report    check.Report
	replaces  Connection
	keepsBoth bool
}

// Save keeps validated credentials in the system keychain. If the same key is kept for the organization already, its connection gets
// the new report. If another key is, Save returns a [ConnectedError] unless an option says what to do. Without a name, the connection
// keeps the name that it had, or takes its organization's. Save reads back what it has written before it returns nil.
func (c *Connector) Save(ctx context.Context, name string, credentials check.Credentials, report check.Report, options ...SaveOption) (Connection, error) {
	r, err := c.prepare(name, credentials, report, options)
	if err != nil {
		return Connection{}, err
	}
	return c.saveInSystem(ctx, r)
}

// SaveForSession keeps validated credentials in memory until the program ends, for computers without a system keychain. Like Save, it
// returns a [ConnectedError] if another key is kept in memory.
func (c *Connector) SaveForSession(ctx context.Context, name string, credentials check.Credentials, report check.Report, options ...SaveOption) (Connection, error) {
	r, err := c.prepare(name, credentials, report, options)
	if err != nil {
		return Connection{}, err
	}
	return c.saveIn(ctx, c.session, r)
}

// prepare makes the request to save validated credentials.
func (c *Connector) prepare(name string, credentials check.Credentials, report check.Report, options []SaveOption) (saveRequest, error) {
	key := credentials.Cleaned().APIKey
	if !report.Usable() || key.Empty() {
		return saveRequest{}, ErrUnusable
	}
	name = strings.TrimSpace(name)
	if printable.Line(name) == "" { // there is nothing to see in it
		name = ""
	}
	return c.newRequest(name, key, report.Region, report.Organization, report.WithoutKey(), options), nil
}

func (c *Connector) newRequest(name string, key secret.Secret, region string, o check.Organization, report check.Report, options []SaveOption) saveRequest {
	r := saveRequest{key: key, report: report, kept: vault.Connection{Name: name, Region: region, OrganizationID: o.ID, OrganizationName: o.Name,
		Fingerprint: vault.Fingerprint(key), Saved: c.now()}}
	for _, option := range options {
		option(&r)
	}
	return r
}

// SaveFromSession saves a connection of this session in the system keychain, whatever its last report says. Like Save, it may return a
// [ConnectedError]. If the connection has been saved already, it returns the saved one.
func (c *Connector) SaveFromSession(ctx context.Context, id string, options ...SaveOption) (Connection, error) {
	if err := c.moving.Take(ctx); err != nil {
		return Connection{}, err
	}
	defer c.moving.Leave()
	kept, key, err := c.session.Key(ctx, id)
	if now, moved := c.moved.Load(id); moved && errors.Is(err, keychain.ErrNotFound) {
		saved, err := c.system.Find(ctx, now.(string))
		return c.connectionOf(c.system, saved, c.lastOf(ctx, c.system, saved)[saved.ID]), err
	}
	if err != nil {
		return Connection{}, err
	}
	one := c.connectionOf(c.session, kept, history.Outcome{})
	if !isGiven(one) {
		one.Name = "" // the connection that it replaces keeps its name
	}
	return c.saveInSystem(ctx, c.newRequest(one.Name, key, one.Region, one.Organization, one.Report, options))
}

// ended is how a request to save ended.
type ended struct {
	saved Connection
	err   error
}

// saveInSystem saves in the system keychain, see saveAllInSystem.
func (c *Connector) saveInSystem(ctx context.Context, r saveRequest) (Connection, error) {
	ends, err := c.saveAllInSystem(ctx, []saveRequest{r})
	if err != nil {
		return Connection{}, err
	}
	return ends[0].saved, ends[0].err
}

// saveAllInSystem saves in the system keychain, see saveAllIn. Then it removes from memory what is saved now. What is known of its hand-over is
// saved, too.
func (c *Connector) saveAllInSystem(ctx context.Context, all []saveRequest) ([]ended, error) {
	for i := range all {
		for _, kept := range c.savedBy(ctx, all[i]) {
			next := &all[i].kept
			next.HandOver, next.Note = mergedHandOver(next.HandOver, kept.HandOver), cmp.Or(next.Note, kept.Note)
		}
	}
	ends, err := c.saveAllIn(ctx, c.system, all)
	ctx = context.WithoutCancel(ctx) // also if the caller has just given up
	for i, end := range ends {
		if end.err != nil {
			continue
		}
		c.note(ctx, c.system, end.saved.ID, all[i].report)
		for _, kept := range c.savedBy(ctx, all[i]) {
			c.moved.Store(kept.ID, end.saved.ID)
			_ = c.session.Remove(ctx, kept.ID)
		}
	}
	return ends, err
}

// savedBy returns the connections in memory that r saves in the system keychain: the same key of the same organization, and the connection
// whose key is replaced.
func (c *Connector) savedBy(ctx context.Context, r saveRequest) []vault.Connection {
	all, _ := c.session.List(ctx, nil) // memory does not fail
	return slices.DeleteFunc(r.twins(all), func(kept vault.Connection) bool {
		return kept.Fingerprint != r.kept.Fingerprint && !r.agreed(kept)
	})
}

// mergedHandOver returns what is known of the hand-over of two connections that become one. ControlMap has the key that was handed over
// last.
func mergedHandOver(next, former vault.HandOver) vault.HandOver {
	if former.At.After(next.At) {
		next.At, next.Fingerprint = former.At, former.Fingerprint
	}
	next.Tenant = cmp.Or(next.Tenant, former.Tenant)
	return next
}

// saveIn saves in a vault.
func (c *Connector) saveIn(ctx context.Context, v *vault.Vault, r saveRequest) (Connection, error) {
	ends, err := c.saveAllIn(ctx, v, []saveRequest{r})
	if err != nil {
		return Connection{}, err
	}
	return ends[0].saved, ends[0].err
}

// saveAllIn saves in a vault what requests with the same key ask for, each for another organization. It returns how the requests ended: if the
// keychain fails, only the first ones, and why it failed. A request of which a person has to decide something ends with a [ConnectedError].
func (c *Connector) saveAllIn(ctx context.Context, v *vault.Vault, all []saveRequest) ([]ended, error) {
	c.forgetKeys() // it may replace one
	defer c.forgetKeys()
	ends := make([]ended, len(all))
	saved, err := v.SaveSeveral(ctx, all[0].key, func(kept []vault.Connection) ([]vault.Connection, error) {
		var some []vault.Connection
		for i, r := range all {
			former, err := c.former(ctx, v, r, kept)
			if ends[i].err = err; err == nil {
				some = append(some, r.merged(former, kept))
			}
		}
		return some, nil
	})
	for i := range ends {
		switch {
		case ends[i].err != nil:
		case len(saved) == 0: // the keychain has failed here
			return ends[:i], err
		default:
			ends[i].saved = c.connectionOf(v, saved[0], history.Outcome{})
			ends[i].saved.Report = all[i].report
			saved = saved[1:]
		}
	}
	return ends, err
}

// twins returns the connections to the same organization.
func (r saveRequest) twins(all []vault.Connection) []vault.Connection {
	return slices.DeleteFunc(slices.Clone(all), func(kept vault.Connection) bool {
		return !r.isAbout(kept.Region, kept.OrganizationID)
	})
}

func (r saveRequest) isAbout(region, organization string) bool {
	return region == r.kept.Region && strings.EqualFold(organization, r.kept.OrganizationID)
}

// agreed reports whether a person has agreed to replace the key of this connection, and the connection still has that key.
func (r saveRequest) agreed(kept vault.Connection) bool {
	return kept.ID == r.replaces.ID && kept.Fingerprint == r.replaces.KeyID
}

// former returns the kept connection to save anew. It has no ID if a new connection has to be made.
func (c *Connector) former(ctx context.Context, v *vault.Vault, r saveRequest, all []vault.Connection) (vault.Connection, error) {
	twins := r.twins(all)
	hasKey := func(kept vault.Connection) bool { return kept.Fingerprint == r.kept.Fingerprint }
	for _, suits := range []func(vault.Connection) bool{hasKey, r.agreed} {
		if i := slices.IndexFunc(twins, suits); i >= 0 {
			return twins[i], nil
		}
	}
	if len(twins) == 0 || r.keepsBoth {
		return vault.Connection{}, nil
	}
	connected := c.connectionsOf(v, twins, c.lastOf(ctx, v, twins...))
	sortByName(connected)
	return vault.Connection{}, &ConnectedError{Kept: connected}
}

// merged returns the connection to store, with the ID of the former one, and with its given name unless there is a new name. If the
// former one has no ID, the connection is new.
func (r saveRequest) merged(former vault.Connection, all []vault.Connection) vault.Connection {
	next := r.kept
	next.ID = former.ID
	next.HandOver, next.Note = mergedHandOver(next.HandOver, former.HandOver), cmp.Or(next.Note, former.Note)
	if next.Reminded = former.Reminded; next.Reminded.Fingerprint != next.Fingerprint { // the person has just read when this key ends
		stage, _ := stageOf(r.report, r.report.At)
		next.Reminded = vault.Reminded{Fingerprint: next.Fingerprint, Stage: stage}
	}
	if former.Fingerprint == next.Fingerprint {
		next.Saved = former.Saved // the time since which the key is kept
	}
	before := r.replaces // this one may be in another vault, or removed
	if former.ID != "" {
		before = Connection{Name: former.Name, Region: former.Region, Organization: check.Organization{ID: former.OrganizationID, Name: former.OrganizationName}}
	}
	if next.Name == "" && r.isAbout(before.Region, before.Organization.ID) && isGiven(before) {
		next.Name = before.Name
	}
	next.Name = cmp.Or(next.Name, next.OrganizationName, next.OrganizationID)
	others := slices.DeleteFunc(r.twins(all), func(kept vault.Connection) bool { return kept.ID == former.ID })
	next.Name = unlike(next.Name, others)
	return withReport(next, r.report)
}

// isGiven reports whether a person gave the connection its name: the name is not that of its organization.
func isGiven(c Connection) bool {
	return c.Name != c.Organization.Name && c.Name != c.Organization.ID
}

// unlike returns the name, with a number if one of these connections to the same organization has that name.
func unlike(name string, others []vault.Connection) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(others, func(kept vault.Connection) bool { return strings.EqualFold(kept.Name, name) })
	}
	numbered := name
	for n := 2; taken(numbered); n++ {
		numbered = fmt.Sprintf("%s (%d)", name, n)
	}
	return numbered
}
