package keychain

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// macService keeps the test's entries apart from the program's.
const macService = testService + ".mac"

// TestMacKeychain uses the login keychain of whoever runs it. It is run by the workflow on a Mac; where it was written there
// was none.
func TestMacKeychain(t *testing.T) {
	if os.Getenv("CONTROLMAP_E2E") != "1" {
		t.Skip("skipped: it uses your own keychain; CONTROLMAP_E2E=1 runs it")
	}
	wipe := func() {
		if err := New(System(), macService).DeleteAll(context.Background()); err != nil { // the test's context ends before its clean-up
			t.Fatal(err)
		}
		if n := entriesOfMac(t); n != 0 {
			t.Fatalf("%d entries are left", n)
		}
	}
	wipe()
	t.Cleanup(wipe)
	k, values := keptOn(t, macService)
	if n := entriesOfMac(t); n != len(values) {
		t.Errorf("%d entries for %d values", n, len(values))
	}
	behindItsBack(t, k, macService)
	for name := range values {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if n := entriesOfMac(t); n != 0 {
		t.Errorf("%d entries are left", n)
	}
}

// entriesOfMac counts the test's entries without our code: what is dumped has their attributes, not their values.
func entriesOfMac(t *testing.T) int {
	t.Helper()
	out, err := exec.Command("/usr/bin/security", "dump-keychain").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(out), `"svce"<blob>="`+macService+`"`)
}
