package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// handsOver opens the hand-over of a kept connection.
func handsOver(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.press("Hand over to ControlMap")
	return s
}

func (s *stage) onClipboard(text string) {
	s.t.Helper()
	s.until("it is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == text })
}

// From the start to the key on the clipboard it takes three clicks: to paste, to hand over, to copy. By keyboard Enter does all that
// follows, for the focus moves on.
func TestHandOver(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	fyne.CurrentApp().Clipboard().SetContent(jumpcloudtest.SampleKey)
	s.press("Paste", "API key")
	s.settle()
	s.pass(typingPause)
	s.shown()
	s.press("Hand over to ControlMap")
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleKey)
	s.until("the row says so", func() bool { return s.offers("Copied · 45 s", "API key") })
	if !s.hasLine("jca_…0001") {
		t.Error("the row does not say which key it is")
	}
	s.pass(7 * time.Second)
	s.until("it counts down", func() bool { return s.offers("Copied · 38 s", "API key") })
	s.keys(fyne.KeyReturn)
	s.onClipboard(jumpcloudtest.OrganizationID(1))
	s.until("the row says so", func() bool { return s.offers("Copied · 45 s", "Organization ID") })
	if !s.offers("Copy", "API key") {
		t.Error("it still counts the seconds of a key that is not on the clipboard any more")
	}
	s.keys(fyne.KeyReturn)
	handed := words.Text("handover.state.done", words.Facts{"Date": words.Date(time.Now())})
	s.until("it is handed over", func() bool { return s.hasLine(handed) })
	s.until("the focus has moved on", func() bool { return s.focused() == s.button("Show the connection") })
	s.keys(fyne.KeyReturn)
	if s.title() != "Larkspur Robotics" || !s.sees("handed over on "+words.Date(time.Now())) {
		t.Errorf("the screen is %q", s.title())
	}
	again := open(t, k, Options{})
	if rows := again.rows("Connections"); !strings.Contains(rows[0], "Handed over on "+words.Date(time.Now())) {
		t.Errorf("at the next start the list says %q", rows)
	}
	again.tap("Larkspur Robotics")
	again.press("Hand over to ControlMap")
	if !again.hasLine(handed) {
		t.Errorf("at the next start the screen says\n%s", again.screenText())
	}
}

// The company's ControlMap is opened only at an address of ControlMap, and that is kept.
func TestOpenControlMap(t *testing.T) {
	k := keychain.Memory()
	s := handsOver(t, k)
	for _, typed := range []string{"", "larkspur", "http://larkspur.app.ctrlmap.com", "larkspur.app.ctrlmap.com.evil.example"} {
		s.fill("company.app.ctrlmap.com", typed)
		s.keys(fyne.KeyReturn)
		if s.offers("Open") || s.page != "" {
			t.Errorf("%q can be opened: %q", typed, s.page)
		}
		if says := s.sees("It is not opened or kept."); says != (typed != "") {
			t.Errorf("at %q it says that this is not an address: %v", typed, says)
		}
	}
	s.fill("company.app.ctrlmap.com", "larkspur.app.eu.ctrlmap.com/integrations")
	s.press("Open")
	s.idle()
	if want := "https://larkspur.app.eu.ctrlmap.com"; s.page != want || s.field("company.app.ctrlmap.com").Text != want {
		t.Errorf("%q is opened, and the field has %q", s.page, s.field("company.app.ctrlmap.com").Text)
	}
	if s.focused() != s.button("Copy", "API key") {
		t.Errorf("the focus is on %T", s.focused())
	}
	again := open(t, k, Options{})
	again.tap("Larkspur Robotics")
	again.press("Hand over to ControlMap")
	if again.focused() != again.button("Open") {
		t.Errorf("with an address that is kept, the focus is on %T", again.focused())
	}
	again.keys(fyne.KeyReturn)
	if again.page != "https://larkspur.app.eu.ctrlmap.com" {
		t.Errorf("%q is opened", again.page)
	}
}

