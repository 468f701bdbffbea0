package connector

import (
	"context"
	"fmt"
	"slices"
)

// tidy mends the list of names, deletes what a crash can leave behind. Other
// processes are kept off for one record at a time, and longer only where there is something to do.
func (s store) tidy(ctx context.Context) error {
	cat, err := s.catalog(ctx, thorough)
	if err != nil {
		return err
	}
	unlisted, err := s.unlisted(ctx, cat)
	if err == nil && (cat.damage != nil || len(unlisted) > 0) {
		if err = s.write(ctx, func() error { return s.mend(ctx) }); err == nil {
			cat, err = s.catalog(ctx, quick)
		}
	}
	if err != nil {
		return err
	}
	if !cat.isShelfGone() { // its name and those of its bins tell that it is
		_, err := s.Repair(ctx, func(each func() error) error { return s.write(ctx, each) })
		if stops(err) {
			return fmt.Errorf("tidy the keychain: %w", err)
		}
	}
	names, bins, err := s.unused(ctx, cat)
	if err != nil || len(names) == 0 && len(bins) == 0 && len(cat.vacant()) == 0 {
		return err
	}
	return s.write(ctx, func() error { return s.dropUnused(ctx) }) // looks again, now that nothing changes
}

// isShelfGone reports whether something else has deleted a shelf.
func (c catalog) isShelfGone() bool {
	for _, gone := range c.lost {
		if gone {
			return true
		}
	}
	return false
}

// mend adds to the list of names what it lacks. While a shelf cannot be read, there may be keys that are not known: then a page
// of the list that is damaged or gone is left as it is.
func (s store) mend(ctx context.Context) error {
	cat, err := s.catalog(ctx, thorough)
	if err != nil {
		return err
	}
	names, err := s.unlisted(ctx, cat)
	if err != nil || len(names) == 0 && cat.damage == nil {
		return err
	}
	return s.Relist(ctx, names, len(cat.lost) == 0)
}

// unlisted returns the names of what is there, or was, but not in the list of names: shelves, the bins that belong to them, and
// the keys of the connections on them.
func (s store) unlisted(ctx context.Context, cat catalog) ([]string, error) {
	var names, perhaps []string
	for _, n := range cat.shelves {
		if !cat.listed[shelfName(n)] {
			names = append(names, shelfName(n))
		}
		for bin := firstBin(n); bin < firstBin(n+1); bin++ {
			used := slices.ContainsFunc(cat.all, func(p placed) bool { return p.bin() == bin })
			if used || cat.damage != nil {
				perhaps = append(perhaps, binName(bin))
			}
		}
	}
	for id := range cat.keyIDs() {
		perhaps = append(perhaps, keyPrefix+id)
	}
	for _, name := range perhaps {
		if cat.listed[name] {
			continue
		}
		there, err := s.isThere(ctx, name)
		if err != nil {
			return nil, err
		}
		if there {
			names = append(names, name)
		}
	}
	return names, nil
}
