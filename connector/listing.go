package connector

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
)

// connections reads all connections and their last reports, shelf by shelf, and calls found with those of each. No key is
// read. What cannot be read is told by Connection.Trouble and not by hiding the others. With an error that does not stop
// (see stops) there may be others.
func (s store) connections(ctx context.Context, found func([]Connection)) error {
	stored, damage := s.contents(ctx, quick)
	if stops(damage) {
		return damage
	}
	keys := keyring{stored: stored, store: s, known: make(map[string]bool)}
	for _, n := range stored.shelves {
		on, err := s.listShelf(ctx, n)
		if err == nil {
			err = keys.mark(ctx, on)
		}
		if err != nil {
			return err
		}
		found(on)
	}
	if len(stored.unknown) > 0 {
		found([]Connection{{ID: stored.unknown[0], Trouble: check.CauseKeychainNewer}})
	}
	return damage
}

// listShelf reads the connections on a shelf, with their reports.
func (s store) listShelf(ctx context.Context, n int) ([]Connection, error) {
	on, err := s.shelf(ctx, n)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return nil, nil // a crash came between its name and itself
	case stops(err):
		return nil, err
	case err != nil:
		return []Connection{{ID: shelfName(n), Trouble: KeychainCause(err), Several: true}}, nil
	}
	bins := make(map[int]map[string]check.Report)
	all := make([]Connection, len(on))
	for i, p := range on {
		reports, read := bins[p.bin()]
		if !read {
			if reports, err = s.readBin(ctx, p.bin()); stops(err) {
				return nil, err
			}
			bins[p.bin()] = reports
		}
		all[i] = p.Connection
		all[i].Report = reports[p.ReportID]
	}
	return all, nil
}

// keyring knows which keys are there.
type keyring struct {
	store
	stored contents
	known  map[string]bool // by their ids
}

// mark marks the connections whose key is gone. No key is read, unless the list of names lacks it.
func (k keyring) mark(ctx context.Context, all []Connection) error {
	for i, c := range all {
		if c.Trouble != "" || k.stored.listed[keyPrefix+c.KeyID] {
			continue
		}
		there, known := k.known[c.KeyID]
		if !known {
			var err error
			if there, err = k.isThere(ctx, keyPrefix+c.KeyID); err != nil {
				return err
			}
			k.known[c.KeyID] = there
		}
		if !there {
			all[i].Trouble = check.CauseKeychainGone
		}
	}
	return nil
}
