package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// keyName is the keychain's entry with the key.
const keyName = "history"

// keyRecord is the key as it is stored.
type keyRecord struct {
	Version int    `json:"version"`
	Key     string `json:"key"` // an X25519 identity, in age's own form
}

// sealer seals and opens files. Functions hold the key, and not a field, so that printing cannot reach it; see [secret.Secret].
type sealer struct {
	seal func(plain []byte) ([]byte, error)
	open func(sealed []byte) ([]byte, error)
}

func newSealer(key *age.X25519Identity) *sealer {
	return &sealer{
		seal: func(plain []byte) ([]byte, error) {
			var sealed bytes.Buffer
			w, err := age.Encrypt(&sealed, key.Recipient())
			if err == nil {
				_, err = w.Write(plain)
			}
			if err == nil {
				err = w.Close()
			}
			return sealed.Bytes(), err
		},
		open: func(sealed []byte) ([]byte, error) {
			r, err := age.Decrypt(bytes.NewReader(sealed), key)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(r)
		},
	}
}

// readKey reads the key once, and then holds it. The error is [keychain.ErrNotFound], [keychain.ErrDamaged], [keychain.ErrNewer], or a
// failure of the keychain.
func (h *History) readKey(ctx context.Context) (*sealer, error) {
	h.mu.Lock()
	held := h.key
	h.mu.Unlock()
	if held != nil {
		return held, nil
	}
	value, err := h.keychain.Get(ctx, keyName)
	if err != nil {
		return nil, err
	}
	key, kind := parseKey(value)
	if kind != nil {
		return nil, &keychain.Error{Op: "read", Name: keyName, Kind: kind}
	}
	return h.hold(key), nil
}

// parseKey reads a stored key. The error is [keychain.ErrDamaged] or [keychain.ErrNewer]. It does not hold the library's error, which may
// repeat a part of the key.
func parseKey(value secret.Secret) (*age.X25519Identity, error) {
	var r keyRecord
	if json.Unmarshal([]byte(value.Reveal()), &r) != nil || r.Version < 1 {
		return nil, keychain.ErrDamaged
	}
	if r.Version > version {
		return nil, keychain.ErrNewer
	}
	key, err := age.ParseX25519Identity(r.Key)
	if err != nil {
		return nil, keychain.ErrDamaged
	}
	return key, nil
}

func (h *History) hold(key *age.X25519Identity) *sealer {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.key = newSealer(key)
	return h.key
}

func (h *History) forgetKey() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.key = nil
}

// keyToSeal returns the key, and makes one if there is none or if it is damaged. The keychain has read a new key back before anything is
// sealed with it. A key that cannot be read for another reason is left as it is. Call keyToSeal within locked: otherwise two processes might
// each make a key.
func (h *History) keyToSeal(ctx context.Context) (*sealer, error) {
	stored, err := h.readKey(ctx)
	put := h.keychain.Create
	switch {
	case errors.Is(err, keychain.ErrNotFound):
	case errors.Is(err, keychain.ErrDamaged):
		put = h.keychain.Put
	case errors.Is(err, keychain.ErrNewer):
		return nil, fmt.Errorf("%w: %w", ErrNewer, err)
	default:
		return stored, err
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(keyRecord{version, key.String()})
	if err != nil {
		return nil, err
	}
	switch err := put(ctx, keyName, secret.New(string(value))); {
	case errors.Is(err, keychain.ErrExists): // another process could make one, where files cannot be locked
		return h.readKey(ctx)
	case err != nil:
		return nil, err
	}
	return h.hold(key), nil
}
