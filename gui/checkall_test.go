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

// watchHome opens the home with n connections to clients of the MSP.
func watchHome(t *testing.T, n int) *watched {
	t.Helper()
	w := watch(t, keychain.Memory(), n)
	w.win.Resize(fyne.NewSize(1280, 800))
	w.tell(homeWanted{})
	return w
}

// checkAll presses the button with these words, and waits until the checks have ended.
func (w *watched) checkAll(button string) {
	w.t.Helper()
	w.press(button)
	w.checkedAll()
}

func (w *watched) checkedAll() {
	w.t.Helper()
	w.until("the checks have ended", func() bool { return !w.checks.running })
	w.makeSure()
}

// checkAllHung checks all while JumpCloud does not answer about the first one, until that one is left.
func (w *watched) checkAllHung() {
	w.t.Helper()
	w.failFor(jumpcloudtest.Hang(), 107)
	w.press("Check all")
	w.until("all others are checked", func() bool { return w.checks.pace.done == w.checks.pace.count-1 })
}

// While many are checked, the home says how many are done, how fast that goes and how long the rest takes. What was cancelled says what is
// left, and goes on with that.
func TestCheckingManySaysHowFarItIs(t *testing.T) {
	w := watchHome(t, 6)
	w.checkAllHung()
	w.pass(5 * time.Second)
	if !w.sees("5 of 6 · 1.0 a second · 1 s left") || w.offers("Check all") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.pass(10 * time.Second)
	if !w.sees("5 of 6 · waiting for JumpCloud for 15 s") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.press("Cancel")
	w.checkedAll()
	if !w.sees("5 work, 1 not checked yet") || !w.sees("Cancelled.") || w.sees("Cancel") && w.offers("Cancel") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.server.Heal()
	w.server.ResetRequests()
	w.checkAll("Check the other 1")
	if !w.sees("6 work") || w.sees("not checked yet") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	for _, r := range w.server.Requests() {
		if r.OrganizationID != "" && r.OrganizationID != jumpcloudtest.OrganizationID(107) {
			t.Errorf("it asked about %s again", r.OrganizationID)
		}
	}
	w.press("Hide this")
	if w.sees("6 work") {
		t.Error("the summary cannot be hidden")
	}
}

// What does not work is grouped by the cause, with one remedy for each group. From there one gets to these connections.
func TestWhatDoesNotWorkAfterCheckAll(t *testing.T) {
	w := watchHome(t, 7)
	w.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 107, 108)
	w.failFor(jumpcloudtest.CaptivePortal().On("/api/systems"), 109)
	w.checkAll("Check all")
	if !w.sees("4 work, 2 do not work, 1 could not be checked") || !w.sees("is not allowed to read this: Devices") {
		t.Fatalf("the screen says\n%s", w.screenText())
	}
	w.press("Show these")
	if len(w.names()) != 2 || !w.sees("2 of 7") || !w.offers("Check 2") || w.list.chips.Chosen() != -1 || w.focused() != w.listBelow("Connections") {
		t.Errorf("%q are shown; the screen says\n%s", w.names(), w.screenText())
	}
	w.server.Heal()
	w.checkAll("Try these again")
	if !w.sees("6 work, 1 could not be checked") || w.sees("is not allowed to read this") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.press("All 7")
	if len(w.names()) != 7 {
		t.Errorf("%q are shown", w.names())
	}
	i := slices.IndexFunc(w.connections.all, func(c connector.Connection) bool { return c.Organization.ID == jumpcloudtest.OrganizationID(109) })
	w.tell(opened{Connection: w.connections.all[i]})
	w.details().start()
	w.until("it is checked", func() bool { return !w.details().busy() })
	w.tell(homeWanted{})
	if !w.hasLine("7 work") {
		t.Errorf("one that works again is still said not to; the screen says\n%s", w.screenText())
	}
}

// Where JumpCloud cannot be reached, nothing is called broken.
func TestCheckAllWithoutJumpCloud(t *testing.T) {
	w := watchHome(t, 4)
	w.server.Fail(jumpcloudtest.CaptivePortal())
	w.press("Check all")
	w.until("the checks have ended", func() bool { w.pass(time.Second); return !w.checks.running })
	if !w.sees("4 could not be checked") || w.sees("do not work") || !w.sees("Could not be checked: ") || w.sees("Broken") || !w.hasLine("Needs you 0") && w.sees("Needs you") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	if rows := w.rows("Connections"); !strings.Contains(rows[0], "\nCould not be checked\n") || strings.Contains(rows[0], "Not checked") {
		t.Errorf("the first row says %q", rows[0])
	}
}

