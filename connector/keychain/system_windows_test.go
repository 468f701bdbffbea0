package keychain

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/danieljoos/wincred"
)

// windowsService keeps the test's entries apart from the program's, on a computer of somebody's own.
const windowsService = testService + ".windows"

// entriesOf lists the entries of the test's service, with a library that go-keyring stands on and not with our code.
func entriesOf(t *testing.T) map[string]string {
	t.Helper()
	all, err := wincred.List()
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for _, c := range all {
		if user, ok := strings.CutPrefix(c.TargetName, windowsService+":"); ok {
			found[user] = string(c.CredentialBlob)
		}
	}
	return found
}

// TestCredentialManager uses the real one: Windows', or Wine's where scripts/test runs this.
func TestCredentialManager(t *testing.T) {
	k := New(System(), windowsService)
	wipe := func() {
		if err := k.Wipe(context.Background()); err != nil { // the test's context ends before its clean-up
			t.Fatal(err)
		}
		if left := entriesOf(t); len(left) != 0 {
			t.Fatalf("%d entries are left", len(left))
		}
	}
	wipe()
	t.Cleanup(wipe)
	large, raw := long(40<<10), strings.Repeat(string(everyByte()), 40)
	values := map[string]string{"key/1": "s3cret", "key/2": large, "key/3": raw, "key/4": "", "key/5": "Ørsted 株式会社"}
	for name, value := range values {
		put(t, k, name, value)
	}
	other := New(System(), windowsService)
	named(t, other, "key/1", "key/2", "key/3", "key/4", "key/5")
	for name, value := range values {
		holds(t, other, name, value)
	}
	for user, text := range entriesOf(t) {
		if len(text) > smallest {
			t.Errorf("%s takes %d bytes", user, len(text))
		}
	}
	put(t, k, "key/2", "small")
	holds(t, other, "key/2", "small")
	if n := len(entriesOf(t)); n < 6 || n > 15 {
		t.Errorf("the parts of the former value are left: %d entries", n)
	}

	// Behind our back.
	if err := System().Set(windowsService, "key/1", "changed"); err != nil {
		t.Fatal(err)
	}
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrDamaged, "")
	if err := System().Delete(windowsService, "key/4"); err != nil {
		t.Fatal(err)
	}
	_, err = k.Get(t.Context(), "key/4")
	failed(t, err, ErrNotFound, "")
	if removed, err := k.Repair(t.Context(), alone); removed != 1 || err != nil {
		t.Errorf("repaired %d, %v", removed, err)
	}
	for name := range values {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if left := entriesOf(t); len(left) != 0 {
		t.Errorf("%d entries are left", len(left))
	}
}

// The limit is Windows' own: what is one byte larger it refuses, and what is far larger our layout stores all the same.
func TestTheLimitOfTheCredentialManager(t *testing.T) {
	t.Cleanup(func() { _ = System().DeleteAll(windowsService) })
	if err := System().Set(windowsService, "limit", strings.Repeat("x", smallest)); err != nil {
		t.Errorf("%d bytes: %v", smallest, err)
	}
	if err := System().Set(windowsService, "limit", strings.Repeat("x", smallest+1)); classify(err) != ErrTooBig {
		t.Errorf("%d bytes: %v", smallest+1, err)
	}
	k := New(System(), windowsService)
	for n := range 60 { // more names than a page of the index has room for
		put(t, k, fmt.Sprintf("connection/%0100d", n), long(smallest+n))
	}
	names, err := New(System(), windowsService).Names(t.Context())
	if err != nil || len(names) != 60 {
		t.Errorf("%d names, %v", len(names), err)
	}
	holds(t, k, fmt.Sprintf("connection/%0100d", 59), long(smallest+59))
	if err := k.Wipe(t.Context()); err != nil || len(entriesOf(t)) != 0 {
		t.Errorf("%d entries are left, %v", len(entriesOf(t)), err)
	}
}
