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
	// KeyID is the same for connections that have the same key, and changes with the key. It shows nothing of the key.
	KeyID string
	Saved time.Time
	// Report is the last report. Its At is zero if there is none.
	Report check.Report
	// HandOver says whether ControlMap has the key.
	HandOver HandOver
	// Reminded says what became of the reminders of the key's end.
	Reminded Reminded
	// SessionOnly says that the connection is only in memory, and ends with the program.
	SessionOnly bool
	// Trouble says why the connection cannot be used; see [Connection.Unread].
	Trouble check.Cause
	// Several says that this one stands for all connections of a record that could not be read.
	Several bool
}

// KeyID returns the [Connection.KeyID] of connections that have this key.
func KeyID(key secret.Secret) string { return vault.Fingerprint(key) }

// Unread reports whether the connection could not be read from the keychain. If so, only its ID and Trouble are set. It can be removed
// by the ID. A connection whose key is missing is not unread: its key can be replaced.
func (c Connection) Unread() bool { return c.Trouble != "" && c.Trouble != check.CauseKeychainGone }

// connectionOf turns a kept connection into the form that screens use.
func (c *Connector) connectionOf(v *vault.Vault, kept vault.Connection) Connection {
	one := Connection{ID: kept.ID, Name: kept.Name, Region: kept.Region, KeyID: kept.Fingerprint, Saved: kept.Saved,
		Organization: check.Organization{ID: kept.OrganizationID, Name: kept.OrganizationName},
		HandOver:     handOverOf(kept), Reminded: remindedOf(kept), Report: reportOf(kept), SessionOnly: v == c.session, Several: kept.Several}
	if kept.Trouble != nil {
		one.Trouble = KeychainCause(kept.Trouble)
	}
	return one
}

func (c *Connector) connectionsOf(v *vault.Vault, kept []vault.Connection) (all []Connection) {
	for _, one := range kept {
		all = append(all, c.connectionOf(v, one))
	}
	return all
}

// reportOf reads the last report of a kept connection. A report that cannot be read is left out: the next validation makes a new one.
func reportOf(kept vault.Connection) check.Report {
	var report check.Report
	if json.Unmarshal(kept.Report, &report) != nil {
		return check.Report{}
	}
	return report
}

// Tidy deletes what an interrupted change in an earlier run has left, and repairs the list. It reports whether the connections have to
// be read again, because what was read before is wrong. It reads everything that is stored. Other calls need not wait until it is done.
func (c *Connector) Tidy(ctx context.Context) (again bool, err error) {
	return c.system.Tidy(ctx)
}

// Connections returns all connections, sorted by name, with those that are kept for this session only. If the keychain's list or a part
// of it cannot be read, it returns the other connections and the error. It calls found, if not nil, from the calling goroutine with
// some connections at a time, as they are read: a keychain may take seconds for thousands.
func (c *Connector) Connections(ctx context.Context, found func([]Connection)) ([]Connection, error) {
	var all []Connection
	var failed error
	for _, v := range []*vault.Vault{c.session, c.system} {
		kept, err := v.List(ctx, func(kept []vault.Connection) {
			if found != nil {
				found(c.connectionsOf(v, kept))
			}
		})
		all, failed = append(all, c.connectionsOf(v, kept)...), cmp.Or(failed, err)
	}
	sortByName(all)
	return all, failed
}

// sortByName sorts connections as [Connector.Connections] returns them.
func sortByName(all []Connection) {
	slices.SortFunc(all, func(a, b Connection) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
}

// Remove deletes a connection with its report, and its key if no other connection uses it. If it fails, it can be repeated, even if a
// part was done.
func (c *Connector) Remove(ctx context.Context, id string) error {
	defer c.forgetKeys()
	_, err := c.session.Find(ctx, id)
	if _, moved := c.moved.Load(id); err != nil && !moved {
		return c.system.Remove(ctx, id)
	}
	// If the connection is being saved, wait, and then remove what was saved. Otherwise the connection would come back.
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if now, moved := c.moved.Load(id); moved {
		return c.system.Remove(ctx, now.(string))
	}
	return c.session.Remove(ctx, id)
}

// RemoveEverything deletes everything that this program keeps, in the keychain and in memory, even what is damaged or was written by a
// later version.
func (c *Connector) RemoveEverything(ctx context.Context) error {
	defer c.forgetKeys()
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if err := c.system.RemoveEverything(ctx); err != nil && !noKeychain(err) {
		return fmt.Errorf("remove everything: %w", err)
	}
	return c.session.RemoveEverything(ctx)
}

// noKeychain reports whether there is no keychain, so that nothing can be in it.
func noKeychain(err error) bool {
	return errors.Is(err, keychain.ErrNoService) || errors.Is(err, keychain.ErrNoProvider) || errors.Is(err, keychain.ErrNoKeyring)
}

// APIKey reads the API key of a connection.
func (c *Connector) APIKey(ctx context.Context, id string) (secret.Secret, error) {
	_, key, err := c.vaultOf(ctx, id).Key(ctx, id)
	return key, err
}

// vaultOf returns the vault that keeps a connection: the session's if the connection is in it, else the system's.
func (c *Connector) vaultOf(ctx context.Context, id string) *vault.Vault {
	if _, err := c.session.Find(ctx, id); err == nil {
		return c.session
	}
	return c.system
}

// ErrReplaced is the error of work on a connection that was saved anew or removed meanwhile.
var ErrReplaced = errors.New("the connection was changed meanwhile")

// Check validates a stored connection again and keeps the new report. It keeps none if ctx ends, or if the connection was saved anew or
// removed meanwhile ([ErrReplaced]).
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
	sharedKey := check.KeyInRegion{Region: kept.Region, KeyID: kept.Fingerprint}
	report := batch.Validate(ctx, sharedKey, reportOf(kept), credentials, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	return report, update(ctx, v, kept.ID, func(now *vault.Connection) error {
		if now.Edition != kept.Edition || now.Fingerprint != kept.Fingerprint {
			return ErrReplaced
		}
		*now = withReport(*now, report)
		return nil
	})
}

// update changes a kept connection, see [vault.Vault.Update]. The error is [ErrReplaced] if the connection was removed.
func update(ctx context.Context, v *vault.Vault, id string, change func(*vault.Connection) error) error {
	err := v.Update(ctx, id, change)
	if errors.Is(err, keychain.ErrNotFound) {
		err = ErrReplaced
	}
	return err
}
