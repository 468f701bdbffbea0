package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// asked waits until JumpCloud was asked which organizations a key opens. It repeats what fails, which takes time.
func (s *stage) asked() {
	s.t.Helper()
	s.until("JumpCloud was asked", func() bool { s.pass(time.Second); return !s.many().busy() })
	s.idle()
}

// Asking once more which organizations a key opens loses nothing that is known, unless JumpCloud lists all of them.
func TestAskingOnceMoreKeepsTheOrganizations(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	s.choose(108, 109)
	s.tap("Aldgate Dental Group")
	for _, c := range []struct {
		answer string
		fault  *jumpcloudtest.Fault
		more   bool
	}{
		{"none", jumpcloudtest.Status(503), false},
		{"a guest network", jumpcloudtest.CaptivePortal(), false},
		{"a part of the list", jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503)), true},
		{"none after a part", jumpcloudtest.Status(503), true},
		{"the whole list", nil, false},
	} {
		s.server.Heal()
		if c.fault != nil {
			s.server.Fail(c.fault)
		}
		s.tell(moreWanted{s.connections.all[0]})
		s.asked()
		if m := s.many(); len(m.every) != 127 || len(m.ids) != 2 || m.more != c.more {
			t.Errorf("%s: %d organizations, %d selected, more: %v", c.answer, len(m.every), len(m.ids), m.more)
		}
	}
}

// The organizations of a service account are known from a list only. They stay, and what is said of them is so.
func TestTheOrganizationsOfAServiceAccount(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.idle()
	s.typeInto("Organization ID", jumpcloudtest.OrganizationID(1))
	s.typeKey(jumpcloudtest.SampleServiceKey)
	s.shown()
	s.press("Connect more with this key")
	s.connected()
	s.pasteList(jumpcloudtest.OrganizationID(2))
	s.press("Select them")
	if s.sees("This key opens no other organization.") || !s.offers("Connect 1") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.tell(moreWanted{s.connections.all[0]})
	s.asked()
	if m := s.many(); len(m.every) != 1 || len(m.ids) != 1 {
		t.Errorf("%d organizations, %d selected", len(m.every), len(m.ids))
	}
}

// The numbers say that there may be more organizations.
func TestMoreOrganizationsThanListed(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503)))
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	if m := s.many(); !strings.Contains(m.about.Text, "0 of 100+ organizations") || !strings.Contains(m.selected.Text, "0 of 100+") {
		t.Errorf("%q, %q", m.about.Text, m.selected.Text)
	}
}

// "Try again" connects what the run was about, and nothing that was selected beside that.
func TestTryingAgainConnectsOnlyThose(t *testing.T) {
	k := broken(nil)
	s := choosing(t, k)
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100, 101)
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	s.choose(108, 109)
	s.server.Heal()
	k.fail(keychain.ErrLocked)
	s.press("Try these again")
	s.connected()
	s.press("Select none")
	k.fail(nil)
	s.press("Try again")
	s.connected()
	if kept := s.names(); len(kept) != 2 || slices.Contains(kept, "Ashby Clinic") {
		t.Errorf("%q are connected", kept)
	}
}

// What was not done is spoken of as long as some of that is selected.
func TestWhatWasCutIsStillSelected(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.choose(100, 101)
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Connect 2")
	s.press("Cancel")
	s.connected()
	s.choose(108)
	if !s.sees("Cancelled.") || !s.offers("Connect 3") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Select none")
	s.choose(108)
	if s.sees("Cancelled.") {
		t.Error("nothing of it is selected, and it is said to be")
	}
}

// Where JumpCloud takes no more requests for long, the run ends, the rest stays selected, and it is said for how long.
func TestConnectingWhereJumpCloudAsksToWait(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.server.Fail(jumpcloudtest.Waiting(429, "300"))
	s.searchFor("ashby")
	s.press("Select all shown")
	s.press("Connect 12")
	s.connected()
	if !s.sees("JumpCloud takes no more requests for now, for another ") || !s.offers("Connect 12") || s.sees("Try these again") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.server.Heal()
	s.pass(5 * time.Minute)
	s.press("Connect 12")
	s.asked()
	if len(s.names()) != 12 {
		t.Errorf("%d are connected", len(s.names()))
	}
}

