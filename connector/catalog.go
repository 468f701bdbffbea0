package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"controlmap-jumpcloud/connector/keychain"
)

// catalog is what a change has to know: every connection that is stored, without its report.
type catalog struct {
	contents
	all []placed
	// whole says that no connection is missing, because its shelf or a part of the list of names cannot be read.
	whole bool
	lost  map[int]bool // the shelves that cannot be read
	gone  []int        // those of which a crash has left the name only
}

// forChange returns the catalog, with nothing of an earlier schema left in it but what is damaged.
func (s store) forChange(ctx context.Context) (catalog, error) {
	cat, err := s.catalog(ctx)
	if err == nil {
		err = s.upgrade(ctx, &cat)
	}
	return cat, err
}

// catalog reads all connections. Where a later version has been here, it returns [keychain.ErrNewer].
func (s store) catalog(ctx context.Context) (catalog, error) {
	stored, damage := s.contents(ctx)
	if damage != nil && !errors.Is(damage, keychain.ErrDamaged) {
		return catalog{}, damage
	}
	if err := stored.mayChange(); err != nil {
		return catalog{}, err
	}
	cat := catalog{contents: stored, whole: damage == nil, lost: make(map[int]bool)}
	for _, n := range stored.shelves {
		on, err := s.readShelf(ctx, n)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			cat.gone = append(cat.gone, n)
		case errors.Is(err, keychain.ErrDamaged):
			cat.lost[n], cat.whole = true, false
		case err != nil:
			return catalog{}, err
		}
		cat.all = append(cat.all, on...)
	}
	return cat, nil
}

// on returns the connections on a shelf.
func (c catalog) on(n int) []placed {
	var on []placed
	for _, p := range c.all {
		if p.shelf() == n {
			on = append(on, p)
		}
	}
	return on
}

// add takes over that a connection was stored.
func (c *catalog) add(p placed) {
	c.all = append(without(c.all, p), p)
	if !slices.Contains(c.shelves, p.shelf()) {
		c.shelves = append(c.shelves, p.shelf())
	}
	if !slices.Contains(c.bins, p.bin()) {
		c.bins = append(c.bins, p.bin())
	}
}

// freePlace returns the lowest place that no connection has.
func (s store) freePlace(ctx context.Context, cat catalog) (int, error) {
	taken := make(map[int]bool)
	for _, p := range cat.all {
		taken[p.Place] = true
	}
	for place := 0; ; place++ {
		n := place / shelfSize
		switch {
		case taken[place]:
		case cat.lost[n]:
			place = (n+1)*shelfSize - 1 // go on with the next shelf
		case cat.whole || slices.Contains(cat.shelves, n):
			return place, nil
		default:
			// A part of the list of names cannot be read: the shelf may be there all the same.
			_, err := s.readShelf(ctx, n)
			if errors.Is(err, keychain.ErrNotFound) {
				return place, nil
			}
			if stops(err) {
				return 0, err
			}
			place = (n+1)*shelfSize - 1
		}
	}
}

// place stores a connection in its place, its report first, into the bin with these reports: the write of the shelf is the
// moment of change.
func (s store) place(ctx context.Context, cat catalog, p placed, report Report, reports map[string]Report) error {
	on := cat.on(p.shelf())
	if err := s.putReport(ctx, p, report, reports, on); err != nil {
		return err
	}
	if err := s.writeShelf(ctx, p.shelf(), append(without(on, p), p)); err != nil {
		return fmt.Errorf("save the connection: %w", err)
	}
	return nil
}

// without leaves out the connection in the place of p.
func without(all []placed, p placed) []placed {
	return slices.DeleteFunc(slices.Clone(all), func(other placed) bool { return other.Place == p.Place })
}

// uses reports whether one of the connections uses the key, or may do so.
func (c catalog) uses(keyID string) bool {
	return !c.whole || slices.ContainsFunc(c.all, func(p placed) bool { return p.KeyID == keyID })
}

