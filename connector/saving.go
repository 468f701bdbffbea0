package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// ErrUnusable is returned for a validation that did not find an organization: there is nothing to save yet.
var ErrUnusable = errors.New("the credentials open no organization yet")

// ConnectedError says that the organization is connected already, with another key. Nothing was written: JumpCloud shows a
// key only once, so a person has to decide what becomes of the kept one.
type ConnectedError struct {
	// Kept are the connections to the organization, with their last reports, sorted by name.
	Kept []Connection
}

// Error says what is the matter, without a name.
func (e *ConnectedError) Error() string {
	return "the organization is connected already, with another key"
}

// SaveOption says what a person has decided about connections that are kept already. Without one, a kept key is never
// replaced.
type SaveOption func(*saving)

// Replacing has the new key take the place of the key of this connection: of the key that it had when it was read. Where
// that has changed since, the person is asked again, by a [ConnectedError].
func Replacing(kept Connection) SaveOption {
	return func(in *saving) { in.replaces = kept }
}

// KeepingBoth has a further connection to the same organization.
func KeepingBoth() SaveOption {
	return func(in *saving) { in.keepsBoth = true }
}

// saving is what is to be saved, and what was decided about it.
type saving struct {
	kept         vault.Connection // with the typed name, or none
	key          secret.Secret
	organization check.Organization
	report       check.Report

	replaces  Connection
	keepsBoth bool
}

// Save keeps validated credentials in the system keychain. Where the same key is kept for the organization already, its
// connection gets the new report. Where another key is, Save returns a [ConnectedError] unless an option says what to do.
// Without a name, the connection keeps the one that it had, or takes its organization's.
// When Save returns nil, what was written has been read back.
func (c *Connector) Save(ctx context.Context, name string, credentials check.Credentials, report check.Report, options ...SaveOption) (Connection, error) {
	in, err := c.saving(name, credentials, report, options)
	if err != nil {
		return Connection{}, err
	}
	saved, err := c.saveIn(ctx, c.system, in)
	if err == nil {
		c.forgetForSession(ctx, in, saved)
	}
	return saved, err
}

// SaveForSession keeps validated credentials in memory until the program ends: the way on where there is no system keychain.
// It asks as Save does, about what is kept in memory.
func (c *Connector) SaveForSession(ctx context.Context, name string, credentials check.Credentials, report check.Report, options ...SaveOption) (Connection, error) {
	in, err := c.saving(name, credentials, report, options)
	if err != nil {
		return Connection{}, err
	}
	return c.saveIn(ctx, c.session, in)
}

func (c *Connector) saving(name string, credentials check.Credentials, report check.Report, options []SaveOption) (saving, error) {
	credentials = credentials.Cleaned()
	if !report.Usable() || credentials.APIKey.Empty() {
		return saving{}, ErrUnusable
	}
	in := newSaving(strings.TrimSpace(name), credentials.APIKey, report.Region, report.Organization, report.WithoutKey())
	in.kept.Saved = c.now()
	if printable.Line(in.kept.Name) == "" { // there is nothing to see in it
		in.kept.Name = ""
	}
	for _, o := range options {
		o(&in)
	}
	return in, nil
}

func newSaving(name string, key secret.Secret, region string, organization check.Organization, report check.Report) saving {
	return saving{key: key, organization: organization, report: report, kept: vault.Connection{Name: name, Region: region,
		OrganizationID: organization.ID, OrganizationName: organization.Name, Fingerprint: vault.Fingerprint(key)}}
}

// SaveFromSession saves in the system keychain what is kept for this session only, whatever its last report says. It asks
// as Save does. Called again for what was saved meanwhile, it returns that.
func (c *Connector) SaveFromSession(ctx context.Context, id string, options ...SaveOption) (Connection, error) {
	if err := c.moving.Take(ctx); err != nil {
		return Connection{}, err
	}
	defer c.moving.Leave()
	kept, key, err := c.session.Key(ctx, id)
	if now, moved := c.moved.Load(id); moved && errors.Is(err, keychain.ErrNotFound) {
		saved, err := c.system.Find(ctx, now.(string))
		return c.connectionOf(c.system, saved), err
	}
	if err != nil {
		return Connection{}, err
	}
	one := c.connectionOf(c.session, kept)
	if !isGiven(one) {
		one.Name = "" // the connection that it replaces keeps its name
	}
	in := newSaving(one.Name, key, one.Region, one.Organization, one.Report)
	in.kept.Saved = c.now()
	for _, o := range options {
		o(&in)
	}
	saved, err := c.saveIn(ctx, c.system, in)
	if err == nil {
		c.forgetForSession(ctx, in, saved)
	}
	return saved, err
}

