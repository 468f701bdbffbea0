package keychain

import (
	"context"
	"strings"
	"testing"

	"github.com/danieljoos/wincred"

	"controlmap-jumpcloud/connector/secret"
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
		if err := New(System(), windowsService).DeleteAll(context.Background()); err != nil { // the test's context ends before its clean-up
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
	if n := len(entriesOf(t)); n != len(values) {
		t.Errorf("%d entries for %d values", n, len(values))
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

// The limit is Windows' own: it refuses what is one byte larger. Our largest entry is as large as it may be.
func TestTheLimitOfTheCredentialManager(t *testing.T) {
	t.Cleanup(func() { _ = System().DeleteAll(windowsService) })
	if err := System().Set(windowsService, "limit", strings.Repeat("x", smallest)); err != nil {
		t.Errorf("%d bytes: %v", smallest, err)
	}
	if err := System().Set(windowsService, "limit", strings.Repeat("x", smallest+1)); classify(err) != ErrTooBig {
		t.Errorf("%d bytes: %v", smallest+1, err)
	}
	k := New(System(), windowsService)
	for name, value := range map[string]string{"key/1": long(MaxValue), "key/2": strings.Repeat("\xff", MaxValue)} {
		put(t, k, name, value)
		holds(t, New(System(), windowsService), name, value)
	}
	failed(t, k.Put(t.Context(), "key/3", secret.New(long(MaxValue+1))), ErrTooBig, "")
	if err := k.DeleteAll(t.Context()); err != nil || len(entriesOf(t)) != 0 {
		t.Errorf("%d entries are left, %v", len(entriesOf(t)), err)
	}
}
