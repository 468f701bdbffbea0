package connector

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
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
	writing chan struct{} // holds a token while something changes what is stored
}

func newStore(k *keychain.Keychain) store { return store{k, make(chan struct{}, 1)} }

// write runs f while nothing else changes what is stored. Waiting for that ends with the context.
func (s store) write(ctx context.Context, f func() error) error {
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writing }()
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
		c, err := s.connection(ctx, id)
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
	return err != nil && !errors.Is(err, keychain.ErrDamaged) && !errors.Is(err, keychain.ErrNewer)
}

func (s store) connection(ctx context.Context, id string) (Connection, error) {
	var r connectionRecord
	if err := s.getRecord(ctx, connectionPrefix+id, &r); err != nil {
		return Connection{}, fmt.Errorf("read a connection: %w", err)
	}
	var last reportRecord
	err := s.getRecord(ctx, reportPrefix+id, &last)
	if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
		return Connection{}, fmt.Errorf("read a report: %w", err)
	}
	c := r.Connection
	c.ID = id
	c.Report = last.Report // a lost or damaged report costs no more than a new validation
	return c, nil
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

// tidy deletes what a crash can leave behind.
func (s store) tidy(ctx context.Context) error {
	if _, err := s.Repair(ctx); stops(err) {
		return fmt.Errorf("tidy the keychain: %w", err)
	}
	return s.dropUnused(ctx)
}

// dropUnused deletes the keys and reports that no connection refers to. Where a part of the list of names is damaged,
// it deletes nothing: a connection that is missing in the list may refer to any of them.
func (s store) dropUnused(ctx context.Context) error {
	names, err := s.Names(ctx)
	if stops(err) {
		return fmt.Errorf("tidy the keychain: %w", err)
	}
	if err != nil {
		return nil
	}
	used, err := s.referred(ctx, names)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !used[name] {
			if err := s.Delete(ctx, name); err != nil {
				return fmt.Errorf("tidy the keychain: %w", err)
			}
		}
	}
	return nil
}

// referred returns the names in use: the connections, and what they refer to. Where one of them cannot be read,
// everything is in use, for its key may be any of them.
func (s store) referred(ctx context.Context, names []string) (map[string]bool, error) {
	wanted := make(map[string]bool)
	for _, name := range names {
		id, ok := strings.CutPrefix(name, connectionPrefix)
		if !ok {
			continue
		}
		wanted[name], wanted[reportPrefix+id] = true, true
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
		wanted[keyPrefix+r.KeyID] = true
	}
	return wanted, nil
}
