package gui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
)

// pasteList opens the dialog for a list, and pastes one.
func (s *stage) pasteList(list string) {
	s.t.Helper()
	s.press("Use a list…")
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
	s.press("Use a list…")
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
		s.press("Use a list…")
		fyne.CurrentApp().Clipboard().SetContent(strings.Join(list, "\n"))
		s.shortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
		s.until("it is taken", func() bool { return s.sees(want) })
		if n := len(s.many().selectedOnes()); n != 127 {
			t.Errorf("%d are selected", n)
		}
	}
}

// listFile writes a list into a file, and has the dialog for files begin in its folder.
func (s *stage) listFile(name, text string) fyne.URI {
	s.t.Helper()
	folder := s.t.TempDir()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	fyne.CurrentApp().Preferences().SetString("fyne:fileDialogLastFolder", storage.NewFileURI(folder).String())
	return storage.NewFileURI(path)
}

// openFile opens a file as a list.
func (s *stage) openFile(name string) {
	s.t.Helper()
	if s.dialog() == "" {
		s.press("Use a list…")
	}
	s.press("Open a file…")
	if parted := strings.TrimSuffix(name, filepath.Ext(name)); !s.hasLine(name) { // as one of Fyne's two views shows it
		name = parted
	}
	s.until("the file is listed", func() bool { return s.hasLine(name) })
	s.tap(name)
	s.tap("Open")
	s.until("it is read", func() bool { return s.dialog() == "" || !s.sees("Reading the list…") && s.offers("Select them") })
}

// A file selects what a pasted list selects, in the encodings of Excel, and with its bad lines by their numbers.
func TestAListInAFile(t *testing.T) {
	for name, encode := range map[string]func(string) string{
		"UTF-8":        func(text string) string { return text },
		"UTF-8 marked": func(text string) string { return "\ufeff" + text },
		"UTF-16":       func(text string) string { return utf16Marked(text) },
		"Windows-1252": func(text string) string { return strings.NewReplacer("Ø", "\xd8", "Å", "\xc5").Replace(text) },
	} {
		s := choosing(t, keychain.Memory())
		s.listFile("clients.csv", encode("Name;Organization ID\r\nØrsted & Åkesson Architects;\r\n;"+jumpcloudtest.OrganizationID(100)+"\r\n;\r\nNowhere;\r\n"))
		s.openFile("clients.csv")
		for _, want := range []string{"Found and selected: 2", "Line 4 has neither", "Line 5: the key opens no organization of the name “Nowhere”."} {
			if !s.sees(want) {
				t.Errorf("%s: %q is not in %s", name, want, s.dialog())
			}
		}
		s.press("Close")
		s.selects(name, "Aldgate Dental Group", "Ørsted & Åkesson Architects")
	}
}

// utf16Marked is a text in UTF-16 with a byte order mark, as Excel saves “Unicode text”.
func utf16Marked(text string) string {
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return string(data)
}

// What keeps a file from being read is said, and what was typed stays.
func TestAFileThatIsNoList(t *testing.T) {
	for want, text := range map[string]string{
		"The file is larger than 4 MiB. Nothing was selected.":            strings.Repeat("Ashby Clinic\n", 400_000),
		"The file is not a text. In Excel, save the table as CSV":         "PK\x03\x04\x14\x00\x06\x00\x08\x00Ashby Clinic",
		"Type or paste names or Organization IDs first.":                  "\r\n\r\n",
		"The list names more than 20,000 organizations. Nothing was sele": strings.Repeat("Ashby Clinic\n", 20_001),
	} {
		s := choosing(t, keychain.Memory())
		s.listFile("clients.csv", text)
		s.press("Use a list…")
		s.types("Ashby Foods")
		s.openFile("clients.csv")
		if !s.sees(want) {
			t.Errorf("%q is not in %s", want, s.dialog())
		}
		if n := len(s.many().selectedOnes()); n > 0 {
			t.Errorf("%d are selected", n)
		}
		s.press("Select them")
		s.selects("what is typed stays", "Ashby Foods")
	}
}

// A file that is dropped on the window is a list, too. What is missing is said.
func TestAListIsDropped(t *testing.T) {
	s := choosing(t, keychain.Memory())
	file := s.listFile("clients.txt", "Ashby Clinic\nAshby Foods\n")
	s.tell(dropped{file})
	s.until("it is taken", func() bool { return s.sees("Found and selected: 2") })
	s.selects("a dropped list", "Ashby Clinic", "Ashby Foods")
	if s.dialog() != "" {
		t.Errorf("the dialog is open: %s", s.dialog())
	}
	s.tell(dropped{storage.NewFileURI(filepath.Join(t.TempDir(), "missing.csv"))})
	s.until("it is said", func() bool { return s.sees("The file could not be read: ") })
	s.press("Close")
	s.press("New connection")
	s.tell(dropped{file})
	s.settle()
	if s.dialog() != "" {
		t.Errorf("on another screen: %s", s.dialog())
	}
}
