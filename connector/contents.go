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
	shelves, bins  []int
	keys           []string
	oldConnections []string // ids, of schema 1
	oldReports     []string
	unknown        []string // of a later version
}

// mayChange returns [keychain.ErrNewer] where a later version has stored records of a kind that is not known here: nothing may
// be changed then, for it is not known what belongs together.
func (c contents) mayChange() error {
	if len(c.unknown) > 0 {
		return &keychain.Error{Op: "read", Name: c.unknown[0], Kind: keychain.ErrNewer}
	}
	return nil
}

// contents lists what is stored. With [keychain.ErrDamaged] there may be more.
func (s store) contents(ctx context.Context) (contents, error) {
	names, err := s.Names(ctx)
	if err != nil {
		err = fmt.Errorf("list the connections: %w", err)
	}
	var c contents
	for _, name := range names {
		kind, rest, _ := strings.Cut(name, "/")
		n, number := strconv.Atoi(rest)
		switch {
		case kind+"/" == shelfPrefix && number == nil && n >= 0:
			c.shelves = append(c.shelves, n)
		case kind+"/" == binPrefix && number == nil && n >= 0:
			c.bins = append(c.bins, n)
		case kind+"/" == keyPrefix:
			c.keys = append(c.keys, rest)
		case kind+"/" == oldConnectionPrefix:
			c.oldConnections = append(c.oldConnections, rest)
		case kind+"/" == oldReportPrefix:
			c.oldReports = append(c.oldReports, rest)
		default:
			c.unknown = append(c.unknown, name)
		}
	}
	if errors.Is(err, keychain.ErrDamaged) {
		if probed := s.probe(ctx, &c); probed != nil {
			err = probed
		}
	}
	slices.Sort(c.shelves)
	slices.Sort(c.bins)
	return c, err
}

// probeGap is how many shelves in a row may be missing, as where all connections on them were removed, before the search for
// more ends.
const probeGap = 50

// probe looks for the shelves whose names are in a part of the list that cannot be read, with the bins that belong to them:
// they are numbered. Keys are found through the connections.
func (s store) probe(ctx context.Context, c *contents) error {
	known, missing := 0, 0
	if len(c.shelves) > 0 {
		known = slices.Max(c.shelves) + 1
	}
	for n := 0; n < known || missing < probeGap; n++ {
		missing++
		if !slices.Contains(c.shelves, n) {
			switch _, err := s.Get(ctx, shelfName(n)); {
			case errors.Is(err, keychain.ErrNotFound):
				continue
			case stops(err):
				return err
			}
			c.shelves = append(c.shelves, n)
		}
		missing = 0
	}
	for _, n := range c.shelves {
		for bin := n * shelfSize / binSize; bin < (n+1)*shelfSize/binSize; bin++ {
			if !slices.Contains(c.bins, bin) {
				c.bins = append(c.bins, bin)
			}
		}
	}
	return nil
}
