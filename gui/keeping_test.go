package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// What is typed stays typed, and what is shown is what it says: also when a person does several things at once.

func TestALookAtAConnectionKeepsWhatWasTyped(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	test.Type(s.form().key, "jca_TESThalf")
	s.list.list.Select(0)
	if s.formShown() {
		t.Fatal("the connection is not shown")
	}
	s.tell(newWanted{})
	if !s.formShown() || s.form().key.Text != "jca_TESThalf" {
		t.Errorf("the form has %q", s.form().key.Text)
	}
	s.tell(newWanted{}) // once more, with the form on the screen: now it is emptied, after a question
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.no"))
	if s.form().key.Text != "jca_TESThalf" {
		t.Error("the key is discarded all the same")
	}
	s.askToClose()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.no"))
	s.tell(newWanted{})
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.yes"))
	if s.form().key.Text != "" {
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
	s.tell(newWanted{})
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
	s.tell(newWanted{})
	s.work.running.Wait()
	s.drain()
	if !s.formShown() || s.connections.current != "" {
		t.Error("the connection came back")
	}
	if got := s.connections.all[0].Report.Worst(); got != check.Passed {
		t.Errorf("the kept report is %s", got)
	}
}

func TestCancelWhileSaving(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{}) // reading the connections ended with the time limit
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", func() bool { return s.form().saver.running })
	s.form().key.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.until("saving has ended", func() bool { return !s.form().saver.running })
	if got := s.form().results.status.Label.Text; got != words.Text("status.not_saved") {
		t.Errorf("the status says %q", got)
	}
	if s.form().key.Text != jumpcloudtest.SampleKey || !s.form().keepButton.Visible() {
		t.Error("the key is lost, or it cannot be saved once more")
	}
	s.until("the list has been given up too", s.banner.Messages[ownerList].Box.Visible) // that takes nothing away
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.shown()
	if !s.connections.all[0].SessionOnly {
		t.Error("not kept for the session")
	}
}

// Who goes on without the keychain is not told again and again that there is none.
func TestOnWithoutTheKeychain(t *testing.T) {
	s := open(t, broken(keychain.ErrNoProvider), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
	s.banner.Hide(ownerList) // that there is none was said at the start
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.shown()
	if s.banner.Box.Visible() || s.connections.current != s.connections.all[0].ID {
		t.Error("the message is still there, or the row is not marked")
	}
	test.Tap(s.details().check)
	s.until("it is checked again", func() bool { return !s.details().stop.Visible() })
	if s.banner.Box.Visible() {
		t.Error("after another check the message is there again")
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
	s.work.running.Wait()
	s.drain()
	if got := clipboard.Content(); got != "the user's own" {
		t.Error("what was copied belongs to a connection that is no longer shown")
	}
}

func TestANameThatIsBeingTypedIsWaitedFor(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form().key, jumpcloudtest.SampleKey)
	s.win.Canvas().Focus(s.form().name)
	test.Type(s.form().name, "Our")
	s.pass(typingPause)
	s.checked()
	if !s.formShown() || s.form().results.status.Label.Text != words.Text("status.name") {
		t.Fatalf("the status says %q", s.form().results.status.Label.Text)
	}
	test.Type(s.form().name, "s")
	s.form().name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.shown()
	if got := s.connections.all[0].Name; got != "Ours" {
		t.Errorf("it is called %q", got)
	}
}

func TestTheBannerGoesWithWhatItIsAbout(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
	test.Type(s.form().key, "x")
	if s.banner.Box.Visible() {
		t.Error("it still offers to save what is no longer entered")
	}
}

func TestConnectionsThatCannotBeReadAreNotTakenForNone(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.loader.load()
	s.until("reading has failed", func() bool { return s.banner.Messages[ownerList].Box.Visible() })
	if len(s.connections.all) != 1 {
		t.Error("those that are known are gone")
	}
	s = open(t, k, Options{})
	s.until("reading has failed", func() bool { return s.banner.Messages[ownerList].Box.Visible() })
	if !s.onScreen(words.Text("list.failed")) {
		t.Error("it is not said that they could not be read")
	}
}

func TestAWaitForTheKeychainCanBeCancelled(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{})
	s.banner.Hide(ownerList) // that reading ended with the time limit
	s.loader.load()
	s.until("it is said that the keychain waits", func() bool { return s.banner.Waiting.Visible() })
	press(t, s.banner.Waiting, words.Text("form.cancel"))
	m := s.banner.Messages[ownerList]
	s.until("it is said that it was given up", m.Box.Visible)
	if !strings.Contains(m.Label.Text, words.Text("keychain.cancelled")) {
		t.Errorf("it says %q", m.Label.Text)
	}
}

