package gui

import (
	"cmp"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func TestTheFormByKeyboard(t *testing.T) {
	s := open(t, keychain.Memory(), Options{OpenDemo: func() error { return nil }})
	if s.focused() != s.field("API key") {
		t.Fatal("the window does not open with the focus in the field for the key")
	}
	s.types("jca_TEST")
	s.tab(s.button("Show", "API key"))
	s.keys(fyne.KeyReturn)
	if !s.sees("jca_TEST") {
		t.Error("Enter does not show the key")
	}
	s.keys(fyne.KeySpace)
	if s.sees("jca_TEST") {
		t.Error("Space does not hide the key")
	}
	fyne.CurrentApp().Clipboard().SetContent(jumpcloudtest.OrganizationID(1))
	s.tab(s.button("Paste", "API key"))
	s.keys(fyne.KeyReturn)
	s.until("it is pasted", func() bool { return s.field("API key").Text == jumpcloudtest.OrganizationID(1) })
	s.tab(s.field("Organization ID"))
	s.types(jumpcloudtest.SampleKey)
	s.pass(typingPause)
	s.tab(s.button("Swap the two fields"))
	s.keys(fyne.KeyReturn)
	s.shown()

	s.press("New connection")
	s.tab(s.choice("Region"), true)
	s.keys(fyne.KeyRight)
	if got := s.chosen("Region"); got != "United States" {
		t.Errorf("Right chooses %q", got)
	}
	s.keys(fyne.KeyLeft)
	s.tab(s.field("API key"))
	s.server.Fail(jumpcloudtest.Hang())
	s.types(jumpcloudtest.SampleAdministratorKey)
	s.keys(fyne.KeyReturn, fyne.KeyEscape)
	s.checked()
	s.server.Heal()
	s.tab(s.button("Run again"))
	s.keys(fyne.KeyReturn)
	s.shown()
}

func TestChoosingByKeyboard(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.types(jumpcloudtest.SampleMultiTenantKey)
	s.pass(typingPause)
	s.checked()
	if s.focused() != s.field("Search by name or ID (127)") {
		t.Fatal("the organizations are not there, with the focus in the search")
	}
	s.tab(s.button("Back"))
	s.keys(fyne.KeyReturn)
	s.tab(s.button("Choose from the list"))
	s.keys(fyne.KeyReturn)
	if s.focused() != s.field("Search by name or ID (127)") {
		t.Fatal("the button does not lead to the search")
	}
	s.types("kirk")
	s.tab(s.listBelow("Choose organizations"))
	s.keys(fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn, fyne.KeyReturn)
	s.shown()
	if got := s.kept()[0].Organization.Name; !strings.HasPrefix(got, "Kirk") {
		t.Errorf("it is %q", got)
	}
}

func TestTheListByKeyboard(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	list := s.listBelow("Connections")
	s.tab(list, true)
	s.keys(fyne.KeyDown, fyne.KeyReturn)
	if s.title() != "Larkspur Robotics" || !strings.HasPrefix(s.marked(), "Larkspur Robotics") || s.focused() != list {
		t.Fatal("Down and Enter do not open the second connection, or the focus leaves the list")
	}
	s.keys(fyne.KeyUp, fyne.KeySpace)
	if s.title() != "Juniper & Sons Bakery" || !strings.HasPrefix(s.marked(), "Juniper & Sons Bakery") {
		t.Error("Up and Space do not open the first connection")
	}
	s.tab(s.field("Search"), true)
	s.types("lark")
	if n := len(s.names()); n != 1 {
		t.Errorf("searching finds %d", n)
	}
	s.tab(s.button("Check 1"))
	s.keys(fyne.KeyReturn)
	s.until("what is shown is checked", func() bool { return s.offers("Check 1") })
	s.tab(s.button("New connection"), true)
	s.keys(fyne.KeyReturn)
	if !s.formShown() || s.focused() != s.field("API key") {
		t.Error("the form is not there, with the focus in the field for the key")
	}
}

func TestAConnectionByKeyboard(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	later := func() time.Time { return time.Now().Add(2 * time.Hour) }
	s := openOn(t, sampleServer(t), k, Options{}, connector.WithClock(later))
	s.pass(2 * time.Hour)
	s.tab(s.listBelow("Connections"), true)
	s.keys(fyne.KeyReturn)
	s.tab(s.button("Show", "API key"))
	s.keys(fyne.KeyReturn)
	s.until("the key is shown", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	s.tab(s.button("Copy", "API key"))
	s.keys(fyne.KeyReturn)
	s.until("the key is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.SampleKey })
	s.tab(s.button("Copy", "Organization ID"))
	s.keys(fyne.KeySpace)
	s.until("the Organization ID is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.OrganizationID(1) })
	s.tab(s.button("Copy for support"))
	s.keys(fyne.KeyReturn)
	s.until("something is copied for support", func() bool {
		return strings.Contains(fyne.CurrentApp().Clipboard().Content(), string(check.IDPeople))
	})
	s.pass(said)
	before := s.textBeside("Last checked")
	s.takeByKeys("Check again")
	s.checked()
	if now := s.textBeside("Last checked"); before != "2 h ago" || now != "just now" {
		t.Errorf("it was checked %s, and now %s", before, now)
	}
	s.tab(s.button("Open JumpCloud"))
	s.keys(fyne.KeyReturn)
	if s.page == "" {
		t.Error("JumpCloud is not opened")
	}
	s.takeByKeys("Replace key")
	if s.title() != "Replace the key of Larkspur Robotics" || s.focused() != s.field("API key") {
		t.Error("the form for another key is not there, with the focus in the field for it")
	}

	s.tab(s.listBelow("Connections"), true)
	s.keys(fyne.KeyReturn)
	s.takeByKeys("Remove")
	s.keys(fyne.KeyEscape)
	if s.dialog() != "" || len(s.names()) != 1 || s.focused() != s.button("More") {
		t.Fatal("Esc does not answer with no, or the focus does not return")
	}
	s.takeByKeys("Remove")
	if focused := s.focused(); focused != s.button("Keep") {
		t.Fatalf("the question opens with the focus at %T, and not at no", focused)
	}
	s.tab(s.button("Remove"))
	s.keys(fyne.KeyReturn)
	s.until("the connection is removed", func() bool { return len(s.names()) == 0 })
}

// takeByKeys takes an item of the menu behind ⋯ by keyboard.
func (s *stage) takeByKeys(item string) {
	s.t.Helper()
	s.tab(s.button("More"))
	s.keys(fyne.KeyReturn)
	for _, p := range s.parts() {
		if text := textOf(p.CanvasObject); text != "" {
			s.keys(fyne.KeyDown)
			if text == item {
				s.keys(fyne.KeyReturn)
				return
			}
		}
	}
	s.t.Fatalf("there is no item %q; the menu says:\n%s", item, s.screenText())
}

func TestMessagesByKeyboard(t *testing.T) {
	s := open(t, broken(keychain.ErrNoProvider), Options{})
	s.types(jumpcloudtest.SampleKey)
	s.pass(typingPause)
	s.saveFails()
	s.tab(s.button("Keep for this session only"))
	s.keys(fyne.KeyReturn)
	s.shown()
	s.tab(s.button("Save in the keychain"))

	for _, closes := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyReturn, fyne.KeySpace} {
		s.menu("Help", "About")
		if closes != fyne.KeyEscape { // which does so from the list too
			s.tab(s.button("Close"))
		}
		s.keys(closes)
		if s.dialog() != "" {
			t.Errorf("%s does not close About", closes)
		}
	}
}

// The menus by arrows, as far as the test's driver has them: TestEndToEnd opens them in the real window.
func TestTheLanguageByKeyboard(t *testing.T) {
	spoken(t, "")
	s := open(t, keychain.Memory(), Options{})
	view := s.win.MainMenu().Items[2]
	menu := widget.NewPopUpMenu(view, s.win.Canvas())
	menu.Show()
	s.win.Canvas().Focus(menu)
	for range 5 {
		s.keys(fyne.KeyDown)
	}
	s.keys(fyne.KeyRight, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	s.settle()
	if words.Text("list.search") != "Suchen" {
		t.Errorf("the third language is chosen, and it says %q", words.Text("list.search"))
	}
}

// What has the focus is told from what has not by a ring with a contrast of 3:1 at least (WCAG 2.2, 1.4.11).
func TestTheFocusIsSeen(t *testing.T) {
	for name, v := range variants {
		ring := seenColor(foreground, v)
		for _, on := range []ground{{widgets.ColorNameCard}, {overlay}, {widgets.ColorNameCard, hover}, {widgets.ColorNameCard, selection}} {
			if c := contrast(ring, on.color(v)); c < 3 {
				t.Errorf("%s: the ring on %v has a contrast of %.2f", name, on, c)
			}
		}
		// A field's frame takes the accent colour, and is beside the card.
		if c := contrast(seenColor(primary, v), seenColor(widgets.ColorNameCard, v)); c < 3 {
			t.Errorf("%s: the frame of a field in focus has a contrast of %.2f", name, c)
		}
	}
	s := open(t, keychain.Memory(), Options{})
	ringed := func() bool {
		objects := test.WidgetRenderer(s.form().check).Objects()
		ring, ok := objects[len(objects)-1].(*canvas.Rectangle)
		return ok && ring.Visible() && ring.StrokeColor == theme.Color(theme.ColorNameForeground) && ring.Size().Width > s.form().check.Size().Width
	}
	if ringed() {
		t.Error("a button has a ring without the focus")
	}
	s.tab(s.form().check)
	if !ringed() {
		t.Error("a button in focus has no ring")
	}
	test.FocusNext(s.win.Canvas())
	if ringed() {
		t.Error("the ring stays")
	}
}

// keyboardName is what docs/keyboard.md calls something on the screen.
func (s *stage) keyboardName(o fyne.Focusable) string {
	switch o := o.(type) {
	case *widgets.Button:
		title, _, _ := strings.Cut(o.Text, " · ") // a folded row also says the most important facts in it
		return "*" + cmp.Or(title, "⋯") + "*"
	case *widgets.Rows:
		if any(o) == any(s.findList("Connections")) {
			return "the list"
		}
		if s.current == screen(screenOf[*handOvers](s)) {
			return "the connections"
		}
		return "the organizations"
	case *widgets.Days:
		return "the line of days"
	case *widgets.Choice:
		if o.Options[0] == words.Text("many.filter.all") {
			return "the filter"
		}
	}
	for _, label := range []string{"Region", "API key", "New API key", "Organization ID", "Name", "Language", "Colors", "Size", "Hide a shown key after", "Clear the clipboard after",
		"Check connections again", "Start at login", "Closing keeps watching"} {
		beside := s.findShown([]string{label}, func(o fyne.CanvasObject) bool { return fieldOf(o) != nil || selectOf(o) != nil })
		if any(beside) == any(o) {
			return "*" + label + "*"
		}
	}
	if f, ok := o.(*widgets.Field); ok && f.PlaceHolder == "Search" {
		return "*Search*"
	} else if ok && f.PlaceHolder == words.Text("handover.tenant.placeholder") {
		return "the address"
	}
	return "the search"
}

// order is what Tab reaches, one after the other, as docs/keyboard.md calls it.
func (s *stage) order() string {
	var all []string
	first := s.focused()
	for {
		all = append(all, s.keyboardName(s.focused()))
		if test.FocusNext(s.win.Canvas()); s.focused() == first || len(all) > 80 {
			return strings.Join(all, ", ")
		}
	}
}

// The page about the keyboard says what Tab reaches, in its order.
func TestThePageAboutTheKeyboard(t *testing.T) {
	page, err := os.ReadFile("../docs/keyboard.md")
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(strings.ReplaceAll(string(page), "\n> ", " ")), " ")
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{OpenDemo: func() error { return nil }, Tray: &fakeTray{here: true}, AtLogin: &fakeLogin{}})
	is := func(what string) {
		t.Helper()
		if order := s.order(); !strings.Contains(said, order) {
			t.Errorf("docs/keyboard.md does not say of %s: %s", what, order)
		}
	}
	s.win.Canvas().Focus(s.button("Connections"))
	is("the form")
	s.win.Canvas().Focus(s.field("API key"))
	s.types(jumpcloudtest.SampleMultiTenantKey)
	s.pass(typingPause)
	s.checked()
	is("a list of organizations")
	s.many().selectShown()
	is("a list of organizations of which some are selected")
	s.press("Back")
	is("the form with a key of several organizations")
	s.press("More options")
	s.win.Canvas().Focus(s.button("More options"))
	is("the form with all options")
	s.fill("API key", "")
	s.win.Canvas().Focus(s.listBelow("Connections"))
	s.keys(fyne.KeyDown, fyne.KeyReturn)
	s.tab(s.button("Show", "API key"))
	is("a connection")
	s.press("Hand over to ControlMap")
	s.fill("company.app.ctrlmap.com", "larkspur.app.ctrlmap.com")
	is("the hand-over")
	s.press("Not now")
	s.menu("View", "Hand over to ControlMap…")
	is("what is to be handed over")
	s.press("Back")
	a, b := s.connections.all[0], s.connections.all[1]
	s.connections.all[1].KeyID, s.connections.all[1].Region = a.KeyID, a.Region // as if they shared a key
	s.tell(keyWanted{a})
	s.drain()
	is("a shared key to replace")
	s.press("Not now")
	s.hideNote()
	s.connections.all[1] = b
	s.menu("View", "Settings…")
	s.settle() // the system has said whether it starts the program
	is("the settings")
	s.press("Done")
	s.menu("View", "All connections")
	s.win.Resize(fyne.NewSize(1920, 700)) // all columns
	is("the home")
	s.win.Resize(fyne.NewSize(1000, 600))
	s.keys(fyne.KeyReturn)
	s.tab(s.button("Show", "API key"))
	s.press("Remove")
	is("a question")
	s.keys(fyne.KeyEscape)
	kept := s.kept()
	keyQuestion{kept: kept[:1], fresh: kept[1], leave: func() {}}.ask(s.window)
	is("a question about a kept key")
}

// The focus does not stay on a button that is hidden: Enter would press it.
func TestTheFocusGoesToTheButtonInItsPlace(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang())
	s.types(jumpcloudtest.SampleKey)
	s.tab(s.button("Check"))
	s.keys(fyne.KeyReturn)
	if s.focused() != s.button("Cancel") {
		t.Error("while the checks run, the focus is not on Cancel")
	}
	s.keys(fyne.KeyReturn)
	s.until("the checks are cancelled", func() bool { return !s.form().busy() })
	if s.focused() != s.button("Check") {
		t.Error("after the checks, the focus is not on Check")
	}
}

// If the checks end by themselves, the focus does not go from Cancel to what may save: Enter may be meant for Cancel. Nor does that take its place.
func TestCancelNeverSaves(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.server.Fail(jumpcloudtest.Status(503))
	s.types(jumpcloudtest.SampleKey)
	s.tab(s.button("Check"))
	s.keys(fyne.KeyReturn)
	s.layOut()
	cancel := s.button("Cancel")
	at := s.app.Driver().AbsolutePositionForObject(cancel).Add(fyne.NewPos(cancel.Size().Width/2, cancel.Size().Height/2))
	s.checked()
	s.server.Heal()
	s.layOut()
	asked := len(s.server.Requests())
	s.keys(fyne.KeyReturn)
	s.layOut()
	test.TapCanvas(s.win.Canvas(), at)
	s.settle()
	if n := len(s.server.Requests()); n > asked || s.form().busy() {
		t.Errorf("the checks run again; the screen says\n%s", s.screenText())
	}
	s.press("Check")
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	s.press("Check again")
	cancel = s.button("Cancel")
	s.win.Canvas().Focus(cancel)
	s.layOut()
	at = s.app.Driver().AbsolutePositionForObject(cancel).Add(fyne.NewPos(cancel.Size().Width/2, cancel.Size().Height/2))
	k.fail(nil)
	s.until("it is checked", func() bool { return !s.details().busy() })
	if s.focused() == s.button("Save in the keychain") {
		t.Error("the focus is on what saves")
	}
	s.layOut()
	test.TapCanvas(s.win.Canvas(), at)
	s.settle()
	if all, err := s.c.Connections(t.Context(), nil); err != nil || len(all) != 1 || !all[0].SessionOnly {
		t.Errorf("it is saved: %+v, %v", all, err)
	}
}

// A button that is hidden with the focus on it is not pressed.
func TestAHiddenButtonIsNotPressed(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	pressed := false
	s.toast.Show("Gone", noteTime, widgets.Action{Label: "Take it back", Do: func() { pressed = true }})
	s.tab(s.button("Take it back"))
	s.pass(noteTime)
	s.keys(fyne.KeyReturn)
	if pressed {
		t.Error("it is pressed")
	}
}
