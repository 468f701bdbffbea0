//go:build !headless

package tray

import (
	"bufio"
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/gui/desktop/tray/traytest"
)

// newBus starts a session bus, at which this process looks from now on. The returned function ends it.
func newBus(t *testing.T) (end func()) {
	t.Helper()
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
	ended := false
	end = func() {
		if !ended {
			ended = true
			_ = daemon.Process.Kill()
			_ = daemon.Wait()
		}
	}
	t.Cleanup(end)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	return end
}

func newPanel(t *testing.T, hosted bool) *traytest.Panel {
	t.Helper()
	p, err := traytest.Start(hosted)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// next returns the next value of a channel, and fails the test if none comes.
func next[T any](t *testing.T, what string, from <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-from:
	case <-time.After(30 * time.Second):
		t.Fatalf("waited in vain for %s", what)
	}
	return value
}

// until takes values until one is the wanted one.
func until(t *testing.T, what string, from <-chan bool, want bool) {
	t.Helper()
	for next(t, what, from) != want {
	}
}

func TestTheTrayComesAndGoes(t *testing.T) {
	end := newBus(t)
	changes, over := make(chan bool, 20), make(chan bool)
	go func() {
		System{}.Watch(t.Context(), func(here bool) { changes <- here })
		close(over)
	}()
	if next(t, "the first answer", changes) {
		t.Fatal("a bus without a panel has a tray")
	}
	p := newPanel(t, false)
	if next(t, "an answer after the panel's start", changes) {
		t.Error("a panel that shows no icons yet counts")
	}
	if err := p.Host(); err != nil {
		t.Fatal(err)
	}
	until(t, "the host", changes, true)
	p.Stop()
	until(t, "the panel's end", changes, false)
	p = newPanel(t, true)
	until(t, "another panel", changes, true)
	end()
	until(t, "the end of the bus", changes, false)
	next(t, "the end of the watch", over)
}

// busy is a panel that does not answer, as long as the test runs.
type busy struct{ until <-chan struct{} }

// Get is a method of org.freedesktop.DBus.Properties.
func (b busy) Get(string, string) (dbus.Variant, *dbus.Error) {
	<-b.until
	return dbus.MakeVariant(true), nil
}

// A panel that is too busy to answer is a tray all the same.
func TestABusyPanelIsATray(t *testing.T) {
	newBus(t)
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	if err := bus.Export(busy{t.Context().Done()}, watcherPath, "org.freedesktop.DBus.Properties"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(watcher, 0); err != nil {
		t.Fatal(err)
	}
	changes := make(chan bool, 20)
	go System{}.Watch(t.Context(), func(here bool) { changes <- here })
	if !next(t, "an answer", changes) {
		t.Error("it is taken for none")
	}
}

func TestWithoutABusThereIsNoTray(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	changes := make(chan bool, 20)
	System{}.Watch(t.Context(), func(here bool) { changes <- here })
	if next(t, "an answer", changes) {
		t.Error("there is one")
	}
}

func TestTheWatchEndsWithItsContext(t *testing.T) {
	newBus(t)
	ctx, cancel := context.WithCancel(t.Context())
	changes, over := make(chan bool, 20), make(chan bool)
	go func() {
		System{}.Watch(ctx, func(here bool) { changes <- here })
		close(over)
	}()
	next(t, "an answer", changes)
	cancel()
	next(t, "the end of the watch", over)
}

var iconShown bool

// The icon is registered with its name and picture, does what is clicked, takes other labels, and is registered again with a panel that has
// started anew, whatever else came in meanwhile. It is one test, and runs once: a program has one icon.
func TestTheIconInTheTray(t *testing.T) {
	if iconShown {
		t.Skip("skipped: this process has its icon")
	}
	iconShown = true
	newBus(t)
	p := newPanel(t, true)
	did := make(chan string, 20)
	do := func(what string) func() { return func() { did <- what } }
	relabel := System{}.Show(Icon{Name: "Test", Picture: assets.Tray, Open: do("tapped"),
		Items: []Item{{"Open", do("open")}, {"Check all", do("check")}, {"Quit", do("quit")}}})
	next(t, "the icon", p.Registered)

	if title, err := p.Property("Title"); title != "Test" || err != nil {
		t.Errorf("its name is %v, %v", title, err)
	}
	if pictures, err := p.Property("IconPixmap"); err != nil || len(pictures.([][]any)) != 1 || pictures.([][]any)[0][0] != int32(64) {
		t.Errorf("its picture is not there: %v", err)
	}
	if labels, err := p.Labels(); err != nil || !slices.Equal(labels, []string{"Open", "Check all", "Quit"}) {
		t.Errorf("its menu is %q, %v", labels, err)
	}
	if err := p.Activate(); err != nil {
		t.Error(err)
	}
	if got := next(t, "the click on the icon", did); got != "tapped" {
		t.Errorf("a click on the icon does %q", got)
	}
	relabel([]string{"Öffnen", "Alle prüfen", "Beenden"})
	if labels, err := p.Labels(); err != nil || !slices.Equal(labels, []string{"Öffnen", "Alle prüfen", "Beenden"}) {
		t.Errorf("its menu in German is %q, %v", labels, err)
	}
	for label, want := range map[string]string{"Öffnen": "open", "Alle prüfen": "check", "Beenden": "quit"} {
		if err := p.Click(label); err != nil {
			t.Error(err)
		}
		if got := next(t, label, did); got != want {
			t.Errorf("%s does %q", label, got)
		}
	}

	if err := p.Distract(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Property("Title"); err != nil { // by then, the signal has arrived
		t.Error(err)
	}
	p.Stop()
	p = newPanel(t, true)
	System{}.Renew(t.Context())
	next(t, "the icon in the new panel", p.Registered)
}
