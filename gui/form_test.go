package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func TestSecretsAreMaskedUntilShownAndHideAgain(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for name, e := range map[string]*widgets.SecretEntry{"API key": s.form().key, "Organization ID": s.form().organization} {
		test.Type(e, "TESTvalue")
		if !e.Password || s.onScreen("TESTvalue") {
			t.Errorf("%s: not masked", name)
		}
		test.Tap(e.Toggle)
		if e.Password || !s.onScreen("TESTvalue") {
			t.Errorf("%s: not shown", name)
		}
		s.pass(30*time.Second - 1)
		if e.Password {
			t.Errorf("%s: hidden too soon", name)
		}
		s.pass(1)
		if !e.Password {
			t.Errorf("%s: still shown after %s", name, 30*time.Second)
		}
		test.Tap(e.Toggle)
		test.Tap(e.Toggle)
		if !e.Password {
			t.Errorf("%s: not hidden by its button", name)
		}
		test.Tap(e.Toggle)
		s.conceal.All() // what the loss of the focus calls
		if !e.Password {
			t.Errorf("%s: still shown without the focus", name)
		}
		e.SetText("")
	}
}

// The blank that presses a dialog's button is not for the field behind it, which has the focus again.
func TestABlankForADialog(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.types("jca_TESThalf")
	s.win.Canvas().Focus(s.form().name)
	s.types("N")
	s.askToClose()
	s.keys(fyne.KeySpace)
	if s.win.Canvas().Overlays().Top() != nil || s.win.Canvas().Focused() != s.form().name || s.form().name.Text != "N" {
		t.Errorf("the question is not answered, or the name is %q", s.form().name.Text)
	}
	s.keys(fyne.KeySpace)
	if s.form().name.Text != "N " {
		t.Errorf("with a blank the name is %q", s.form().name.Text)
	}
}

// The blank that chooses from a menu is not for the button that has the focus after it.
func TestABlankForAMenu(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	menu := widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("Ask", func() { s.ask("discard", nil, func() {}) })), s.win.Canvas())
	menu.Show()
	s.win.Canvas().Focus(menu)
	s.keys(fyne.KeyDown, fyne.KeySpace)
	if _, asked := s.win.Canvas().Focused().(*widgets.Button); !asked || s.win.Canvas().Overlays().Top() == nil {
		t.Fatal("the question is answered by the blank that it was asked with")
	}
	s.keys(fyne.KeySpace)
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("the next blank does not answer it")
	}
}

func TestPasteAndClear(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	fyne.CurrentApp().Clipboard().SetContent("pasted")
	test.Type(s.form().key, "former")
	test.Tap(s.form().key.Paste)
	s.until("it is pasted", func() bool { return s.form().key.Text == "pasted" })
	test.Tap(s.form().key.Clear)
	if s.form().key.Text != "" {
		t.Errorf("the cleared field has %q", s.form().key.Text)
	}
}

func TestValidationToTheEnd(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	var states []check.State
	s.typeKey(jumpcloudtest.SampleKey)
	people := s.row(check.IDPeople)
	s.until("a connection is shown", func() bool {
		if n := len(states); n == 0 || states[n-1] != people.shown.State {
			states = append(states, people.shown.State)
		}
		return !s.formShown() && len(s.connections.all) > 0
	})
	want := []check.State{check.Waiting, check.Running, check.Passed}
	if len(states) < 3 || states[0] != want[0] || states[1] != want[1] || states[2] != want[2] {
		t.Errorf("people went through %v, want %v", states, want)
	}
	if got := s.details().results.status.Label.Text; got != words.Text("status.saved") {
		t.Errorf("the status says %q", got)
	}
	if s.connections.all[0].Name != "Larkspur Robotics" || s.details().title.Text != "Larkspur Robotics" {
		t.Errorf("the connection is called %q", s.connections.all[0].Name)
	}
	if s.form().key.Text != "" {
		t.Error("the key stays in the form once it is kept")
	}
}

func TestCancelKeepsWhatWasTyped(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang())
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDReachable).shown.State == check.Running })
	if !s.form().cancelButton.Visible() {
		t.Fatal("there is no Cancel")
	}
	s.form().key.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.checked()
	if got := s.form().results.status.Label.Text; got != words.Text("status.cancelled") {
		t.Errorf("the status says %q", got)
	}
	if s.form().key.Text != jumpcloudtest.SampleKey {
		t.Error("the key is lost")
	}
	if r := s.row(check.IDDevices).shown; r.Cause != check.CauseCancelled {
		t.Errorf("devices: %s", r.Cause)
	}
}

