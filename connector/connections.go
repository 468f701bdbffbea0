package connector

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Connection is an API key, the organization that it opens, and the last report on both. It holds no secret: the
// key is read by [Connector.APIKey] when it is needed.
type Connection struct {
	ID           string       `json:"-"`
	Name         string       `json:"name"`
	Region       string       `json:"region"`
	Organization Organization `json:"organization"`
	KeyID        string       `json:"key"`
	ReportID     string       `json:"report"`
	Saved        time.Time    `json:"saved"`
	// Report is the last one; its At is zero where there is none.
	Report Report `json:"-"`
	// SessionOnly says that the connection is in memory and ends with the program.
	SessionOnly bool `json:"-"`
	// Trouble says why the connection could not be read from the keychain; its other fields are then empty but for the ID,
	// by which it can be removed.
	Trouble Cause `json:"-"`
	// Several says that it stands for all connections of a record that could not be read, up to [shelfSize].
	Several bool `json:"-"`
}

// ErrNotSaved is returned for a validation that did not find an organization: there is nothing to save yet.
var ErrNotSaved = errors.New("the credentials open no organization yet")

// Tidy cleans up what an interrupted write of an earlier run may have left. It takes several calls of the keychain for
// every record, and lets others go between.
func (c *Connector) Tidy(ctx context.Context) error {
	return c.system.tidy(ctx)
}

// Connections returns all connections, those of this session only among them, sorted by name. Where the keychain's
// list or a part of it cannot be read, it returns the others and the error. Found, if not nil, is called with some of them
// as they are read, from the calling goroutine: a keychain may take seconds for thousands.
func (c *Connector) Connections(ctx context.Context, found func([]Connection)) ([]Connection, error) {
	var all []Connection
	here := make(map[string]bool)
	collect := func(some []Connection) {
		some = slices.DeleteFunc(some, func(c Connection) bool { return here[c.ID] })
		if len(some) == 0 {
			return
		}
		all = append(all, some...)
		if found != nil {
			found(some)
		}
	}
	err := c.session.connections(ctx, func(some []Connection) {
		for i := range some {
			some[i].SessionOnly = true
		}
		collect(some)
	})
	if err != nil {
		return nil, err
	}
	for _, kept := range all {
		here[kept.ID] = true
	}
	err = c.system.connections(ctx, collect)
	SortByName(all)
	return all, err
}

