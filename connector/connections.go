package connector

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
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
	// Note is what a person wants to remember about it; "" for nothing.
	Note string
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

// connectionOf turns a kept connection into the form that screens use. Last is its last outcome in the history.
func (c *Connector) connectionOf(v *vault.Vault, kept vault.Connection, last history.Outcome) Connection {
	one := Connection{ID: kept.ID, Name: kept.Name, Region: kept.Region, KeyID: kept.Fingerprint, Saved: kept.Saved,
		Organization: check.Organization{ID: kept.OrganizationID, Name: kept.OrganizationName},
		HandOver:     handOverOf(kept), Note: printable.Line(kept.Note), Reminded: remindedOf(kept), Report: asOfLast(reportOf(kept), last), SessionOnly: v == c.session, Several: kept.Several}
	if kept.Trouble != nil {
		one.Trouble = KeychainCause(kept.Trouble)
	}
	return one
}

func (c *Connector) connectionsOf(v *vault.Vault, kept []vault.Connection, last map[string]history.Outcome) (all []Connection) {
	for _, one := range kept {
		all = append(all, c.connectionOf(v, one, last[one.ID]))
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
		last := make(map[string]history.Outcome)
		kept, err := v.List(ctx, func(kept []vault.Connection) {
			maps.Copy(last, c.lastOf(ctx, v, kept...))
			if found != nil {
				found(c.connectionsOf(v, kept, last))
			}
		})
		all, failed = append(all, c.connectionsOf(v, kept, last)...), cmp.Or(failed, err)
	}
	sortByName(all)
	return all, failed
}

// sortByName sorts connections as [Connector.Connections] returns them.
func sortByName(all []Connection) {
	slices.SortFunc(all, byName)
}

func byName(a, b Connection) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}

// Remove deletes a connection with its report and its history, and its key if no other connection uses it. If it fails, it can be
// repeated, even if a part was done.
func (c *Connector) Remove(ctx context.Context, id string) error {
	c.forgetKeys()
	defer c.forgetKeys()
	_, err := c.session.Find(ctx, id)
	if _, moved := c.moved.Load(id); err != nil && !moved {
		return c.removeInSystem(ctx, id)
	}
	// If the connection is being saved, wait, and then remove what was saved. Otherwise the connection would come back.
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if now, moved := c.moved.Load(id); moved {
		return c.removeInSystem(ctx, now.(string))
	}
	return c.session.Remove(ctx, id)
}

// removeInSystem removes what is kept of a connection in the system keychain and in the history. A history that cannot be removed is no
// failure: it is sealed, names nobody, and goes with everything.
func (c *Connector) removeInSystem(ctx context.Context, id string) error {
	c.handOnMute(ctx, id)
	if err := c.system.Remove(ctx, id); err != nil {
		return err
	}
	c.forgetKeys() // from here on, no check adds to its history
	_ = c.history.Remove(context.WithoutCancel(ctx), id)
	return nil
}

