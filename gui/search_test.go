package gui

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// ringed is what the row says that has the ring; "" if none has.
func (s *stage) ringed() string {
	for _, p := range s.parts() {
		ring, ok := p.CanvasObject.(*canvas.Rectangle)
		if !ok || ring.StrokeWidth != 2 || !sameColor(ring.StrokeColor, theme.Color(theme.ColorNameForeground)) {
			continue
		}
		for in := p.in; in != nil; in = in.in {
			if _, isRow := in.CanvasObject.(fyne.Tappable); isRow {
				return textIn(in.CanvasObject)
			}
		}
	}
	return ""
}

// offersOrganizations shows the list of the organizations of a key that opens several, with the focus in its search.
func (s *stage) offersOrganizations() {
	s.t.Helper()
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.win.Canvas().Focus(s.field("Search by name or ID (127)"))
}

// The first match is the current row after each letter. Enter takes it, without a way through the list.
func TestEnterInASearchTakesTheCurrentRow(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.offersOrganizations()
	s.types("a")
	s.keys(fyne.KeyDown, fyne.KeyDown)
	s.types("k")
	first, _, _ := strings.Cut(s.rows("Choose organizations")[0], "\n")
	if !strings.HasPrefix(s.ringed(), first) {
		t.Errorf("the ring is around %q and not around the first row, %q", s.ringed(), first)
	}
	s.fill("Search by name or ID (127)", "orsted")
	if got := s.rows("Choose organizations"); !s.sees(words.Text("many.shown", words.Facts{"Count": strconv.Itoa(len(got))})) {
		t.Errorf("it finds %d; the screen says %s", len(got), s.screenText())
	}
	current := s.ringed()
	s.keys(fyne.KeyReturn, fyne.KeyReturn)
	s.shown()
	if got := s.kept()[0].Organization.Name; !strings.HasPrefix(got, "Ørsted") || !strings.Contains(current, got) {
		t.Errorf("it takes %q, and the ring was around %q", got, current)
	}
}

// Space selects a row. The letter of the same key press goes to nothing else, wherever the focus is by then.
func TestSpaceInAListIsTypedNowhere(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.offersOrganizations()
	s.tab(s.listBelow("Choose organizations"))
	s.keys(fyne.KeySpace)
	f := s.form()
	if entered := f.organization.Text + f.name.Text + s.many().search.Text; entered != "" || !s.sees("1 of 127 selected") {
		t.Errorf("the fields have %q; the screen says %s", entered, s.screenText())
	}
}

func TestSearchingTheConnections(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	all := slices.Clone(s.connections.all)
	all[0].Name, all[1].Name = "Ørsted 10", "Örsted 9"
	s.listing.order = byName
	s.connections.replace(all, "")
	if got := s.names(); !slices.Equal(got, []string{"Örsted 9", "Ørsted 10"}) {
		t.Errorf("they are in the order %q", got)
	}
	s.menu("View", "Search connections")
	s.types("ORSTED 1")
	if got := s.names(); !slices.Equal(got, []string{"Ørsted 10"}) || !s.sees("1 of 2") {
		t.Errorf("searching finds %q; the screen says %s", got, s.screenText())
	}
	s.keys(fyne.KeyEscape)
	if s.field("Search").Text != "" || len(s.names()) != 2 || s.sees(" of 2") {
		t.Errorf("Esc leaves %q in the search", s.field("Search").Text)
	}
	s.types("10")
	s.keys(fyne.KeyReturn)
	if s.title() != "Ørsted 10" || s.focused() != s.field("Search") {
		t.Errorf("Enter opens %q, with the focus on %T", s.title(), s.focused())
	}
}

// The current row has a ring while the keyboard works in the list, and no other row has one.
func TestTheCurrentRowHasARing(t *testing.T) {
	s := openWide(t, 1180)
	if s.ringed() != "" {
		t.Error("a row has a ring without the focus")
	}
	list := s.listBelow("Connections")
	s.win.Canvas().Focus(list)
	for _, c := range []struct {
		key  fyne.KeyName
		want string
	}{{fyne.KeyUp, "Juniper"}, {fyne.KeyDown, "Larkspur"}, {fyne.KeyDown, "Larkspur"}, {fyne.KeyHome, "Juniper"}, {fyne.KeyPageDown, "Larkspur"}} {
		s.keys(c.key)
		if !strings.HasPrefix(s.ringed(), c.want) {
			t.Errorf("after %s the ring is around %q", c.key, s.ringed())
		}
	}
	s.win.Canvas().Unfocus()
	if s.ringed() != "" {
		t.Error("the ring stays")
	}
}