// Where JumpCloud takes no more requests of a key for a long time, those of its connections that it refuses are not done, and it is said for
// how long that is so. Those of another key are checked all the same.
func TestCheckAllWhereJumpCloudAsksToWait(t *testing.T) {
	w := watchHome(t, 4)
	w.connect(jumpcloudtest.SampleKey, 1)
	w.reread()
	w.settle()
	w.failFor(jumpcloudtest.Waiting(429, "300"), 107, 108, 109, 110)
	w.checkAll("Check all")
	if !w.sees("1 works, 4 not checked yet") || !w.sees("JumpCloud takes no more requests for now, for another ") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.server.Heal()
	w.pass(5 * time.Minute)
	w.press("Check the other 4")
	w.until("the checks have ended", func() bool { w.pass(time.Second); return !w.checks.running })
	if !w.sees("5 work") || w.sees("not checked yet") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
}

// A keychain that gives no key ends the run: it would ask for its password each time. One key that cannot be read does not.
func TestCheckAllWithoutTheKeychain(t *testing.T) {
	k := broken(nil)
	w := watch(t, k, 3)
	w.connect(jumpcloudtest.SampleKey, 1)
	w.reread()
	w.settle()
	w.tell(homeWanted{})
	k.fail(keychain.ErrLocked)
	w.checkAll("Check all")
	if !w.sees("The system keychain is locked.") || !w.hasLine("4 not checked yet") || w.sees("do not work") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	k.fail(nil)
	w.reread()
	w.settle()
	if !w.sees("The system keychain is locked.") {
		t.Errorf("the reason is lost; the screen says\n%s", w.screenText())
	}
	w.checkAll("Check the other 4")
	if !w.sees("4 work") || w.sees("is locked") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	i := slices.IndexFunc(w.connections.all, func(c connector.Connection) bool { return c.Organization.ID == jumpcloudtest.OrganizationID(1) })
	w.checks.took([]checked{{of: w.connections.all[i], err: keychain.ErrDamaged}})
	if !w.sees("3 work, 1 does not work") || !w.sees("changed or damaged from outside") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
}

// Beside a screen there is room for a line: it leads to the home, which says more.
func TestCheckAllBesideAScreen(t *testing.T) {
	spoken(t, "")
	w := watchHome(t, 3)
	w.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 108)
	w.press("New connection")
	w.checkAll("Check all")
	if !w.sees("2 work, 1 does not work") || w.sees("is not allowed to read this") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.press("Show", "Connections")
	if !w.homeShown() || !w.sees("is not allowed to read this") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.menu("View", "Language", "Deutsch")
	w.settle()
	if !w.sees("2 funktionieren, 1 funktioniert nicht") {
		t.Errorf("in another language, the screen says\n%s", w.screenText())
	}
}

// What was checked from the tray is said in the window, too, also while it goes on.
func TestCheckAllInTheTrayIsShownInTheWindow(t *testing.T) {
	w, f := watchHidden(t, 3)
	w.failFor(jumpcloudtest.Hang(), 107)
	w.clickTray(f, "Check all")
	w.until("two are checked", func() bool { return w.checks.pace.done == 2 })
	w.clickTray(f, "Open")
	w.tell(homeWanted{})
	w.until("the connections are read", func() bool { return !w.loader.reading.running })
	if !w.sees("2 of 3") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.press("Cancel")
	w.checkedAll()
	if !w.sees("2 work, 1 not checked yet") || !w.offers("Check the other 1") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.hears("the window is open")
}

// Removing everything ends the checks, and nothing more is said of them.
func TestRemovingEverythingWhileAllAreChecked(t *testing.T) {
	w := watchHome(t, 3)
	w.checkAllHung()
	w.removeEverything()
	w.server.Heal()
	w.settle()
	if w.checks.running || len(w.checks.of) > 0 || w.checks.limit.Cause != check.Cause("") {
		t.Error("the checks go on")
	}
}

