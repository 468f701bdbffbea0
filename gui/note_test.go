package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

func TestANoteIsKept(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.press("Note…")
	s.types("Ticket 4711")
	s.keys(fyne.KeyReturn)
	s.until("it is shown", func() bool { return s.hasLine("Ticket 4711") })
	s.idle()
	again := open(t, k, Options{})
	again.tap("Larkspur Robotics")
	if !again.hasLine("Ticket 4711") {
		t.Errorf("at the next start the screen says\n%s", again.screenText())
	}
	again.close()
	s.press("Note…")
	s.types("Other")
	s.keys(fyne.KeyEscape)
	if s.dialog() != "" || !s.hasLine("Ticket 4711") {
		t.Errorf("Esc leaves %q:\n%s", s.dialog(), s.screenText())
	}
	s.press("Note…")
	s.keys(fyne.KeyBackspace, fyne.KeyReturn)
	s.until("it is gone", func() bool { return !s.sees("Ticket 4711") })
}

// A key is not kept in a note, and what was typed stays to be corrected.
func TestANoteHoldsNoKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.press("Note…")
	s.types("key " + jumpcloudtest.SampleSecondKey)
	s.keys(fyne.KeyReturn)
	save := s.button("Save")
	if !save.Disabled() || !strings.Contains(s.dialog(), jumpcloudtest.SampleSecondKey) {
		t.Errorf("it can be saved: %v, in the dialog %q", !save.Disabled(), s.dialog())
	}
	for range len(jumpcloudtest.SampleSecondKey) - 3 {
		s.keys(fyne.KeyBackspace)
	}
	s.keys(fyne.KeyReturn)
	s.until("the rest is kept", func() bool { return s.hasLine("key jca") })
}
