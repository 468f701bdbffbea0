package connector

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/keychain"
)

// Connections stand on shelves, several in one record, and their reports beside them in bins. One record each would be
// simpler, but gnome-keyring needs a time for each entry that it has: with 10,000 of them it takes seconds to change one.
//
// A connection keeps its place, a number, as long as it is stored. The place tells its shelf and the bin of its report. So these
// numbers belong to the schema.
const (
	shelfSize = 20 // connections on a shelf: with usual names, these fill one entry of the keychain
	binSize   = 4  // reports in a bin, likewise; those of a shelf fill some whole bins
)

// The kinds of records, as the keychain's account names begin. What belongs to a shelf comes after it in the alphabet: it is
// removed before it, when everything is.
const (
	keyPrefix   = "key/"
	shelfPrefix = "connections/"
	binPrefix   = "reports/"
)

func shelfName(n int) string { return shelfPrefix + strconv.Itoa(n) }
func binName(n int) string   { return binPrefix + strconv.Itoa(n) }

// placed is a connection in its place, without its report.
type placed struct {
	Place int `json:"place"`
	// OwnID is the connection's id, where that does not follow from its region and organization (see connectionID).
	OwnID string `json:"id,omitempty"`
	// KeyPrint is the fingerprint of its API key.
	KeyPrint string `json:"print"`
	Connection
}

func (p placed) shelf() int { return p.Place / shelfSize }
func (p placed) bin() int   { return p.Place / binSize }

// connectionID is the id of the first connection to an organization, a hash that takes no room in the keychain.
func connectionID(region, organization string) string {
	sum := sha256.Sum256([]byte(region + " " + organization))
	return hex.EncodeToString(sum[:8])
}

// id is the connection's.
func (p placed) id() string { return cmp.Or(p.OwnID, connectionID(p.Region, p.Organization.ID)) }

// identify gives a new connection its id. It gets one of its own if the usual one is taken, or may be, or has to be apart.
func (p *placed) identify(cat catalog, apart bool) {
	if _, taken := withID(cat.all, p.id()); taken || apart || !cat.whole {
		p.OwnID = newID()
	}
	p.ID = p.id()
}

// firstBin is the first of the bins of a shelf. The next shelf's first one comes after its last.
func firstBin(shelf int) int { return shelf * shelfSize / binSize }

// shelfRecord is the connections on a shelf.
type shelfRecord struct {
	Schema      int      `json:"schema"`
	Connections []placed `json:"connections"`
}

// binRecord is the reports in a bin, by their ids.
type binRecord struct {
	Schema  int                     `json:"schema"`
	Reports map[string]check.Report `json:"reports"`
}

// readShelf reads the connections on a shelf.
func (s store) readShelf(ctx context.Context, n int) ([]placed, error) {
	var r shelfRecord
	if err := s.getRecord(ctx, shelfName(n), &r); err != nil {
		return nil, fmt.Errorf("read connections: %w", err)
	}
	for i, p := range r.Connections {
		if p.shelf() != n || !isID(p.KeyID) || p.OwnID != "" && !isID(p.OwnID) {
			return nil, &keychain.Error{Op: "read", Name: shelfName(n), Kind: keychain.ErrDamaged}
		}
		r.Connections[i].asShown()
		r.Connections[i].ID = p.id()
	}
	s.hints.learn(n, r.Connections)
	return r.Connections, nil
}

// isID reports whether a stored id can be one of newID's, and so the name of a record.
func isID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// newShelf stores a shelf without connections, before anything is put into its bins: [keychain.ErrExists] if it is there.
func (s store) newShelf(ctx context.Context, n int) error {
	return s.createRecord(ctx, shelfName(n), shelfRecord{Schema: schema})
}

// writeShelf stores the connections on a shelf, which has been read before.
func (s store) writeShelf(ctx context.Context, n int, all []placed) error {
	s.hints.learn(n, all)
	return s.putRecord(ctx, shelfName(n), shelfRecord{schema, all})
}

// dropShelf deletes a shelf on which there is no connection, with those bins of it that are in the list, these first.
func (s store) dropShelf(ctx context.Context, n int, bins []int) error {
	for _, bin := range bins {
		if bin < firstBin(n) || bin >= firstBin(n+1) {
			continue
		}
		if err := s.pruneBin(ctx, bin, nil); err != nil {
			return err
		}
	}
	return s.Delete(ctx, shelfName(n))
}

