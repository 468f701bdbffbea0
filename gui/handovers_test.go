package gui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// connectClients keeps connections to so many clients of the MSP of the sample world, all with one key.
func connectClients(t *testing.T, server *jumpcloudtest.Server, k keychain.Backend, n int) {
	t.Helper()
	c := connector.New(keychain.New(k, "gui.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
	var some []check.Organization
	for i := range n {
		some = append(some, check.Organization{ID: jumpcloudtest.OrganizationID(100 + i)})
	}
	err := c.ConnectEach(t.Context(), check.Credentials{Region: "us", APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey)}, some, func(one connector.Connected) {
		if one.Err != nil {
			t.Errorf("%s is not connected: %v", one.Organization.ID, one.Err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The window with the list of what ControlMap lacks, for so many clients of an MSP.
func toHandOver(t *testing.T, k keychain.Backend, n int) *stage {
	t.Helper()
	server := sampleServer(t)
	connectClients(t, server, k, n)
	s := openOn(t, server, k, Options{})
	s.menu("View", "Hand over to ControlMap…")
	return s
}

// outdate gives connections a hand-over with another key than the present one, as a replaced key does.
func (s *stage) outdate(names ...string) {
	for _, name := range names {
		for i, c := range s.connections.all {
			if c.Name == name {
				s.connections.all[i].HandOver = connector.HandOver{At: s.clock.Now(), Outdated: true, Tenant: "https://" + strings.ToLower(name[:3]) + ".app.ctrlmap.com"}
			}
		}
	}
	s.tell(connectionsChanged{})
}

// From the list, one connection after the other is handed over by Enter alone, and each leads to the next one.
func TestHandOverOneAfterTheOther(t *testing.T) {
	k := keychain.Memory()
	s := toHandOver(t, k, 3)
	if s.title() != "Hand over to ControlMap" || !s.sees("ControlMap never got the keys of 3 connections.") {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	all := screenOf[*handOvers](s).shown
	for i, c := range all {
		s.keys(fyne.KeyReturn) // Hand over next
		if s.title() != "Hand over "+c.Name {
			t.Fatalf("number %d: the screen is %q", i, s.title())
		}
		s.keys(fyne.KeyReturn) // the key
		s.onClipboard(jumpcloudtest.SampleMultiTenantKey)
		s.until("the key is ticked", func() bool { return screenOf[*handOver](s).keyCopied })
		s.keys(fyne.KeyReturn)
		s.onClipboard(c.Organization.ID)
		s.until("the ID is ticked", func() bool { return screenOf[*handOver](s).idCopied })
		s.keys(fyne.KeyReturn)
		s.until("it is handed over", func() bool {
			return s.hasLine(words.Text("handover.state.done", words.Facts{"Date": words.Date(s.clock.Now())}))
		})
		s.idle()
		if left := len(all) - 1 - i; left > 0 && !s.hasLine(fmt.Sprintf("Next: %s. %d to go.", all[i+1].Name, left)) {
			t.Errorf("number %d: the screen says\n%s", i, s.screenText())
		}
	}
	if s.offers("Hand over next") {
		t.Error("there is a next one")
	}
	s.keys(fyne.KeyReturn) // Back to the list
	if !s.sees("ControlMap has the present key of every connection.") || s.offers("Page for somebody else…") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.keys(fyne.KeyReturn)
	if !s.formShown() && s.title() == "Hand over to ControlMap" {
		t.Error("Back does not lead back")
	}
}

// Connections with a former key in ControlMap come first; each group is shown by itself; those that do not work are said and not offered.
func TestTheListOfHandOvers(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 4)
	var names []string
	for _, c := range s.connections.all {
		names = append(names, c.Name)
	}
	s.outdate(names[1], names[2])
	s.connections.all[0].Report = check.Report{}
	s.tell(connectionsChanged{})
	if !s.sees("ControlMap still has the former key of 2 connections.") || !s.sees("These have to be checked before they can be handed over: "+names[0]+".") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	for chip, want := range map[string]string{"To be updated (2)": names[1] + names[2], "Never handed over (1)": names[3]} {
		s.press(chip)
		got := ""
		for _, c := range screenOf[*handOvers](s).shown {
			got += c.Name
		}
		if got != want {
			t.Errorf("%q shows %q", chip, got)
		}
	}
	if got := s.rows("Hand over to ControlMap"); len(got) != 1 || !strings.HasPrefix(got[0], names[3]+"\naudit@northgate-msp.example") {
		t.Errorf("the row says %q", got)
	}
	s.tab(screenOf[*handOvers](s).list)
	s.keys(fyne.KeyReturn)
	if s.title() != "Hand over "+names[3] {
		t.Errorf("the screen is %q", s.title())
	}
	s.press("Not now")
	s.press("Hand over next")
	if s.title() != "Hand over "+names[1] || s.focused() != s.button("Open") {
		t.Errorf("the screen is %q", s.title())
	}
	s.remake()
	s.press("Mark as handed over")
	s.idle()
	if !s.sees("Next: "+names[2]+". 2 to go.") || !s.offers("Back to the list") {
		t.Errorf("after a change of the language, the screen says\n%s", s.screenText())
	}
}

// What could not be checked since it worked can be handed over, and is said to be so. What was refused cannot.
func TestHandOverWhatCouldNotBeChecked(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 3)
	all := s.connections.all
	names := []string{all[0].Name, all[1].Name, all[2].Name}
	for i, cause := range []check.Cause{check.CauseUnreachable, check.CauseKeyStopped} {
		all[i].Report.Found = all[i].Report.Results
		all[i].Report.Results = []check.Result{{Check: check.IDReachable, Outcome: check.Outcome{State: check.Failed, Cause: cause}}}
	}
	all[0].Report.Worked = s.clock.Now().AddDate(0, 0, -9)
	since := words.Date(all[0].Report.Worked)
	s.tell(connectionsChanged{})
	rows := s.rows("Hand over to ControlMap")
	if len(rows) != 2 || !strings.HasPrefix(rows[1], names[0]+"\nnot checked since "+since+" · ") || s.sees("have to be checked before") ||
		!s.sees("These do not work and have to be mended first: "+names[1]+".") {
		t.Errorf("the rows are %q; the screen says\n%s", rows, s.screenText())
	}
	for range 2 {
		s.press("Hand over next")
		s.press("Mark as handed over")
		s.idle()
	}
	if s.title() != "Hand over "+names[0] || !s.sees("Could not be checked. It last worked on "+since+". It can be handed over all the same.") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleMultiTenantKey)
	s.tell(handOverWanted{s.connections.all[1]})
	if s.offers("Mark as handed over") || !s.highlights("Show the connection") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.connections.all[0].HandOver.Outdated = true
	s.tell(opened{Connection: s.connections.all[0]})
	if !s.sees("Could not be checked. It last worked on "+since) || !s.offers("Hand over to ControlMap") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A connection that was opened by itself leads on, too, but back to the connection.
func TestAHandOverLeadsToTheNext(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 2)
	s.tell(handOverWanted{s.connections.all[1]})
	s.press("Mark as handed over")
	s.idle()
	if !s.sees("Next: "+s.connections.all[0].Name) || !s.offers("Show the connection") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Hand over next")
	s.press("Mark as handed over")
	s.idle()
	if s.offers("Hand over next") || !s.highlights("Back to the list") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// Somebody else gets all that they need as text, and no key.
func TestCopyThePageForSomebodyElse(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 3)
	s.press("Page for somebody else…")
	s.press("Copy as text")
	s.until("it is copied", func() bool { return s.sees("The page is copied. It holds no key.") })
	text := fyne.CurrentApp().Clipboard().Content()
	for _, c := range s.connections.all {
		if !strings.Contains(text, c.Name) || !strings.Contains(text, c.Organization.ID) {
			t.Errorf("%s is not in\n%s", c.Name, text)
		}
	}
	if !strings.Contains(text, "audit@northgate-msp.example") || !strings.Contains(text, "This page holds no key.") {
		t.Errorf("the page says\n%s", text)
	}
	s.holdsNoKey(text)
	s.pass(10 * time.Minute)
	s.settle()
	if fyne.CurrentApp().Clipboard().Content() != text {
		t.Error("the page was cleared from the clipboard like a secret")
	}
}

// holdsNoKey fails the test if a text has a part of the key that is long enough to be of use.
func (s *stage) holdsNoKey(text string) {
	s.t.Helper()
	const most = 6
	for i := range len(jumpcloudtest.SampleMultiTenantKey) - most {
		if part := jumpcloudtest.SampleMultiTenantKey[i : i+most]; part != "000000" && strings.Contains(text, part) {
			s.t.Fatalf("the page holds %q of the key", part)
		}
	}
}

// The page is saved where the person chooses, and opened from there.
func TestSaveThePageForSomebodyElse(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 3)
	folder := t.TempDir()
	at, former := filepath.Join(folder, "controlmap-jumpcloud (2).html"), filepath.Join(folder, "controlmap-jumpcloud.html")
	if err := os.WriteFile(former, []byte("last month's"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := screenOf[*handOvers](s)
	h.writePage(folder, h.due.All())
	s.until("it is saved", func() bool { return s.sees("The page is saved") })
	if !s.sees(filepath.Base(at)) {
		t.Errorf("the dialog says\n%s", s.dialog())
	}
	s.press("Open to print")
	if want := storage.NewFileURI(at).String(); s.page != want {
		t.Errorf("%q is opened, not %q", s.page, want)
	}
	page, err := os.ReadFile(at)
	if err != nil || !strings.Contains(string(page), s.connections.all[2].Organization.ID) {
		t.Errorf("%v: the page is\n%s", err, page)
	}
	s.holdsNoKey(string(page))
	if kept, err := os.ReadFile(former); err != nil || string(kept) != "last month's" {
		t.Errorf("the former page is %q, %v", kept, err)
	}
}

// What cannot be written is said, and the list stays.
func TestThePageThatCannotBeSaved(t *testing.T) {
	s := toHandOver(t, keychain.Memory(), 2)
	h := screenOf[*handOvers](s)
	h.writePage(filepath.Join(t.TempDir(), "gone"), h.due.All())
	s.until("it has failed", func() bool { return s.sees("The page is not saved") })
	if !s.sees("no such file or directory") {
		t.Errorf("the dialog says\n%s", s.dialog())
	}
	s.press("OK")
	if !s.highlights("Hand over next") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// The folder is chosen in Fyne's dialog.
func TestChooseAPlaceForThePage(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	s := toHandOver(t, keychain.Memory(), 2)
	s.press("Page for somebody else…")
	s.press("Save as a page…")
	if !strings.Contains(s.dialog(), "Save as a page…") {
		t.Fatalf("the dialog says\n%s", s.dialog())
	}
	s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
}
