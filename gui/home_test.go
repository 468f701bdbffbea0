package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// atHome opens the window with so many invented connections, in this width, with the home on the screen.
func atHome(t *testing.T, n int, width float32) *stage {
	t.Helper()
	s := homeWith(n, func(*stage) {})(t)
	s.win.Resize(fyne.NewSize(width, 700))
	return s
}

// The home has the place of the list and of the screen. A row opens beside the list, where the keyboard stays, and Esc leads back: with the
// same order, filter and search.
func TestTheHome(t *testing.T) {
	s := atHome(t, 40, 1280)
	if got := s.columns(); !slices.Equal(got, []string{"screen", "guide"}) {
		t.Errorf("beside each other are %q", got)
	}
	if !s.sees("Connections (40)") || !s.sees("Whose key") && !s.sees("Next check") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	if first := s.rows("Connections")[0]; !strings.HasPrefix(first, "Brackwater Logistics\nAPI key accepted ✕\n"+words.Date(s.clock.Now().AddDate(0, 0, 40))+"\n") {
		t.Errorf("the first row says %q", first)
	}
	s.press("Needs you 6")
	s.win.Canvas().Focus(s.field("Search"))
	s.types("dental")
	s.keys(fyne.KeyDown, fyne.KeyReturn)
	s.looks("a connection", "list", "screen", "guide")
	if s.title() != "Aldgate Dental 4" || s.focused() != s.field("Search") || !slices.Equal(s.names(), []string{"Aldgate Dental 3", "Aldgate Dental 4"}) || !s.sees("Needs you 6 · 2 of 40") {
		t.Errorf("%q is shown, the focus is on %T; the screen says\n%s", s.title(), s.focused(), s.screenText())
	}
	s.tab(s.listBelow("Connections"))
	s.keys(fyne.KeyUp, fyne.KeyReturn)
	if s.title() != "Aldgate Dental 3" || s.focused() != s.listBelow("Connections") {
		t.Errorf("%q is shown, with the focus on %T", s.title(), s.focused())
	}
	s.keys(fyne.KeyEscape)
	if !s.homeShown() || s.field("Search").Text != "dental" || len(s.names()) != 2 || s.listing.filter != needingYou || s.focused() != s.listBelow("Connections") {
		t.Errorf("Esc does not lead back; the screen says\n%s", s.screenText())
	}
	s.keys(fyne.KeyReturn)
	s.press("Connections")
	if !s.homeShown() {
		t.Error("the button in the list's head does not lead back")
	}
	s.press("New connection")
	s.menu("View", "All connections")
	if !s.homeShown() || !s.menuItem("View", "All connections").Disabled {
		t.Error("the menu does not lead back")
	}
}

// Esc does not leave a form in which a key is typed.
func TestEscKeepsTheFormWithAKey(t *testing.T) {
	s := atHome(t, 6, 1280)
	s.press("New connection")
	s.types("jca_TESThalf")
	s.tab(s.button("Check"))
	s.keys(fyne.KeyEscape)
	if !s.formShown() {
		t.Error("the form is left")
	}
	s.fill("API key", "")
	s.keys(fyne.KeyEscape)
	if !s.homeShown() {
		t.Error("an empty form is not left")
	}
}

// Heads sort, also by keyboard, and again the other way round. The next start has the same order.
func TestSortingByTheHeads(t *testing.T) {
	s := atHome(t, 6, 1280)
	byTheirNames := slices.Clone(s.names())
	slices.Sort(byTheirNames)
	s.press("Organization")
	if !slices.Equal(s.names(), byTheirNames) {
		t.Errorf("the order is %q", s.names())
	}
	s.tab(s.button("Organization"))
	s.keys(fyne.KeyReturn)
	slices.Reverse(byTheirNames)
	if !slices.Equal(s.names(), byTheirNames) {
		t.Errorf("the other way round the order is %q", s.names())
	}
	s.settle()
	if !s.menuItem("View", "Sort connections by", "Organization").Checked {
		t.Error("the menu does not say the order")
	}
	other := open(t, keychain.Memory(), Options{})
	if other.listing.order != byName || !other.listing.down {
		t.Errorf("the next start sorts by %d, down %v", other.listing.order, other.listing.down)
	}
	s.menu("View", "Sort connections by", "Whose key")
	if s.listing.order != byOwner || s.listing.down {
		t.Error("the menu does not sort")
	}
}

