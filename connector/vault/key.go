package vault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// keyRecord is an API key as it is stored. Outside readKey, storeKey and the JSON of the record, a key is a secret.Secret.
type keyRecord struct {
	Schema  int    `json:"schema"`
	Service string `json:"service"` // what the key is for
	Key     string `json:"key"`
}

// jumpCloud is the only service that this version knows.
const jumpCloud = "jumpcloud"

func keyName(n int) string { return "key/" + strconv.Itoa(n) }

// Fingerprint returns 96 bits of the key's SHA-256, in base64. It identifies the key without showing it.
func Fingerprint(key secret.Secret) string {
	sum := sha256.Sum256([]byte(key.Reveal()))
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

// errForeign says that a key is for a service that this version does not know. The key is left alone. For a connection, it counts
// as damaged: another key is stored in the place of its own.
var errForeign = errors.New("a key for another service")

// mustStay reports whether err says that a later version wrote the record, or that the key is for another service.
func mustStay(err error) bool { return isNewer(err) || errors.Is(err, errForeign) }

// readKey reads key n. The error is errForeign if the key is for another service.
func (v *Vault) readKey(ctx context.Context, n int) (secret.Secret, error) {
	var r keyRecord
	_, err := v.get(ctx, keyName(n), &r)
	if err == nil && r.Service != jumpCloud {
		err = &keychain.Error{Op: "read", Name: keyName(n), Kind: keychain.ErrDamaged, Err: errForeign}
	}
	if err != nil {
		return secret.Secret{}, fmt.Errorf("read the API key: %w", err)
	}
	return secret.New(r.Key), nil
}

// storeKey writes key n with put, which is Keychain.Put or Keychain.Create.
func (v *Vault) storeKey(ctx context.Context, n int, key secret.Secret, put putFunc) error {
	if _, err := put.record(ctx, keyName(n), keyRecord{schema, jumpCloud, key.Reveal()}); err != nil {
		return fmt.Errorf("save the API key: %w", err)
	}
	v.noteKey(keyRef{n, Fingerprint(key)}, true)
	return nil
}

// keyOf reads the key of a connection. The error is ErrDamaged if another key is stored under its number.
func (v *Vault) keyOf(ctx context.Context, one Connection) (secret.Secret, error) {
	key, err := v.readKey(ctx, one.KeyNumber)
	if err == nil && Fingerprint(key) != one.Fingerprint {
		return secret.Secret{}, recordError(keyName(one.KeyNumber), keychain.ErrDamaged)
	}
	return key, err
}

// saveKey returns the number of the key, and stores the key if no connection uses it yet. If connections use it and its record
// is missing or damaged, it writes that record again, which repairs all of them.
func (v *Vault) saveKey(ctx context.Context, c *contents, key secret.Secret) (int, error) {
	fingerprint := Fingerprint(key)
	tried := make(map[int]bool)
	for _, one := range c.all() {
		if one.Fingerprint != fingerprint || tried[one.KeyNumber] {
			continue
		}
		tried[one.KeyNumber] = true
		switch stored, err := v.readKey(ctx, one.KeyNumber); {
		case err == nil && stored.Equal(key):
			return one.KeyNumber, nil
		case err == nil, errors.Is(err, errForeign): // another key has this number: leave it
		case isNotFound(err), errors.Is(err, keychain.ErrDamaged):
			return one.KeyNumber, v.storeKey(ctx, one.KeyNumber, key, v.keychain.Put)
		default:
			return 0, err
		}
	}
	return v.createKey(ctx, c, key)
}

// createKey stores a key under the lowest free number.
func (v *Vault) createKey(ctx context.Context, c *contents, key secret.Secret) (int, error) {
	used := c.keyNumbers()
	for n := range maxNumber {
		if used[n] {
			continue
		}
		if err := v.storeKey(ctx, n, key, v.keychain.Create); !errors.Is(err, keychain.ErrExists) {
			return n, err
		}
	}
	return 0, &keychain.Error{Op: "put", Name: keyName(maxNumber), Kind: keychain.ErrTooBig}
}

// keyRef identifies the key of a connection. The number alone does not: another key may get it later.
type keyRef struct {
	number      int
	fingerprint string
}

func (c Connection) keyRef() keyRef { return keyRef{c.KeyNumber, c.Fingerprint} }

// Keys holds API keys that were read a short while ago, for work on many connections that share them. The zero value is empty.
type Keys struct{ read sync.Map } // by keyRef

func (k *Keys) find(ref keyRef) (secret.Secret, bool) {
	key, known := k.read.Load(ref)
	if !known {
		return secret.Secret{}, false
	}
	return key.(secret.Secret), true
}

func (k *Keys) add(ref keyRef, key secret.Secret) { k.read.Store(ref, key) }

// noteKey notes for List whether a key is there.
func (v *Vault) noteKey(k keyRef, there bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if there {
		delete(v.missingKeys, k)
	} else {
		v.missingKeys[k] = true
	}
}

// mayDelete returns [keychain.ErrNewer] if a later version wrote the key of this connection.
func (v *Vault) mayDelete(ctx context.Context, one Connection) error {
	if _, err := v.readKey(ctx, one.KeyNumber); isFatal(err) || isNewer(err) {
		return err
	}
	return nil
}

// deleteKey deletes key n. It does nothing if a connection uses the key, or may use it, or if the key must stay.
func (v *Vault) deleteKey(ctx context.Context, c *contents, n int) error {
	if c.unreadable() != nil || c.keyNumbers()[n] {
		return nil
	}
	_, err := v.readKey(ctx, n)
	switch {
	case isFatal(err):
		return err
	case isNotFound(err), mustStay(err):
		return nil
	}
	if err := v.countKeys(ctx, c, n+1); err != nil {
		return err
	}
	return v.keychain.Delete(ctx, keyName(n))
}

// keyring says which keys are stored.
type keyring struct {
	missing map[int]bool // connections use these numbers, but no key is stored under them
	unused  []int        // may be deleted
	end     int          // the lowest number above all keys and above all numbers that connections use
	kept    int          // what end is without the unused keys
}

// readKeyring reads every key. An unused key may be deleted only if all pages can be read and no connection lacks its key.
// Otherwise a page may be an old copy, and the current one may use that key.
func (v *Vault) readKeyring(ctx context.Context, c *contents) (keyring, error) {
	used, k := c.keyNumbers(), keyring{missing: make(map[int]bool)}
	end := c.keysEnd()
	for n, gap := 0, 0; n < end || gap <= c.maxGap(); n++ {
		_, err := v.readKey(ctx, n)
		switch {
		case isFatal(err):
			return keyring{}, err
		case isNotFound(err):
			if n >= end {
				gap++
			}
			if !used[n] {
				continue
			}
			k.missing[n], k.kept = true, n+1
		case !used[n] && !mustStay(err):
			k.unused, gap = append(k.unused, n), 0
		default:
			k.kept, gap = n+1, 0
		}
		k.end = n + 1
	}
	if c.unreadable() != nil {
		k.end = max(k.end, c.index.Keys)
	}
	if c.unreadable() != nil || len(k.missing) > 0 {
		k.unused, k.kept = nil, k.end
	}
	return k, nil
}

// deleteUnused deletes the unused keys.
func (v *Vault) deleteUnused(ctx context.Context, c *contents, k *keyring) error {
	if len(k.unused) == 0 {
		return nil
	}
	if err := v.countKeys(ctx, c, k.end); err != nil {
		return err
	}
	for _, n := range slices.Backward(k.unused) {
		if err := v.keychain.Delete(ctx, keyName(n)); err != nil {
			return err
		}
	}
	k.unused, k.end = nil, k.kept
	return nil
}
