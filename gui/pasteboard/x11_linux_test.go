package pasteboard

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// insideVariable says that the test's program runs inside of the virtual display.
const insideVariable = "PASTEBOARD_TEST_INSIDE"

const made = "jca_TESTclipboard00000000000000000000000001"

// TestCopy copies on a real X display, and reads with a program that shares no code with ours.
func TestCopy(t *testing.T) {
	if os.Getenv(insideVariable) != "" {
		inside(t)
		return
	}
	for _, tool := range []string{"Xvfb", "openbox", "xdotool", "xclip"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CONTROLMAP_E2E") == "1" {
			t.Fatalf("%s is missing; scripts/test installs it", tool)
		} else if err != nil {
			t.Skipf("skipped: %s is not here; scripts/test installs it", tool)
		}
	}
	again := exec.Command("../../scripts/with-display", os.Args[0], "-test.run=^TestCopy$", "-test.v")
	again.Env = append(os.Environ(), insideVariable+"=1")
	if out, err := again.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestCopy")) {
		t.Errorf("inside of the display: %v\n%s", err, out)
	}
}

func inside(t *testing.T) {
	if err := Copy(secret.New("the one before")); err != nil {
		t.Fatal(err)
	}
	if err := Copy(secret.New(made)); err != nil {
		t.Fatal(err)
	}
	offered := strings.Fields(pasted(t, "TARGETS"))
	for _, target := range append([]string{hint}, textTargets...) {
		if !slices.Contains(offered, target) {
			t.Errorf("%s is not among what is offered: %q", target, offered)
		}
	}
	for _, target := range textTargets {
		if pasted(t, target) != made {
			t.Errorf("as %s something else is pasted", target)
		}
	}
	if got := pasted(t, hint); got != "secret" {
		t.Errorf("the mark is %q", got)
	}
	if out, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", "image/png").Output(); err == nil {
		t.Errorf("as a picture it gives %d bytes", len(out))
	}
	other := exec.Command("xclip", "-selection", "clipboard")
	other.Stdin = strings.NewReader("something else")
	if err := other.Run(); err != nil {
		t.Fatal(err)
	}
	if pasted(t, "UTF8_STRING") != "something else" {
		t.Error("what another program copies later does not count")
	}
}

// pasted is what is on the clipboard in this form.
func pasted(t *testing.T, target string) string {
	t.Helper()
	out, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", target).Output()
	if err != nil {
		t.Errorf("xclip -t %s: %v", target, err)
	}
	return string(out)
}

func TestNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	if err := Copy(secret.New(made)); err == nil {
		t.Error("copied to nowhere")
	} else if strings.Contains(err.Error(), made) {
		t.Error("the error repeats what was to be copied")
	}
}