// A connection that does not work is not handed over.
func TestABrokenConnectionIsNotHandedOver(t *testing.T) {
	s := handsOver(t, keychain.Memory())
	s.press("Not now")
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.press("Check again")
	s.makeSure()
	s.tell(handOverWanted{s.details().c})
	if s.offers("Copy") || s.offers("Mark as handed over") || s.current.actions().copyKey != nil {
		t.Errorf("it is offered:\n%s", s.screenText())
	}
	s.press("Show the connection")
	if !s.offers("Check again") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// If the keychain does not keep the hand-over, it says so, and it can be tried again.
func TestAHandOverThatIsNotKept(t *testing.T) {
	k := broken(nil)
	s := handsOver(t, k)
	k.fail(keychain.ErrLocked)
	s.press("Mark as handed over")
	s.until("it has failed", func() bool { return s.offers("Try again") && s.offers("Mark as handed over") })
	k.fail(nil)
	s.tab(s.button("Try again"))
	s.keys(fyne.KeyReturn)
	s.until("it is handed over", func() bool { return s.sees("Handed over on") })
	s.until("the focus has moved on", func() bool { return s.focused() == s.button("Show the connection") })
}

func TestRenameAConnection(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.writer.rename(s.details().c)
	s.types("Ours")
	s.keys(fyne.KeyReturn)
	s.until("it has the name", func() bool { return s.title() == "Ours" })
	s.idle()
	if again := open(t, k, Options{}); !again.sees("Ours") {
		t.Errorf("at the next start the screen says\n%s", again.screenText())
	}
	s.writer.rename(s.details().c)
	s.keys(fyne.KeyEscape)
	if s.dialog() != "" || s.title() != "Ours" {
		t.Errorf("Esc leaves %q, and %q", s.title(), s.dialog())
	}
}

// A form for another key of a connection takes over its new name.
func TestRenameBesideAFormForAnotherKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.replaceKey("Larkspur Robotics")
	s.tap("Larkspur Robotics")
	s.writer.rename(s.details().c)
	s.types("Ours")
	s.keys(fyne.KeyReturn)
	s.until("it has the name", func() bool { return s.title() == "Ours" })
	s.press("Replace key")
	if s.title() != "Replace the key of Ours" {
		t.Errorf("the form is called %q", s.title())
	}
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.until("the hand-over is shown", func() bool { return s.offers("Mark as handed over") })
	if kept := s.kept(); len(kept) != 1 || kept[0].Name != "Ours" {
		t.Errorf("it is kept as %+v", kept)
	}
}

// A key is replaced in a form for the key alone, and then ControlMap needs it.
func TestReplaceAKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	c := s.connections.all[0]
	s.tell(keyWanted{c})
	if !s.hasLine("The present key stays until the new one passes the checks.") || s.hasLine("Organization ID") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	asked := len(s.server.Requests())
	s.typeKey(" " + jumpcloudtest.SampleKey)
	s.idle()
	if !s.sees("This is the key that Larkspur Robotics already has.") || len(s.server.Requests()) != asked {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.fill("API key", jumpcloudtest.SampleSecondKey)
	s.pass(typingPause)
	s.until("the hand-over is shown", func() bool { return s.offers("Mark as handed over") })
	if !s.sees("The key is replaced. Now update ControlMap") || s.title() != "Hand over Larkspur Robotics" {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleSecondKey)
}

// Pasting the new key leaves the options folded, for they are filled in already.
func TestPastingTheKeyThatReplaces(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	for name, paste := range map[string]func(*stage, string, string){"keys": (*stage).paste, "button": (*stage).pasteWithButton} {
		t.Run(name, func(t *testing.T) {
			s := open(t, k, Options{})
			s.replaceKey("Larkspur Robotics")
			paste(s, "API key", jumpcloudtest.SampleSecondKey)
			if s.field("API key").Text != jumpcloudtest.SampleSecondKey || s.form().more.IsOpen() {
				t.Errorf("the screen says\n%s", s.screenText())
			}
		})
	}
}

// Replacing the key of a connection leaves the others that have it alone, and says so.
func TestOthersWithTheKeyThatIsReplaced(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	all := s.connections.all
	for _, name := range []string{"Aldgate", "Bower", "Clay", "Dover", "Esk"} {
		c := all[0]
		c.ID, c.Name = name, name
		all = append(all, c)
	}
	s.connections.replace(all[:3], "")
	s.tell(ownKeyWanted{all[0]})
	if !s.sees("It stays in these connections too: Aldgate, Bower.") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.tell(newWanted{})
	s.connections.replace(all, "")
	s.tell(ownKeyWanted{all[0]})
	if !s.sees("Aldgate, Bower, Clay, 2 more.") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// After a change of the language, the key can be copied as before.
func TestCopyAfterAChangeOfTheLanguage(t *testing.T) {
	s := handsOver(t, keychain.Memory())
	for _, leave := range []string{"Not now", ""} {
		s.idle()
		fyne.CurrentApp().Clipboard().SetContent("")
		s.remake()
		s.press("Copy", "API key")
		s.onClipboard(jumpcloudtest.SampleKey)
		if leave != "" {
			s.press(leave)
		}
	}
}

// If something else has changed the key, the screen says so, and what is marked then is the new key.
func TestAKeyThatWasReplacedElsewhere(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.tap("Larkspur Robotics")
	s.press("Hand over to ControlMap")
	elsewhere := openHere(t, k)
	elsewhere.replaceKey("Larkspur Robotics")
	elsewhere.typeKey(jumpcloudtest.SampleSecondKey)
	elsewhere.shown()
	elsewhere.close()
	s.press("Mark as handed over")
	s.idle()
	if !s.sees("Something else has changed this connection.") || !s.offers("Mark as handed over") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleSecondKey)
	s.press("Mark as handed over")
	s.until("it is handed over", func() bool { return s.sees("Handed over on") })
}

