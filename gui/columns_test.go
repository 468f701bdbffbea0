package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
)

// openWide opens the window in this width, with two kept connections.
func openWide(t *testing.T, width float32) *stage {
	t.Helper()
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.win.Resize(fyne.NewSize(width, 600))
	return s
}

// columns are what the window shows side by side: the list, the screen, the guide.
func (s *stage) columns() (all []string) {
	for _, p := range s.parts() {
		switch p.CanvasObject {
		case s.beside:
			all = append(all, "list")
		case s.center:
			all = append(all, "screen")
		case s.guide.box:
			all = append(all, "guide")
		}
	}
	return all
}

// looks fails the test if the window does not show these columns, within itself and beside each other.
func (s *stage) looks(when string, want ...string) {
	s.t.Helper()
	if got := s.columns(); !slices.Equal(got, want) {
		s.t.Errorf("%s, at %g wide, the window shows %q and not %q", when, s.win.Canvas().Size().Width, got, want)
	}
	right := float32(0)
	for _, o := range []fyne.CanvasObject{s.beside, s.UI.columns.Box.Objects[3], s.guide.box} {
		if !o.Visible() {
			continue
		}
		if left := o.Position().X; left < right || o.Size().Width > 860 {
			s.t.Errorf("%s: a column begins at %g, and the one before ends at %g; it is %g wide", when, left, right, o.Size().Width)
		}
		right = o.Position().X + o.Size().Width
	}
	if right > s.win.Canvas().Size().Width {
		s.t.Errorf("%s: the columns end at %g", when, right)
	}
}

// The window shows the columns that there is room for, and a button opens each other one.
func TestTheWindowShowsWhatThereIsRoomFor(t *testing.T) {
	s := openWide(t, 1920)
	s.looks("a wide window", "list", "screen", "guide")
	s.win.Resize(fyne.NewSize(1000, 600))
	s.looks("the least width of three columns", "list", "screen", "guide")
	for _, button := range []string{"Guide", "Connections"} {
		if b, ok := s.findButton(button, nil).(*widgets.Button); ok && b.Icon != theme.NavigateBackIcon() { // which leads to the home
			t.Errorf("the window offers %q although it shows it", button)
		}
	}

	s.win.Resize(fyne.NewSize(999, 600))
	s.looks("a window for two columns", "list", "screen")
	s.press("Guide")
	s.looks("with the guide", "screen", "guide")
	s.press("Close the guide")
	s.looks("with the guide closed", "list", "screen")
	s.press("Guide")
	s.press("Connections")
	s.looks("with the list again", "list", "screen")

	s.win.Resize(fyne.NewSize(719, 600))
	s.press("Connections") // the list was open
	s.looks("a window for one column", "screen")
	s.press("Guide")
	s.looks("with the guide", "guide")
	s.press("Connections")
	s.looks("with the list", "list")
	s.tap("Larkspur Robotics")
	s.looks("with a connection", "screen")
	if s.title() != "Larkspur Robotics" {
		t.Errorf("the title is %q", s.title())
	}
}

// A drawer is opened and closed by the keyboard alone, and the focus is never on something that is not in view.
func TestDrawersByKeyboard(t *testing.T) {
	s := openWide(t, 480)
	s.tab(s.button("Guide"), true)
	s.keys(fyne.KeyReturn)
	s.looks("Enter on the button", "guide")
	s.keys(fyne.KeyEscape)
	s.looks("Esc on the button", "screen")
	s.keys(fyne.KeyReturn)
	s.tab(s.button("Open JumpCloud"))
	s.keys(fyne.KeyEscape)
	s.looks("Esc in the guide", "screen")
	if s.focused() != s.button("Guide") {
		t.Errorf("the focus is on %T", s.focused())
	}
	s.win.Resize(fyne.NewSize(900, 600))
	s.press("Guide")
	s.win.Canvas().Focus(s.field("API key"))
	s.keys(fyne.KeyEscape)
	s.looks("Esc in a field beside the guide", "list", "screen")
	s.win.Canvas().Focus(s.listBelow("Connections"))
	s.win.Resize(fyne.NewSize(480, 600))
	if s.focused() != nil {
		t.Errorf("the focus is on %T, which is out of view", s.focused())
	}
	s.menu("View", "Search connections")
	s.looks("the search", "list")
	if s.focused() != s.field("Search") {
		t.Errorf("the focus is on %T, not in the search", s.focused())
	}
	s.tab(s.listBelow("Connections"))
	s.keys(fyne.KeyDown, fyne.KeyReturn)
	s.looks("a connection", "screen")
	if s.title() != "Larkspur Robotics" || s.focused() != s.button("Hand over to ControlMap") {
		t.Errorf("%q is shown, with the focus on %T", s.title(), s.focused())
	}
}

// A message about the keychain closes the drawer that covers it. A drawer beside the screen stays.
func TestAMessageClosesTheDrawerThatCoversIt(t *testing.T) {
	for name, c := range map[string]struct {
		show func(*stage)
		says string
	}{
		"it fails": {func(s *stage) { s.trouble(ownerList, keychain.ErrLocked, func() {}) }, "Try again"},
		"it waits": {func(s *stage) { s.banner.Wait(true) }, "Waiting for the system keychain"},
	} {
		for _, drawer := range []string{"Connections", "Guide"} {
			t.Run(name+" "+drawer, func(t *testing.T) {
				s := openWide(t, 480)
				s.press(drawer)
				c.show(s)
				s.looks("with a message", "screen")
				if !s.sees(c.says) || s.focused() != s.button(drawer) {
					t.Errorf("the focus is on %T, and the window says\n%s", s.focused(), s.screenText())
				}
				s.press(drawer) // it can be opened all the same
				s.banner.Wait(false)
				if s.columns()[0] == "screen" {
					t.Error("the drawer is closed although nothing is shown")
				}
				s.win.Resize(fyne.NewSize(900, 600))
				if drawer == "Connections" {
					s.press("Guide")
				}
				c.show(s)
				s.looks("with a message beside it", "screen", "guide")
			})
		}
	}
}
