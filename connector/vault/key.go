package vault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// keyRecord is an API key.
type keyRecord struct {
	Schema int `json:"schema"`
	// Service says what the key is for. This version knows JumpCloud only; a key for another service stays as it is.
	Service string `json:"service"`
	Key     string `json:"key"`
}

const jumpCloud = "jumpcloud"

func keyName(n int) string { return "key/" + strconv.Itoa(n) }

// Fingerprint tells keys apart without showing them: 96 bits of a hash.
func Fingerprint(key secret.Secret) string {
	sum := sha256.Sum256([]byte(key.Reveal()))
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

func (v *Vault) readKey(ctx context.Context, n int) (keyRecord, error) {
	var r keyRecord
	if _, err := v.get(ctx, keyName(n), &r); err != nil {
		return keyRecord{}, fmt.Errorf("read the API key: %w", err)
	}
	return r, nil
}

// is reports whether this is the key with the fingerprint.
func (r keyRecord) is(fingerprint string) bool {
	return r.Service == jumpCloud && Fingerprint(secret.New(r.Key)) == fingerprint
}

// keyOf reads the key of a connection.
func (v *Vault) keyOf(ctx context.Context, one Connection) (secret.Secret, error) {
	r, err := v.readKey(ctx, one.KeyNumber)
	if err != nil {
		return secret.Secret{}, err
	}
	if !r.is(one.Fingerprint) {
		return secret.Secret{}, recordError(keyName(one.KeyNumber), keychain.ErrDamaged)
	}
	return secret.New(r.Key), nil
}

// saveKey stores a key, unless a connection uses it already, and returns its number. Where connections use it, but its record
// is missing or damaged, it makes that record anew: then all of them have their key again.
func (v *Vault) saveKey(ctx context.Context, c *contents, key secret.Secret) (int, error) {
	fingerprint, record := Fingerprint(key), keyRecord{schema, jumpCloud, key.Reveal()}
	tried := make(map[int]bool)
	for _, one := range c.all() {
		if one.Fingerprint != fingerprint || tried[one.KeyNumber] {
			continue
		}
		tried[one.KeyNumber] = true
		switch r, err := v.readKey(ctx, one.KeyNumber); {
		case err == nil && r.is(fingerprint):
			return one.KeyNumber, nil
		case err == nil: // another key, which stays
		case isNotFound(err), errors.Is(err, keychain.ErrDamaged):
			return one.KeyNumber, v.storeKey(ctx, one.KeyNumber, record, v.put)
		default:
			return 0, err
		}
	}
	return v.createKey(ctx, c, record)
}

func (v *Vault) storeKey(ctx context.Context, n int, record keyRecord, store func(context.Context, string, any) error) error {
	if err := store(ctx, keyName(n), record); err != nil {
		return fmt.Errorf("save the API key: %w", err)
	}
	v.noteKey(keyRef{n, Fingerprint(secret.New(record.Key))}, true)
	return nil
}

// keyRef is a key that a connection uses. Another key may get its number later.
type keyRef struct {
	number      int
	fingerprint string
}

func (c Connection) keyRef() keyRef { return keyRef{c.KeyNumber, c.Fingerprint} }

// noteKey notes whether a key is there, for List.
func (v *Vault) noteKey(k keyRef, there bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if there {
		delete(v.keyless, k)
	} else {
		v.keyless[k] = true
	}
}

// createKey stores a key under the lowest number that is free.
func (v *Vault) createKey(ctx context.Context, c *contents, record keyRecord) (int, error) {
	used := c.keyNumbers()
	for n := range maxNumber {
		if used[n] {
			continue
		}
		if err := v.storeKey(ctx, n, record, v.create); !errors.Is(err, keychain.ErrExists) {
			return n, err
		}
	}
	return 0, &keychain.Error{Op: "put", Name: keyName(maxNumber), Kind: keychain.ErrTooBig}
}

// mayDelete returns [keychain.ErrNewer] if a later version has written the key of this connection.
func (v *Vault) mayDelete(ctx context.Context, one Connection) error {
	if _, err := v.readKey(ctx, one.KeyNumber); stops(err) || isNewer(err) {
		return err
	}
	return nil
}

// deleteKey deletes a key, unless a connection uses it, or may use it, or it is not ours.
func (v *Vault) deleteKey(ctx context.Context, c *contents, n int) error {
	if c.unreadable() != nil || c.keyNumbers()[n] {
		return nil
	}
	r, err := v.readKey(ctx, n)
	switch {
	case stops(err):
		return err
	case isNotFound(err), isNewer(err), err == nil && r.Service != jumpCloud:
		return nil
	}
	return v.keychain.Delete(ctx, keyName(n))
}

// keyring is what there is of keys.
type keyring struct {
	missing map[int]bool // that connections use
	unused  []int        // that may be deleted
	end     int          // follows the highest number
}

// readKeyring looks at every key. A key without a connection may be deleted only if all pages can be read and no key of a
// connection is missing: else a page may be an old copy, and its present copy may use that key.
func (v *Vault) readKeyring(ctx context.Context, c *contents) (keyring, error) {
	used, k := c.keyNumbers(), keyring{missing: make(map[int]bool)}
	end := c.keysEnd()
	for n, missed := 0, 0; n < end || missed <= c.spare(); n++ {
		r, err := v.readKey(ctx, n)
		switch {
		case stops(err):
			return keyring{}, err
		case isNotFound(err):
			k.missing[n] = used[n]
			if n >= end {
				missed++
			}
			continue
		case !used[n] && !isNewer(err) && (err != nil || r.Service == jumpCloud):
			k.unused = append(k.unused, n)
		}
		k.end, missed = n+1, 0
	}
	for n := range k.missing {
		if !used[n] {
			delete(k.missing, n)
		}
	}
	if c.unreadable() != nil || len(k.missing) > 0 {
		k.unused = nil
	}
	return k, nil
}

// deleteUnused deletes the keys that nothing uses.
func (v *Vault) deleteUnused(ctx context.Context, k *keyring) error {
	for _, n := range slices.Backward(k.unused) {
		if err := v.keychain.Delete(ctx, keyName(n)); err != nil {
			return err
		}
		if n == k.end-1 {
			k.end = n
		}
	}
	k.unused = nil
	return nil
}