// A button that a run hides has the focus no more: Enter presses nothing that nobody sees.
func TestTheKeyboardWhileManyAreChecked(t *testing.T) {
	w := watchHome(t, 4)
	w.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 107)
	w.checkAll("Check all")
	for _, name := range []string{"Try these again", "Hide this"} {
		w.failFor(jumpcloudtest.Hang(), 107)
		w.tab(w.button(name))
		if name == "Hide this" {
			w.checks.start(true)
		} else {
			w.keys(fyne.KeySpace)
		}
		if !w.checks.running || w.focused() != w.button("Cancel") {
			t.Fatalf("with the focus on %s, a run starts, and %v has the focus", name, w.focused())
		}
		w.keys(fyne.KeySpace)
		w.checkedAll()
		if w.focused() != w.field("Search") {
			t.Errorf("after the run, %v has the focus", w.focused())
		}
	}
	w.tab(w.button("Hide this"))
	w.keys(fyne.KeySpace)
	if w.checks.running || w.sees("Hide this") || w.focused() != w.field("Search") {
		t.Errorf("it is hidden, and %v has the focus", w.focused())
	}
	w.server.Heal()
	w.checks.start(true)
	w.checks.forget()
	w.checkedAll()
	if !w.sees("4 work") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
}

// Where one connection is left, there are no chips to choose others, so it is shown whatever was chosen before.
func TestTheLastConnectionIsShown(t *testing.T) {
	for name, restrict := range map[string]func(*watched){
		"a filter":  func(w *watched) { w.press("Needs you 1") },
		"a summary": func(w *watched) { w.press("Show these") },
	} {
		w := watchHome(t, 2)
		w.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 107)
		w.checkAll("Check all")
		restrict(w)
		if len(w.names()) != 1 {
			t.Fatalf("%s: %q are shown", name, w.names())
		}
		w.connections.hide(w.listing.shown[0].ID)
		if len(w.names()) != 1 || w.sees("No connection matches.") {
			t.Errorf("%s: %q are shown", name, w.names())
		}
	}
}

// What cannot be read counts as not working, in the window and in the tray, also where there is nothing else.
func TestCheckAllWithAConnectionThatCannotBeRead(t *testing.T) {
	w, f := watchHidden(t, 3)
	all := w.connections.all
	all[0].Trouble, all[2].Trouble = check.CauseKeychainDamaged, check.CauseKeychainDamaged
	w.connections.replace(all, "")
	w.clickTray(f, "Check all")
	w.settle()
	w.hears("one can be read", "3 connections checked | 1 works, 2 do not work. Open the app to see what to do.\n")
	w.clickTray(f, "Open")
	w.tell(homeWanted{})
	w.settle()
	w.connections.replace(all, "") // opened, the window reads them again
	w.checkAll("Check all")
	if !w.sees("1 works, 2 do not work") || w.offers("Try these again") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.press("Show these")
	if w.sees("Check 2") {
		t.Error("what cannot be read can be checked")
	}
	w.press("Needs you 2")
	w.checks.start(false)
	w.settle()
	if !w.hasLine("2 do not work") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
}

// Where some connections could not be read, nobody says that all of them work. What is read again at once is waited for.
func TestCheckAllWhereSomeAreNotRead(t *testing.T) {
	w, _ := watchHidden(t, 3)
	all := slices.Clone(w.connections.all)
	for _, again := range []bool{true, false} {
		w.checks.wanted, w.loader.known = true, false
		w.loader.failed(all, again)
		if w.checks.running == again {
			t.Fatalf("read again: %v, checked: %v", again, w.checks.running)
		}
	}
	w.settle()
	w.hears("they work", "3 connections checked | 3 work. Open the app to see what to do.\nSome of your connections could not be read")
}

// A failure that is about something else does not end the wait for the connections.
func TestAWantedCheckOfAllStays(t *testing.T) {
	w, _ := watchHidden(t, 1)
	w.checks.wanted = true
	w.watcher.trouble(keychain.ErrLocked)
	if !w.checks.wanted {
		t.Error("the check of all is forgotten")
	}
}

