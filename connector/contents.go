package connector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"controlmap-jumpcloud/connector/keychain"
)

// contents are the names of what is stored, by kind.
type contents struct {
	shelves, bins []int
	keys          []string
	unknown       []string // of a later version
	listed        map[string]bool
}

// mayChange returns [keychain.ErrNewer] where a later version has stored records of a kind that is not known here: nothing may
// be changed then, for it is not known what belongs together.
func (c contents) mayChange() error {
	if len(c.unknown) > 0 {
		return &keychain.Error{Op: "read", Name: c.unknown[0], Kind: keychain.ErrNewer}
	}
	return nil
}

// isPartial reports whether the list of names, read with this error, can be used but lacks some names.
func isPartial(err error) bool {
	return errors.Is(err, keychain.ErrDamaged) || errors.Is(err, keychain.ErrIncomplete)
}

// contents lists what is stored. The list of names may be damaged, deleted, or an old copy. So contents also looks for shelves
// that it does not name; see search. It returns them too, with an error for which isPartial is true.
func (s store) contents(ctx context.Context, depth depth) (contents, error) {
	names, damage := s.Names(ctx)
	if damage != nil {
		damage = fmt.Errorf("list the connections: %w", damage)
	}
	c := sorted(names)
	if damage != nil && !isPartial(damage) {
		return c, damage
	}
	if damage != nil {
		depth = thorough
	}
	found, err := s.search(ctx, &c, depth)
	if err != nil {
		return c, err
	}
	if found && damage == nil {
		damage = &keychain.Error{Op: "list", Name: shelfName(slices.Max(c.shelves)), Kind: keychain.ErrIncomplete}
	}
	slices.Sort(c.shelves)
	slices.Sort(c.bins)
	return c, damage
}

// sorted sorts names by kind.
func sorted(names []string) contents {
	c := contents{listed: make(map[string]bool)}
	for _, name := range names {
		c.listed[name] = true
		kind, rest, _ := strings.Cut(name, "/")
		n, number := numbered(rest)
		switch {
		case kind+"/" == shelfPrefix && number:
			c.shelves = append(c.shelves, n)
		case kind+"/" == binPrefix && number:
			c.bins = append(c.bins, n)
		case kind+"/" == keyPrefix:
			c.keys = append(c.keys, rest)
		default:
			c.unknown = append(c.unknown, name)
		}
	}
	return c
}

// highestNumber bounds the numbers of shelves and bins: more than any keychain holds. Up to the highest shelf, each number is
// looked for.
const highestNumber = 20_000

// numbered reads a number as we write it: another spelling would be a second name of the same record.
func numbered(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= highestNumber && strconv.Itoa(n) == text
}

// depth is how far search looks.
type depth bool

const (
	quick    depth = false // costs one call where shelves are listed
	thorough depth = true  // costs probeGap calls at least
)

const (
	// probeGap is how many shelves in a row may be missing, as where all connections on them were removed, before a thorough
	// search for more ends.
	probeGap = 50
	// firstShelves is how many shelves a quick search looks at where none is listed.
	firstShelves = 5
)

// search looks for shelves that the list of names lacks, and reports whether there are any: they are numbered. Keys are found
// through the connections. A quick search looks at those between the listed ones and at the one after the last, or at the first few where none is listed. If
// it finds one, the search becomes thorough.
func (s store) search(ctx context.Context, c *contents, depth depth) (found bool, err error) {
	next := func() int {
		if len(c.shelves) == 0 {
			return 0
		}
		return slices.Max(c.shelves) + 1
	}
	gap, none := 1, len(c.shelves) == 0
	switch {
	case depth == thorough:
		gap = probeGap
	case none:
		gap = firstShelves
	}
	for n, missing := 0, 0; n < next() || missing < gap; n++ {
		if slices.Contains(c.shelves, n) {
			missing = 0
			continue
		}
		there, err := s.isThere(ctx, shelfName(n))
		if err == nil && !there && none && n < firstShelves {
			there, err = s.isBinThere(ctx, c, n)
		}
		switch {
		case err != nil:
			return found, err
		case !there:
			missing++
			continue
		}
		c.shelves = append(c.shelves, n)
		if depth == quick {
			_, err := s.search(ctx, c, thorough)
			return true, err
		}
		found, missing = true, 0
	}
	return found, nil
}

// isBinThere looks for the first bin of a shelf that is not there: its shelf was deleted, as the list was.
func (s store) isBinThere(ctx context.Context, c *contents, shelf int) (bool, error) {
	bin := firstBin(shelf)
	if slices.Contains(c.bins, bin) {
		return false, nil
	}
	there, err := s.isThere(ctx, binName(bin))
	if there {
		c.bins = append(c.bins, bin)
	}
	return there, err
}

// isThere reports whether there is a record of this name, whole or not.
func (s store) isThere(ctx context.Context, name string) (bool, error) {
	_, err := s.Get(ctx, name)
	if errors.Is(err, keychain.ErrNotFound) {
		return false, nil
	}
	if stops(err) {
		return false, err
	}
	return true, nil
}

// shelf reads the connections on a shelf, as readShelf does. It tells a shelf that this program has deleted
// ([keychain.ErrNotFound]) from one that something else has deleted ([keychain.ErrGone]).
//
// This program writes a shelf before its first bin, and deletes its bins before the shelf. So if it is interrupted, there
// may be the name of a shelf without the shelf, but no bin then.
func (s store) shelf(ctx context.Context, n int) ([]placed, error) {
	on, err := s.readShelf(ctx, n)
	if !errors.Is(err, keychain.ErrNotFound) {
		return on, err
	}
	hasBin, failed := s.namesBinOf(ctx, n)
	if failed != nil {
		return nil, failed
	}
	if !hasBin {
		return nil, err
	}
	// Another process may just have made it.
	if on, err = s.readShelf(ctx, n); errors.Is(err, keychain.ErrNotFound) {
		err = &keychain.Error{Op: "read", Name: shelfName(n), Kind: keychain.ErrGone}
	}
	return on, err
}

// namesBinOf reads the list of names anew, and reports whether it names this shelf and one of its bins. A list that is gone or
// partial may have named both: then it looks whether there is such a bin.
func (s store) namesBinOf(ctx context.Context, n int) (bool, error) {
	names, err := s.Names(ctx)
	partial := isPartial(err) || err == nil && len(names) == 0
	if err != nil && !partial {
		return false, err
	}
	if !partial && !slices.Contains(names, shelfName(n)) {
		return false, nil
	}
	for bin := firstBin(n); bin < firstBin(n+1); bin++ {
		if slices.Contains(names, binName(bin)) {
			return true, nil
		}
		if partial {
			if there, err := s.isThere(ctx, binName(bin)); there || err != nil {
				return there, err
			}
		}
	}
	return false, nil
}
