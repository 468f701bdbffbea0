//go:build windows || darwin

package keychain

import (
	"strings"
	"testing"
)

// What the tests of Windows' and of the Mac's keychain share. Both use that of the user who runs them, under a service of
// their own.

// keptOn puts values of all kinds, and reads them as the next start does.
func keptOn(t *testing.T, service string) (*Keychain, map[string]string) {
	t.Helper()
	k := New(System(), service)
	large, raw := long(MaxValue), strings.Repeat(string(everyByte()), 7)
	values := map[string]string{"key/1": "s3cret", "key/2": large, "key/3": raw, "key/4": "", "key/5": "Ørsted 株式会社"}
	for name, value := range values {
		put(t, k, name, value)
	}
	other := New(System(), service)
	for name, value := range values {
		holds(t, other, name, value)
	}
	return k, values
}

// behindItsBack changes one entry and deletes another one: both are noticed.
func behindItsBack(t *testing.T, k *Keychain, service string) {
	t.Helper()
	if err := System().Set(service, "key/1", "changed"); err != nil {
		t.Fatal(err)
	}
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrDamaged, "")
	if err := System().Delete(service, "key/4"); err != nil {
		t.Fatal(err)
	}
	_, err = k.Get(t.Context(), "key/4")
	failed(t, err, ErrNotFound, "")
}