// readBin reads the reports in a bin. One that is lost or damaged costs no more than new validations.
func (s store) readBin(ctx context.Context, n int) (map[string]check.Report, error) {
	var r binRecord
	err := s.getRecord(ctx, binName(n), &r)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) && !errors.Is(err, keychain.ErrDamaged) {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return r.Reports, nil
}

// putReport puts a report into the bin of a connection, which has these reports. Those of the connections around it stay.
func (s store) putReport(ctx context.Context, p placed, report check.Report, reports map[string]check.Report, around []placed) error {
	kept := map[string]check.Report{p.ReportID: report}
	for _, other := range around {
		if r, ok := reports[other.ReportID]; ok && other.ReportID != p.ReportID {
			kept[other.ReportID] = r
		}
	}
	if err := s.putRecord(ctx, binName(p.bin()), binRecord{schema, kept}); err != nil {
		return fmt.Errorf("save the report: %w", err)
	}
	return nil
}

// pruneBin deletes the reports in a bin that none of the connections on its shelf refers to.
func (s store) pruneBin(ctx context.Context, n int, around []placed) error {
	reports, err := s.readBin(ctx, n)
	if err != nil {
		return err
	}
	used, before := reportsIn(n, around), len(reports)
	if len(used) == 0 {
		return s.Delete(ctx, binName(n))
	}
	maps.DeleteFunc(reports, func(id string, _ check.Report) bool { return !used[id] })
	if len(reports) == before {
		return nil
	}
	return s.putRecord(ctx, binName(n), binRecord{schema, reports})
}

// reportsIn are the ids of the reports that belong into a bin.
func reportsIn(n int, around []placed) map[string]bool {
	used := make(map[string]bool)
	for _, p := range around {
		if p.bin() == n {
			used[p.ReportID] = true
		}
	}
	return used
}

// report reads the last report on a connection; the zero Report where there is none.
func (s store) report(ctx context.Context, p placed) (check.Report, error) {
	reports, err := s.readBin(ctx, p.bin())
	if err != nil && !errors.Is(err, keychain.ErrNewer) {
		return check.Report{}, err
	}
	return reports[p.ReportID], nil
}

// find returns the connection with this id: [keychain.ErrNotFound] where there is none, and what is wrong with a shelf that
// it may be on.
func (s store) find(ctx context.Context, id string) (placed, error) {
	if n, ok := s.hints.shelf(id); ok {
		on, err := s.readShelf(ctx, n)
		if p, ok := withID(on, id); ok && err == nil {
			return p, nil
		}
		if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
			return placed{}, err
		}
	}
	stored, damage := s.contents(ctx, quick)
	if stops(damage) {
		return placed{}, damage
	}
	for _, n := range stored.shelves {
		on, err := s.shelf(ctx, n)
		switch p, ok := withID(on, id); {
		case ok:
			return p, nil
		case stops(err) && !errors.Is(err, keychain.ErrNotFound):
			return placed{}, err
		case err != nil && !errors.Is(err, keychain.ErrNotFound):
			damage = err
		}
	}
	if damage == nil {
		damage = &keychain.Error{Op: "find", Name: id, Kind: keychain.ErrNotFound}
	}
	return placed{}, damage
}

// connection returns the connection with this id and its last report.
func (s store) connection(ctx context.Context, id string) (Connection, error) {
	p, err := s.find(ctx, id)
	if err != nil {
		return Connection{}, err
	}
	p.Report, err = s.report(ctx, p)
	return p.Connection, err
}

func withID(all []placed, id string) (placed, bool) {
	if i := slices.IndexFunc(all, func(p placed) bool { return p.ID == id }); i >= 0 {
		return all[i], true
	}
	return placed{}, false
}

// hints remember which shelf a connection was last seen on. It stays there, but another process may have removed it.
type hints struct {
	mu sync.Mutex
	at map[string]int
}

func newHints() *hints { return &hints{at: make(map[string]int)} }

func (h *hints) learn(n int, on []placed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range on {
		h.at[p.ID] = n
	}
}

func (h *hints) shelf(id string) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, ok := h.at[id]
	return n, ok
}