// A refusal that could not be asked about again, because the keychain failed or the connection was being removed, is asked about when that is
// over. Where the connection has another key meanwhile, nobody waits for an answer.
func TestADoubtHasAnEnd(t *testing.T) {
	refuse := func(t *testing.T, k keychain.Backend) *watched {
		w := watch(t, k, 2)
		t.Cleanup(func() { w.app.Preferences().RemoveValue(watchSetting) })
		w.app.Preferences().SetString(watchSetting, "off")
		w.win.Resize(fyne.NewSize(1280, 800))
		w.tell(homeWanted{})
		w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
		w.press("Check all")
		w.settle()
		if !w.hasLine("2 are asked about again") {
			t.Fatalf("the screen says\n%s", w.screenText())
		}
		return w
	}
	t.Run("the keychain fails", func(t *testing.T) {
		k := broken(nil)
		w := refuse(t, k)
		k.fail(keychain.ErrLocked)
		w.after(time.Minute)
		k.fail(nil)
		w.minutes(2)
		if !w.hasLine("2 are asked about again") {
			t.Errorf("the keychain is left alone, and the screen says\n%s", w.screenText())
		}
		w.minutes(62)
		if !w.hasLine("2 do not work") || w.sees("asked again") {
			t.Errorf("the screen says\n%s", w.screenText())
		}
	})
	t.Run("it is being removed", func(t *testing.T) {
		w := refuse(t, keychain.Memory())
		one := w.connections.all[0]
		w.connections.hide(one.ID)
		w.after(time.Minute)
		w.connections.unhide(one)
		w.makeSure()
		if !w.hasLine("2 do not work") {
			t.Errorf("the screen says\n%s", w.screenText())
		}
	})
	t.Run("another one is refused while the keychain is left alone", func(t *testing.T) {
		k := broken(nil)
		w := refuse(t, k)
		one, two := w.connections.all[0], w.connections.all[1]
		k.fail(keychain.ErrLocked)
		w.after(time.Minute)
		k.fail(nil)
		w.tell(doubted{one, one.Report})
		w.minutes(2)
		if w.watcher.doubts(one.ID) || !w.watcher.doubts(two.ID) {
			t.Error("it is forgotten that the other one is doubtful")
		}
	})
	t.Run("it was replaced", func(t *testing.T) {
		w := refuse(t, keychain.Memory())
		for _, one := range w.connections.all {
			w.watcher.see(one, connector.Watched{ID: one.ID, Err: connector.ErrReplaced})
			w.watcher.watch.Settle(one)
		}
		w.tell(minutePassed{})
		if w.sees("asked about again") || w.sees("asked again") {
			t.Errorf("the screen says\n%s", w.screenText())
		}
	})
}

// Each connection that was refused once says so, whichever is opened, and however often.
func TestEachDoubtfulConnectionSaysSo(t *testing.T) {
	w := watchHome(t, 2)
	w.setKey(func(k *jumpcloudtest.Key) { k.Revoked = true })
	w.press("Check all")
	w.settle()
	says := func() bool {
		return w.sees("Refused just now, but it worked before") && !w.sees("Ready for ControlMap")
	}
	for _, c := range append(slices.Clone(w.connections.all), w.connections.all...) {
		if w.tell(opened{c, false}); !says() {
			t.Errorf("the screen of %s says\n%s", c.Name, w.screenText())
		}
	}
	if w.makeSure(); says() {
		t.Errorf("when it is sure, the screen says\n%s", w.screenText())
	}
}

// What could not be kept is told all the same.
func TestCheckAllWhoseResultsAreNotKept(t *testing.T) {
	w, _ := watchHidden(t, 2)
	for _, one := range w.connections.all {
		w.checks.of = append(w.checks.of, one)
	}
	w.checks.ended = make(map[string]check.Cause)
	for _, one := range w.connections.all {
		w.checks.took([]checked{{of: one, report: one.Report, err: keychain.ErrLocked}})
	}
	w.checks.finish()
	w.hears("they work", "2 connections checked | 2 work. Open the app to see what to do.\nThe results could not be kept. The system keychain is locked.")
	w.background.open()
	w.tell(homeWanted{})
	w.settle()
	if !w.sees("The results could not be kept.") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
	w.checkAll("Try again")
	if !w.hasLine("2 work") || w.sees("could not be kept") {
		t.Errorf("the screen says\n%s", w.screenText())
	}
}

// The summary has the names that the connections have now.
func TestTheSummaryFollowsANewName(t *testing.T) {
	w := watchHome(t, 3)
	w.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 107)
	w.checkAll("Check all")
	i := slices.IndexFunc(w.connections.all, func(c connector.Connection) bool { return c.Organization.ID == jumpcloudtest.OrganizationID(107) })
	w.connections.change(w.connections.all[i].ID, func(c *connector.Connection) { c.Name = "Renamed" })
	if strings.Count(w.screenText(), "Renamed") != 2 { // in the list, and in the summary
		t.Errorf("the screen says\n%s", w.screenText())
	}
}
