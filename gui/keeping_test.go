package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// What is typed stays typed, and what is shown is what it says: also when a person does several things at once.

func TestALookAtAConnectionKeepsWhatWasTyped(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.typeInto("API key", "jca_TESThalf")
	s.tap("Larkspur Robotics")
	if s.formShown() {
		t.Fatal("the connection is not shown")
	}
	s.press("New connection")
	if !s.formShown() || s.field("API key").Text != "jca_TESThalf" {
		t.Errorf("the form has %q", s.field("API key").Text)
	}
	s.press("New connection") // once more, with the form on the screen: now it is emptied, after a question
	s.press("Keep")
	if s.field("API key").Text != "jca_TESThalf" {
		t.Error("the key is discarded all the same")
	}
	s.askToClose()
	s.press("Keep")
	s.press("New connection")
	s.press("Discard")
	if s.field("API key").Text != "" {
		t.Error("the form cannot be emptied")
	}
}

func TestTheMarkedRowIsTheOneOnTheScreen(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)              // Larkspur Robotics
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // Juniper & Sons Bakery
	s := open(t, k, Options{})
	for _, name := range []string{"Juniper & Sons Bakery", "Larkspur Robotics"} {
		s.tap(name)
		if s.title() != name || !strings.HasPrefix(s.marked(), name) {
			t.Errorf("the row %q opens %q, and marked is %q", name, s.title(), s.marked())
		}
	}
	s.fill("Search", "junip") // now another one is in the first row
	if s.marked() != "" {
		t.Errorf("after the search %q is marked", s.marked())
	}
	s.tap("Juniper & Sons Bakery")
	if got := s.title(); got != "Juniper & Sons Bakery" {
		t.Errorf("after the search the first row opens %q", got)
	}
	s.press("New connection")
	s.tap("Juniper & Sons Bakery")
	if s.formShown() {
		t.Error("a row cannot be opened again once the form was shown")
	}
}

// A check that goes on while its screen is left does not come back to the screen.
func TestLeavingWhileChecking(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Check again")
	s.press("New connection")
	s.settle()
	if !s.formShown() || s.marked() != "" {
		t.Error("the connection came back")
	}
	if got := s.kept()[0].Report.Worst(); got != check.Passed {
		t.Errorf("the kept report is %s", got)
	}
}

func TestCancelWhileSaving(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{}) // reading the connections ended with the time limit
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", s.saving)
	s.keys(fyne.KeyEscape)
	s.until("saving has ended", func() bool { return !s.saving() })
	if !s.sees("Not saved: cancelled") {
		t.Errorf("the screen says %s", s.screenText())
	}
	if s.field("API key").Text != jumpcloudtest.SampleKey || !s.offers("Save") {
		t.Error("the key is lost, or it cannot be saved once more")
	}
	s.until("the list has been given up too", func() bool { return s.offers("Read again") }) // that takes nothing away
	s.press("Keep for this session only")
	s.shown()
	if !s.sees("Attention · not saved") && !s.sees("Works · not saved") {
		t.Error("not kept for the session")
	}
}

// Who goes on without the keychain is not told again and again that there is none.
func TestOnWithoutTheKeychain(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrNoProvider)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	if s.offers("Try again") || !strings.HasPrefix(s.marked(), "Larkspur Robotics") {
		t.Error("the message is still there, or the row is not marked")
	}
	s.press("Check again")
	s.checked()
	if s.offers("Try again") {
		t.Error("after another check the message is there again")
	}
}

func TestACopyIsOfTheConnectionOnTheScreen(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("the user's own")
	k.close()
	s.press("Copy", "API key")
	s.tap("Juniper & Sons Bakery") // while the key is being read
	k.open()
	s.settle()
	if got := clipboard.Content(); got != "the user's own" {
		t.Error("what was copied belongs to a connection that is no longer shown")
	}
}

func TestANameThatIsBeingTypedIsWaitedFor(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", jumpcloudtest.SampleKey)
	s.typeInto("Name", "Our")
	s.pass(typingPause)
	s.checked()
	if !s.formShown() || !s.sees("Press Enter to save it under this name.") {
		t.Fatalf("the screen says %s", s.screenText())
	}
	s.typeInto("Name", "s")
	s.keys(fyne.KeyReturn)
	s.shown()
	if got := s.kept()[0].Name; got != "Ours" {
		t.Errorf("it is called %q", got)
	}
}

