package connector

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// schema is the version of the records. A record of a later one is refused, and left as it is.
const schema = 2

// maxRecord is how many bytes a record has at most once it is inflated: what is more is not one of ours.
const maxRecord = 4 << 20

// keyRecord is an API key. It is stored once, however many connections use it.
type keyRecord struct {
	Schema int    `json:"schema"`
	APIKey string `json:"api_key"`
}

// store reads and writes records in a keychain.
type store struct {
	*keychain.Keychain
	writing lock               // is taken while something changes what is stored
	others  *keychain.FileLock // keeps other processes from it meanwhile; nil where there are none
	hints   *hints
	apart   bool // every connection has an id that no other store has
}

func newStore(k *keychain.Keychain) store {
	return store{Keychain: k, writing: newLock(), hints: newHints()}
}

// write runs f while nothing else, and no other process, changes what is stored. Waiting for that ends with the context.
func (s store) write(ctx context.Context, f func() error) error {
	if err := s.writing.take(ctx); err != nil {
		return err
	}
	defer s.writing.leave()
	if s.others != nil {
		unlock, err := s.others.Lock(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	return f()
}

// lock is a mutex for which nobody has to wait longer than the context.
type lock chan struct{}

func newLock() lock { return make(lock, 1) }

func (l lock) take(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l lock) leave() { <-l }

// newID makes a name for a record that nothing else has.
func newID() string { return strings.ToLower(rand.Text()[:12]) }

// putRecord stores a record that has been read before, or of which nothing is worth keeping.
func (s store) putRecord(ctx context.Context, name string, record any) error {
	value, err := encoded(name, record)
	if err != nil {
		return err
	}
	return s.Put(ctx, name, value)
}

// createRecord stores a record where there is none: [keychain.ErrExists] if there is one.
func (s store) createRecord(ctx context.Context, name string, record any) error {
	value, err := encoded(name, record)
	if err != nil {
		return err
	}
	return s.Create(ctx, name, value)
}

// encoded is a record as deflated JSON: what a system keychain takes long for is many entries.
func encoded(name string, record any) (secret.Secret, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("encode %s: %w", name, err)
	}
	if len(data) > maxRecord { // it would not be read again, however little is left of it when it is deflated
		return secret.Secret{}, &keychain.Error{Op: "put", Name: name, Kind: keychain.ErrTooBig}
	}
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	if _, err := w.Write(data); err != nil {
		return secret.Secret{}, fmt.Errorf("encode %s: %w", name, err)
	}
	if err := w.Close(); err != nil {
		return secret.Secret{}, fmt.Errorf("encode %s: %w", name, err)
	}
	return secret.New(deflated.String()), nil
}

func (s store) getRecord(ctx context.Context, name string, record any) error {
	value, err := s.Get(ctx, name)
	if err != nil {
		return err
	}
	data, err := inflated(value.Reveal())
	var version struct {
		Schema int `json:"schema"`
	}
	switch {
	case err != nil, json.Unmarshal(data, &version) != nil, version.Schema < 1:
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrDamaged}
	case version.Schema > schema:
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrNewer}
	case json.Unmarshal(data, record) != nil:
		return &keychain.Error{Op: "read", Name: name, Kind: keychain.ErrDamaged}
	}
	return nil
}

// inflated returns the JSON of a record.
func inflated(value string) ([]byte, error) {
	r, err := zlib.NewReader(strings.NewReader(value))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxRecord)) // what is cut off here is no JSON any more
}

// stops tells the failures of the whole keychain from those of one record.
func stops(err error) bool {
	for _, kind := range []error{keychain.ErrDamaged, keychain.ErrIncomplete, keychain.ErrGone, keychain.ErrNewer, keychain.ErrBusy} {
		if errors.Is(err, kind) {
			return false
		}
	}
	return err != nil
}

func (s store) key(ctx context.Context, id string) (secret.Secret, error) {
	var r keyRecord
	if err := s.getRecord(ctx, keyPrefix+id, &r); err != nil {
		return secret.Secret{}, fmt.Errorf("read the API key: %w", err)
	}
	return secret.New(r.APIKey), nil
}

// saveKey stores the key, unless a connection uses it already, and returns its id. Where connections use it, but its record is
// gone or damaged, it makes that record anew: so all of them have their key again.
func (s store) saveKey(ctx context.Context, key secret.Secret, all []placed) (string, error) {
	print, lost := fingerprint(key), ""
	for _, p := range all {
		if p.KeyPrint != print {
			continue
		}
		stored, err := s.key(ctx, p.KeyID)
		if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
			return "", err
		}
		if err == nil && stored.Equal(key) {
			return p.KeyID, nil
		}
		if errors.Is(err, keychain.ErrNotFound) || errors.Is(err, keychain.ErrDamaged) {
			lost = p.KeyID
		}
	}
	id, put := newID(), s.createRecord
	if lost != "" {
		id, put = lost, s.putRecord
	}
	if err := put(ctx, keyPrefix+id, keyRecord{schema, key.Reveal()}); err != nil {
		return "", fmt.Errorf("save the API key: %w", err)
	}
	return id, nil
}

// fingerprint tells keys apart without reading them: some bits of a hash, from which a key cannot be found.
func fingerprint(key secret.Secret) string {
	sum := sha256.Sum256([]byte(key.Reveal()))
	return base64.RawStdEncoding.EncodeToString(sum[:6])
}