func TestFailureSaysWhatToDo(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	row := s.row(check.IDKey)
	if row.shown.Cause != check.CauseRoleRefused || !row.more.Visible() || len(row.button.Objects) != 1 ||
		!strings.Contains(row.remedy.Text, "Read Only") {
		t.Errorf("%s: open %v, %q", row.shown.Cause, row.more.Visible(), row.remedy.Text)
	}
	if s.form().key.Text != jumpcloudtest.SampleCommandRunnerKey || len(s.connections.all) != 0 {
		t.Error("the key was taken out of the form, or kept")
	}
	if r := s.row(check.IDPeople); r.shown.State != check.Skipped || r.more.Visible() {
		t.Errorf("people are %s", r.shown.State)
	}
}

// What an older run still finds out must not be shown for newer entries.
func TestTypingOnEndsTheRun(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang().Times(1))
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDReachable).shown.State == check.Running })
	test.Type(s.form().key, "x")
	if r := s.row(check.IDReachable).shown; r.State != check.Waiting {
		t.Errorf("the old run is still shown: %s", r.State)
	}
	s.server.Heal()
	s.form().key.SetText(jumpcloudtest.SampleRevokedKey)
	s.pass(typingPause)
	s.checked()
	if r := s.row(check.IDKey).shown; r.Cause != check.CauseKeyUnknown {
		t.Errorf("the new entries: %s", r.Cause)
	}
}

func TestEntriesAreLookedAtWithoutARequest(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form().key, jumpcloudtest.OrganizationID(1))
	test.Type(s.form().organization, jumpcloudtest.SampleKey)
	s.pass(typingPause)
	row := s.row(check.IDEntries)
	if row.shown.Cause != check.CauseSwapped || len(row.button.Objects) != 1 {
		t.Fatalf("seen: %s", row.shown.Cause)
	}
	if n := len(s.server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	test.Tap(row.button.Objects[0].(fyne.Tappable))
	s.shown()
	if len(s.connections.all) != 1 {
		t.Error("the swapped entries were not checked")
	}
}

func TestChoosingAnOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	p := s.form().picker
	if !p.Box.Visible() || len(p.Shown) != 127 {
		t.Fatalf("the list is shown: %v, with %d", p.Box.Visible(), len(p.Shown))
	}
	test.Type(p.Search, "kirkwall opt")
	if len(p.Shown) != 1 {
		t.Fatalf("%d match", len(p.Shown))
	}
	p.List.Select(0)
	s.shown()
	if got := s.connections.all[0].Organization.Name; got != "Kirkwall Optics" {
		t.Errorf("kept for %q", got)
	}
}

func TestPartlyReadableIsKeptOnlyWhenAsked(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.checked()
	if len(s.connections.all) != 0 || !s.form().keepButton.Visible() {
		t.Fatal("kept without being asked, or no way to keep it")
	}
	test.Tap(s.form().keepButton)
	s.shown()
	if s.connections.all[0].Report.Worst() != check.Failed {
		t.Error("the report says that all is well")
	}
}

func TestKeychainFailureOffersAWayOn(t *testing.T) {
	k := broken(keychain.ErrNoProvider)
	s := open(t, k, Options{})
	if m := s.banner.Messages[ownerList]; !m.Box.Visible() || !strings.Contains(m.Label.Text, "gnome-keyring") {
		t.Errorf("at the start it says %q", m.Label.Text)
	}
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.form().results.status.Label.Text == words.Cause(check.CauseNoProvider) })
	if s.form().key.Text != jumpcloudtest.SampleKey || !s.formShown() {
		t.Error("what was typed is lost")
	}
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.shown()
	if c := s.connections.all[0]; !c.SessionOnly {
		t.Error("not marked as kept for this session only")
	}
	if got := s.details().results.status.Label.Text; got != words.Text("status.saved_session") {
		t.Errorf("the status says %q", got)
	}
}

func TestKeychainWorksAgain(t *testing.T) {
	k := broken(keychain.ErrLocked)
	s := open(t, k, Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.form().results.status.Label.Text == words.Cause(check.CauseKeychainLocked) })
	k.fail(nil)
	press(t, s.banner.Messages[ownerForm].Box, words.Text("keychain.retry"))
	s.shown()
	if s.connections.all[0].SessionOnly || s.banner.Messages[ownerForm].Box.Visible() {
		t.Error("kept for the session only, or the message stays")
	}
}

func TestAKeychainThatWaitsForTheUserIsTold(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	released := false
	release := func() {
		if !released {
			close(k.release)
		}
		released = true
	}
	defer release()
	s := open(t, k, Options{}) // open ends with the time limit
	if m := s.banner.Messages[ownerList]; !strings.Contains(m.Label.Text, words.Cause(check.CauseKeychainTimeout)) {
		t.Errorf("it says %q", m.Label.Text)
	}
	press(t, s.banner.Box, words.Text("keychain.retry"))
	s.until("it is said that the keychain waits", func() bool { return s.banner.Waiting.Visible() })
	release()
	s.until("it waits no more", func() bool { return !s.banner.Waiting.Visible() })
}
