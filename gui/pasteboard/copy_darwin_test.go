package pasteboard

import (
	"os/exec"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// TestCopy uses the real pasteboard. It is run by the workflow on a Mac; where it was written there was none.
func TestCopy(t *testing.T) {
	const made = "jca_TESTclipboard00000000000000000000000001"
	if err := Copy(secret.New(made)); err != nil {
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
}
