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
	"controlmap-jumpcloud/gui/widgets"
)

// pasteList opens the dialog for a list, and pastes one.
func (s *stage) pasteList(list string) {
	s.t.Helper()
	s.press("Paste a list…")
	fyne.CurrentApp().Clipboard().SetContent(list)
	s.shortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	s.until("it is pasted", func() bool { return s.focused().(*widgets.Field).Text != "" })
}

// What a list names is selected, and what it does not is told by its line. The list stays until all of it is found, or it is closed.
func TestPastingAList(t *testing.T) {
	s := choosing(t, keychain.Memory())
	all := slices.Clone(s.many().every)
	twin := check.Organization{ID: jumpcloudtest.OrganizationID(900), Name: "KESTREL"}
	s.many().setOrganizations(append(all, twin))
	s.many().fill()
	list := strings.Join([]string{"Name\tOrganization ID", "ashby CLINIC\t", "\t" + jumpcloudtest.OrganizationID(100), "Kestrel\t", "Acme, Inc.\t", "\t",
		"jca_TEST00000000000000000000000000000001\t", "Nowhere\t" + strings.ToUpper(jumpcloudtest.OrganizationID(901))}, "\r\n")
	s.pasteList(list)
	s.press("Select them")
	if line := strings.Index(s.dialog(), "Line 4"); line < 0 || line > strings.Index(s.dialog(), "Line 7") {
		t.Errorf("the lines are not in their order: %s", s.dialog())
	}
	for _, want := range []string{"Found and selected: 3", "Line 4: the key opens several organizations of the name “Kestrel”.",
		"Line 5: the key opens no organization of the name “Acme, Inc.”.", "Line 7 has neither"} {
		if !s.sees(want) {
			t.Errorf("%q is not in %s", want, s.dialog())
		}
	}
	if strings.Count(s.dialog(), "jca_TEST") > 1 {
		t.Error("a key is repeated")
	}
	field := s.find(nil, func(o fyne.CanvasObject) bool { return fieldOf(o) != nil }).(*widgets.Field)
	if !strings.Contains(field.Text, "Acme, Inc.") {
		t.Errorf("the field has %q", field.Text)
	}
	s.win.Canvas().Focus(field)
	s.keys(fyne.KeyEscape)
	if s.dialog() != "" {
		t.Fatal("Esc does not close it")
	}
	var names []string
	for _, o := range s.many().selectedOnes() {
		names = append(names, o.Name)
	}
	if !slices.Equal(names, []string{"Aldgate Dental Group", "Ashby Clinic", "Nowhere"}) {
		t.Errorf("%q are selected", names)
	}
}

// A list of which all is found closes by itself, and says how many it has selected. One of what is connected says that.
func TestPastingAListOfWhatThereIs(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.pasteList("Ashby Clinic\nAshby Foods\n\n")
	s.press("Select them")
	s.selects("a list", "Ashby Clinic", "Ashby Foods")
	if s.dialog() != "" || !s.sees("Found and selected: 2") || s.focused() != s.button("Connect 2") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.keys(fyne.KeyReturn)
	s.connected()
	s.pasteList("Ashby Clinic\nAshby Legal")
	s.press("Select them")
	s.selects("what is connected, and another one", "Ashby Legal")
	if !s.sees("Connected already: 1") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Paste a list…")
	s.press("Select them")
	if !s.sees("Type or paste names or Organization IDs first.") {
		t.Errorf("the screen says %s", s.dialog())
	}
}

// An Organization ID that JumpCloud has not listed is tried all the same, and gets its name.
func TestPastingWhatIsNotListed(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503)))
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.pasteList("Nobody\n" + jumpcloudtest.OrganizationID(226))
	s.press("Select them")
	if !s.sees("“Nobody” is not among those that JumpCloud listed.") {
		t.Errorf("it says %s", s.dialog())
	}
	s.press("Close")
	s.server.Heal()
	s.choose(100)
	s.press("Connect 2")
	s.connected()
	if kept := s.kept(); len(kept) != 2 || !slices.ContainsFunc(kept, func(c connector.Connection) bool { return c.Organization.ID == jumpcloudtest.OrganizationID(226) }) {
		t.Fatalf("%d are kept; the screen says %s", len(kept), s.screenText())
	}
	s.searchFor("kirkwall opt")
	if rows := s.rows("Choose organizations"); len(rows) != 1 || !strings.Contains(rows[0], "Connected ✓") {
		t.Errorf("the rows are %q", rows)
	}
}

// A list that is too long for the field is taken all the same. Where it is too long for the clipboard, that is said.
func TestPastingALongList(t *testing.T) {
	for n, want := range map[int]string{500: "Found and selected: 127", 5000: "Only the first 64 KiB of the list were taken."} {
		s := choosing(t, keychain.Memory())
		list := make([]string, n)
		for i := range list {
			list[i] = jumpcloudtest.OrganizationID(100 + i%127)
		}
		s.press("Paste a list…")
		fyne.CurrentApp().Clipboard().SetContent(strings.Join(list, "\n"))
		s.shortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		s.until("it is taken", func() bool { return s.sees(want) })
		if n := len(s.many().selectedOnes()); n != 127 {
			t.Errorf("%d are selected", n)
		}
	}
}
