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

// schema is the version of all records. A record of a later one stays as it is.
const schema = 1

// maxInflated is how many bytes of JSON a record has at most. More than that is no record of ours.
const maxInflated = 4 << 20

// encode returns a record as deflated JSON.
func encode(record any) (secret.Secret, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return secret.Secret{}, fmt.Errorf("encode a record: %w", err)
	}
	var deflated bytes.Buffer
	w, err := flate.NewWriter(&deflated, flate.BestCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return secret.Secret{}, fmt.Errorf("encode a record: %w", err)
	}
	return secret.New(deflated.String()), nil
}

// decode reads a record. Its error is ErrDamaged or ErrNewer.
func decode(value secret.Secret, record any) error {
	// What the limit cuts off is no JSON any more.
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(strings.NewReader(value.Reveal())), maxInflated))
	var written struct {
		Schema int `json:"schema"`
	}
	switch {
	case err != nil, json.Unmarshal(data, &written) != nil, written.Schema < 1:
		return keychain.ErrDamaged
	case written.Schema > schema:
		return keychain.ErrNewer
	case json.Unmarshal(data, record) != nil:
		return keychain.ErrDamaged
	}
	return nil
}

// size is how many bytes a stored value has.
func size(value secret.Secret) int { return len(value.Reveal()) }

// get reads a record. Its error is about this record, or stops everything (see stops).
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

// put stores a record that has been read before.
func (v *Vault) put(ctx context.Context, name string, record any) error {
	value, err := encode(record)
	if err != nil {
		return err
	}
	return v.keychain.Put(ctx, name, value)
}

// create stores a record where there is none.
func (v *Vault) create(ctx context.Context, name string, record any) error {
	value, err := encode(record)
	if err != nil {
		return err
	}
	return v.keychain.Create(ctx, name, value)
}

func recordError(name string, kind error) error {
	return &keychain.Error{Op: "read", Name: name, Kind: kind}
}

// stops tells the failures of the whole keychain from those of one record.
func stops(err error) bool {
	for _, kind := range []error{keychain.ErrNotFound, keychain.ErrDamaged, keychain.ErrNewer, keychain.ErrGone, keychain.ErrIncomplete} {
		if errors.Is(err, kind) {
			return false
		}
	}
	return err != nil
}

func isNotFound(err error) bool { return errors.Is(err, keychain.ErrNotFound) }
func isNewer(err error) bool    { return errors.Is(err, keychain.ErrNewer) }