// What is half typed does not take the place of the address that is kept.
func TestMarkingKeepsTheAddress(t *testing.T) {
	for typed, want := range map[string]string{"larks": "https://larkspur.app.ctrlmap.com", "": "", "acme.app.ctrlmap.com": "https://acme.app.ctrlmap.com"} {
		s := handsOver(t, keychain.Memory())
		s.fill("company.app.ctrlmap.com", "larkspur.app.ctrlmap.com")
		s.press("Open")
		s.idle()
		s.fill("company.app.ctrlmap.com", typed)
		s.press("Mark as handed over")
		s.idle()
		if got := s.kept()[0].HandOver.Tenant; got != want {
			t.Errorf("after %q the address is %q", typed, got)
		}
	}
}

// What ends once another screen is shown does not turn the guide's page there.
func TestLeavingTheHandOverWhileItIsMarked(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := handsOver(t, k)
	s.idle()
	k.close()
	s.press("Mark as handed over")
	s.press("Not now")
	k.open()
	s.idle()
	if s.title() != "Larkspur Robotics" || s.guide.wanted != s.current.topic() || s.kept()[0].HandOver.At.IsZero() {
		t.Errorf("on the screen %q the guide is at %q", s.title(), s.guide.wanted)
	}
}

// gatedSession opens the window on a connection of the session, and returns its keychain, which works by now and has a gate.
func gatedSession(t *testing.T) (*stage, *gatedKeychain) {
	t.Helper()
	b := broken(nil)
	k := &gatedKeychain{Backend: b}
	s := open(t, k, Options{})
	b.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	b.fail(nil)
	s.idle()
	return s, k
}

// A connection of the session that is saved while its hand-over is shown stays on the screen, with what was done for it.
func TestAHandOverOfWhatIsBeingSaved(t *testing.T) {
	s, k := gatedSession(t)
	k.close()
	s.press("Save in the keychain")
	s.press("Hand over to ControlMap")
	s.fill("company.app.ctrlmap.com", "larkspur.app.ctrlmap.com")
	if s.offers("Mark as handed over") || s.offers("Open") || s.offers("Copy", "API key") {
		t.Error("what would be lost is offered")
	}
	if s.keys(fyne.KeyReturn); s.page != "" {
		t.Error("Enter does it all the same")
	}
	s.press("Copy", "Organization ID")
	s.onClipboard(jumpcloudtest.OrganizationID(1))
	k.open()
	s.until("it is saved", func() bool { return len(s.connections.all) == 1 && !s.connections.all[0].SessionOnly })
	s.idle()
	saved := s.connections.all[0]
	h := screenOf[*handOver](s)
	if s.title() != "Hand over Larkspur Robotics" || h.c.ID != saved.ID || s.connections.current != saved.ID || !h.idCopied || s.marked() == "" {
		t.Fatalf("marked is %q; the screen says\n%s", s.marked(), s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleKey)
	s.press("Mark as handed over")
	s.until("it is handed over", func() bool { return s.sees("Handed over on") })
	if kept := s.kept(); len(kept) != 1 || !kept[0].HandOver.Done() || kept[0].HandOver.Tenant != "https://larkspur.app.ctrlmap.com" {
		t.Errorf("it is kept as %+v", kept)
	}
}

// The same is true of the screen of the connection.
func TestAConnectionStaysWhileItIsSaved(t *testing.T) {
	s, k := gatedSession(t)
	k.close()
	s.press("Save in the keychain")
	k.open()
	s.until("it is saved", func() bool { return s.sees("In your system keychain") })
	if s.current != screen(s.details()) || s.connections.current != s.connections.all[0].ID || s.marked() == "" {
		t.Errorf("marked is %q; the screen says\n%s", s.marked(), s.screenText())
	}
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleKey)
}

// A hand-over of a connection that is gone does not stay on the screen, nor does it come back.
func TestAHandOverOfWhatIsGone(t *testing.T) {
	elsewhere := func(s *stage, k keychain.Backend) {
		if err := connector.New(keychain.New(k, "gui.test")).Remove(t.Context(), s.kept()[0].ID); err != nil {
			t.Fatal(err)
		}
		s.reread()
		s.idle()
	}
	for name, remove := range map[string]func(*stage, keychain.Backend){
		"elsewhere":              elsewhere,
		"here":                   func(s *stage, _ keychain.Backend) { s.writer.remove(s.connections.all[0].ID) },
		"behind another screen":  func(s *stage, k keychain.Backend) { s.menu("View", "Settings…"); elsewhere(s, k); s.press("Done") },
		"with everything":        func(s *stage, _ keychain.Backend) { s.removeEverything(); s.idle(); s.press("OK") },
		"by another save's read": func(s *stage, _ keychain.Backend) { s.loader.set(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			s := handsOver(t, k)
			s.idle()
			remove(s, k)
			if !s.formShown() || s.connections.current != "" || len(s.names()) != 0 {
				t.Errorf("the screen says\n%s", s.screenText())
			}
		})
	}
}

