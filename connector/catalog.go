package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
)

// catalog is what a change has to know: every connection that is stored, without its report.
type catalog struct {
	contents
	all []placed
	// whole says that no connection is missing, because its shelf or a part of the list of names is damaged or gone.
	whole  bool
	damage error        // of the list of names
	lost   map[int]bool // the shelves that are damaged, or that something else has deleted; true for the latter
	bare   map[int]bool // those of which a crash has left the name only
}

// forChange returns the catalog, with the list of names mended.
func (s store) forChange(ctx context.Context, depth depth) (catalog, error) {
	cat, err := s.catalog(ctx, depth)
	if err == nil && cat.damage != nil {
		if err = s.mend(ctx); err == nil {
			cat, err = s.catalog(ctx, thorough)
		}
	}
	return cat, err
}

// catalog reads all connections. Where a later version has been here, it returns [keychain.ErrNewer].
func (s store) catalog(ctx context.Context, depth depth) (catalog, error) {
	stored, damage := s.contents(ctx, depth)
	if damage != nil && !isPartial(damage) {
		return catalog{}, damage
	}
	if err := stored.mayChange(); err != nil {
		return catalog{}, err
	}
	cat := catalog{contents: stored, whole: damage == nil, damage: damage, lost: make(map[int]bool), bare: make(map[int]bool)}
	for _, n := range stored.shelves {
		on, err := s.shelf(ctx, n)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			cat.bare[n] = true
		case errors.Is(err, keychain.ErrDamaged), errors.Is(err, keychain.ErrGone):
			cat.lost[n], cat.whole = errors.Is(err, keychain.ErrGone), false
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

// vacant are the shelves without a connection.
func (c catalog) vacant() []int {
	used := make(map[int]bool)
	for _, p := range c.all {
		used[p.shelf()] = true
	}
	var vacant []int
	for _, n := range c.shelves {
		if _, lost := c.lost[n]; !lost && !c.bare[n] && !used[n] {
			vacant = append(vacant, n)
		}
	}
	return vacant
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
func (c catalog) freePlace() int {
	taken := make(map[int]bool)
	for _, p := range c.all {
		taken[p.Place] = true
	}
	for place := 0; ; place++ {
		_, lost := c.lost[place/shelfSize]
		if !lost && !taken[place] {
			return place
		}
	}
}

// prepare makes sure that the shelf of a place is there, before anything is stored for it. Where the list of names lacks the
// shelf, it returns [keychain.ErrExists].
func (s store) prepare(ctx context.Context, cat *catalog, n int) error {
	if slices.Contains(cat.shelves, n) && !cat.bare[n] {
		return nil
	}
	if err := s.newShelf(ctx, n); err != nil {
		return fmt.Errorf("save the connection: %w", err)
	}
	delete(cat.bare, n)
	if !slices.Contains(cat.shelves, n) {
		cat.shelves = append(cat.shelves, n)
	}
	return nil
}

// place stores a connection in its place on a shelf that is there, its report first, into the bin with these reports: the write
// of the shelf is the moment of change.
func (s store) place(ctx context.Context, cat catalog, p placed, report check.Report, reports map[string]check.Report) error {
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

// dropUnused deletes what no connection refers to: keys, reports, and then the shelves without connections.
func (s store) dropUnused(ctx context.Context) error {
	cat, err := s.forChange(ctx, quick)
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
	if !cat.whole {
		return nil
	}
	for _, n := range cat.vacant() {
		if err := s.dropShelf(ctx, n, cat.bins); err != nil {
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
// cannot be read, it may refer to any of them. Where the key of a connection is gone, its shelf may be an old copy: then a key
// without a connection may be the one that the present copy refers to.
func (s store) unused(ctx context.Context, cat catalog) (names []string, bins []int, err error) {
	for n := range cat.bare {
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
	if len(strays) > 0 {
		if all, err := s.areKeysThere(ctx, cat); err != nil {
			return nil, nil, err
		} else if !all {
			strays = nil
		}
	}
	for _, name := range strays {
		switch ours, err := s.isOurs(ctx, name); {
		case err != nil:
			return nil, nil, err
		case ours:
			names = append(names, name)
		}
	}
	bins, err = s.unusedBins(ctx, cat)
	return names, bins, err
}

func (s store) unusedBins(ctx context.Context, cat catalog) (bins []int, err error) {
	for _, n := range cat.bins {
		used := reportsIn(n, cat.all)
		reports, err := s.readBin(ctx, n)
		if err != nil {
			return nil, err
		}
		stray := len(used) == 0
		for id := range reports {
			stray = stray || !used[id]
		}
		if stray {
			bins = append(bins, n)
		}
	}
	return bins, nil
}

// areKeysThere reports whether the keys of all connections are there.
func (s store) areKeysThere(ctx context.Context, cat catalog) (bool, error) {
	for id := range cat.keyIDs() {
		if there, err := s.isThere(ctx, keyPrefix+id); !there || err != nil {
			return false, err
		}
	}
	return true, nil
}

// keyIDs are the ids of the keys of all connections.
func (c catalog) keyIDs() map[string]bool {
	ids := make(map[string]bool)
	for _, p := range c.all {
		ids[p.KeyID] = true
	}
	return ids
}
