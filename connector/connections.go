package connector

import (
	"cmp"
	"context"
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
	return c.system.write(ctx, func() error { return c.system.tidy(ctx) })
}

// Connections returns all connections, those of this session only among them, sorted by name. Where the keychain's
// list or a part of it cannot be read, it returns the others and the error.
func (c *Connector) Connections(ctx context.Context) ([]Connection, error) {
	session, err := c.session.connections(ctx)
	if err != nil {
		return nil, err
	}
	for i := range session {
		session[i].SessionOnly = true
	}
	stored, err := c.system.connections(ctx)
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

// forgetForSession removes what was kept of a connection for this session only, now that it is saved.
func (c *Connector) forgetForSession(ctx context.Context, saved Connection) {
	session, _ := c.session.connections(ctx) // memory does not fail
	for _, old := range session {
		if old.SameAs(saved) {
			_ = c.session.write(ctx, func() error { return c.session.remove(ctx, old.ID) })
		}
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
	saved = Connection{ID: newID(), Name: name, Region: report.Region, Organization: report.Organization, Saved: c.now(), Report: report}
	err = s.write(ctx, func() error { return s.save(ctx, &saved, credentials.APIKey) })
	return saved, err
}

// SameAs reports whether both are connections to the same organization: there is one of them at most.
func (c Connection) SameAs(other Connection) bool {
	return c.Region == other.Region && c.Organization.ID == other.Organization.ID
}

// save writes the key, the report, and last the connection that refers to both: until then the old state holds. A
// connection to the same organization is replaced, and gives its id.
func (s store) save(ctx context.Context, c *Connection, key secret.Secret) error {
	stored, err := s.connections(ctx)
	if stops(err) {
		return err
	}
	replaced := false
	for _, old := range stored {
		if old.SameAs(*c) && old.Trouble == "" {
			c.ID, replaced = old.ID, old.KeyID != ""
		}
	}
	if c.KeyID, err = s.saveKey(ctx, key); err != nil {
		return err
	}
	if err := s.putRecord(ctx, reportPrefix+c.ID, reportRecord{schema, c.Report}); err != nil {
		return fmt.Errorf("save the report: %w", err)
	}
	if err := s.putRecord(ctx, connectionPrefix+c.ID, connectionRecord{schema, *c}); err != nil {
		return fmt.Errorf("save the connection: %w", err)
	}
	if replaced {
		// The connection is saved. A former key that is left now goes with the next Tidy.
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
	s := c.system
	if _, err := c.session.connection(ctx, id); err == nil {
		s = c.session
	}
	return s.write(ctx, func() error { return s.remove(ctx, id) })
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
	s, r, err := c.find(ctx, id)
	if err != nil {
		return secret.Secret{}, err
	}
	return s.key(ctx, r.KeyID)
}

// Check validates a stored connection again and keeps the new report, unless it was cancelled.
func (c *Connector) Check(ctx context.Context, id string, watch func(Result)) (Report, error) {
	s, stored, err := c.find(ctx, id)
	if err != nil {
		return Report{}, err
	}
	key, err := s.key(ctx, stored.KeyID)
	if err != nil {
		return Report{}, err
	}
	report := c.recheck(ctx, s, stored, key, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	return report, s.write(ctx, func() error {
		_, now, err := c.find(ctx, id)
		if err != nil {
			return err // removed meanwhile
		}
		if now.KeyID != stored.KeyID || !now.Saved.Equal(stored.Saved) {
			return nil // the report is on a key that was replaced meanwhile
		}
		if err := s.putRecord(ctx, reportPrefix+id, reportRecord{schema, report}); err != nil {
			return fmt.Errorf("save the report: %w", err)
		}
		return nil
	})
}

// recheck validates a stored connection, with what its last report says of the time when the key last worked.
func (c *Connector) recheck(ctx context.Context, s store, stored Connection, key secret.Secret, watch func(Result)) Report {
	v := &validation{entered: Credentials{Region: stored.Region, APIKey: key, OrganizationID: stored.Organization.ID}}
	var last reportRecord
	if s.getRecord(ctx, reportPrefix+stored.ID, &last) == nil {
		v.report.Worked = last.Worked
	}
	report := c.validate(ctx, v, nil, watch)
	report.run = nil // it holds the key
	return report
}

// find returns the connection with this id and the store that it is in.
func (c *Connector) find(ctx context.Context, id string) (store, Connection, error) {
	var r connectionRecord
	err := c.session.getRecord(ctx, connectionPrefix+id, &r)
	if err == nil {
		r.ID = id
		return c.session, r.Connection, nil
	}
	if err := c.system.getRecord(ctx, connectionPrefix+id, &r); err != nil {
		return c.system, Connection{}, fmt.Errorf("read the connection: %w", err)
	}
	r.ID = id
	return c.system, r.Connection, nil
}