// What is saved in the place of the connection on the screen is shown at once.
func TestASaveIntoWhatIsShown(t *testing.T) {
	for name, show := range map[string]func(*stage){"a connection": func(*stage) {}, "a hand-over": func(s *stage) { s.press("Hand over to ControlMap") }} {
		t.Run(name, func(t *testing.T) {
			k := &gatedKeychain{Backend: keychain.Memory()}
			keepHere(t, k, jumpcloudtest.SampleKey)
			s := openHere(t, k)
			s.idle()
			s.replaceKey("Larkspur Robotics")
			s.typeInto("API key", jumpcloudtest.SampleSecondKey)
			k.close()
			s.pass(typingPause)
			s.until("it is being saved", s.saving)
			s.tap("Larkspur Robotics")
			show(s)
			k.open()
			s.until("it is saved", func() bool {
				return s.connections.all[0].KeyID == connector.KeyID(secret.New(jumpcloudtest.SampleSecondKey))
			})
			s.idle()
			if name == "a hand-over" && !s.sees("Something else has changed this connection.") {
				t.Errorf("the screen says\n%s", s.screenText())
			}
			if name == "a connection" && s.details().c.KeyID != s.connections.all[0].KeyID {
				t.Error("the screen is about the former key")
			}
			s.press("Copy", "API key")
			s.onClipboard(jumpcloudtest.SampleSecondKey)
		})
	}
}

// What ControlMap can go without does not stop the hand-over of a connection that was saved all the same.
func TestWhatWasSavedAnywayIsHandedOver(t *testing.T) {
	s := scenarios[check.CauseDatasetWithheld].comeAbout(t)
	s.press("Save anyway")
	s.shown()
	if !s.highlights("Hand over to ControlMap") {
		t.Errorf("the next step is %q", s.highlighted())
	}
	s.press("Hand over to ControlMap")
	s.press("Mark as handed over")
	s.until("it is handed over", func() bool { return s.kept()[0].HandOver.Done() })
}

// A copy that takes long does not take the focus from who types the address meanwhile.
func TestTypingTheAddressWhileTheKeyIsCopied(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := handsOver(t, k)
	s.idle()
	k.close()
	s.press("Copy", "API key")
	s.typeInto("company.app.ctrlmap.com", "larkspur")
	k.open()
	s.onClipboard(jumpcloudtest.SampleKey)
	s.until("the key is ticked", func() bool { return screenOf[*handOver](s).keyCopied })
	if s.focused() != s.field("company.app.ctrlmap.com") {
		t.Errorf("the focus is on %T", s.focused())
	}
}

// What is being marked does not keep another connection from being marked, and moves nothing on its screen.
func TestAnotherHandOverWhileOneIsMarked(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := handsOver(t, k)
	s.idle()
	k.close()
	s.press("Mark as handed over")
	s.tap("Juniper & Sons Bakery")
	s.press("Hand over to ControlMap")
	if s.button("Mark as handed over").Disabled() {
		t.Error("the other connection cannot be marked")
	}
	s.win.Canvas().Unfocus()
	k.open()
	s.idle()
	marked := 0
	for _, c := range s.kept() {
		if c.HandOver.Done() {
			marked++
		}
	}
	if s.title() != "Hand over Juniper & Sons Bakery" || s.focused() != nil || marked != 1 {
		t.Errorf("%d are marked, and on the screen %q the focus is on %T", marked, s.title(), s.focused())
	}
}

// A look at the connection loses neither the address that is typed nor the ticks.
func TestAHandOverThatGoesOn(t *testing.T) {
	s := handsOver(t, keychain.Memory())
	s.fill("company.app.ctrlmap.com", "larkspur.app.ctrlmap.com")
	s.press("Copy", "API key")
	s.onClipboard(jumpcloudtest.SampleKey)
	s.until("the focus has moved on", func() bool { return screenOf[*handOver](s).keyCopied })
	s.tap("Larkspur Robotics")
	s.press("Hand over to ControlMap")
	if h := screenOf[*handOver](s); s.field("company.app.ctrlmap.com").Text != "larkspur.app.ctrlmap.com" || !h.keyCopied {
		t.Errorf("the field has %q; ticked: %v", s.field("company.app.ctrlmap.com").Text, h.keyCopied)
	}
}
