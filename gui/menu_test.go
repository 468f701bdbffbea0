package gui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// enabled lists the items of the menus Connection and Check that can be used now.
func (s *stage) enabled() (all []string) {
	menus := s.win.MainMenu().Items
	for _, c := range s.UI.menu.commands {
		if !c.item.Disabled && slices.Contains(slices.Concat(menus[0].Items, menus[1].Items), c.item) {
			all = append(all, c.name)
		}
	}
	return all
}

// An item of the menu can be used where it does something, and nowhere else.
func TestTheMenuOffersWhatDoesSomething(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	is := func(when string, want ...string) {
		t.Helper()
		want = append(want, "New", "Remove everything…", "Quit")
		got := s.enabled()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the menu offers %q and not %q", when, got, want)
		}
	}
	is("an empty form")
	s.typeKey(jumpcloudtest.SampleRevokedKey)
	s.checked()
	is("a check has failed", "Check now", "Run again what did not pass")
	s.fill("API key", "")
	s.server.Fail(jumpcloudtest.Hang())
	s.types(jumpcloudtest.SampleKey)
	is("a key is typed", "Check now")
	s.pass(typingPause)
	is("the checks run", "Check now", "Cancel the checks")
	s.menu("Check", "Cancel the checks")
	s.until("they are cancelled", func() bool { return !s.form().busy() })
	is("the checks are cancelled", "Check now", "Run again what did not pass")
	s.server.Heal()
	s.menu("Check", "Run again what did not pass")
	s.shown()
	is("a connection", "Check now", "Check all", "Copy the API key", "Copy the Organization ID", "Rename…", "Replace key…", "Connect more with this key", "Export as CSV…", "Remove…")
	s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
	s.menu("Check", "Check now")
	s.until("it counts down", func() bool { return s.offers("Stop the countdown") })
	of := []string{"Check now", "Check all", "Copy the API key", "Copy the Organization ID", "Rename…", "Replace key…", "Connect more with this key", "Export as CSV…", "Remove…"}
	is("it counts down", append(of, "Run again what did not pass", "Cancel the checks")...)
	s.press("Stop the countdown")
	is("it counts no more", append(of, "Run again what did not pass")...)
	s.server.Heal()
	s.menu("Check", "Check now")
	s.until("it is checked", func() bool { return s.highlights("Hand over to ControlMap") })
	is("a check has passed", of...)
	s.menu("View", "Settings…")
	is("the settings", "Check all", "Export as CSV…")
	if !s.menuItem("View", "Settings…").Disabled {
		t.Error("the settings can be opened where they are")
	}
}

