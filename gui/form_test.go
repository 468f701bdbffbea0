package gui

import (
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

func TestSecretsAreMaskedUntilShownAndHideAgain(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for _, name := range []string{"API key", "Organization ID"} {
		is := func(seen bool, when string) {
			t.Helper()
			if s.sees("TESTvalue") != seen || s.offers("Hide", name) != seen {
				t.Errorf("%s: to be seen %s: %v", name, when, !seen)
			}
		}
		s.typeInto(name, "TESTvalue")
		is(false, "at first")
		s.press("Show", name)
		is(true, "once it is shown")
		s.pass(30*time.Second - 1)
		is(true, "for 30 s")
		s.pass(1)
		is(false, "after 30 s")
		s.press("Show", name)
		s.press("Hide", name)
		is(false, "once it is hidden")
		s.press("Show", name)
		s.leave()
		is(false, "behind another window")
		s.comeBack()
		s.press("Clear", name)
	}
}

// The blank that presses a dialog's button is not for the field behind it, which has the focus again.
func TestABlankForADialog(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", "jca_TESThalf")
	s.typeInto("Name", "N")
	s.askToClose()
	s.keys(fyne.KeySpace)
	if name := s.field("Name"); s.dialog() != "" || s.focused() != name || name.Text != "N" {
		t.Errorf("the question is not answered, or the name is %q", name.Text)
	}
	s.keys(fyne.KeySpace)
	if got := s.field("Name").Text; got != "N " {
		t.Errorf("with a blank the name is %q", got)
	}
}

// The blank that chooses from a menu is not for the button that has the focus after it.
func TestABlankForAMenu(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	menu := widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("Ask", func() { s.ask("discard", nil, func() {}) })), s.win.Canvas())
	menu.Show()
	s.win.Canvas().Focus(menu)
	s.keys(fyne.KeyDown, fyne.KeySpace)
	if s.focused() != s.button("Keep") {
		t.Fatal("the question is answered by the blank that it was asked with")
	}
	s.keys(fyne.KeySpace)
	if s.dialog() != "" {
		t.Error("the next blank does not answer it")
	}
}

func TestPasteAndClear(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", "former")
	s.pasteWithButton("API key", "pasted")
	if got := s.field("API key").Text; got != "pasted" {
		t.Errorf("the field has %q", got)
	}
	s.press("Clear", "API key")
	if got := s.field("API key").Text; got != "" {
		t.Errorf("the cleared field has %q", got)
	}
}

func TestValidationToTheEnd(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	var states []check.State
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("a connection is shown", func() bool {
		if now := s.row(check.IDPeople).State; len(states) == 0 || states[len(states)-1] != now {
			states = append(states, now)
		}
		return !s.formShown() && len(s.rows("Connections")) > 0
	})
	want := []check.State{check.Waiting, check.Running, check.Passed}
	if len(states) < 3 || states[0] != want[0] || states[1] != want[1] || states[2] != want[2] {
		t.Errorf("people went through %v, want %v", states, want)
	}
	if s.title() != "Larkspur Robotics" || !s.sees("In your system keychain") {
		t.Errorf("the screen says %s", s.screenText())
	}
	if kept := s.kept(); len(kept) != 1 || kept[0].Name != "Larkspur Robotics" {
		t.Errorf("%d connections are kept", len(kept))
	}
	s.unfoldAll()
	for _, r := range s.connections.all[0].Report.Results {
		if line := words.CheckTitle(r.Check) + ": " + words.Took(r.Took); r.Took == 0 || !s.sees(line) {
			t.Errorf("the details do not hold %q", line)
		}
	}
	s.press("New connection")
	if s.field("API key").Text != "" {
		t.Error("the key stays in the form once it is kept")
	}
}

func TestCancelKeepsWhatWasTyped(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang())
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDReachable).State == check.Running })
	if !s.offers("Cancel") {
		t.Fatal("there is no Cancel")
	}
	s.keys(fyne.KeyEscape)
	s.checked()
	if !s.sees("What you typed is still here.") {
		t.Errorf("the screen says %s", s.screenText())
	}
	if s.field("API key").Text != jumpcloudtest.SampleKey {
		t.Error("the key is lost")
	}
	if r := s.row(check.IDDevices); r.Cause != check.CauseCancelled {
		t.Errorf("devices: %s", r.Cause)
	}
}