// slowKeychain takes time to write, also what nobody waits for any more.
type slowKeychain struct {
	keychain.Backend
	takes time.Duration
}

func (k *slowKeychain) Set(service, user, value string) error {
	time.Sleep(k.takes)
	return k.Backend.Set(service, user, value)
}

// What the keychain saves after the user has cancelled is in the window, too.
func TestWhatIsSavedAfterCancelIsShown(t *testing.T) {
	k := &slowKeychain{Backend: keychain.Memory()}
	s := choosing(t, k)
	k.takes = 60 * time.Millisecond
	s.press("Select all shown")
	s.press("Connect 127")
	s.until("some are connected", func() bool { return len(s.many().connected) >= 3 })
	s.press("Cancel")
	s.connected()
	s.until("the list is that of the keychain", func() bool { s.idle(); return len(s.names()) == len(s.kept()) })
	if n := len(s.kept()); len(s.many().connected) != n || len(s.many().outcomes()) != n {
		t.Errorf("%d are kept, %d connected, %d told of", n, len(s.many().connected), len(s.many().outcomes()))
	}
}

// Cancel in the menu cancels what is on the screen, and nothing behind it.
func TestCancelLeavesWhatRunsBehind(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.choose(100, 101)
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Connect 2")
	s.press("New connection")
	if !s.sees("Connecting organizations: 0 of 2") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Clear", "API key")
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the key is being checked", func() bool { return s.form().busy() })
	s.menu("Check", "Cancel the checks")
	s.until("the checks are cancelled", func() bool { return !s.form().busy() })
	if !s.many().busy() {
		t.Fatal("connecting was cancelled, too")
	}
	s.press("Show") // in the message
	if s.title() != "Choose organizations" || s.sees("Connecting organizations") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("New connection")
	s.menu("Check", "Cancel connecting")
	s.connected()
}

// The key is in memory no longer than it is needed, and is read again where it is kept.
func TestTheKeyOfManyIsForgotten(t *testing.T) {
	s, f := openInTray(t, keychain.Memory())
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.until("the organizations are shown", func() bool { return s.current == screen(s.many()) && len(s.many().every) > 0 })
	has := func() bool { return !s.many().credentials.APIKey.Empty() }
	s.choose(100, 101)
	s.server.SetLatency(time.Millisecond)
	s.press("Connect 2")
	s.background.hide()
	s.connected()
	if has() {
		t.Error("it has connected while the window was hidden, and keeps the key")
	}
	s.clickTray(f, "Open")
	s.asked()
	if !has() || !s.sees("2 connected") || !s.sees("2 of 127 organizations connected") {
		t.Errorf("the key is there: %v; the screen says %s", has(), s.screenText())
	}
	s.press("Back")
	if has() {
		t.Error("the screen was left, and keeps the key")
	}
	s.tell(moreWanted{s.connections.all[0]})
	s.background.hide()
	s.settle()
	s.drain()
	if has() {
		t.Error("the window was hidden while JumpCloud was asked, and the key came afterwards")
	}
	s.many().connectThese([]check.Organization{{ID: jumpcloudtest.OrganizationID(103)}})
	if s.many().connecting.running {
		t.Error("it connects without a key")
	}
}

// The end of a run leaves the focus to the user who types.
func TestTheEndOfConnectingLeavesTheFocus(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100)
	s.server.SetLatency(time.Millisecond)
	s.choose(100, 101, 102, 103)
	s.press("Connect 4")
	s.searchFor("ash")
	s.connected()
	if s.focused() != s.field("Search by name or ID (127)") {
		t.Errorf("the focus is on %s", s.keyboardName(s.focused()))
	}
}

