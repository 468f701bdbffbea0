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
	// Trouble says why the connection could not be read from the keychain; its other fields are then empty.
	Trouble Cause `json:"-"`
}

// ErrNotSaved is returned for a validation that did not find an organization: there is nothing to save yet.
var ErrNotSaved = errors.New("the credentials open no organization yet")

// Tidy cleans up what an interrupted write of an earlier run may have left. It takes several calls of the keychain for
// every record, and lets others go between.
func (c *Connector) Tidy(ctx context.Context) error {
	return c.system.tidy(ctx)
}

// Connections returns all connections, those of this session only among them, sorted by name. Where the keychain's
// list or a part of it cannot be read, it returns the others and the error.
func (c *Connector) Connections(ctx context.Context) ([]Connection, error) {
	session, err := c.session.connections(ctx)
	if err != nil {
		return nil, err
	}
	here := make(map[string]bool)
	for i := range session {
		session[i].SessionOnly = true
		here[session[i].ID] = true
	}
	stored, err := c.system.connections(ctx)
	stored = slices.DeleteFunc(stored, func(c Connection) bool { return here[c.ID] })
	all := append(session, stored...)
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
	kept, err := c.session.withReport(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	key, err := c.session.key(ctx, kept.KeyID)
	if err != nil {
		return Connection{}, err
	}
	return c.Save(ctx, kept.Name, Credentials{APIKey: key}, kept.Report)
}

// forgetForSession removes what was kept of a connection for this session only, now that it is saved.
func (c *Connector) forgetForSession(ctx context.Context, saved Connection) {
	if _, err := c.session.connection(ctx, saved.ID); err == nil {
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
	saved = Connection{ID: connectionID(report), Name: name, Region: report.Region, Organization: report.Organization, Saved: c.now(), Report: report}
	err = s.write(ctx, func() error { return s.save(ctx, &saved, credentials.APIKey) })
	return saved, err
}

// connectionID is the id of the connection to an organization: there is one of them at most, in a keychain.
func connectionID(r Report) string {
	sum := sha256.Sum256([]byte(r.Region + " " + r.Organization.ID))
	return hex.EncodeToString(sum[:8])
}

// save writes the key, the report under a name of its own, and last the connection that refers to both: until then the old
// state holds.
func (s store) save(ctx context.Context, c *Connection, key secret.Secret) error {
	former, err := s.connection(ctx, c.ID)
	if stops(err) && !errors.Is(err, keychain.ErrNotFound) || errors.Is(err, keychain.ErrNewer) {
		return err
	}
	if c.KeyID, err = s.saveKey(ctx, key); err != nil {
		return err
	}
	c.ReportID = newID()
	if err := s.putRecord(ctx, reportPrefix+c.ReportID, reportRecord{schema, c.Report}); err != nil {
		return fmt.Errorf("save the report: %w", err)
	}
	if err := s.putRecord(ctx, connectionPrefix+c.ID, connectionRecord{schema, *c}); err != nil {
		return fmt.Errorf("save the connection: %w", err)
	}
	// The connection is saved. What is left of the former one now goes with the next Tidy.
	if former.ReportID != "" {
		_ = s.Delete(ctx, reportPrefix+former.ReportID)
	}
	if former.KeyID != "" && former.KeyID != c.KeyID {
		_ = s.dropUnused(ctx)
	}
	return nil
}

// saveKey stores the key, unless it is stored already, and returns its id.
func (s store) saveKey(ctx context.Context, key secret.Secret) (string, error) {
	id, err := s.keyID(ctx, key)
	if err != nil || id != "" {
		return id, err
	}
	id = newID()
	if err := s.putRecord(ctx, keyPrefix+id, keyRecord{schema, key.Reveal()}); err != nil {
		return "", fmt.Errorf("save the API key: %w", err)
	}
	return id, nil
}

// Remove deletes a connection, its report, and its key when it was the last to use it. It can be repeated when it
// fails, also after it has done a part.
func (c *Connector) Remove(ctx context.Context, id string) error {
	_, err := c.session.connection(ctx, id)
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

func (s store) remove(ctx context.Context, id string) error {
	if _, err := s.connection(ctx, id); errors.Is(err, keychain.ErrNewer) {
		return fmt.Errorf("remove the connection: %w", err)
	}
	if err := s.Delete(ctx, connectionPrefix+id); err != nil {
		return fmt.Errorf("remove the connection: %w", err)
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
	return report, s.write(ctx, func() error {
		_, now, err := c.find(ctx, id)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			return ErrReplaced
		case err != nil:
			return err
		case now.ReportID != stored.ReportID:
			return ErrReplaced
		}
		if err := s.putRecord(ctx, reportPrefix+stored.ReportID, reportRecord{schema, report}); err != nil {
			return fmt.Errorf("save the report: %w", err)
		}
		return nil
	})
}

// findKey finds a connection and its key. Where the key is gone, the connection may have been replaced between the two
// reads: then it is looked for once more.
func (c *Connector) findKey(ctx context.Context, id string) (s store, stored Connection, key secret.Secret, err error) {
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

// recheck validates a stored connection, with what its last report says of the time when the key last worked.
func (c *Connector) recheck(ctx context.Context, s store, stored Connection, key secret.Secret, watch func(Result)) Report {
	v := &validation{entered: Credentials{Region: stored.Region, APIKey: key, OrganizationID: stored.Organization.ID}}
	if last, err := s.report(ctx, stored); err == nil {
		v.report.Worked = last.Worked
	}
	report := c.validate(ctx, v, nil, watch)
	report.run = nil // it holds the key
	return report
}

// find returns the connection with this id, without its report, and the store that it is in.
func (c *Connector) find(ctx context.Context, id string) (store, Connection, error) {
	if found, err := c.session.connection(ctx, id); err == nil {
		return c.session, found, nil
	}
	found, err := c.system.connection(ctx, id)
	return c.system, found, err
}
