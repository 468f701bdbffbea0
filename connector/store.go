package connector

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// schema is the version of the records below. A record of a later one is refused, and left as it is.
const schema = 1

// The kinds of records, as the keychain's account names begin.
const (
	keyPrefix        = "key/"
	connectionPrefix = "connection/"
	reportPrefix     = "report/"
)

// keyRecord is an API key. It is stored once, however many connections use it.
type keyRecord struct {
	Schema int    `json:"schema"`
	APIKey string `json:"api_key"`
}

// connectionRecord is a connection without its key and its report, which are stored beside it.
type connectionRecord struct {
	Schema int `json:"schema"`
	Connection
}

// reportRecord is a connection's last report.
type reportRecord struct {
	Schema int `json:"schema"`
	Report
}

// store reads and writes records in a keychain.
type store struct {
	*keychain.Keychain
	writing chan struct{}      // holds a token while something changes what is stored
	others  *keychain.FileLock // keeps other processes from it meanwhile; nil where there are none
}

func newStore(k *keychain.Keychain) store { return store{Keychain: k, writing: make(chan struct{}, 1)} }

// write runs f while nothing else, and no other process, changes what is stored. Waiting for that ends with the context.
func (s store) write(ctx context.Context, f func() error) error {
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writing }()
	if s.others != nil {
		unlock, err := s.others.Lock(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return f()
}

// newID makes a name for a record that nothing else has.
func newID() string { return strings.ToLower(rand.Text()[:12]) }

func (s store) putRecord(ctx context.Context, name string, record any) error {
	data, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return s.Put(ctx, name, secret.New(string(data)))
}

func (s store) getRecord(ctx context.Context, name string, record any) error {
	value, err := s.Get(ctx, name)
	if err != nil {
		return err
	}
	data := []byte(value.Reveal())
	var version struct {
		Schema int `json:"schema"`
	}
	if json.Unmarshal(data, &version) != nil || version.Schema < 1 {
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrDamaged}
	}
	if version.Schema > schema {
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrNewer}
	}
	if json.Unmarshal(data, record) != nil {
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrDamaged}
	}
	return nil
}

func (s store) key(ctx context.Context, id string) (secret.Secret, error) {
	var r keyRecord
	if err := s.getRecord(ctx, keyPrefix+id, &r); err != nil {
		return secret.Secret{}, fmt.Errorf("read the API key: %w", err)
	}
	return secret.New(r.APIKey), nil
}

// connections reads all connections and their last reports. What cannot be read is told by Connection.Trouble and
// not by hiding the others. With an error that does not stop (see stops) there may be others.
func (s store) connections(ctx context.Context) ([]Connection, error) {
	names, damage := s.Names(ctx)
	if stops(damage) {
		return nil, fmt.Errorf("list the connections: %w", damage)
	}
	var found []Connection
	for _, name := range names {
		id, ok := strings.CutPrefix(name, connectionPrefix)
		if !ok {
			continue
		}
		c, err := s.withReport(ctx, id)
		if errors.Is(err, keychain.ErrNotFound) {
			continue // a crash came between its index line and itself
		}
		if stops(err) {
			return nil, err
		}
		if err != nil {
			c = Connection{ID: id, Trouble: KeychainCause(err)}
		}
		found = append(found, c)
	}
	return found, damage
}

// stops tells the failures of the whole keychain from those of one record.
func stops(err error) bool {
	return err != nil && !errors.Is(err, keychain.ErrDamaged) && !errors.Is(err, keychain.ErrNewer) && !errors.Is(err, keychain.ErrBusy)
}

// connection reads a connection without its report.
func (s store) connection(ctx context.Context, id string) (Connection, error) {
	var r connectionRecord
	if err := s.getRecord(ctx, connectionPrefix+id, &r); err != nil {
		return Connection{}, fmt.Errorf("read a connection: %w", err)
	}
	r.Connection.ID = id
	return r.Connection, nil
}

// withReport reads a connection and its last report.
func (s store) withReport(ctx context.Context, id string) (Connection, error) {
	c, err := s.connection(ctx, id)
	if err != nil {
		return c, err
	}
	c.Report, err = s.report(ctx, c)
	return c, err
}

// report reads the last report on a connection. One that is lost or damaged costs no more than a new validation.
func (s store) report(ctx context.Context, c Connection) (Report, error) {
	var last reportRecord
	err := s.getRecord(ctx, reportPrefix+c.ReportID, &last)
	if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
		return Report{}, fmt.Errorf("read a report: %w", err)
	}
	return last.Report, nil
}

// keyID returns the id under which key is stored, or "".
func (s store) keyID(ctx context.Context, key secret.Secret) (string, error) {
	names, err := s.Names(ctx)
	if stops(err) {
		return "", fmt.Errorf("look for the API key: %w", err)
	}
	for _, name := range names {
		id, ok := strings.CutPrefix(name, keyPrefix)
		if !ok {
			continue
		}
		stored, err := s.key(ctx, id)
		if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
			return "", err
		}
		if err == nil && stored.Equal(key) {
			return id, nil
		}
	}
	return "", nil
}

// tidy deletes what a crash can leave behind. Other processes are kept off for one record at a time only.
func (s store) tidy(ctx context.Context) error {
	_, err := s.Repair(ctx, func(each func() error) error { return s.write(ctx, each) })
	if stops(err) {
		return fmt.Errorf("tidy the keychain: %w", err)
	}
	unused, err := s.unused(ctx)
	if err != nil || len(unused) == 0 {
		return err
	}
	return s.write(ctx, func() error { return s.dropUnused(ctx) }) // looks again, now that nothing changes
}

// dropUnused deletes the keys and reports that no connection refers to.
func (s store) dropUnused(ctx context.Context) error {
	unused, err := s.unused(ctx)
	if err != nil {
		return err
	}
	for _, name := range unused {
		if err := s.Delete(ctx, name); err != nil {
			return fmt.Errorf("tidy the keychain: %w", err)
		}
	}
	return nil
}

// unused lists the keys and reports that no connection refers to: none where a part of the list of names is damaged, for
// a connection that is missing in it may refer to any of them.
func (s store) unused(ctx context.Context) ([]string, error) {
	names, err := s.Names(ctx)
	if stops(err) {
		return nil, fmt.Errorf("tidy the keychain: %w", err)
	}
	if err != nil {
		return nil, nil
	}
	used, err := s.referred(ctx, names)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool { return used[name] }), nil
}

// referred returns the names in use: the connections, and what they refer to. Where one of them cannot be read,
// everything is in use, for its key may be any of them.
func (s store) referred(ctx context.Context, names []string) (map[string]bool, error) {
	wanted := make(map[string]bool)
	for _, name := range names {
		if !strings.HasPrefix(name, connectionPrefix) {
			continue
		}
		wanted[name] = true
		var r connectionRecord
		err := s.getRecord(ctx, name, &r)
		if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
			return nil, fmt.Errorf("tidy the keychain: %w", err)
		}
		if err != nil {
			for _, all := range names {
				wanted[all] = true
			}
			continue
		}
		wanted[keyPrefix+r.KeyID], wanted[reportPrefix+r.ReportID] = true, true
	}
	return wanted, nil
}