// What is said of the keychain does not outlast its failure.
func TestTheKeychainWorksAgain(t *testing.T) {
	k := broken(keychain.ErrNoProvider)
	s := open(t, k, Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	const said = "Several can be connected only with a system keychain."
	if !s.sees(said) {
		t.Errorf("the screen says %s", s.screenText())
	}
	k.fail(nil)
	s.press("New connection")
	s.press("Choose from the list")
	s.idle()
	if s.sees(said) || !s.offers("Connect 2") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// What is shown follows the connections: one that is removed, and one that turns out to be broken.
func TestTheOrganizationsFollowTheConnections(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.choose(100, 108)
	s.press("Connect 2")
	s.connected()
	s.show("Connected")
	s.failFor(jumpcloudtest.Forbidden(), 108)
	s.menu("Check", "Check all")
	s.until("all are checked", func() bool { s.pass(time.Second); return !s.checks.running })
	s.makeSure()
	s.pass(time.Minute)
	s.show("Broken")
	if rows := s.rows("Choose organizations"); len(rows) != 1 || !strings.Contains(rows[0], "Ashby Clinic") || !strings.Contains(rows[0], "Broken ✕") {
		t.Errorf("broken are %q", rows)
	}
	s.show("Connected")
	s.writer.remove(s.connections.all[0].ID)
	s.settle()
	if rows := s.rows("Choose organizations"); len(rows) != 1 || !s.sees("1 connected") {
		t.Errorf("connected are %q; the screen says %s", rows, s.screenText())
	}
	s.clickRow("Ashby Clinic", 0)
	if s.title() != "Ashby Clinic" {
		t.Errorf("a click on a connected one leads to %q", s.title())
	}
}

// A click means one thing. With Shift it selects a range also on the mark, and a range never undoes what was selected in another way.
func TestAClickSelects(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.searchFor("ashby")
	s.clickRow("Ashby Clinic", 0)
	s.selects("a click", "Ashby Clinic")
	s.clickRow("Ashby Clinic", 0)
	s.selects("another one")
	s.clickRow("Ashby Foods", 0)
	s.selects("a click, when nothing is selected any more", "Ashby Foods")
	list := s.listBelow("Choose organizations")
	s.press("Select none")
	s.searchFor("ashby")
	s.tab(list)
	list.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	s.keys(fyne.KeyDown, fyne.KeyDown)
	s.selects("Shift and arrows from the first row", "Ashby Clinic", "Ashby Energy", "Ashby Foods")
	list.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	s.press("Connect 3")
	s.connected()
	s.clickRow("Ashby Legal", fyne.KeyModifierShift)
	s.selects("Shift after a run", "Ashby Legal")
}

// Organizations of one name are told apart where they have failed.
func TestTwinsThatFailAreToldApart(t *testing.T) {
	s := choosing(t, keychain.Memory())
	twin := check.Organization{ID: jumpcloudtest.OrganizationID(900), Name: "Kestrel"}
	s.many().setOrganizations(append(slices.Clone(s.many().every), twin))
	s.many().fill()
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	s.searchFor("kestrel")
	s.press("Select all shown")
	s.press("Connect 2")
	s.connected()
	rows := s.rows("Choose organizations")
	if !strings.Contains(rows[0], "· The role Read Only is not allowed to read this") || !strings.Contains(rows[1], twin.ID+" · The key does not open this organization") {
		t.Errorf("the rows say %q", rows)
	}
	if got := listSome([]check.Organization{{ID: "1", Name: "Kestrel"}, {ID: "2", Name: "Ashby"}, {ID: "3", Name: "Kestrel"}}); got != "Kestrel (1), Ashby, Kestrel (3)" {
		t.Errorf("the group names %s", got)
	}
	s.press("Hide this")
	if s.sees("0 connected, 2 not") {
		t.Error("the summary cannot be closed")
	}
}

// A failure is kept without its whole report: thousands may fail.
func TestFailuresNeedLittleMemory(t *testing.T) {
	s := choosing(t, keychain.Memory())
	s.server.Fail(jumpcloudtest.CaptivePortal().On("/api/systems"))
	s.choose(100, 101)
	s.press("Connect 2")
	s.connected()
	for _, one := range s.many().ended {
		if len(one.Report.Results) != 1 || one.Why().Cause != check.CauseSignIn || one.Err != connector.ErrNotWorking {
			t.Errorf("%d results, %v", len(one.Report.Results), one.Why().Cause)
		}
	}
}