func TestNothingIsShownWhileTheWindowIsAway(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form().key, "TESTvalue")
	s.conceal.Left()
	test.Tap(s.form().key.Toggle) // as a slow answer of the keychain would
	if !s.form().key.Password {
		t.Error("a secret is shown behind the user's back")
	}
	s.conceal.Back()
	test.Tap(s.form().key.Toggle)
	if s.form().key.Password {
		t.Error("it cannot be shown any more")
	}
}

func TestPastingNothingLosesNothing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form().key, "TESTvalue")
	fyne.CurrentApp().Clipboard().SetContent("")
	test.Tap(s.form().key.Paste)
	s.until("it says so", func() bool { return s.onScreen(words.Text("clipboard_empty")) })
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("a dialog stands in the way")
	}
	if s.form().key.Text != "TESTvalue" {
		t.Errorf("the field has %q", s.form().key.Text)
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

// A key that was pasted to replace another one is not lost by a look elsewhere, nor without a question.
func TestAKeyForReplacingIsNotLost(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tell(keyWanted{s.connections.all[0]})
	test.Type(s.form().key, "jca_TESTnew")
	s.list.list.Select(1)
	s.tell(keyWanted{s.connections.all[0]})
	if !s.formShown() || s.form().key.Text != "jca_TESTnew" {
		t.Fatalf("the form has %q", s.form().key.Text)
	}
	for name, lose := range map[string]func(){
		"another one is replaced":   func() { s.tell(keyWanted{s.connections.all[1]}) },
		"a new one, seen elsewhere": func() { s.list.list.Select(1); s.tell(newWanted{}) },
	} {
		lose()
		question := s.win.Canvas().Overlays().Top()
		if question == nil {
			t.Fatalf("%s: nothing is asked", name)
		}
		press(t, question, words.Text("ask.discard.no"))
		if s.form().key.Text != "jca_TESTnew" {
			t.Errorf("%s: the key is lost", name)
		}
	}
	s.tell(newWanted{})
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.yes"))
	if !s.formShown() || s.form().key.Text != "" || s.form().replacing() {
		t.Error("the form is not empty")
	}
}

// While a connection is being saved nothing takes it away.
func TestSavingGoesOn(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.until("the keychain is cleaned up", func() bool { return s.loader.tidied && len(s.work.jobs) == 0 })
	test.Type(s.form().key, jumpcloudtest.SampleKey)
	k.close()
	s.pass(typingPause)
	s.until("it is being saved", func() bool { return s.form().saver.running })
	s.tell(newWanted{})
	s.tell(keyWanted{s.connections.all[0]})
	s.checkShown()
	s.againShown()
	s.form().swapped()
	test.Type(s.form().key, "x")
	if s.form().key.Text != jumpcloudtest.SampleKey || !s.form().saver.running {
		t.Errorf("the form has %q, and is being saved: %v", s.form().key.Text, s.form().saver.running)
	}
	s.askToClose()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.close.no"))
	k.open()
	s.until("it is saved", func() bool { return len(s.connections.all) == 2 })
	if s.form().key.Disabled() {
		t.Error("nothing can be entered any more")
	}
}

// Try again is about what failed, not about what is on the screen by then.
func TestTryAgainIsAboutWhatFailed(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	k.fail(keychain.ErrLocked)
	test.Tap(s.details().key.copy)
	m := s.banner.Messages[ownerDetails]
	s.until("it has failed", m.Box.Visible)
	k.fail(nil)
	s.list.list.Select(1)
	if m.Box.Visible() {
		t.Error("it would copy the key of another connection")
	}
}

// A key of another organization does not take the place of the one that it was to replace.
func TestReplacingWithTheKeyOfAnother(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tell(keyWanted{s.connections.all[0]})
	s.form().organization.SetText("")
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.checked()
	if !s.formShown() || s.form().keepButton.Text != words.Text("form.save_new") || !strings.Contains(s.form().results.status.Label.Text, "Juniper & Sons Bakery") {
		t.Fatalf("the status says %q", s.form().results.status.Label.Text)
	}
	test.Tap(s.form().keepButton)
	s.until("there are two", func() bool { return len(s.connections.all) == 2 })
	if s.connections.all[0].Name != "Juniper & Sons Bakery" || s.connections.all[1].Name != "Larkspur Robotics" {
		t.Errorf("they are called %q and %q", s.connections.all[0].Name, s.connections.all[1].Name)
	}
}

func TestASearchThatFindsNothingCanBeUndone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.list.search.SetText("lark")
	s.connections.drop(s.list.shown[0].ID)
	if !s.list.search.Visible() {
		t.Error("the other connection cannot be found any more")
	}
}

