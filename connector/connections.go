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

// Start cleans up what an interrupted write of an earlier run may have left, and returns the stored connections as
// [Connector.Connections] does.
func (c *Connector) Start(ctx context.Context) ([]Connection, error) {
	err := c.write(ctx, func() error { return c.system.tidy(ctx) })
	if stops(err) {
		return nil, err
	}
	return c.Connections(ctx)
}

// Connections returns all connections, those of this session only among them, sorted by name. Where a part of the
// keychain's list is damaged, it returns the others and the error.
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
	slices.SortFunc(all, func(a, b Connection) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// Save keeps validated credentials in the system keychain. A connection to the same organization is replaced.
// When Save returns nil, what was written has been read back.
func (c *Connector) Save(ctx context.Context, name string, credentials Credentials, report Report) (Connection, error) {
	return c.save(ctx, c.system, name, credentials, report)
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
	saved = Connection{ID: newID(), Name: name, Region: report.Region, Organization: report.Organization, Saved: c.now(), Report: report}
	err = c.write(ctx, func() error { return s.save(ctx, &saved, credentials.APIKey) })
	return saved, err
}

// save writes the key, the report, and last the connection that refers to both: until then the old state holds. A
// connection to the same organization is replaced, and gives its id.
func (s store) save(ctx context.Context, c *Connection, key secret.Secret) error {
	stored, err := s.connections(ctx)
	if stops(err) {
		return err
	}
	var replaced string
	for _, old := range stored {
		if old.Region == c.Region && old.Organization.ID == c.Organization.ID {
			c.ID, replaced = old.ID, old.KeyID
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
	return s.dropKey(ctx, replaced)
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

// dropKey deletes a key that no connection uses any more.
func (s store) dropKey(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	stored, err := s.connections(ctx)
	if stops(err) {
		return err
	}
	if err != nil {
		return nil // whoever is missing in the list may use it
	}
	for _, other := range stored {
		if other.KeyID == id || other.Trouble != "" {
			return nil
		}
	}
	return s.Delete(ctx, keyPrefix+id)
}

// Remove deletes a connection, its report, and its key when it was the last to use it. What is left when it fails is
// cleaned up by the next [Connector.Start].
func (c *Connector) Remove(ctx context.Context, id string) error {
	return c.write(ctx, func() error {
		s, r, err := c.find(ctx, id)
		if err != nil && !errors.Is(err, keychain.ErrDamaged) {
			return err
		}
		if err := s.Delete(ctx, connectionPrefix+id); err != nil {
			return fmt.Errorf("remove the connection: %w", err)
		}
		if err := s.Delete(ctx, reportPrefix+id); err != nil {
			return fmt.Errorf("remove the report: %w", err)
		}
		return s.dropKey(ctx, r.KeyID)
	})
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
	report := c.Validate(ctx, Credentials{Region: stored.Region, APIKey: key, OrganizationID: stored.Organization.ID}, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	return report, c.write(ctx, func() error {
		if _, _, err := c.find(ctx, id); err != nil {
			return err // removed meanwhile
		}
		if err := s.putRecord(ctx, reportPrefix+id, reportRecord{schema, report}); err != nil {
			return fmt.Errorf("save the report: %w", err)
		}
		return nil
	})
}

// find returns the connection with this id and the store that it is in.
func (c *Connector) find(ctx context.Context, id string) (store, Connection, error) {
	var r connectionRecord
	err := c.session.getRecord(ctx, connectionPrefix+id, &r)
	if err == nil {
		return c.session, r.Connection, nil
	}
	if err := c.system.getRecord(ctx, connectionPrefix+id, &r); err != nil {
		return c.system, Connection{}, fmt.Errorf("read the connection: %w", err)
	}
	return c.system, r.Connection, nil
}
