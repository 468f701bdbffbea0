package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/secret"
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
	name         string // empty where none was typed
	key          secret.Secret
	region       string
	organization check.Organization
	report       check.Report
	at           time.Time

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
	saved, err := c.system.save(ctx, in)
	if err == nil {
		c.forgetForSession(ctx, in, saved)
	}
	return saved, err
}

// SaveForSession keeps validated credentials in memory until the program ends: the way on where there is no
// system keychain. It asks as Save does, about what is kept in memory.
func (c *Connector) SaveForSession(ctx context.Context, name string, credentials check.Credentials, report check.Report, options ...SaveOption) (Connection, error) {
	in, err := c.saving(name, credentials, report, options)
	if err != nil {
		return Connection{}, err
	}
	saved, err := c.session.save(ctx, in)
	saved.SessionOnly = true
	var connected *ConnectedError
	if errors.As(err, &connected) {
		for i := range connected.Kept {
			connected.Kept[i].SessionOnly = true
		}
	}
	return saved, err
}

func (c *Connector) saving(name string, credentials check.Credentials, report check.Report, options []SaveOption) (saving, error) {
	credentials = credentials.Cleaned()
	if !report.Usable() || credentials.APIKey.Empty() {
		return saving{}, ErrUnusable
	}
	in := saving{name: strings.TrimSpace(name), key: credentials.APIKey, region: report.Region, organization: report.Organization, report: report.WithoutKey(), at: c.now()}
	if printable.Line(in.name) == "" { // there is nothing to see in it
		in.name = ""
	}
	for _, o := range options {
		o(&in)
	}
	return in, nil
}

// SaveFromSession saves in the system keychain what is kept for this session only, whatever its last report says. It asks
// as Save does. Called again for what was saved meanwhile, it returns that.
func (c *Connector) SaveFromSession(ctx context.Context, id string, options ...SaveOption) (Connection, error) {
	if err := c.moving.take(ctx); err != nil {
		return Connection{}, err
	}
	defer c.moving.leave()
	kept, err := c.session.find(ctx, id)
	if now, moved := c.moved.Load(id); moved && errors.Is(err, keychain.ErrNotFound) {
		return c.system.connection(ctx, now.(string))
	}
	if err != nil {
		return Connection{}, err
	}
	in := saving{name: kept.Name, region: kept.Region, organization: kept.Organization, at: c.now()}
	if in.report, err = c.session.report(ctx, kept); err != nil {
		return Connection{}, err
	}
	if in.key, err = c.session.key(ctx, kept.KeyID); err != nil {
		return Connection{}, err
	}
	for _, o := range options {
		o(&in)
	}
	if !isGiven(kept.Connection) {
		in.name = "" // that of the connection it replaces stays
	}
	saved, err := c.system.save(ctx, in)
	if err == nil {
		c.forgetForSession(ctx, in, saved)
	}
	return saved, err
}

// forgetForSession removes what was kept for this session only, now that it is saved: the same key of the same organization,
// and what it was to replace.
func (c *Connector) forgetForSession(ctx context.Context, in saving, saved Connection) {
	// Memory does not fail, and what was saved must be forgotten even if the caller has just given up.
	ctx = context.WithoutCancel(ctx)
	_ = c.session.write(ctx, func() error {
		cat, err := c.session.catalog(ctx, quick)
		if err != nil {
			return err
		}
		for _, p := range in.twins(cat) {
			same, err := c.session.holds(ctx, p, in.key)
			if err == nil && (same || in.agreed(p)) {
				_ = c.session.remove(ctx, p.ID)
				c.moved.Store(p.ID, saved.ID)
			}
		}
		return nil
	})
}

// save decides, while nothing else changes what is stored, where the credentials go, and writes them.
func (s store) save(ctx context.Context, in saving) (saved Connection, err error) {
	err = s.write(ctx, func() error {
		saved, err = s.saveAt(ctx, quick, in)
		if errors.Is(err, keychain.ErrExists) { // the list of names lacks the shelf that looked free
			saved, err = s.saveAt(ctx, thorough, in)
		}
		return err
	})
	if err != nil {
		return Connection{}, err
	}
	return saved, nil
}

func (s store) saveAt(ctx context.Context, depth depth, in saving) (Connection, error) {
	cat, err := s.forChange(ctx, depth)
	if err != nil {
		return Connection{}, err
	}
	former, known, err := s.former(ctx, cat, in)
	if err != nil {
		return Connection{}, err
	}
	return s.saveOver(ctx, cat, in, former, known)
}

