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
	wipe := func() {
		if err := New(System(), windowsService).Wipe(context.Background()); err != nil { // the test's context ends before its clean-up
			t.Fatal(err)
		}
		if left := entriesOf(t); len(left) != 0 {
			t.Fatalf("%d entries are left", len(left))
		}
	}
	wipe()
	t.Cleanup(wipe)
	k, values := keptOn(t, windowsService)
	for user, text := range entriesOf(t) {
		if len(text) > smallest {
			t.Errorf("%s takes %d bytes", user, len(text))
		}
	}
	put(t, k, "key/2", "small")
	holds(t, New(System(), windowsService), "key/2", "small")
	if n := len(entriesOf(t)); n < 6 || n > 15 {
		t.Errorf("the parts of the former value are left: %d entries", n)
	}

	behindItsBack(t, k, windowsService)
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