func TestTheBannerGoesWithWhatItIsAbout(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.typeInto("API key", "x")
	if s.offers("Try again") {
		t.Error("it still offers to save what is no longer entered")
	}
}

func TestConnectionsThatCannotBeReadAreNotTakenForNone(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.idle()
	k.fail(keychain.ErrLocked)
	s.reread()
	s.until("reading has failed", func() bool { return s.offers("Try again") })
	if len(s.rows("Connections")) != 1 {
		t.Error("those that are known are gone")
	}
	s = open(t, k, Options{})
	if !s.offers("Try again") || !s.sees("The connections could not be read.") {
		t.Error("it is not said that they could not be read")
	}
}

func TestAWaitForTheKeychainCanBeCancelled(t *testing.T) {
	k := &hangingKeychain{Backend: keychain.Memory(), release: make(chan struct{})}
	defer close(k.release)
	s := open(t, k, Options{}) // reading ended with the time limit
	s.press("Try again")
	s.until("it is said that the keychain waits", func() bool { return s.sees("Waiting for the system keychain") })
	s.press("Cancel", "Waiting for the system keychain to be unlocked. Look for its window.")
	s.until("it is said that it was given up", func() bool { return s.sees("The app no longer waits for the system keychain.") })
}

func TestNothingIsShownWhileTheWindowIsAway(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", "TESTvalue")
	s.leave()
	s.press("Show", "API key") // as a slow answer of the keychain would
	if s.sees("TESTvalue") {
		t.Error("a secret is shown behind the user's back")
	}
	s.comeBack()
	s.press("Show", "API key")
	if !s.sees("TESTvalue") {
		t.Error("it cannot be shown any more")
	}
}

func TestPastingNothingLosesNothing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("API key", "TESTvalue")
	fyne.CurrentApp().Clipboard().SetContent("")
	s.press("Paste", "API key")
	s.until("it says so", func() bool { return s.sees("The clipboard holds no text. Copy the text, then paste again.") })
	if s.dialog() != "" {
		t.Error("a dialog stands in the way")
	}
	if s.field("API key").Text != "TESTvalue" {
		t.Errorf("the field has %q", s.field("API key").Text)
	}
}

func TestTheClipboardIsClearedAtTheEnd(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	clipboard := fyne.CurrentApp().Clipboard()
	s.press("Copy", "API key")
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
	s.replaceKey("Juniper & Sons Bakery")
	s.typeInto("API key", "jca_TESTnew")
	s.tap("Larkspur Robotics")
	s.replaceKey("Juniper & Sons Bakery")
	if !s.formShown() || s.field("API key").Text != "jca_TESTnew" {
		t.Fatalf("the screen says %s", s.screenText())
	}
	for name, lose := range map[string]func(){
		"another one is replaced":   func() { s.replaceKey("Larkspur Robotics") },
		"a new one, seen elsewhere": func() { s.tap("Larkspur Robotics"); s.press("New connection") },
	} {
		lose()
		if !strings.Contains(s.dialog(), "Discard what is entered?") {
			t.Fatalf("%s: nothing is asked", name)
		}
		s.press("Keep")
		s.replaceKey("Juniper & Sons Bakery")
		if s.field("API key").Text != "jca_TESTnew" {
			t.Errorf("%s: the key is lost", name)
		}
	}
	s.press("New connection")
	s.press("Discard")
	if s.field("API key").Text != "" || s.title() != "Connect JumpCloud to ControlMap" {
		t.Error("the form is not empty")
	}
}

