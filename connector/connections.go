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
	"controlmap-jumpcloud/connector/secret"
)

// Connection is an API key, the organization that it opens, and the last report on both. It holds no secret: the
// key is read by [Connector.APIKey] when it is needed.
type Connection struct {
	ID           string             `json:"-"`
	Name         string             `json:"name"`
	Region       string             `json:"region"`
	Organization check.Organization `json:"organization"`
	KeyID        string             `json:"key"`
	ReportID     string             `json:"report"`
	Saved        time.Time          `json:"saved"`
	// Report is the last one; its At is zero where there is none.
	Report check.Report `json:"-"`
	// SessionOnly says that the connection is in memory and ends with the program.
	SessionOnly bool `json:"-"`
	// Trouble says why the connection cannot be used; see [Connection.Unread].
	Trouble check.Cause `json:"-"`
	// Several says that it stands for all connections of a record that could not be read, up to [shelfSize].
	Several bool `json:"-"`
}

// Unread reports whether the connection could not be read from the keychain: its fields are empty then but for the ID, by
// which it can be removed, and Trouble. If only its key is gone, it can be read, and its key replaced.
func (c Connection) Unread() bool { return c.Trouble != "" && c.Trouble != check.CauseKeychainGone }

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
	collect := func(some []Connection) {
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

// dropFormer deletes the report and the key of a connection that was changed or removed, unless others use them.
func (s store) dropFormer(ctx context.Context, cat catalog, former placed) error {
	if err := s.pruneBin(ctx, former.bin(), cat.on(former.shelf())); err != nil {
		return err
	}
	return s.dropKey(ctx, cat, former.KeyID)
}

// dropKey deletes a key, unless a connection uses it.
func (s store) dropKey(ctx context.Context, cat catalog, id string) error {
	if cat.uses(id) {
		return nil
	}
	return s.Delete(ctx, keyPrefix+id)
}

// Remove deletes a connection, its report, and its key when it was the last to use it. It can be repeated when it
// fails, also after it has done a part.
func (c *Connector) Remove(ctx context.Context, id string) error {
	if _, err := c.session.find(ctx, id); err == nil {
		return c.removeFromSession(ctx, id)
	}
	return c.removeStored(ctx, id)
}

// removeFromSession removes what is kept for this session only. Where that is being saved, it waits, and removes what was
// saved: a connection that was removed must not come back.
func (c *Connector) removeFromSession(ctx context.Context, id string) error {
	if err := c.moving.take(ctx); err != nil {
		return err
	}
	defer c.moving.leave()
	if now, moved := c.moved.Load(id); moved {
		return c.removeStored(ctx, now.(string))
	}
	return c.session.write(ctx, func() error { return c.session.remove(ctx, id) })
}

func (c *Connector) removeStored(ctx context.Context, id string) error {
	return c.system.write(ctx, func() error { return c.system.remove(ctx, id) })
}

// RemoveEverything deletes all that this program keeps, in the keychain and for this session, also what is damaged or was
// written by a later version.
func (c *Connector) RemoveEverything(ctx context.Context) error {
	if err := c.moving.take(ctx); err != nil {
		return err
	}
	defer c.moving.leave()
	err := c.system.write(ctx, func() error { return c.system.wipe(ctx) })
	if err != nil && !noKeychain(err) {
		return fmt.Errorf("remove everything: %w", err)
	}
	return c.session.write(ctx, func() error { return c.session.Wipe(ctx) })
}

// wipe deletes everything, also what is not listed, and looks whether it is gone. It empties the shelves first: should it be
// interrupted, what is left belongs to no connection.
func (s store) wipe(ctx context.Context) error {
	cat, err := s.catalog(ctx, quick)
	if stops(err) {
		return err
	}
	for _, n := range cat.shelves {
		if _, lost := cat.lost[n]; lost || cat.bare[n] {
			continue
		}
		if err := s.writeShelf(ctx, n, nil); err != nil {
			break // a keychain that is full can still delete
		}
	}
	if err := s.Wipe(ctx); err != nil {
		return err
	}
	left, err := s.contents(ctx, quick)
	if err == nil || isPartial(err) {
		for _, n := range left.shelves {
			return &keychain.Error{Op: "wipe", Name: shelfName(n), Kind: keychain.ErrNotSaved}
		}
	}
	return err
}

// noKeychain reports whether there is none in which anything could be.
func noKeychain(err error) bool {
	return errors.Is(err, keychain.ErrNoService) || errors.Is(err, keychain.ErrNoProvider) || errors.Is(err, keychain.ErrNoKeyring)
}

// remove deletes the connection, and then what it alone refers to. What an earlier try has left, or what cannot be read, is
// found by looking at everything.
func (s store) remove(ctx context.Context, id string) error {
	cat, err := s.forChange(ctx, quick)
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
		cat.all = without(cat.all, p)
		rest := cat.on(p.shelf())
		if err := s.writeShelf(ctx, p.shelf(), rest); err != nil {
			return err
		}
		if len(rest) > 0 {
			return s.dropFormer(ctx, cat, p)
		}
		if err := s.dropKey(ctx, cat, p.KeyID); err != nil {
			return err
		}
		return s.dropShelf(ctx, p.shelf(), cat.bins)
	}
	for n := range cat.lost {
		if id == shelfName(n) {
			if err := s.dropShelf(ctx, n, cat.bins); err != nil {
				return err
			}
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
func (c *Connector) Check(ctx context.Context, id string, watch func(check.Result)) (check.Report, error) {
	return c.checkIn(ctx, c.validator.NewBatch(), id, watch)
}

// checkIn does what Check does, as one of the connections of a batch.
func (c *Connector) checkIn(ctx context.Context, batch *check.Batch, id string, watch func(check.Result)) (check.Report, error) {
	s, stored, key, err := c.findKey(ctx, id)
	if errors.Is(err, keychain.ErrNotFound) && stored.ID == "" {
		return check.Report{}, ErrReplaced // removed before it began
	}
	if err != nil {
		return check.Report{}, err
	}
	report := recheck(ctx, batch, s, stored, key, watch)
	if ctx.Err() != nil {
		return report, nil
	}
	return report, s.write(ctx, func() error { return s.keepReport(ctx, stored, report) })
}

// keepReport replaces the last report on a connection, if that is still the one that was checked.
func (s store) keepReport(ctx context.Context, checked placed, report check.Report) error {
	stored, damage := s.contents(ctx, quick)
	if stops(damage) {
		return damage
	}
	if err := stored.mayChange(); err != nil {
		return err
	}
	now, err := s.find(ctx, checked.ID)
	if err == nil && damage != nil {
		if _, err = s.forChange(ctx, quick); err == nil {
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
	if err == nil && stored.KeyPrint != "" && stored.KeyPrint != fingerprint(key) { // it is another connection's key
		err = &keychain.Error{Op: "read", Name: keyPrefix + stored.KeyID, Kind: keychain.ErrDamaged}
	}
	return s, stored, key, err
}

// recheck validates a stored connection.
func recheck(ctx context.Context, batch *check.Batch, s store, stored placed, key secret.Secret, watch func(check.Result)) check.Report {
	last, err := s.report(ctx, stored)
	if err != nil {
		last = check.Report{}
	}
	credentials := check.Credentials{Region: stored.Region, APIKey: key, OrganizationID: secret.New(stored.Organization.ID)}
	return batch.Validate(ctx, last, credentials, watch)
}

// find returns the connection with this id, without its report, and the store that it is in.
func (c *Connector) find(ctx context.Context, id string) (store, placed, error) {
	if found, err := c.session.find(ctx, id); err == nil {
		return c.session, found, nil
	}
	found, err := c.system.find(ctx, id)
	return c.system, found, err
}