// forgetForSession removes what was kept for this session only, now that it is saved: the same key of the same organization,
// and the connection that was to be replaced.
func (c *Connector) forgetForSession(ctx context.Context, in saving, saved Connection) {
	// Memory does not fail, and what was saved must be forgotten even if the caller has just given up.
	ctx = context.WithoutCancel(ctx)
	all, _ := c.session.List(ctx, nil)
	for _, kept := range in.twins(all) {
		if kept.Fingerprint == in.kept.Fingerprint || in.agreed(kept) {
			c.moved.Store(kept.ID, saved.ID)
			_ = c.session.Remove(ctx, kept.ID)
		}
	}
}

// saveIn saves in a vault.
func (c *Connector) saveIn(ctx context.Context, v *vault.Vault, in saving) (Connection, error) {
	saved, err := v.Save(ctx, in.key, func(all []vault.Connection) (vault.Connection, error) {
		former, err := c.former(v, in, all)
		if err != nil {
			return vault.Connection{}, err
		}
		return in.over(former, all), nil
	})
	if err != nil {
		return Connection{}, err
	}
	one := c.connectionOf(v, saved)
	one.Report = in.report
	return one, nil
}

// twins are the kept connections to the organization that is to be saved.
func (in saving) twins(all []vault.Connection) []vault.Connection {
	return slices.DeleteFunc(slices.Clone(all), func(kept vault.Connection) bool {
		return !in.isAbout(kept.Region, kept.OrganizationID)
	})
}

func (in saving) isAbout(region, organization string) bool {
	return region == in.kept.Region && strings.EqualFold(organization, in.organization.ID)
}

// agreed reports whether this is the connection whose key may be replaced, and still has the key that it had then.
func (in saving) agreed(kept vault.Connection) bool {
	return kept.ID == in.replaces.ID && kept.Fingerprint == in.replaces.KeyID
}

// former returns the kept connection that is saved anew, without an ID if it is a new one.
func (c *Connector) former(v *vault.Vault, in saving, all []vault.Connection) (vault.Connection, error) {
	twins := in.twins(all)
	hasKey := func(kept vault.Connection) bool { return kept.Fingerprint == in.kept.Fingerprint }
	for _, suits := range []func(vault.Connection) bool{hasKey, in.agreed} {
		if i := slices.IndexFunc(twins, suits); i >= 0 {
			return twins[i], nil
		}
	}
	if len(twins) == 0 || in.keepsBoth {
		return vault.Connection{}, nil
	}
	connected := &ConnectedError{}
	for _, kept := range twins {
		connected.Kept = append(connected.Kept, c.connectionOf(v, kept))
	}
	SortByName(connected.Kept)
	return vault.Connection{}, connected
}

// over is the connection to keep, in the place of the former one if that has an ID.
func (in saving) over(former vault.Connection, all []vault.Connection) vault.Connection {
	next := in.kept
	next.ID = former.ID
	if former.Fingerprint == next.Fingerprint {
		next.Saved = former.Saved // its key is kept since then
	}
	before := in.replaces // which may be in another vault, or have been removed
	if former.ID != "" {
		before = Connection{Name: former.Name, Region: former.Region, Organization: check.Organization{ID: former.OrganizationID, Name: former.OrganizationName}}
	}
	if next.Name == "" && in.isAbout(before.Region, before.Organization.ID) && isGiven(before) {
		next.Name = before.Name
	}
	next.Name = cmp.Or(next.Name, in.organization.Name, in.organization.ID)
	others := slices.DeleteFunc(in.twins(all), func(kept vault.Connection) bool { return kept.ID == former.ID })
	next.Name = unlike(next.Name, others)
	return withReport(next, in.report)
}

// isGiven reports whether a person gave the connection its name: it is not that of its organization.
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
