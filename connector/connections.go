package connector

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/vault"
)

// Connection is an API key, the organization that it opens, and the last report on both. It holds no secret:
// [Connector.APIKey] reads the key when it is needed.
type Connection struct {
	ID           string
	Name         string
	Region       string
	Organization check.Organization
	// KeyID tells whether two connections have the same key, and whether a connection still has the key that it had. It shows
	// nothing of the key.
	KeyID string
	Saved time.Time
	// Report is the last one; its At is zero where there is none.
	Report check.Report
	// SessionOnly says that the connection is in memory and ends with the program.
	SessionOnly bool
	// Trouble says why the connection cannot be used; see [Connection.Unread].
	Trouble check.Cause
	// Several says that it stands for all connections of a record that could not be read.
	Several bool
}

// Unread reports whether the connection could not be read from the keychain. Only its ID and Trouble are set then; the ID
// serves to remove it. A connection whose key is missing can be read, and its key replaced.
func (c Connection) Unread() bool { return c.Trouble != "" && c.Trouble != check.CauseKeychainGone }

// connectionOf is a kept connection as the screens know it. A report that cannot be read is left out: a new validation makes
// a new one.
func (c *Connector) connectionOf(v *vault.Vault, kept vault.Connection) Connection {
	one := Connection{ID: kept.ID, Name: kept.Name, Region: kept.Region, KeyID: kept.Fingerprint, Saved: kept.Saved,
		Organization: check.Organization{ID: kept.OrganizationID, Name: kept.OrganizationName},
		Report:       reportOf(kept), SessionOnly: v == c.session, Several: kept.Several}
	if kept.Trouble != nil {
		one.Trouble = KeychainCause(kept.Trouble)
	}
	return one
}

func reportOf(kept vault.Connection) check.Report {
	var report check.Report
	if json.Unmarshal(kept.Report, &report) != nil {
		return check.Report{}
	}
	return report
}

// Tidy deletes what an interrupted change of an earlier run has left, and mends the list. It reports whether the connections
// have to be read again to be right. It reads all that is stored, and lets other uses of the keychain go between.
func (c *Connector) Tidy(ctx context.Context) (again bool, err error) {
	return c.system.Tidy(ctx)
}

// Connections returns all connections, those of this session only among them, sorted by name. Where the keychain's list or a
// part of it cannot be read, it returns the others and the error. Found, if not nil, is called with some connections as they
// are read, from the calling goroutine: a keychain may take seconds for thousands.
func (c *Connector) Connections(ctx context.Context, found func([]Connection)) ([]Connection, error) {
	var all []Connection
	var failed error
	for _, v := range []*vault.Vault{c.session, c.system} {
		convert := func(kept []vault.Connection) (some []Connection) {
			for _, one := range kept {
				some = append(some, c.connectionOf(v, one))
			}
			return some
		}
		kept, err := v.List(ctx, func(kept []vault.Connection) {
			if found != nil {
				found(convert(kept))
			}
		})
		all, failed = append(all, convert(kept)...), cmp.Or(failed, err)
	}
	SortByName(all)
	return all, failed
}

// SortByName sorts connections as [Connector.Connections] returns them.
func SortByName(all []Connection) {
	slices.SortFunc(all, func(a, b Connection) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

// Remove deletes a connection with its report, and its key if no other connection uses it. It can be repeated when it fails,
// also after it has done a part.
func (c *Connector) Remove(ctx context.Context, id string) error {
	_, err := c.session.Find(ctx, id)
	if _, moved := c.moved.Load(id); err != nil && !moved {
		return c.system.Remove(ctx, id)
	}
	// While the connection is being saved, this waits, and then removes what was saved: it must not come back.
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if now, moved := c.moved.Load(id); moved {
		return c.system.Remove(ctx, now.(string))
	}
	return c.session.Remove(ctx, id)
}

// RemoveEverything deletes all that this program keeps, in the keychain and for this session, also what is damaged or was
// written by a later version.
func (c *Connector) RemoveEverything(ctx context.Context) error {
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if err := c.system.RemoveEverything(ctx); err != nil && !noKeychain(err) {
		return fmt.Errorf("remove everything: %w", err)
	}
	return c.session.RemoveEverything(ctx)
}

// noKeychain reports whether there is no keychain in which anything could be.
func noKeychain(err error) bool {
	return errors.Is(err, keychain.ErrNoService) || errors.Is(err, keychain.ErrNoProvider) || errors.Is(err, keychain.ErrNoKeyring)
}

// APIKey reads the API key of a connection.
func (c *Connector) APIKey(ctx context.Context, id string) (secret.Secret, error) {
	_, key, err := c.vaultOf(ctx, id).Key(ctx, id)
	return key, err
}

// vaultOf returns where a connection is kept: the system's vault if it is not one of this session.
func (c *Connector) vaultOf(ctx context.Context, id string) *vault.Vault {
	if _, err := c.session.Find(ctx, id); err == nil {
		return c.session
	}
	return c.system
}

// ErrReplaced is returned where a connection was saved anew, or was removed, while it was checked.
var ErrReplaced = errors.New("the connection was changed while it was checked")

// Check validates a stored connection again and keeps the new report, unless it was cancelled, or is about a connection that
// was saved anew or removed meanwhile ([ErrReplaced]).
func (c *Connector) Check(ctx context.Context, id string, watch func(check.Result)) (check.Report, error) {
	return c.checkIn(ctx, c.validator.NewBatch(), id, watch)
}

// checkIn does what Check does, as one of the connections of a batch.
func (c *Connector) checkIn(ctx context.Context, batch *check.Batch, id string, watch func(check.Result)) (check.Report, error) {
	v := c.vaultOf(ctx, id)
	kept, key, err := v.Key(ctx, id)
	if errors.Is(err, keychain.ErrNotFound) && kept.ID == "" {
		return check.Report{}, ErrReplaced // removed before it began
	}
	if err != nil {
		return check.Report{}, err
	}
	credentials := check.Credentials{Region: kept.Region, APIKey: key, OrganizationID: secret.New(kept.OrganizationID)}
	report := batch.Validate(ctx, reportOf(kept), credentials, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	err = v.KeepReport(ctx, kept, withReport(kept, report).Report)
	if errors.Is(err, keychain.ErrNotFound) {
		err = ErrReplaced
	}
	return report, err
}