// dropUnused deletes what no connection refers to.
func (s store) dropUnused(ctx context.Context) error {
	cat, err := s.forChange(ctx)
	if err != nil {
		return err
	}
	names, bins, err := s.unused(ctx, cat)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.Delete(ctx, name); err != nil {
			return err
		}
	}
	for _, n := range bins {
		if err := s.pruneBin(ctx, n, cat.all); err != nil {
			return err
		}
	}
	return nil
}

// isOurs reports whether a record may be deleted: it is not of a later version.
func (s store) isOurs(ctx context.Context, name string) (bool, error) {
	var any struct{}
	err := s.getRecord(ctx, name, &any)
	if stops(err) && !errors.Is(err, keychain.ErrNotFound) || errors.Is(err, keychain.ErrBusy) {
		return false, err
	}
	return !errors.Is(err, keychain.ErrNewer), nil
}

// mayReplace returns [keychain.ErrNewer] where a change of this connection would delete what a later version has written.
func (s store) mayReplace(ctx context.Context, p placed) error {
	known, err := s.isOurs(ctx, keyPrefix+p.KeyID)
	if err == nil && !known {
		err = &keychain.Error{Op: "read", Name: keyPrefix + p.KeyID, Kind: keychain.ErrNewer}
	}
	return err
}

// unused lists what no connection refers to: the names of records, and the bins with a report too many. Where a connection
// cannot be read, it may refer to any of them.
func (s store) unused(ctx context.Context, cat catalog) (names []string, bins []int, err error) {
	for _, n := range cat.gone {
		names = append(names, shelfName(n))
	}
	if !cat.whole {
		return names, nil, nil
	}
	var strays []string
	for _, id := range cat.keys {
		if !cat.uses(id) {
			strays = append(strays, keyPrefix+id)
		}
	}
	for _, id := range cat.oldReports { // there is no connection of that schema any more, or it is about to be moved
		strays = append(strays, oldReportPrefix+id)
	}
	for _, name := range strays {
		switch ours, err := s.isOurs(ctx, name); {
		case err != nil:
			return nil, nil, err
		case ours:
			names = append(names, name)
		}
	}
	for _, n := range cat.bins {
		used := reportsIn(n, cat.all)
		reports, err := s.readBin(ctx, n)
		if err != nil {
			return nil, nil, err
		}
		stray := len(used) == 0
		for id := range reports {
			stray = stray || !used[id]
		}
		if stray {
			bins = append(bins, n)
		}
	}
	return names, bins, nil
}

// tidy deletes what a crash can leave behind, and moves what an earlier version has stored. Other processes are kept off for
// one record at a time, and longer only where there is something to do.
func (s store) tidy(ctx context.Context) error {
	_, err := s.Repair(ctx, func(each func() error) error { return s.write(ctx, each) })
	if stops(err) {
		return fmt.Errorf("tidy the keychain: %w", err)
	}
	cat, err := s.catalog(ctx)
	if err == nil && !cat.whole {
		if err = s.write(ctx, func() error { return s.mend(ctx) }); err == nil {
			cat, err = s.catalog(ctx)
		}
	}
	if err != nil {
		return err
	}
	names, bins, err := s.unused(ctx, cat)
	if err != nil || len(names) == 0 && len(bins) == 0 && len(cat.oldConnections) == 0 {
		return err
	}
	return s.write(ctx, func() error { return s.dropUnused(ctx) }) // looks again, now that nothing changes
}

// mend makes the list of names anew where a part of it cannot be read. It needs to know all that is stored: while a shelf
// cannot be read either, it leaves the list as it is.
func (s store) mend(ctx context.Context) error {
	cat, err := s.catalog(ctx)
	if err != nil || cat.whole || len(cat.lost) > 0 {
		return err
	}
	var names []string
	for _, p := range cat.all {
		names = append(names, shelfName(p.shelf()), binName(p.bin()), keyPrefix+p.KeyID)
	}
	slices.Sort(names)
	return s.Relist(ctx, slices.Compact(names))
}