// SortByName sorts connections as [Connector.Connections] returns them.
func SortByName(all []Connection) {
	slices.SortFunc(all, func(a, b Connection) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

// Save keeps validated credentials in the system keychain. A connection to the same organization is replaced.
// When Save returns nil, what was written has been read back.
func (c *Connector) Save(ctx context.Context, name string, credentials Credentials, report Report) (Connection, error) {
	saved, err := c.save(ctx, c.system, name, credentials, report)
	if err == nil {
		c.forgetForSession(ctx, saved)
	}
	return saved, err
}

// SaveFromSession saves in the system keychain what is kept for this session only.
func (c *Connector) SaveFromSession(ctx context.Context, id string) (Connection, error) {
	kept, err := c.session.find(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	report, err := c.session.report(ctx, kept)
	if err != nil {
		return Connection{}, err
	}
	key, err := c.session.key(ctx, kept.KeyID)
	if err != nil {
		return Connection{}, err
	}
	return c.Save(ctx, kept.Name, Credentials{APIKey: key}, report)
}

// forgetForSession removes what was kept of a connection for this session only, now that it is saved.
func (c *Connector) forgetForSession(ctx context.Context, saved Connection) {
	if _, err := c.session.find(ctx, saved.ID); err == nil {
		_ = c.session.write(ctx, func() error { return c.session.remove(ctx, saved.ID) }) // memory does not fail
	}
}

// SaveForSession keeps validated credentials in memory until the program ends: the way on where there is no
// system keychain.
func (c *Connector) SaveForSession(ctx context.Context, name string, credentials Credentials, report Report) (Connection, error) {
	saved, err := c.save(ctx, c.session, name, credentials, report)
	saved.SessionOnly = true
	return saved, err
}

func (c *Connector) save(ctx context.Context, s store, name string, credentials Credentials, report Report) (saved Connection, err error) {
	if !report.Usable() {
		return Connection{}, ErrNotSaved
	}
	credentials, _ = credentials.Cleaned()
	report.run = nil // it holds the key
	name = cmp.Or(strings.TrimSpace(name), report.Organization.Name, report.Organization.ID)
	saved = Connection{ID: connectionID(report.Region, report.Organization.ID), Name: name, Region: report.Region, Organization: report.Organization, Saved: c.now(), Report: report}
	err = s.write(ctx, func() error { return s.save(ctx, &saved, credentials.APIKey) })
	return saved, err
}

// connectionID is the id of the connection to an organization: there is one of them at most, in a keychain.
func connectionID(region, organization string) string {
	sum := sha256.Sum256([]byte(region + " " + organization))
	return hex.EncodeToString(sum[:8])
}

// save writes the key, the report beside the former one, and last the connection that refers to both: until then the old
// state holds.
func (s store) save(ctx context.Context, c *Connection, key secret.Secret) error {
	cat, err := s.forChange(ctx)
	if err != nil {
		return err
	}
	former, known := withID(cat.all, c.ID)
	p := placed{Place: former.Place, KeyPrint: fingerprint(key), Connection: *c}
	if !known {
		if p.Place, err = s.freePlace(ctx, cat); err != nil {
			return err
		}
	}
	if known {
		if err := s.mayReplace(ctx, former); err != nil {
			return err
		}
	}
	reports, err := s.readBin(ctx, p.bin()) // before anything is written, for it may be of a later version
	if err != nil {
		return err
	}
	if p.KeyID, err = s.saveKey(ctx, key, cat.all); err != nil {
		return err
	}
	p.ReportID = newID()
	if err := s.place(ctx, cat, p, c.Report, reports); err != nil {
		return err
	}
	c.KeyID, c.ReportID = p.KeyID, p.ReportID
	// The connection is saved. What is left of the former one now goes with the next Tidy.
	cat.add(p)
	if known {
		_ = s.dropFormer(ctx, cat, former)
	}
	return nil
}

// dropFormer deletes the report and the key of a connection that was changed or removed, unless others use them.
func (s store) dropFormer(ctx context.Context, cat catalog, former placed) error {
	if err := s.pruneBin(ctx, former.bin(), cat.on(former.shelf())); err != nil {
		return err
	}
	if cat.uses(former.KeyID) {
		return nil
	}
	return s.Delete(ctx, keyPrefix+former.KeyID)
}

// Remove deletes a connection, its report, and its key when it was the last to use it. It can be repeated when it
// fails, also after it has done a part.
func (c *Connector) Remove(ctx context.Context, id string) error {
	_, err := c.session.find(ctx, id)
	inSession := err == nil
	if inSession {
		// Whatever the keychain does: memory does not fail.
		_ = c.session.write(ctx, func() error { return c.session.remove(ctx, id) })
	}
	err = c.system.write(ctx, func() error { return c.system.remove(ctx, id) })
	if inSession && noKeychain(err) {
		return nil
	}
	return err
}

// RemoveEverything deletes all that this program keeps, in the keychain and for this session, also what is damaged or was
// written by a later version.
func (c *Connector) RemoveEverything(ctx context.Context) error {
	err := c.system.write(ctx, func() error { return c.system.Wipe(ctx) })
	if err != nil && !noKeychain(err) {
		return fmt.Errorf("remove everything: %w", err)
	}
	return c.session.write(ctx, func() error { return c.session.Wipe(ctx) })
}

// noKeychain reports whether there is none in which anything could be.
func noKeychain(err error) bool {
	return errors.Is(err, keychain.ErrNoService) || errors.Is(err, keychain.ErrNoProvider)
}

// remove deletes the connection, and then what it alone refers to. What an earlier try has left, or what cannot be read, is
// found by looking at everything.
func (s store) remove(ctx context.Context, id string) error {
	cat, err := s.forChange(ctx)
	if err == nil {
		err = s.removeFrom(ctx, cat, id)
	}
	if err != nil {
		return fmt.Errorf("remove the connection: %w", err)
	}
	return nil
}

func (s store) removeFrom(ctx context.Context, cat catalog, id string) error {
	if p, ok := withID(cat.all, id); ok {
		// Before anything is written, for it may be of a later version.
		if _, err := s.readBin(ctx, p.bin()); err != nil {
			return err
		}
		if err := s.mayReplace(ctx, p); err != nil {
			return err
		}
		if err := s.writeShelf(ctx, p.shelf(), without(cat.on(p.shelf()), p)); err != nil {
			return err
		}
		cat.all = without(cat.all, p)
		return s.dropFormer(ctx, cat, p)
	}
	for n := range cat.lost {
		if id == shelfName(n) {
			if err := s.Delete(ctx, id); err != nil {
				return err
			}
		}
	}
	if slices.Contains(cat.oldConnections, id) {
		if err := s.Delete(ctx, oldConnectionPrefix+id); err != nil {
			return err
		}
	}
	return s.dropUnused(ctx)
}

// APIKey reads the API key of a connection.
func (c *Connector) APIKey(ctx context.Context, id string) (secret.Secret, error) {
	_, _, key, err := c.findKey(ctx, id)
	return key, err
}

// ErrReplaced is returned where a connection was saved anew, or removed, while it was checked.
var ErrReplaced = errors.New("the connection was changed while it was checked")

// Check validates a stored connection again and keeps the new report, unless it was cancelled, or is about a connection
// that was replaced or removed meanwhile ([ErrReplaced]).
func (c *Connector) Check(ctx context.Context, id string, watch func(Result)) (Report, error) {
	s, stored, key, err := c.findKey(ctx, id)
	if errors.Is(err, keychain.ErrNotFound) && stored.ID == "" {
		return Report{}, ErrReplaced // removed before it began
	}
	if err != nil {
		return Report{}, err
	}
	report := c.recheck(ctx, s, stored, key, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	return report, s.write(ctx, func() error { return s.keepReport(ctx, stored, report) })
}

// keepReport replaces the last report on a connection, if that is still the one that was checked.
func (s store) keepReport(ctx context.Context, checked placed, report Report) error {
	stored, damage := s.contents(ctx)
	if stops(damage) {
		return damage
	}
	if err := stored.mayChange(); err != nil {
		return err
	}
	now, err := s.find(ctx, checked.ID)
	if err == nil && now.old {
		if _, err = s.forChange(ctx); err == nil {
			now, err = s.find(ctx, checked.ID)
		}
	}
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return ErrReplaced
	case err != nil:
		return err
	case now.ReportID != checked.ReportID:
		return ErrReplaced
	}
	on, err := s.readShelf(ctx, now.shelf())
	if err != nil {
		return err
	}
	reports, err := s.readBin(ctx, now.bin())
	if err != nil {
		return err
	}
	return s.putReport(ctx, now, report, reports, on)
}

// findKey finds a connection and its key. Where the key is gone, the connection may have been replaced between the two
// reads: then it is looked for once more.
func (c *Connector) findKey(ctx context.Context, id string) (s store, stored placed, key secret.Secret, err error) {
	for range 2 {
		if s, stored, err = c.find(ctx, id); err != nil {
			return s, stored, key, err
		}
		if key, err = s.key(ctx, stored.KeyID); !errors.Is(err, keychain.ErrNotFound) {
			break
		}
	}
	return s, stored, key, err
}

// recheck validates a stored connection. It takes over from the last report when the key worked, whose it is and when it ends.
func (c *Connector) recheck(ctx context.Context, s store, stored placed, key secret.Secret, watch func(Result)) Report {
	v := &validation{entered: Credentials{Region: stored.Region, APIKey: key, OrganizationID: secret.New(stored.Organization.ID)}}
	if last, err := s.report(ctx, stored); err == nil {
		v.report.Worked, v.report.Administrator = last.Worked, last.Administrator
	}
	report := c.validate(ctx, v, nil, watch)
	report.run = nil // it holds the key
	return report
}

// find returns the connection with this id, without its report, and the store that it is in.
func (c *Connector) find(ctx context.Context, id string) (store, placed, error) {
	if found, err := c.session.find(ctx, id); err == nil {
		return c.session, found, nil
	}
	found, err := c.system.find(ctx, id)
	return c.system, found, err
}
