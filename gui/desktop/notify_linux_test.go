//go:build !headless

package desktop

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"github.com/godbus/dbus/v5"
)

// slowNotifier shows notifications, once it is let.
type slowNotifier struct{ told, let chan string }

// Notify is a method of org.freedesktop.Notifications.
func (n slowNotifier) Notify(_ string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	<-n.let
	n.told <- title + " | " + text
	return 1, nil
}

// TestNotify sends notifications over a real bus: where nothing shows them, where a service does, and where it hangs.
func TestNotify(t *testing.T) {
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("skipped: dbus-daemon is not here")
	}
	daemon := exec.Command("dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	app := test.NewTempApp(t)
	if err := Notify(t.Context(), app, "nobody", "sees it"); err == nil {
		t.Error("it is said to be shown where nothing shows it")
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	n := slowNotifier{make(chan string, 2), make(chan string)}
	if err := bus.Export(n, notifierPath, notifier); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(notifier, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := Notify(limited, app, "it", "hangs"); err == nil {
		t.Error("it is said to be shown by a service that hangs")
	}
	close(n.let)
	if err := Notify(t.Context(), app, "<b>Larkspur</b>", "works again"); err != nil {
		t.Error(err)
	}
	if first, second := <-n.told, <-n.told; first != "it | hangs" && second != "it | hangs" || first != "‹b›Larkspur‹/b› | works again" && second != "‹b›Larkspur‹/b› | works again" {
		t.Errorf("shown are %q and %q", first, second)
	}
}
