package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// What is typed stays typed, and what is shown is what it says: also when a person does several things at once.

func TestALookAtAConnectionKeepsWhatWasTyped(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	test.Type(s.form.key, "jca_TESThalf")
	s.list.list.Select(0)
	if s.formShown() {
		t.Fatal("the connection is not shown")
	}
	s.newConnection()
	if !s.formShown() || s.form.key.Text != "jca_TESThalf" {
		t.Errorf("the form has %q", s.form.key.Text)
	}
	s.newConnection() // once more, with the form on the screen: now it is emptied
	if s.form.key.Text != "" {
		t.Error("the form cannot be emptied")
	}
}

func TestTheMarkedRowIsTheOneOnTheScreen(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)              // Larkspur Robotics
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // Juniper & Sons Bakery
	s := open(t, k, Options{})
	s.list.list.Select(0)
	if got := s.details().title.Text; got != "Juniper & Sons Bakery" {
		t.Fatalf("the first row is %q", got)
	}
	s.list.search.SetText("lark") // now another one is in the first row
	s.list.list.Select(0)
	if got := s.details().title.Text; got != "Larkspur Robotics" {
		t.Errorf("after the search the first row opens %q", got)
	}
	s.newConnection()
	s.list.list.Select(0)
	if s.formShown() {
		t.Error("a row cannot be opened again once the form was shown")
	}
}

// A check that goes on while its screen is left does not come back to the screen.
func TestLeavingWhileChecking(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	s.server.Fail(jumpcloudtest.Hang())
	s.details().start()
	s.newConnection()
	s.work.under.Wait()
	s.drain()
	if !s.formShown() || s.list.current != "" {
		t.Error("the connection came back")
	}
	if got := s.list.all[0].Report.Worst(); got != connector.Passed {
		t.Errorf("the kept report is %s", got)
	}
}

func TestCancelWhileSaving(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{}) // reading the connections ended with the time limit
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", func() bool { return s.form.saving })
	s.form.key.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.until("saving has ended", func() bool { return !s.form.saving })
	if got := s.form.status.label.Text; got != text("status.not_saved") {
		t.Errorf("the status says %q", got)
	}
	if s.form.key.Text != jumpcloudtest.SampleKey || !s.form.keepButton.Visible() {
		t.Error("the key is lost, or it cannot be saved once more")
	}
	press(t, s.banner.box, text("keychain.session"))
	s.shown()
	if !s.list.all[0].SessionOnly {
		t.Error("not kept for the session")
	}
}

// Who goes on without the keychain is not told again and again that there is none.
func TestOnWithoutTheKeychain(t *testing.T) {
	s := open(t, &brokenKeychain{Backend: keychain.Memory(), err: keychain.ErrNoProvider}, Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.trouble.Visible() && len(s.banner.buttons.Objects) == 2 })
	press(t, s.banner.box, text("keychain.session"))
	s.shown()
	if s.banner.box.Visible() || s.list.current != s.list.all[0].ID {
		t.Error("the message is still there, or the row is not marked")
	}
	test.Tap(s.details().check)
	s.until("it is checked again", func() bool { return !s.details().stop.Visible() })
	if s.banner.box.Visible() {
		t.Errorf("after another check: %s", s.banner.message.Text)
	}
}

func TestACopyIsOfTheConnectionOnTheScreen(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.list.list.Select(1)
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("the user's own")
	k.close()
	test.Tap(s.details().key.copy)
	s.list.list.Select(0) // while the key is being read
	k.open()
	s.work.under.Wait()
	s.drain()
	if got := clipboard.Content(); got != "the user's own" {
		t.Error("what was copied belongs to a connection that is no longer shown")
	}
}

func TestANameThatIsBeingTypedIsWaitedFor(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form.key, jumpcloudtest.SampleKey)
	s.win.Canvas().Focus(s.form.name)
	test.Type(s.form.name, "Our")
	s.pass(typingPause)
	s.checked()
	if !s.formShown() || s.form.status.label.Text != text("status.name") {
		t.Fatalf("the status says %q", s.form.status.label.Text)
	}
	test.Type(s.form.name, "s")
	s.form.name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.shown()
	if got := s.list.all[0].Name; got != "Ours" {
		t.Errorf("it is called %q", got)
	}
}

func TestTheBannerGoesWithWhatItIsAbout(t *testing.T) {
	k := &brokenKeychain{Backend: keychain.Memory()}
	s := open(t, k, Options{})
	k.err = keychain.ErrLocked
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.trouble.Visible() })
	test.Type(s.form.key, "x")
	if s.banner.box.Visible() {
		t.Error("it still offers to save what is no longer entered")
	}
}

func TestConnectionsThatCannotBeReadAreNotTakenForNone(t *testing.T) {
	k := &brokenKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	k.err = keychain.ErrLocked
	s.load()
	s.until("reading has failed", func() bool { return s.banner.trouble.Visible() })
	if len(s.list.all) != 1 {
		t.Error("those that are known are gone")
	}
	s = open(t, k, Options{})
	s.until("reading has failed", func() bool { return s.banner.trouble.Visible() })
	if !s.onScreen(text("list.failed")) {
		t.Error("it is not said that they could not be read")
	}
}

func TestAWaitForTheKeychainCanBeCancelled(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{})
	s.banner.hide() // that reading ended with the time limit
	s.load()
	s.until("it is said that the keychain waits", func() bool { return s.banner.waiting.Visible() })
	press(t, s.banner.waiting, text("form.cancel"))
	s.until("it is said that it was given up", func() bool { return s.banner.trouble.Visible() })
	if !strings.Contains(s.banner.message.Text, text("keychain.cancelled")) {
		t.Errorf("it says %q", s.banner.message.Text)
	}
}

func TestNothingIsShownWhileTheWindowIsAway(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form.key, "TESTvalue")
	s.conceal.left()
	test.Tap(s.form.key.toggle) // as a slow answer of the keychain would
	if !s.form.key.Password {
		t.Error("a secret is shown behind the user's back")
	}
	s.conceal.back()
	test.Tap(s.form.key.toggle)
	if s.form.key.Password {
		t.Error("it cannot be shown any more")
	}
}

func TestPastingNothingLosesNothing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form.key, "TESTvalue")
	fyne.CurrentApp().Clipboard().SetContent("")
	test.Tap(s.form.key.paste)
	if s.form.key.Text != "TESTvalue" {
		t.Errorf("the field has %q", s.form.key.Text)
	}
}

func TestTheClipboardIsClearedAtTheEnd(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	clipboard := fyne.CurrentApp().Clipboard()
	test.Tap(s.details().key.copy)
	s.until("the key is copied", func() bool { return clipboard.Content() == jumpcloudtest.SampleKey })
	s.close()
	if clipboard.Content() != "" {
		t.Error("the key stays on the clipboard")
	}
}