func TestFailureSaysWhatToDo(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	if row, says := s.row(check.IDKey), textIn(s.results().card.box); row.Cause != check.CauseRoleRefused || !s.highlights("Copy message for them") || !strings.Contains(says, "Read Only") {
		t.Errorf("%s: it says %q", row.Cause, says)
	}
	if s.field("API key").Text != jumpcloudtest.SampleCommandRunnerKey || len(s.kept()) != 0 {
		t.Error("the key was taken out of the form, or kept")
	}
	if row := s.row(check.IDPeople); row.State != check.Skipped || strings.Contains(row.says, "ControlMap would miss") {
		t.Errorf("people are %s: %q", row.State, row.says)
	}
}

// What an older run still finds out must not be shown for newer entries.
func TestTypingOnEndsTheRun(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang().Times(1))
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDReachable).State == check.Running })
	s.types("x")
	if s.states() != nil {
		t.Errorf("the old run is still shown: %s", s.screenText())
	}
	s.server.Heal()
	s.fill("API key", jumpcloudtest.SampleRevokedKey)
	s.pass(typingPause)
	s.checked()
	if r := s.row(check.IDKey); r.Cause != check.CauseKeyUnknown {
		t.Errorf("the new entries: %s", r.Cause)
	}
}

func TestEntriesAreLookedAtWithoutARequest(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", jumpcloudtest.OrganizationID(1))
	s.typeInto("Organization ID", jumpcloudtest.SampleKey)
	s.pass(typingPause)
	if got := s.row(check.IDEntries).Cause; got != check.CauseSwapped {
		t.Fatalf("seen: %s", got)
	}
	if n := len(s.server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	s.press("Swap the two fields")
	s.shown()
	if len(s.kept()) != 1 {
		t.Error("the swapped entries were not checked")
	}
}

func TestChoosingAnOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	if n := len(s.rows("Choose organizations")); n != 127 {
		t.Fatalf("the list has %d", n)
	}
	s.typeInto("Search by name or ID (127)", "kirkwall opt")
	if n := len(s.rows("Choose organizations")); n != 1 {
		t.Fatalf("%d match", n)
	}
	s.tap("Kirkwall Optics")
	s.press("Connect 1")
	s.shown()
	if got := s.kept()[0].Organization.Name; got != "Kirkwall Optics" {
		t.Errorf("kept for %q", got)
	}
}

func TestPartlyReadableIsKeptOnlyWhenAsked(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.checked()
	if len(s.kept()) != 0 {
		t.Fatal("kept without being asked")
	}
	s.press("Save anyway")
	s.shown()
	if s.kept()[0].Report.Worst() != check.Failed {
		t.Error("the report says that all is well")
	}
}

func TestKeychainFailureOffersAWayOn(t *testing.T) {
	s := open(t, broken(keychain.ErrNoProvider), Options{})
	if !s.sees("gnome-keyring") || !s.offers("Try again") {
		t.Errorf("at the start it says %s", s.screenText())
	}
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	if n := strings.Count(s.screenText(), words.Title(check.Outcome{Cause: check.CauseNoProvider}, s.work.now())); n != 1 {
		t.Errorf("it is said %d times why; the screen says %s", n, s.screenText())
	}
	if !s.hasLine("The key works, but cannot be kept") || s.button("Keep for this session only").Importance != widget.HighImportance {
		t.Errorf("the screen says %s", s.screenText())
	}
	if s.field("API key").Text != jumpcloudtest.SampleKey {
		t.Error("what was typed is lost")
	}
	s.press("Keep for this session only")
	s.shown()
	if !s.kept()[0].SessionOnly {
		t.Error("not marked as kept for this session only")
	}
	if !s.sees("Kept until you close this window") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

func TestKeychainWorksAgain(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	if o := (check.Outcome{Cause: check.CauseKeychainLocked}); !s.sees(words.Seen(o, s.work.now())) || !s.sees(words.Remedy(o, words.InForm, s.work.now())) {
		t.Errorf("the screen says %s", s.screenText())
	}
	k.fail(nil)
	s.press("Try again")
	s.shown()
	if s.kept()[0].SessionOnly || s.offers("Try again") {
		t.Error("kept for the session only, or the message stays")
	}
}

func TestAKeychainThatWaitsForTheUserIsTold(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	release := sync.OnceFunc(func() { close(k.release) })
	defer release()
	s := open(t, k, Options{}) // open ends with the time limit
	if !s.sees(words.Cause(check.CauseKeychainTimeout)) {
		t.Errorf("it says %s", s.screenText())
	}
	waits := func() bool { return s.sees("Waiting for the system keychain to be unlocked.") }
	s.press("Try again")
	s.until("it is said that the keychain waits", waits)
	release()
	s.until("it waits no more", func() bool { return !waits() })
}