// twins are the stored connections to the organization that is to be saved.
func (in saving) twins(cat catalog) []placed {
	var twins []placed
	for _, p := range cat.all {
		if in.isAbout(p.Connection) {
			twins = append(twins, p)
		}
	}
	return twins
}

func (in saving) isAbout(c Connection) bool {
	return c.Region == in.region && strings.EqualFold(c.Organization.ID, in.organization.ID)
}

// agreed reports whether this is the connection whose key may be replaced, and still has the key that it had then.
func (in saving) agreed(p placed) bool {
	return p.ID == in.replaces.ID && p.KeyID == in.replaces.KeyID
}

// former returns the stored connection that is saved anew, if there is one.
func (s store) former(ctx context.Context, cat catalog, in saving) (former placed, known bool, err error) {
	twins := in.twins(cat)
	for _, p := range twins {
		if same, err := s.holds(ctx, p, in.key); err != nil || same {
			return p, same, err
		}
	}
	if i := slices.IndexFunc(twins, in.agreed); i >= 0 {
		return twins[i], true, nil
	}
	if len(twins) == 0 || in.keepsBoth {
		return placed{}, false, nil
	}
	connected := &ConnectedError{}
	for _, p := range twins {
		kept := p.Connection
		if kept.Report, err = s.report(ctx, p); err != nil {
			return placed{}, false, err
		}
		connected.Kept = append(connected.Kept, kept)
	}
	SortByName(connected.Kept)
	return placed{}, false, connected
}

// holds reports whether a connection has this key, or had it and lost it.
func (s store) holds(ctx context.Context, p placed, key secret.Secret) (bool, error) {
	if p.KeyPrint != fingerprint(key) {
		return false, nil
	}
	stored, err := s.key(ctx, p.KeyID)
	if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
		return false, err
	}
	return err != nil || stored.Equal(key), nil
}

// saveOver writes the key, the report beside the former one, and last the connection that refers to both: until then the
// old state holds.
func (s store) saveOver(ctx context.Context, cat catalog, in saving, former placed, known bool) (Connection, error) {
	p := in.placed(cat, former, known)
	var err error
	if known {
		err = s.mayReplace(ctx, former)
	} else {
		p.Place = cat.freePlace()
		p.identify(cat, s.apart)
	}
	if err != nil {
		return Connection{}, err
	}
	reports, err := s.readBin(ctx, p.bin()) // before anything is written, for it may be of a later version
	if err != nil {
		return Connection{}, err
	}
	if err := s.prepare(ctx, &cat, p.shelf()); err != nil {
		return Connection{}, err
	}
	if p.KeyID, err = s.saveKey(ctx, in.key, cat.all); err != nil {
		return Connection{}, err
	}
	p.ReportID = newID()
	if err := s.place(ctx, cat, p, in.report, reports); err != nil {
		return Connection{}, err
	}
	// The connection is saved. What is left of the former one now goes with the next Tidy.
	cat.add(p)
	if known {
		_ = s.dropFormer(ctx, cat, former)
	}
	p.Report = in.report
	return p.Connection, nil
}

// placed is the connection to write, in the place and with the id of the former one, if there is one.
func (in saving) placed(cat catalog, former placed, known bool) placed {
	p := placed{Place: former.Place, OwnID: former.OwnID, KeyPrint: fingerprint(in.key), Connection: Connection{
		ID: former.ID, Name: in.name, Region: in.region, Organization: in.organization, Saved: in.at}}
	if known && former.KeyPrint == p.KeyPrint {
		p.Saved = former.Saved // its key is kept since then
	}
	before := in.replaces // which may be in another store, or have been removed
	if known {
		before = former.Connection
	}
	if p.Name == "" && in.isAbout(before) && isGiven(before) {
		p.Name = before.Name
	}
	p.Name = cmp.Or(p.Name, in.organization.Name, in.organization.ID)
	others := in.twins(cat)
	if known {
		others = without(others, former)
	}
	p.Name = unlike(p.Name, others)
	return p
}

// isGiven reports whether a person gave the connection its name: it is not that of its organization.
func isGiven(c Connection) bool {
	return c.Name != c.Organization.Name && c.Name != c.Organization.ID
}

// unlike returns the name, with a number if one of these connections to the same organization has that name.
func unlike(name string, others []placed) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(others, func(p placed) bool { return strings.EqualFold(p.Name, name) })
	}
	numbered := name
	for n := 2; taken(numbered); n++ {
		numbered = fmt.Sprintf("%s (%d)", name, n)
	}
	return numbered
}
