package program

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestAClipboardThatHangs pastes and copies in the built app while the program that holds the clipboard is stopped. The window
// must go on, say what is the matter, and keep what was typed. When that program goes on, pasting works again.
func TestAClipboardThatHangs(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		d.start()
		d.typeText("jca_TESThalf")
		holder := d.holdClipboard("jca_TESTother")
		if err := holder.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		d.pastesNothing()
		d.copiesAllTheSame("jca_TESThalf")
		holder = d.holdClipboard("jca_TESTother")
		if err := holder.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		d.pastesNothing()
		if err := holder.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		before := d.still()
		d.key("ctrl+v")
		d.until("what is pasted is there", func() bool { return differing(before, d.picture()) > 300 })
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "xclip", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"},
		"scripts/with-keyring", "scripts/with-display")
}

// holdClipboard starts a program that holds the clipboard with this text.
func (d *desk) holdClipboard(text string) *os.Process {
	d.t.Helper()
	program := exec.Command("xclip", "-selection", "clipboard", "-quiet") // it does not leave for the background
	program.Stdin = strings.NewReader(text)
	if err := program.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = program.Process.Kill(); _ = program.Wait() })
	d.holds(text)
	return program.Process
}

// pastesNothing presses Ctrl+V. Meanwhile the window must show and hide the key as always, and then say why nothing came.
func (d *desk) pastesNothing() {
	d.t.Helper()
	before := d.still()
	d.key("ctrl+v", "ctrl+r")
	d.until("the key is shown", func() bool { return differing(before, d.picture()) > 300 })
	d.until("the window says that the clipboard does not answer", func() bool { return differing(before, d.picture()) > 20_000 })
	d.key("Escape", "ctrl+r")
	if n := differing(before, d.still()); n > 400 {
		d.t.Errorf("after a paste that brought nothing, %d pixels differ", n)
	}
}

// copiesAllTheSame copies the field's text. That takes the clipboard from the program that does not answer.
func (d *desk) copiesAllTheSame(text string) {
	d.t.Helper()
	d.key("ctrl+r", "ctrl+a", "ctrl+c") // what is hidden is not copied
	d.holds(text)
	d.key("ctrl+r", "End")
}
