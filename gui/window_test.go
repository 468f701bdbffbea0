package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
)

// The window must fit its least size whatever it shows, also with names that are far too long.
func TestTheWindowFitsItsSmallestSize(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}}})
	fits := func(what string) {
		t.Helper()
		if size := s.win.Content().MinSize(); size.Width > leastSize.Width || size.Height > leastSize.Height-menuHeight {
			t.Errorf("%s: needs %v", what, size)
		}
	}
	s.win.Resize(leastSize)
	fits("the form")
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	fits("a failure")
	s.form().reset()
	s.typeInto("Name", strings.Repeat("A very long name of a connection ", 10))
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	fits("a long name")
	s.press("Show", "API key")
	s.until("the key is shown", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	fits("a shown key")
	kept := s.connections.all[0]
	kept.SessionOnly = true
	s.details().set(kept)
	s.details().results.begin(widgets.Action{Label: "Cancel", Do: func() {}})
	fits("one that is kept for the session, while it is checked")
	s.trouble(ownerDetails, keychain.ErrNoProvider, func() {})
	fits("a message about the keychain")
}

// Everything that can be tapped can also be reached with the Tab key, unless it is disabled.
func TestEverythingIsReachedByKeyboard(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{OpenDemo: func() error { return nil }, Samples: []Sample{{Name: "many", Key: jumpcloudtest.SampleMultiTenantKey}}})
	reached := func() map[fyne.Focusable]bool {
		all := make(map[fyne.Focusable]bool)
		for range 60 {
			test.FocusNext(s.win.Canvas())
			all[s.focused()] = true
		}
		return all
	}
	for name, screen := range map[string]func(){
		"form":    func() { s.press("New connection") },
		"picker":  func() { s.press("New connection"); s.tell(sampleWanted{}); s.pass(typingPause); s.checked() },
		"details": func() { s.tap("Juniper & Sons Bakery") },
	} {
		screen()
		by := reached()
		for _, p := range s.parts() {
			switch o := p.CanvasObject.(type) {
			case *widgets.Button, *widgets.Field, *regionSelect, *widget.Select, *widget.Entry, *widgets.Rows:
				if off, ok := o.(fyne.Disableable); !by[o.(fyne.Focusable)] && !(ok && off.Disabled()) {
					label := ""
					if b, ok := o.(*widgets.Button); ok {
						label = b.Text
					}
					t.Errorf("%s: %T %q is not reached", name, o, label)
				}
			}
		}
	}
}

func TestEnterStartsTheChecks(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", jumpcloudtest.SampleKey)
	s.keys(fyne.KeyReturn)
	s.shown()
}

func TestTheDemosSamples(t *testing.T) {
	s := open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}}})
	s.tell(sampleWanted{})
	s.pass(typingPause)
	s.shown()
	if !s.sees("Kept until you close this window") {
		t.Errorf("in the demo it is said: %s", s.screenText())
	}
	if !strings.Contains(s.win.Title(), "Demo") {
		t.Errorf("the window is called %q", s.win.Title())
	}
}

// A window that is closed stops what runs for it.
func TestClosingEndsTheRun(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang())
	s.typeKey(jumpcloudtest.SampleKey)
	s.close()
	if s.field("API key").Text != "" {
		t.Error("the key is still in the form")
	}
}