// What is saved while the connections are being read is not lost from the list.
func TestSavingWhileTheConnectionsAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	found, err := s.c.Connections(t.Context(), nil)
	if err != nil || len(found) != 1 {
		t.Fatal(len(found), err)
	}
	k.close()
	s.loader.load() // and it takes its time
	s.connections.put(connector.Connection{ID: "saved-meanwhile", Name: "Zebra"})
	k.open()
	s.until("they have been read again", func() bool { return len(s.work.jobs) == 0 && s.loader.reading.runs > 2 })
	if s.loader.unread || len(s.connections.all) != 1 { // the one that was put in is in no keychain
		t.Errorf("%d connections", len(s.connections.all))
	}
}

// A connection that another process has removed does not stay on the screen.
func TestRemovedElsewhere(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	other := connector.New(keychain.New(k, "gui.test"))
	s.server.Fail(jumpcloudtest.Hang().On("/api/systems"))
	test.Tap(s.details().check)
	s.until("it is being checked", func() bool { return s.row(check.IDDevices).shown.State == check.Running })
	if err := other.Remove(t.Context(), s.connections.current); err != nil {
		t.Fatal(err)
	}
	s.server.Heal()
	s.server.Release()
	s.until("it is gone", func() bool { return s.formShown() && len(s.connections.all) == 0 })
}

// What a check has found out is newer than what was being read meanwhile.
func TestCheckingWhileTheConnectionsAreRead(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	found, err := s.c.Connections(t.Context(), nil) // read before the check, and delivered after it
	if err != nil {
		t.Fatal(err)
	}
	s.clock.advance(time.Minute)
	s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	test.Tap(s.details().check)
	s.until("it is checked", func() bool { return s.connections.all[0].Report.Worst() == check.Failed })
	s.loader.set(found)
	if s.connections.all[0].Report.Worst() != check.Failed || s.details().results.status.Label.Text != words.Text("status.failed") {
		t.Errorf("the list says %s, the screen %q", s.connections.all[0].Report.Worst(), s.details().results.status.Label.Text)
	}
}

// A removal of everything that fails says so, also after the connections have been read again.
func TestRemovingEverythingFails(t *testing.T) {
	k := &stubbornKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.writer.removeEverything()
	m := s.banner.Messages[ownerWipe]
	s.until("it is said that it failed", m.Box.Visible)
	s.until("the connections have been read again", func() bool { return len(s.work.jobs) == 0 })
	// The pages are emptied before anything is deleted. So no connection is left whose key may be half gone.
	if !m.Box.Visible() || len(s.connections.all) != 0 {
		t.Errorf("it is still said: %v; %d are listed", m.Box.Visible(), len(s.connections.all))
	}
}

// Who closes the window while something is being removed is asked, for it would stay.
func TestClosingWhileRemoving(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	k.close()
	s.writer.remove(s.connections.current)
	s.askToClose()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.removing.no"))
	k.open()
	s.until("it is removed", func() bool { return len(s.connections.all) == 0 && s.writer.removing == 0 })
}