// RemoveEverything deletes everything that this program keeps, in the keychain, in the history and in memory, even what is damaged or was
// written by a later version.
func (c *Connector) RemoveEverything(ctx context.Context) error {
	c.forgetKeys()
	defer c.forgetKeys()
	if err := c.moving.Take(ctx); err != nil {
		return err
	}
	defer c.moving.Leave()
	if err := c.system.RemoveEverything(ctx); err != nil && !noKeychain(err) {
		return fmt.Errorf("remove everything: %w", err)
	}
	c.forgetKeys() // from here on, no check adds to the history
	// If the key of the history is gone, a file that is left says nothing.
	err, ofKeychain := c.history.RemoveEverything(ctx), (*keychain.Error)(nil)
	if errors.As(err, &ofKeychain) && !noKeychain(err) {
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

// Check validates a stored connection again, and keeps the new report and how it ended. It keeps nothing if ctx ends, if the connection was
// saved anew or removed meanwhile ([ErrReplaced]), or if it worked before and is refused ([ErrDoubtful]). If the report says what the kept one
// says, only the history is written.
func (c *Connector) Check(ctx context.Context, id string, watch func(check.Result)) (check.Report, error) {
	var keys vault.Keys
	return c.checkIn(ctx, c.validator.NewBatch(), &keys, c.inquiryAmongAll(ctx, &keys), Connection{ID: id}, false, watch)
}

// inquiryAmongAll makes an inquiry that reads the kept connections when it needs them.
func (c *Connector) inquiryAmongAll(ctx context.Context, keys *vault.Keys) *inquiry {
	kept := sync.OnceValue(func() []Connection {
		all, _ := c.Connections(ctx, nil) // those that can be read
		return all
	})
	return c.newInquiry(kept, func(ctx context.Context, one Connection) (secret.Secret, error) {
		_, key, err := c.vaultOf(ctx, one.ID).KeyOnce(ctx, one.ID, keys)
		return key, err
	})
}

// checkIn does what Check does, as one of the connections of a batch. Keys are those that the batch has read. Again is as in [question]: then
// the connection is asked about only if it still has the key that was refused.
func (c *Connector) checkIn(ctx context.Context, batch *check.Batch, keys *vault.Keys, why *inquiry, read Connection, again bool, watch func(check.Result)) (check.Report, error) {
	v := c.vaultOf(ctx, read.ID)
	kept, key, err := v.KeyOnce(ctx, read.ID, keys)
	removed := errors.Is(err, keychain.ErrNotFound) && kept.ID == ""
	if removed || again && err == nil && kept.Fingerprint != read.KeyID {
		return check.Report{}, ErrReplaced // before it began
	}
	if err != nil {
		return check.Report{}, err
	}
	one := c.connectionOf(v, kept, c.lastOf(ctx, v, kept)[kept.ID])
	report, news := c.ask(ctx, batch, why, question{one, key, again}, watch)
	if ctx.Err() != nil && news != Doubtful {
		return report, nil
	}
	err = c.keepReport(ctx, v, one.ID, report, func(now vault.Connection) error {
		switch {
		case now.Edition != kept.Edition || now.Fingerprint != kept.Fingerprint:
			return ErrReplaced
		case news == Doubtful:
			return ErrDoubtful
		}
		return nil
	})
	if news == Doubtful && !errors.Is(err, ErrReplaced) {
		err = ErrDoubtful // also if the keychain fails or ctx ends: then the refusal must not count either
	}
	return report, err
}

// Take takes over the report of a later check.
func (c *Connection) Take(report check.Report) {
	c.Report, c.Region = report, report.RegionAfter(c.Region)
}

// Kept returns a connection as it is kept now. The error is [ErrReplaced] if it was removed, or that of the keychain.
func (c *Connector) Kept(ctx context.Context, id string) (Connection, error) {
	v := c.vaultOf(ctx, id)
	kept, err := v.Find(ctx, id)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return Connection{}, ErrReplaced
	case err != nil:
		return Connection{}, err
	}
	return c.connectionOf(v, kept, c.lastOf(ctx, v, kept)[id]), nil
}

// keepReport keeps the report on a connection: in the vault if it says something new, and how it ended in the history. Where the history does
// not have it, the vault has at least when the connection was checked. It keeps nothing if mayKeep returns an error for the connection as it is
// now.
func (c *Connector) keepReport(ctx context.Context, v *vault.Vault, id string, report check.Report, mayKeep func(vault.Connection) error) error {
	changes := c.watched.count()
	err := update(ctx, v, id, func(now *vault.Connection) error {
		if err := mayKeep(*now); err != nil {
			return err
		}
		next := *now
		next.Region = report.RegionAfter(now.Region)
		next = withReport(next, report)
		same := next.Region == now.Region && saysTheSame(reportOf(*now), reportOf(next))
		if same && c.note(ctx, v, id, report) { // here, where nobody can remove the connection meanwhile
			return errNothingNew
		}
		*now = next
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return nil
	}
	if err == nil {
		c.noteUnlessChanged(ctx, v, id, report, changes)
	}
	return err
}

// errNothingNew ends an update without a write.
var errNothingNew = errors.New("nothing new")

// update changes a kept connection, see [vault.Vault.Update]. The error is [ErrReplaced] if the connection was removed.
func update(ctx context.Context, v *vault.Vault, id string, change func(*vault.Connection) error) error {
	err := v.Update(ctx, id, change)
	if errors.Is(err, keychain.ErrNotFound) {
		err = ErrReplaced
	}
	return err
}
