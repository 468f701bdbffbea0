package pasteboard

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// TestCopy uses the real pasteboard. It is run by the workflow on a Mac; where it was written there was none.
func TestCopy(t *testing.T) {
	const made = "jca_TESTclipboard00000000000000000000000001"
	var board System
	claim, err := board.Copy(t.Context(), secret.New(made), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		empty := exec.Command("pbcopy")
		empty.Stdin = strings.NewReader("")
		_ = empty.Run()
	})
	if out, err := exec.Command("pbpaste").Output(); err != nil || string(out) != made {
		t.Errorf("%d bytes of something else are pasted, %v", len(out), err)
	}
	if got, err := board.Read(t.Context(), 8); err != nil || !got.Equal(secret.New(made[:8])) {
		t.Errorf("of 8 bytes %v is read, %v", got, err)
	}
	if !claim.Release() || claim.Release() {
		t.Error("it is not taken away, or twice")
	}
	if _, err := board.Read(t.Context(), 1000); !errors.Is(err, ErrNoText) {
		t.Errorf("after that it reads %v", err)
	}
}
