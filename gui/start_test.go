package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// started opens the window, and waits until the stored connections are read.
func started(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	s := startOn(t, sampleServer(t), k, Options{})
	s.until("the connections are read", func() bool { return s.loader.loaded })
	return s
}

// A start with kept connections shows the home, also if there is only one, with the one that needs a hand most on top.
func TestAStartShowsWhatNeedsAHand(t *testing.T) {
	k := keychain.Memory()
	s := started(t, k)
	if !s.formShown() || s.focused() != s.field("API key") {
		t.Error("the first start does not open with the form")
	}
	s.close()
	keep(t, k, jumpcloudtest.SampleKey)
	s = started(t, k)
	if !s.homeShown() || !strings.HasPrefix(s.ringed(), "Larkspur Robotics") || s.focused() != s.listBelow("Connections") {
		t.Errorf("a start with one connection has the ring at %q; the screen says\n%s", s.ringed(), s.screenText())
	}
	s.close()
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // which may do too much
	s = started(t, k)
	if !s.homeShown() || !strings.HasPrefix(s.ringed(), "Juniper & Sons Bakery") || s.focused() != s.field("Search") {
		t.Errorf("a start with one that needs attention has the ring at %q; the screen says\n%s", s.ringed(), s.screenText())
	}
	s.keys(fyne.KeyReturn)
	if s.title() != "Juniper & Sons Bakery" {
		t.Errorf("Enter opens %q", s.title())
	}
}

// What somebody has begun while the connections are read stays on the screen.
func TestAStartDoesNotTakeTheFormAway(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	for name, begin := range map[string]func(*stage){
		"typing":         func(s *stage) { s.types("jca_TEST") },
		"another field":  func(s *stage) { s.tab(s.form().check) },
		"another screen": func(s *stage) { s.menu("View", "Settings…") },
		"an open dialog": func(s *stage) { s.menu("Help", "About") },
	} {
		k.close()
		s := startOn(t, sampleServer(t), k, Options{})
		begin(s)
		k.open()
		s.until("the connections are read", func() bool { return s.loader.loaded })
		if s.connections.current != "" {
			t.Errorf("%s: the start shows a connection", name)
		}
		s.close()
	}
}

// A hand-over is told of in the list, also of a connection with warnings. One with a former key needs a hand.
func TestTheListTellsOfTheHandOver(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // with a warning
	keep(t, k, jumpcloudtest.SampleKey)
	s := started(t, k)
	for _, c := range slices.Clone(s.connections.all) {
		s.connections.change(c.ID, func(c *connector.Connection) { c.HandOver.At = s.clock.Now() })
	}
	for _, row := range s.rows("Connections") {
		if !strings.HasSuffix(row, "✓") {
			t.Errorf("a row says %q", row)
		}
	}
	works := s.connections.all[1] // after Juniper & Sons Bakery
	works.HandOver.Outdated = true
	s.connections.replace([]connector.Connection{{ID: "a", Name: "A", Report: works.Report}, works}, "")
	if c := s.listing.shown[0]; c.ID != works.ID {
		t.Errorf("%q needs a hand most", c.Name)
	}
}