// While a connection is being saved nothing takes it away.
func TestSavingGoesOn(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.idle()
	s.typeInto("API key", jumpcloudtest.SampleKey)
	k.close()
	s.pass(typingPause)
	s.until("it is being saved", s.saving)
	s.press("New connection")
	s.replaceKey("Juniper & Sons Bakery")
	for _, name := range []string{"Check now", "Run again what did not pass"} {
		item := s.menuItem("Check", name)
		if item.Action(); !item.Disabled { // its shortcut reaches it all the same
			t.Errorf("%q is offered", name)
		}
	}
	s.typeInto("API key", "x")
	if s.field("API key").Text != jumpcloudtest.SampleKey || !s.saving() {
		t.Errorf("the form has %q, and the screen says %s", s.field("API key").Text, s.screenText())
	}
	s.askToClose()
	s.press("Wait")
	k.open()
	s.until("it is saved", func() bool { return len(s.rows("Connections")) == 2 })
	s.press("New connection")
	if s.field("API key").Disabled() {
		t.Error("nothing can be entered any more")
	}
}

// A save may fail while another screen is shown. That screen says so, until the form is shown again, which says it itself.
func TestASaveFailsBehindAnotherScreen(t *testing.T) {
	locks := broken(nil)
	k := &gatedKeychain{Backend: locks}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.idle()
	s.typeInto("API key", jumpcloudtest.SampleKey)
	k.close()
	s.pass(typingPause)
	s.until("it is being saved", s.saving)
	s.tap("Juniper & Sons Bakery")
	locks.fail(keychain.ErrLocked)
	k.open()
	const said = "The key works, but cannot be kept: The system keychain is locked."
	s.until("the other screen says that it failed", func() bool { return !s.formShown() && s.sees(said) })
	s.press("New connection")
	if s.sees(said) || !s.hasLine("The key works, but cannot be kept") || s.field("API key").Text != jumpcloudtest.SampleKey {
		t.Errorf("the form says %s", s.screenText())
	}
	s.tap("Juniper & Sons Bakery")
	locks.fail(nil)
	s.press("New connection")
	s.press("Try again")
	s.shown()
}

// Try again is about what failed, not about what is on the screen by then.
func TestTryAgainIsAboutWhatFailed(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tap("Juniper & Sons Bakery")
	k.fail(keychain.ErrLocked)
	s.press("Copy", "API key")
	s.until("it has failed", func() bool { return s.offers("Try again") })
	k.fail(nil)
	s.tap("Larkspur Robotics")
	if s.offers("Try again") {
		t.Error("it would copy the key of another connection")
	}
}

// A key of another organization does not take the place of the one that it was to replace.
func TestReplacingWithTheKeyOfAnother(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.replaceKey("Larkspur Robotics")
	s.fill("Organization ID", "")
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.checked()
	if !s.sees("This key opens Juniper & Sons Bakery") {
		t.Fatalf("the screen says %s", s.screenText())
	}
	s.press("Save as a new connection")
	s.until("there are two", func() bool { return len(s.rows("Connections")) == 2 })
	if got := s.names(); !slices.Equal(got, []string{"Juniper & Sons Bakery", "Larkspur Robotics"}) {
		t.Errorf("they are called %q", got)
	}
}

func TestASearchThatFindsNothingCanBeUndone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.fill("Search", "lark")
	s.tap("Larkspur Robotics")
	s.remove()
	s.until("it is removed", func() bool { return len(s.names()) == 0 })
	s.fill("Search", "")
	if len(s.names()) != 1 {
		t.Error("the other connection cannot be found any more")
	}
}

// What is saved while the connections are being read is not lost from the list.
func TestSavingWhileTheConnectionsAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.idle()
	found, err := s.c.Connections(t.Context(), nil)
	if err != nil || len(found) != 1 {
		t.Fatal(len(found), err)
	}
	k.close()
	s.reread() // and it takes its time
	s.connections.put(connector.Connection{ID: "saved-meanwhile", Name: "Zebra"})
	k.open()
	s.until("they have been read again", func() bool { return len(s.work.jobs) == 0 && s.loader.reading.runs > 2 })
	if got := s.names(); s.offers("Read again") || len(got) != 1 { // the one that was put in is in no keychain
		t.Errorf("the list has %q", got)
	}
}

// A connection that another process has removed does not stay on the screen.
func TestRemovedElsewhere(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	other := connector.New(keychain.New(k, "gui.test"))
	s.server.Fail(jumpcloudtest.Hang().On("/api/systems"))
	s.press("Check again")
	s.until("it is being checked", func() bool { return s.row(check.IDDevices).State == check.Running })
	if err := other.Remove(t.Context(), s.kept()[0].ID); err != nil {
		t.Fatal(err)
	}
	s.server.Heal()
	s.server.Release()
	s.until("it is gone", func() bool { return s.formShown() && len(s.names()) == 0 })
}

