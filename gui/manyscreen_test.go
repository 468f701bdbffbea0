package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// choosing opens the window on the organizations of a key that opens 127.
func choosing(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	s := open(t, k, Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.idle()
	return s
}

// searchFor types into the search of the organizations, in place of what is there.
func (s *stage) searchFor(text string) {
	s.t.Helper()
	f := s.many().search
	s.win.Canvas().Focus(f)
	if f.Text != "" {
		s.keys(fyne.KeyEscape)
	}
	s.types(text)
}

// show chooses which organizations are shown.
func (s *stage) show(which string) {
	s.t.Helper()
	test.Tap(s.many().filter)
	s.tap(which)
}

// clickRow clicks on the row of a list with this name, with keys held down.
func (s *stage) clickRow(name string, held fyne.KeyModifier) {
	s.t.Helper()
	row := s.rowOf(name)
	row.(desktop.Mouseable).MouseDown(&desktop.MouseEvent{Modifier: held, Button: desktop.MouseButtonPrimary})
	row.(desktop.Mouseable).MouseUp(&desktop.MouseEvent{Modifier: held, Button: desktop.MouseButtonPrimary})
	row.(fyne.Tappable).Tapped(&fyne.PointEvent{})
}

// clickMark clicks on the mark of a row, which is a click on the row.
func (s *stage) clickMark(name string) {
	s.t.Helper()
	s.clickRow(name, 0)
}

// rowOf finds the row of an organization.
func (s *stage) rowOf(name string) fyne.CanvasObject {
	s.t.Helper()
	for _, p := range partsOf(s.many().list) {
		if textOf(p.CanvasObject) != name {
			continue
		}
		for in := p.in; in != nil; in = in.in {
			if _, ok := in.CanvasObject.(desktop.Mouseable); ok {
				return in.CanvasObject
			}
		}
	}
	s.t.Fatalf("there is no row %q; the screen says:\n%s", name, s.screenText())
	return nil
}

// selects looks which organizations are selected, and that the screen says how many.
func (s *stage) selects(how string, want ...string) {
	s.t.Helper()
	var got []string
	for _, o := range s.many().selectedOnes() {
		got = append(got, o.Name)
	}
	if !slices.Equal(got, want) || !s.sees(fmt.Sprintf("%d of 127 selected", len(want))) {
		s.t.Errorf("%s: %q are selected, want %q; the screen says %q", how, got[:min(20, len(got))], want, s.many().selected.Text)
	}
}

// The rows are selected as in a list of files, and by marks.
func TestSelectingOrganizations(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.searchFor("ashby")
	s.clickMark("Ashby Foods")
	s.selects("a mark", "Ashby Foods")
	s.clickRow("Ashby Clinic", fyne.KeyModifierShortcutDefault)
	s.selects("Ctrl", "Ashby Clinic", "Ashby Foods")
	s.clickRow("Ashby Energy", 0)
	s.selects("a click, while others are selected", "Ashby Clinic", "Ashby Energy", "Ashby Foods")
	s.clickRow("Ashby Energy", 0)
	s.clickMark("Ashby Foods")
	s.selects("once more", "Ashby Clinic")
	s.clickRow("Ashby Clinic", fyne.KeyModifierShortcutDefault)
	s.clickRow("Ashby Clinic", fyne.KeyModifierShortcutDefault)
	s.clickRow("Ashby Foods", fyne.KeyModifierShift)
	s.selects("Shift", "Ashby Clinic", "Ashby Energy", "Ashby Foods")
	s.clickRow("Ashby Energy", fyne.KeyModifierShift)
	s.selects("Shift to a nearer one", "Ashby Clinic", "Ashby Energy")
	s.searchFor("ørsted")
	s.show("Failed")
	s.selects("a search and a filter", "Ashby Clinic", "Ashby Energy")
	if len(s.rows("Choose organizations")) > 0 || !s.sees("No organization matches.") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.show("All")
	s.press("Select all shown")
	s.selects("all shown", "Ashby Clinic", "Ashby Energy", "Ørsted & Åkesson Architects")
	s.press("Select none")
	s.selects("none")
	if s.offers("Connect") {
		t.Error("nothing is selected, and can be connected")
	}
}

func TestSelectingOrganizationsByKeyboard(t *testing.T) {
	s := choosing(t, keychain.Memory())
	if s.focused() != s.field("Search by name or ID (127)") {
		t.Fatal("the focus is not in the search")
	}
	s.types("ashby")
	list := s.listBelow("Choose organizations")
	s.tab(list)
	s.keys(fyne.KeyDown, fyne.KeySpace)
	s.selects("Space", "Ashby Energy")
	list.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	s.keys(fyne.KeyDown, fyne.KeyDown)
	s.selects("Shift and an arrow", "Ashby Energy", "Ashby Foods", "Ashby Freight")
	s.keys(fyne.KeyUp)
	s.selects("Shift and back", "Ashby Energy", "Ashby Foods")
	list.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	s.keys(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	s.selects("Enter", "Ashby Energy", "Ashby Foods", "Ashby Housing")
	s.press("Select none")
	s.win.Canvas().Focus(list)
	s.shortcut(&fyne.ShortcutSelectAll{})
	if n := len(s.many().selectedOnes()); n != 12 {
		t.Errorf("Ctrl+A selects %d", n)
	}
	s.press("Select none")
	s.searchFor("ashby l")
	s.shortcut(&fyne.ShortcutSelectAll{})
	s.selects("Ctrl+A in a search with a text")
	s.searchFor("")
	s.shortcut(&fyne.ShortcutSelectAll{})
	if n := len(s.many().selectedOnes()); n != 127 {
		t.Errorf("Ctrl+A in an empty search selects %d", n)
	}
	s.press("Select none")
	s.searchFor("kirkwall op")
	s.tab(list)
	s.keys(fyne.KeySpace)
	s.searchFor("kestrel")
	s.keys(fyne.KeyReturn)
	s.menu("Check", "Connect the selected ones")
	s.connected()
	if len(s.names()) != 2 || !s.sees("2 connected") || s.focused() != s.field("Search by name or ID (127)") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// choose selects some of the sample's organizations, besides those that are selected.
func (s *stage) choose(some ...int) {
	for _, n := range some {
		s.many().set(true, jumpcloudtest.OrganizationID(n))
	}
	s.many().changed()
}

// failFor adds a fault for some of the sample's organizations.
func (s *stage) failFor(f *jumpcloudtest.Fault, of ...int) {
	var ids []string
	for _, n := range of {
		ids = append(ids, jumpcloudtest.OrganizationID(n))
	}
	s.server.Fail(f.Of(ids...))
}

// connected waits until organizations have been connected.
func (s *stage) connected() {
	s.t.Helper()
	s.until("connecting has ended", func() bool { return !s.many().busy() })
	s.idle()
}

// What cannot be connected is grouped by its cause, with one remedy for each, and can be tried again.
func TestConnectingSome(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100, 101)
	s.failFor(jumpcloudtest.CaptivePortal().On("/api/systemusers"), 102)
	s.server.ResetRequests()
	for i := range 15 {
		s.many().set(true, jumpcloudtest.OrganizationID(100+i))
	}
	s.many().changed()
	s.tab(s.button("Connect 15"))
	s.keys(fyne.KeyReturn)
	if s.focused() != s.button("Cancel") || s.offers("Connect 15") || !s.busy() {
		t.Errorf("while it runs, the screen says %s", s.screenText())
	}
	s.connected()
	said := s.screenText()
	for _, want := range []string{"12 connected, 3 not", "The role Read Only is not allowed to read this: Devices", "Aldgate Dental Group, Ørsted & Åkesson Architects",
		"Your move: Save anyway: ControlMap then goes without these. If you need them, use the key", "This network wants you to sign in first", "Try all 3 again", "12 of 127 organizations connected"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if n := len(s.names()); n != 12 || len(s.kept()) != 12 || s.focused() != s.many().summary.first {
		t.Errorf("%d are in the list, %d are kept; the focus is on %s", n, len(s.kept()), s.keyboardName(s.focused()))
	}
	n := 0
	for _, r := range s.server.Requests() {
		if r.Path == "/api/organizations" {
			n++
		}
	}
	if n > 1 {
		t.Errorf("the key's organizations were asked for %d times", n)
	}
	s.show("Failed")
	if rows := s.rows("Choose organizations"); len(rows) != 3 || !strings.Contains(rows[0], "The role Read Only is not allowed") || !strings.Contains(rows[0], "✕") {
		t.Errorf("failed are %q", rows)
	}
	s.show("Connected")
	if rows := s.rows("Choose organizations"); len(rows) != 12 || !strings.Contains(rows[0], "Connected ✓") {
		t.Errorf("connected are %q", rows)
	}
	s.press("Select all shown")
	s.selects("what is connected already")
	s.server.Heal()
	s.press("Try these again")
	s.connected()
	if !s.sees("14 connected, 1 not") || s.sees("Try all") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Try these again")
	s.connected()
	if !s.sees("15 connected") || s.offers("Try these again") || len(s.kept()) != 15 {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// Another key that is kept for an organization stays, and it is said how to replace it.
func TestConnectingWhatHasAnotherKey(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	credentials := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(100))}
	report := s.c.Validate(t.Context(), credentials, func(check.Result) {})
	credentials.APIKey = secret.New("jca_TESTanother00000000000000000000000000001")
	if _, err := s.c.Save(t.Context(), "", credentials, report); err != nil {
		t.Fatal(err)
	}
	s = choosing(t, k)
	if row := s.rows("Choose organizations")[0]; !strings.Contains(row, "Connected with another key") {
		t.Errorf("the row says %q", row)
	}
	s.press("Select all shown")
	if !s.offers("Connect 126") {
		t.Errorf("all that are shown: %q", s.many().selected.Text)
	}
	s.press("Select none")
	s.show("Not connected")
	if row := s.rows("Choose organizations")[0]; !strings.Contains(row, "Ashby Clinic") {
		t.Errorf("not connected is %q", row)
	}
	s.show("All")
	s.clickMark("Aldgate Dental Group")
	s.clickMark("Ashby Clinic")
	s.press("Connect 2")
	s.connected()
	if !s.sees("1 connected, 1 not") || !s.sees("Connected with another key") || !s.sees("open the connection and press Replace key") {
		t.Errorf("the screen says %s", s.screenText())
	}
	if kept := s.kept(); len(kept) != 2 || kept[0].KeyID == kept[1].KeyID {
		t.Error("the other key was replaced")
	}
}

// Who cancels keeps what is connected. The rest stays selected, and is gone on with.
func TestConnectingIsCancelledAndResumed(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.press("Select all shown")
	s.server.SetLatency(time.Millisecond)
	s.press("Connect 127")
	s.until("some are connected", func() bool { return len(s.many().connected) >= 5 })
	s.press("Cancel")
	s.connected()
	n := len(s.many().connected)
	left := 127 - n
	if n < 5 || left == 0 || len(s.kept()) != n || len(s.names()) != n || !s.sees(fmt.Sprintf("%d connected", n)) || !s.sees("Cancelled. What is connected stays.") {
		t.Fatalf("%d are connected, %d kept, %d listed; the screen says %s", n, len(s.kept()), len(s.names()), s.screenText())
	}
	s.server.SetLatency(0)
	s.press(fmt.Sprintf("Connect %d", left))
	s.connected()
	if len(s.kept()) != 127 || len(s.names()) != 127 || !s.sees("127 connected") || s.sees("Cancelled.") {
		t.Errorf("%d are kept; the screen says %s", len(s.kept()), s.screenText())
	}
	if f := s.form(); f.key.Text != "" || s.many().atClose() != noQuestion || f.atClose() != noQuestion {
		t.Error("the form still has the key that is kept")
	}
}

// Where the keychain fails, the run ends, says why, and goes on once it works again.
func TestTheKeychainFailsWhileConnecting(t *testing.T) {
	k := broken(nil)
	s := choosing(t, k)
	s.server.SetLatency(time.Millisecond)
	s.press("Select all shown")
	s.press("Connect 127")
	s.until("some are connected", func() bool { return len(s.many().connected) >= 3 })
	k.fail(keychain.ErrLocked)
	s.connected()
	n := len(s.many().connected)
	if n == 127 || !s.offers("Try again") || !s.sees("The system keychain is locked.") {
		t.Fatalf("%d are connected; the screen says %s", n, s.screenText())
	}
	k.fail(nil)
	s.server.SetLatency(0)
	s.tell(newWanted{}) // the message is seen there, too
	s.press("Try again")
	s.connected()
	if len(s.kept()) != 127 || !s.sees("127 connected") || s.offers("Try again") {
		t.Errorf("%d are kept; the screen says %s", len(s.kept()), s.screenText())
	}
}

// Without a keychain it is said that several cannot be connected.
func TestConnectingWithoutAKeychain(t *testing.T) {
	s := open(t, broken(keychain.ErrNoProvider), Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.press("Select all shown")
	s.press("Connect 127")
	s.connected()
	if !s.sees("Several can be connected only with a system keychain.") || !s.offers("Connect 127") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// More organizations are connected with the key of a connection, which nobody has to enter again.
func TestConnectMoreWithThisKey(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.idle()
	s.server.ResetRequests()
	s.typeInto("Organization ID", jumpcloudtest.OrganizationID(100))
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.shown()
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Connect more with this key")
	s.press("Cancel")
	s.connected()
	if !s.sees("It is not known yet which organizations this key opens.") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.server.Heal()
	s.press("Try again")
	s.connected()
	if s.title() != "Choose organizations" || s.focused() != s.field("Search by name or ID (127)") || !s.sees("1 of 127 organizations connected") ||
		!strings.Contains(s.rows("Choose organizations")[0], "Connected ✓") || !s.sees("audit@northgate-msp.example") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Select all shown")
	if !s.offers("Connect 126") {
		t.Error("the connected one is selected, too")
	}
	s.press("Select none")
	s.searchFor("kirkwall op")
	s.keys(fyne.KeyReturn, fyne.KeyReturn)
	s.until("the connection is shown", func() bool { return s.title() == "Kirkwall Optics" })
	s.server.Fail(jumpcloudtest.CaptivePortal())
	s.menu("Connection", "Connect more with this key")
	s.connected()
	if !s.sees("This network asks to sign in first") || !s.offers("Try again") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.server.Heal()
	s.press("Try again")
	s.connected()
	if !s.sees("2 of 127 organizations connected") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// A key of one organization says so.
func TestConnectMoreWithAKeyOfOneOrganization(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.idle()
	s.tap("Larkspur Robotics")
	s.press("Connect more with this key")
	s.connected()
	if !s.sees("This key opens no other organization.") || s.offers("Connect") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// What is being connected goes on behind other screens, and is not lost: the window asks before it closes, and the list has all at the end.
func TestConnectingGoesOnBehindOtherScreens(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.server.SetLatency(time.Millisecond)
	s.press("Select all shown")
	s.press("Connect 127")
	s.press("New connection")
	if !s.formShown() || !s.busy() {
		t.Fatal("the form is not shown, or the window is not busy")
	}
	s.askToClose()
	if !s.sees("Close while connecting?") {
		t.Errorf("it asks %q", s.dialog())
	}
	s.press("Wait")
	s.server.SetLatency(0)
	s.until("connecting has ended", func() bool { return !s.many().busy() })
	if !s.formShown() || len(s.names()) != 127 || !s.sees("127 connected") || s.sees("Connecting organizations") {
		t.Errorf("%d are listed; the screen says %s", len(s.names()), s.screenText())
	}
	s.press("Show", "127 connected")
	if s.title() != "Choose organizations" {
		t.Errorf("the note leads to %q", s.title())
	}
}

// What is selected, searched for and found out stays in another language.
func TestTheOrganizationsInAnotherLanguage(t *testing.T) {
	spoken(t, "")
	s := choosing(t, keychain.Memory())
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100, 101)
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	s.searchFor("ashby")
	s.clickMark("Ashby Clinic")
	s.clickMark("Ashby Foods")
	s.chooseLanguage("Deutsch")
	for _, want := range []string{"Organisationen auswählen", "0 verbunden, 2 nicht", "2 von 127 ausgewählt", "2 verbinden"} {
		if !s.sees(want) {
			t.Errorf("%q is not in\n%s", want, s.screenText())
		}
	}
	if f := s.field("Nach Name oder ID suchen (127)"); f.Text != "ashby" || len(s.rows("Organisationen auswählen")) != 12 {
		t.Errorf("the search has %q", f.Text)
	}
	s.press("2 verbinden")
	s.connected()
	if len(s.kept()) != 2 {
		t.Errorf("%d are kept", len(s.kept()))
	}
}

// Nothing of the key or its organizations stays when everything is removed.
func TestNothingStaysToChooseFrom(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	s.removeEverything()
	s.idle()
	m := s.many()
	if !m.credentials.APIKey.Empty() || len(m.every) > 0 || !s.formShown() {
		t.Error("something is still there")
	}
}

func TestRowSelection(t *testing.T) {
	var s rowSelection
	shown, all := []string{"a", "b", "c", "d", "e"}, func(string) bool { return true }
	is := func(how, want string) {
		t.Helper()
		var got []string
		for _, id := range shown {
			if s.ids[id] {
				got = append(got, id)
			}
		}
		if strings.Join(got, "") != want {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
	}
	s.extend(shown, "b", "b", all)
	is("a range without a beginning", "b")
	s.extend(shown, "d", "d", all)
	is("a range", "bcd")
	s.extend(shown, "a", "a", all)
	is("to the other side", "ab")
	s.toggle("e")
	s.extend(shown, "c", "c", func(id string) bool { return id != "d" })
	is("but for one", "abce")
	s.extend(shown, "gone", "gone", all)
	is("to what is not shown", "abce")
	s.extend([]string{"a", "b", "b"}, "a", "a", all) // a search hides the beginning
	is("from what is not shown", "abce")
	s.clear()
	is("nothing", "")
	s.extend(shown, "b", "c", all)
	is("a range from where the ring was", "bc")
	s.extend(shown, "c", "d", all)
	is("and on", "bcd")
	s.clear()
	s.toggle("a")
	s.extend(shown, "c", "c", all)
	s.set(true, shown...)
	s.extend(shown, "b", "b", all)
	is("after all were selected in another way", "abcde")
	s.set(false, "c", "d")
	s.extend(shown, "c", "c", all)
	is("after some were deselected in another way", "abce")
}

func TestPace(t *testing.T) {
	now := time.Now()
	var p pace
	p.begin(now, 500)
	p.add(now.Add(500*time.Millisecond), 1)
	if p.perSecond(now.Add(500*time.Millisecond)) != 0 || p.left(now.Add(500*time.Millisecond)) != 0 {
		t.Error("it is known too early")
	}
	p.add(now.Add(time.Second), 2)
	at := now.Add(time.Second)
	for range 59 {
		at = at.Add(time.Second)
		p.add(at, 3)
	}
	if rate, left := p.perSecond(at), p.left(at); rate != 3 || left.Round(time.Second) != 107*time.Second || p.stalled(at.Add(5*time.Second)) != 0 {
		t.Errorf("%v a second, %v left", rate, left)
	}
	if waited := p.stalled(at.Add(40 * time.Second)); waited != 40*time.Second {
		t.Errorf("nothing has come for %v", waited)
	}
	at = at.Add(time.Minute) // JumpCloud asks to wait
	for range 30 {
		p.add(at, 3)
		if left := p.left(at); left > 4*time.Minute || left < 90*time.Second || p.stalled(at) != 0 {
			t.Errorf("after a wait %v are left, waited %v", left, p.stalled(at))
		}
		at = at.Add(time.Second)
	}
	for rate, want := range map[float64]string{0.001: "1 a minute", 0.4: "24 a minute", 3.14: "3.1 a second"} {
		if got := rateInWords(rate); got != want {
			t.Errorf("%v is %q", rate, got)
		}
	}
}

// What works but for a check is saved all the same, if the user wants that: all of one cause at once.
func TestSavingWhatIsPartlyReadable(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100, 101, 107)
	s.failFor(jumpcloudtest.Unauthorized(), 102)
	for _, n := range []int{100, 101, 102, 103, 107} {
		s.many().set(true, jumpcloudtest.OrganizationID(n))
	}
	s.many().changed()
	s.press("Connect 5")
	s.connected()
	if !s.sees("1 connected, 4 not") || s.offers("Save 1 all the same") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.server.ResetRequests()
	s.press("Save 3 all the same")
	s.connected()
	if !s.sees("4 connected, 1 not") || s.offers("Save 3 all the same") || len(s.kept()) != 4 || len(s.server.Requests()) > 0 {
		t.Errorf("%d are kept after %d requests; the screen says %s", len(s.kept()), len(s.server.Requests()), s.screenText())
	}
	s.show("Connected")
	if rows := s.rows("Choose organizations"); len(rows) != 4 {
		t.Errorf("connected are %q", rows)
	}
	s.clickRow("Aldgate Dental Group", 0)
	if s.title() != "Aldgate Dental Group" || !s.sees("not everything can be read") {
		t.Errorf("a click on what is connected leads to %s", s.screenText())
	}
}

// Who tries some once more, and then once more because the keychain has failed, connects these and no others that are selected.
func TestGoingOnConnectsNoOthers(t *testing.T) {
	k := broken(nil)
	s := choosing(t, k)
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100)
	s.clickMark("Aldgate Dental Group")
	s.clickMark("Ashby Legal")
	s.press("Connect 2")
	s.connected()
	s.clickMark("Ashby Clinic")
	k.fail(keychain.ErrLocked)
	s.server.Heal()
	s.press("Try these again")
	s.connected()
	k.fail(nil)
	s.press("Try again")
	s.connected()
	if kept := s.kept(); len(kept) != 2 || kept[0].Name != "Aldgate Dental Group" || !s.sees("1 of 127 selected") {
		t.Errorf("%d are kept; the screen says %s", len(kept), s.screenText())
	}
}

// What is known of a key's organizations, and selected, stays when JumpCloud cannot be asked again.
func TestAskingAgainKeepsWhatIsKnown(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.clickMark("Aldgate Dental Group")
	s.clickMark("Ashby Legal")
	s.press("Connect 2")
	s.connected()
	s.clickMark("Ashby Clinic")
	s.clickMark("Ashby Foods")
	s.server.Fail(jumpcloudtest.CaptivePortal())
	s.tell(moreWanted{s.connections.all[0]})
	s.connected()
	if !s.sees("This network asks to sign in first") || !s.offers("Try again") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.selects("after a failure", "Ashby Clinic", "Ashby Foods")
}