// A message about the keychain goes when it works again, whatever button showed that.
func TestAMessageGoesWhenTheKeychainWorksAgain(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	for of, do := range map[widgets.Owner]func(){ownerDetails: s.details().start, ownerList: s.list.toggleCheckAll} {
		k.fail(keychain.ErrLocked)
		do()
		s.until("it has failed", s.banner.Messages[of].Box.Visible)
		s.until("all has ended", func() bool { return !s.list.checking.running })
		k.fail(nil)
		do()
		if s.banner.Messages[of].Box.Visible() {
			t.Errorf("the message of %d stays", of)
		}
		s.until("it is checked", func() bool { return !s.list.checking.running && !s.details().stop.Visible() })
	}
}

// What is kept for the session can be saved once there is a keychain, and is not lost by closing without a question.
func TestSavingWhatIsKeptForTheSession(t *testing.T) {
	k := broken(keychain.ErrLocked)
	s := open(t, k, Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.shown()
	s.askToClose()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.session.no"))
	test.Tap(s.details().keep)
	s.until("it is said why it cannot be saved", s.banner.Messages[ownerDetails].Box.Visible)
	k.fail(nil)
	test.Tap(s.details().keep)
	s.until("it is saved", func() bool { return len(s.connections.all) == 1 && !s.connections.all[0].SessionOnly })
	if s.details().keep.Visible() || s.details().results.status.Label.Text != words.Text("status.saved") {
		t.Errorf("the status says %q", s.details().results.status.Label.Text)
	}
	s.close()
	if s := open(t, k, Options{}); len(s.connections.all) != 1 {
		t.Error("it is not there the next time")
	}
}

// The name of a connection that was removed does not stay with the key of another one.
func TestTheNameOfARemovedConnection(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	former := s.connections.all[0]
	s.tell(keyWanted{former})
	s.form().organization.SetText("")
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.checked()
	s.list.list.Select(0)
	s.writer.remove(former.ID)
	s.until("it is removed", func() bool { return len(s.connections.all) == 0 })
	if s.form().name.Text != "" || s.form().keepButton.Visible() || s.form().key.Text != jumpcloudtest.SampleAdministratorKey {
		t.Errorf("the form has the name %q, and offers to save: %v", s.form().name.Text, s.form().keepButton.Visible())
	}
	s.pass(typingPause)
	if s.form().cancelButton.Visible() {
		t.Error("it is checked, and would be saved, without being asked for")
	}
	test.Tap(s.form().check)
	s.shown()
	if got := s.connections.all[0].Name; got != "Juniper & Sons Bakery" {
		t.Errorf("it is called %q", got)
	}
}

func TestRemovingWhatIsKeptForTheSession(t *testing.T) {
	for name, remove := range map[string]func(*stage){
		"one":        func(s *stage) { s.writer.remove(s.connections.current) },
		"everything": func(s *stage) { s.writer.removeEverything() },
	} {
		s := openOn(t, sampleServer(t), broken(keychain.ErrNoProvider), Options{})
		s.typeKey(jumpcloudtest.SampleKey)
		s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
		s.banner.Hide(ownerList)
		press(t, s.banner.Box, words.Text("keychain.session"))
		s.shown()
		remove(s)
		s.until(name+" is removed", func() bool { return len(s.connections.all) == 0 && s.formShown() })
		if s.banner.Messages[ownerDetails].Box.Visible() {
			t.Errorf("%s: it is said that it failed", name)
		}
	}
}

// A removal that fails ends the check that was running, and leaves the screen to work with.
func TestARemovalThatFailsWhileChecking(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	s.server.Fail(jumpcloudtest.Hang())
	test.Tap(s.details().check)
	s.until("it is being checked", func() bool { return s.row(check.IDReachable).shown.State == check.Running })
	k.fail(keychain.ErrLocked)
	s.writer.remove(s.connections.current)
	s.until("it has failed", s.banner.Messages[ownerDetails].Box.Visible)
	if s.details().stop.Visible() || s.row(check.IDReachable).shown.State == check.Running {
		t.Error("the screen still says that it is being checked")
	}
}