// What a check has found out is newer than what was being read meanwhile.
func TestCheckingWhileTheConnectionsAreRead(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	found, err := s.c.Connections(t.Context(), nil) // read before the check, and delivered after it
	if err != nil {
		t.Fatal(err)
	}
	s.clock.advance(time.Minute)
	s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	s.press("Check again")
	s.makeSure()
	s.until("it is checked", func() bool { return strings.Contains(s.rows("Connections")[0], "Broken") })
	s.loader.set(found)
	if !strings.Contains(s.rows("Connections")[0], "Broken") || !s.sees("Stopped working. It last worked on ") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// A removal of everything that fails says so, also after the connections have been read again.
func TestRemovingEverythingFails(t *testing.T) {
	k := &stubbornKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.removeEverything()
	s.until("it is said that it failed", func() bool { return s.offers("Try again") })
	s.idle() // the connections have been read again
	// The pages are emptied before anything is deleted. So no connection is left whose key may be half gone.
	if !s.offers("Try again") || len(s.names()) != 0 {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// Who closes the window while something is being removed is asked, for it would stay.
func TestClosingWhileRemoving(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	k.close()
	s.remove()
	s.askToClose()
	s.press("Wait")
	k.open()
	s.until("it is removed", func() bool { return len(s.names()) == 0 })
}

// A message about the keychain goes when it works again, whatever button showed that.
func TestAMessageGoesWhenTheKeychainWorksAgain(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	for button, message := range map[string]string{"Check again": "Try again", "Check all": "2 not checked yet"} {
		k.fail(keychain.ErrLocked)
		s.press(button)
		s.until("it has failed", func() bool { return s.sees(message) && s.offers(button) })
		k.fail(nil)
		s.press(button)
		if s.sees(message) {
			t.Errorf("%s: the message stays", button)
		}
		s.until("it is checked", func() bool { return s.offers("Check all") && s.offers("Copy for support") })
	}
}

// What is kept for the session can be saved once there is a keychain, and is not lost by closing without a question.
func TestSavingWhatIsKeptForTheSession(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	if !s.highlights("Save in the keychain") || s.sees("Hand it over to ControlMap now") {
		t.Errorf("the next step is %q, and the screen says %s", s.highlighted(), s.screenText())
	}
	s.askToClose()
	s.press("Keep open")
	s.press("Save in the keychain")
	s.until("it is said why it cannot be saved", func() bool { return s.offers("Try again") })
	k.fail(nil)
	s.press("Save in the keychain")
	s.until("it is saved", func() bool { return s.sees("In your system keychain") })
	if s.inWindow("Save in the keychain") || len(s.names()) != 1 || s.kept()[0].SessionOnly {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.close()
	if s := open(t, k, Options{}); len(s.names()) != 1 {
		t.Error("it is not there the next time")
	}
}

// The name of a connection that was removed does not stay with the key of another one.
func TestTheNameOfARemovedConnection(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.replaceKey("Larkspur Robotics")
	s.fill("Organization ID", "")
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.checked()
	s.tap("Larkspur Robotics")
	s.remove()
	s.until("it is removed", func() bool { return len(s.names()) == 0 })
	if s.field("Name").Text != "" || s.offers("Save") || s.offers("Save as a new connection") || s.field("API key").Text != jumpcloudtest.SampleAdministratorKey {
		t.Errorf("the form has the name %q; the screen says %s", s.field("Name").Text, s.screenText())
	}
	s.pass(typingPause)
	if s.offers("Cancel") {
		t.Error("it is checked, and would be saved, without being asked for")
	}
	s.press("Check")
	s.shown()
	if got := s.kept()[0].Name; got != "Juniper & Sons Bakery" {
		t.Errorf("it is called %q", got)
	}
}

func TestRemovingWhatIsKeptForTheSession(t *testing.T) {
	for name, remove := range map[string]func(*stage){
		"one": (*stage).remove,
		"everything": func(s *stage) {
			s.removeEverything()
			s.until("it is said that nothing is left", func() bool { return s.dialog() != "" })
			s.press("OK")
		},
	} {
		k := broken(nil)
		s := open(t, k, Options{})
		k.fail(keychain.ErrNoProvider)
		s.typeKey(jumpcloudtest.SampleKey)
		s.saveFails()
		s.press("Keep for this session only")
		s.shown()
		remove(s)
		s.until(name+" is removed", func() bool { return len(s.names()) == 0 && s.formShown() })
		if s.offers("Try again") {
			t.Errorf("%s: it is said that it failed", name)
		}
	}
}

// A removal that fails ends the check that was running, and leaves the screen to work with.
func TestARemovalThatFailsWhileChecking(t *testing.T) {
	k := broken(nil)
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Check again")
	s.until("it is being checked", func() bool { return s.row(check.IDReachable).State == check.Running })
	k.fail(keychain.ErrLocked)
	s.remove()
	s.until("it has failed", func() bool { return s.offers("Try again") })
	s.tap("Larkspur Robotics")
	if s.offers("Cancel") || s.row(check.IDReachable).State == check.Running {
		t.Error("the screen still says that it is being checked")
	}
}

// What is in memory only ends with the window, so closing asks. In the demo it can be made again.
func TestClosingLosesWhatIsInMemory(t *testing.T) {
	for name, o := range map[string]Options{"memory": {InMemory: true}, "demo": {InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}}}} {
		s := open(t, keychain.Memory(), o)
		s.typeKey(jumpcloudtest.SampleKey)
		s.shown()
		s.askToClose()
		if asked := strings.Contains(s.dialog(), "Close and lose what is not saved?"); asked != (name == "memory") {
			t.Errorf("%s: it is asked: %t", name, asked)
		}
		s.shut = s.dialog() == "" // it has closed
	}
}

// Who closes the window right after a change is asked, for the change may be lost. It is made all the same if the keychain answers in time.
func TestClosingWhileChanging(t *testing.T) {
	for name, do := range map[string]struct {
		change func(*stage)
		kept   func(connector.Connection) bool
	}{
		"handed over": {func(s *stage) { s.press("Hand over to ControlMap"); s.press("Mark as handed over") }, func(c connector.Connection) bool { return c.HandOver.Done() }},
		"renamed":     {func(s *stage) { s.menu("Connection", "Rename…"); s.types("Ours"); s.keys(fyne.KeyReturn) }, func(c connector.Connection) bool { return c.Name == "Ours" }},
		"opened": {func(s *stage) {
			s.press("Hand over to ControlMap")
			s.fill("company.app.ctrlmap.com", "larkspur.app.ctrlmap.com")
			s.press("Open")
		}, func(c connector.Connection) bool { return c.HandOver.Tenant != "" }},
	} {
		for _, answer := range []string{"Wait", "Close", "Discard"} {
			t.Run(name+" "+answer, func(t *testing.T) {
				k := &gatedKeychain{Backend: keychain.Memory()}
				keep(t, k, jumpcloudtest.SampleKey)
				s := open(t, k, Options{})
				s.idle()
				question := "Close while saving?"
				if answer == "Discard" {
					s.typeInto("API key", "jca_TESThalf")
					question = "Discard what is entered?"
				}
				s.tap("Larkspur Robotics")
				k.close()
				do.change(s)
				s.askToClose()
				if !strings.Contains(s.dialog(), question) {
					t.Fatalf("it is asked %q", s.dialog())
				}
				s.shut = answer != "Wait"
				s.press(answer)
				k.open()
				if answer == "Wait" {
					s.idle()
				} else {
					s.work.running.Wait()
					s.work.ending.Wait()
				}
				if kept, err := connector.New(keychain.New(k, "gui.test")).Connections(t.Context(), nil); err != nil || !do.kept(kept[0]) {
					t.Errorf("%v; kept is %+v", err, kept)
				}
				if answer == "Wait" {
					s.askToClose()
					if s.shut = s.dialog() == ""; !s.shut {
						t.Errorf("it is asked again: %q", s.dialog())
					}
				}
			})
		}
	}
}