// In another language the order, the filter and the search are the same.
func TestTheHomeInAnotherLanguage(t *testing.T) {
	spoken(t, "")
	s := atHome(t, 40, 1280)
	s.until("nothing is under way", func() bool { return !s.busy() })
	s.press("Ends soon 10")
	s.win.Canvas().Focus(s.field("Search"))
	s.types("e")
	before := s.names()
	s.menu("View", "Language", "Deutsch")
	s.settle()
	if !s.homeShown() || s.field("Suchen").Text != "e" || !slices.Equal(s.names(), before) || s.list.chips.Chosen() != int(endingSoon) || !s.sees("Läuft bald ab 10") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// The form of the list follows from its width.
func TestTheFormOfTheList(t *testing.T) {
	for width, c := range map[float32]struct {
		form   listForm
		heads  []string
		hidden string
	}{
		480:  {formLines, nil, "Organization"},
		719:  {formLines, nil, "Organization"},
		720:  {formTable, []string{"Organization", "Status", "Key ends", "Checked", "Handed over"}, "Next check"},
		900:  {formTable, []string{"Organization", "Status", "Key ends", "Checked", "Next check", "Handed over"}, "Region"},
		1920: {formTable, []string{"Organization", "Status", "Key ends", "Region", "Role", "Whose key", "Checked", "Next check", "Handed over"}, ""},
	} {
		s := atHome(t, 6, width)
		layOut(s.win.Content())
		if s.list.form != c.form || c.hidden != "" && s.hasLine(c.hidden) {
			t.Errorf("%g wide, the form is %d; the screen says\n%s", width, s.list.form, s.screenText())
		}
		for _, head := range c.heads {
			if !s.hasLine(head) {
				t.Errorf("%g wide, there is no column %q", width, head)
			}
		}
	}
}

// What is about the key of the current row, what is checked, and the next hand-over.
func TestBelowTheList(t *testing.T) {
	s := atHome(t, 40, 1280)
	if !s.sees("Key of audit@northgate-msp.example · 12 connections use it") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.keys(fyne.KeyDown)
	if !s.sees("Key of dana.whitfield@juniper-bakery.example · ") {
		t.Errorf("of the next row, the screen says\n%s", s.screenText())
	}
	if !s.offers("Check all") {
		t.Error("not all are checked")
	}
	s.press("Needs you 6")
	if !s.offers("Check 6") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("All 40")
	next := s.listing.handOver().Name
	s.press("Hand over next")
	if s.title() != words.Text("handover.title", words.Facts{"Name": next}) {
		t.Errorf("the next one is %q, and shown is %q", next, s.title())
	}
}

// A report that comes in is counted, and moves no row; the next minute does.
func TestTheHomeFollowsTheReports(t *testing.T) {
	s := atHome(t, 6, 1280)
	before := s.names()
	c := s.connections.all[5]
	report := c.Report
	report.Results = slices.Clone(report.Results)
	broken := connector.Connection{Report: report}
	failed(check.IDKey, check.CauseKeyStopped)(&broken)
	s.connections.checked(c.ID, broken.Report)
	if !s.hasLine("Needs you 2") || !slices.Equal(s.names(), before) {
		t.Errorf("the order is %q; the screen says\n%s", s.names(), s.screenText())
	}
	s.tell(minutePassed{})
	if slices.Equal(s.names(), before) {
		t.Error("the order stays for ever")
	}
}

// There is a home as soon as there is a connection, without what only makes sense for several. It shrinks to one row when one of two is
// removed, and gives way to the first screen when the last one is.
func TestTheHomeOfOneConnection(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	if !s.menuItem("View", "All connections").Disabled {
		t.Error("there is a home without a connection")
	}
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s.reread()
	s.idle()
	s.win.Resize(fyne.NewSize(1280, 700))
	s.tap("Larkspur Robotics")
	s.remove()
	if !s.homeShown() || !slices.Equal(s.names(), []string{"Juniper & Sons Bakery"}) || !s.sees("Connections (1)") || s.sees("All 1") || s.sees("Needs you") || s.offers("Check all") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	if s.focused() != s.listBelow("Connections") {
		t.Errorf("the focus is on %T", s.focused())
	}
	s.keys(fyne.KeyReturn)
	if s.title() != "Juniper & Sons Bakery" {
		t.Errorf("Enter opens %q", s.title())
	}
	s.press("Remove")
	s.press("Remove")
	if s.homeShown() || !s.formShown() {
		t.Errorf("without a connection the screen says\n%s", s.screenText())
	}
	s.press("Undo")
	s.keys(fyne.KeyEscape)
	if !s.homeShown() || len(s.names()) != 1 {
		t.Errorf("Esc leads to\n%s", s.screenText())
	}
}

// The first connection that is saved is shown itself, with what it can do.
func TestTheFirstConnectionIsShown(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	if s.title() != "Larkspur Robotics" || !s.highlights("Hand over to ControlMap") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}