func TestTheMenuOfAConnection(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.menu("View", "Show or hide the API key")
	s.until("the key is in view", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	s.menu("Connection", "Copy the API key")
	s.until("the key is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.SampleKey })
	s.menu("Connection", "Copy the Organization ID")
	s.until("the Organization ID is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.OrganizationID(1) })
	s.menu("Connection", "Rename…")
	s.types("Mine")
	s.keys(fyne.KeyReturn)
	s.until("it has another name", func() bool { return slices.Equal(s.names(), []string{"Mine"}) })
	s.menu("Connection", "Replace key…")
	if !s.formShown() || s.focused() != s.field("API key") {
		t.Error("there is no form for another key")
	}
	s.tap("Mine")
	s.menu("Connection", "Remove…")
	if s.dialog() == "" {
		t.Error("it is removed without a question")
	}
}

// While everything is being removed, that cannot be asked for once more.
func TestRemoveEverythingOnce(t *testing.T) {
	s, k := gatedSession(t)
	disabled := func() bool { return s.menuItem("Connection", "Remove everything…").Disabled }
	if disabled() {
		t.Error("it is disabled at first")
	}
	k.close()
	s.removeEverything()
	if !disabled() {
		t.Error("it is enabled while it runs")
	}
	k.open()
	s.settle()
	if disabled() {
		t.Error("it is disabled afterwards")
	}
}

// The theme can be chosen in the menu and in the settings, and both show what is chosen.
func TestTheThemeInTheMenu(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.menu("View", "Colors", "Dark")
	s.settle()
	if got := s.chosen("Colors"); got != "Dark" || !s.menuItem("View", "Colors", "Dark").Checked {
		t.Errorf("the settings say %q", got)
	}
	s.set("Colors", "Light")
	s.settle()
	if !s.menuItem("View", "Colors", "Light").Checked || s.menuItem("View", "Colors", "Dark").Checked {
		t.Error("the menu does not say that it is light")
	}
}

// Help › Keyboard names each shortcut of the menu.
func TestTheKeysAreListed(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.menu("Help", "Keyboard")
	for _, c := range s.UI.menu.commands {
		if c.keys != "" && (!s.hasLine(c.keys) || !s.hasLine(c.name)) {
			t.Errorf("%s (%s) is not listed", c.name, c.keys)
		}
	}
	s.drain() // the menu follows the layout
	before := s.inDialog.Offset.Y
	s.menu("View", "Scroll down")
	if s.inDialog.Offset.Y == before {
		t.Error("the list cannot be scrolled by keyboard")
	}
	s.keys(fyne.KeyEscape)
	if s.dialog() != "" || s.inDialog != nil {
		t.Error("Esc does not close the list")
	}
}

// Quit asks, as closing the window does.
func TestQuitAsks(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.types("jca_TESThalf")
	s.menu("Connection", "Quit")
	if s.dialog() == "" {
		t.Error("what is typed is lost without a question")
	}
}

// A shortcut opens no dialog over another one.
func TestAShortcutOpensNoSecondDialog(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.types("jca_TESThalf")
	for range 2 {
		s.hit("Connection", "Quit")
	}
	s.hit("Help", "About")
	if n := len(s.win.Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d dialogs are open", n)
	}
}

// A shortcut that copies or shows a secret brings its row into view.
func TestAShortcutBringsTheSecretIntoView(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	for _, way := range [][]string{{"Connection", "Copy the API key"}, {"Connection", "Copy the Organization ID"}, {"View", "Show or hide the API key"}} {
		s := open(t, k, Options{})
		s.tap("Larkspur Robotics")
		s.menu(way...)
		s.settle()
		row, box := s.details().key.box, s.details().box
		if way[1] == "Copy the Organization ID" {
			row = s.details().organization.box
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject
		if top, bottom := at(box).Y, at(box).Y+box.Size().Height; at(row).Y < top || at(row).Y+row.MinSize().Height > bottom {
			t.Errorf("%s: the row is at %v, and the screen from %v to %v", way, at(row).Y, top, bottom)
		}
		s.close()
	}
}

// Scroll up and Scroll down can be used where there is something to scroll to, whatever has changed that.
func TestTheMenuScrollsWhereItCan(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.pass(time.Second) // the window gets its size
	is := func(when string, up, down bool) {
		t.Helper()
		s.drain()
		if gotUp, gotDown := !s.menuItem("View", "Scroll up").Disabled, !s.menuItem("View", "Scroll down").Disabled; gotUp != up || gotDown != down {
			t.Errorf("%s: up is offered: %t, down: %t", when, gotUp, gotDown)
		}
	}
	s.win.Resize(fyne.NewSize(1000, 900))
	is("all is in view", false, false)
	s.win.Resize(fyne.NewSize(1000, 400))
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	s.form().box.ScrollToTop()
	is("the top of a result", false, true)
	s.menu("View", "Scroll down")
	is("the middle", true, true)
	s.form().box.ScrollToBottom()
	is("the end", true, false)
	s.win.Resize(fyne.NewSize(1000, 380))
	is("a lower window", true, true)
	s.win.Resize(fyne.NewSize(1000, 4000))
	is("a window for all of it", false, false)
	s.win.Resize(fyne.NewSize(1000, 400))
	s.menu("Help", "Keyboard")
	is("the list of keys", false, true)
	s.keys(fyne.KeyEscape)
	s.tell(newWanted{})
	s.press("Discard")
	s.win.Resize(fyne.NewSize(1000, 900))
	is("an empty form", false, false)
}
