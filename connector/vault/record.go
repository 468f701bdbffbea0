package vault

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// schema is the version of all records. A record with a higher schema is left alone.
const schema = 1

// intentSchema is the version of a page with an intent.
const intentSchema = 2

// newest returns the highest schema of such a record that this version can read.
func newest(record any) int {
	if _, ok := record.(*pageRecord); ok {
		return intentSchema
	}
	return schema
}

// maxInflated is how many bytes of JSON a record may have. A larger one counts as damaged.
const maxInflated = 4 << 20

// encode returns a record as deflated JSON.
func encode(record any) (secret.Secret, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("encode a record: %w", err)
	}
	// None of these calls can fail: the level is valid, and a bytes.Buffer takes everything.
	var deflated bytes.Buffer
	w, _ := flate.NewWriter(&deflated, flate.BestCompression)
	_, _ = w.Write(data)
	_ = w.Close()
	return secret.New(deflated.String()), nil
}

// decode reads a record. Its error is ErrDamaged or ErrNewer.
func decode(value secret.Secret, record any) error {
	// If the limit cuts the data off, the rest is not valid JSON.
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(value.Reveal())), maxInflated))
	var written struct {
		Schema int `json:"schema"`
	}
	switch {
	case err != nil, json.Unmarshal(data, &written) != nil, written.Schema < 1:
		return keychain.ErrDamaged
	case written.Schema > newest(record):
		return keychain.ErrNewer
	case json.Unmarshal(data, record) != nil:
		return keychain.ErrDamaged
	}
	return nil
}

// size returns the bytes of a stored value.
func size(value secret.Secret) int { return len(value.Reveal()) }

// get reads a record and returns its stored size in bytes. Its error is about this record, unless isFatal.
func (v *Vault) get(ctx context.Context, name string, record any) (bytes int, err error) {
	value, err := v.keychain.Get(ctx, name)
	if err != nil {
		return 0, err
	}
	if err := decode(value, record); err != nil {
		return 0, recordError(name, err)
	}
	return size(value), nil
}

// putFunc is Keychain.Put, for a record that has been read before, or Keychain.Create, for a new one.
type putFunc func(ctx context.Context, name string, value secret.Secret) error

// record stores a record and returns its stored size in bytes.
func (put putFunc) record(ctx context.Context, name string, record any) (bytes int, err error) {
	value, err := encode(record)
	if err != nil {
		return 0, err
	}
	return size(value), put(ctx, name, value)
}

func recordError(name string, kind error) error {
	return &keychain.Error{Op: "read", Name: name, Kind: kind}
}

// isFatal reports whether err is a failure of the whole keychain. Otherwise it is about one record, or nil.
func isFatal(err error) bool {
	for _, kind := range []error{keychain.ErrNotFound, keychain.ErrDamaged, keychain.ErrNewer, keychain.ErrGone, keychain.ErrIncomplete} {
		if errors.Is(err, kind) {
			return false
		}
	}
	return err != nil
}

func isNotFound(err error) bool { return errors.Is(err, keychain.ErrNotFound) }
func isNewer(err error) bool    { return errors.Is(err, keychain.ErrNewer) }
