package gui

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// keep connects with a key in a window of its own, which is then closed.
func keep(t *testing.T, k keychain.Backend, key string) {
	t.Helper()
	s := open(t, k, Options{})
	s.typeKey(key)
	s.until("a connection is shown", func() bool { return !s.formShown() && len(s.names()) > 0 })
	s.close()
}

func TestTheNextTimeItIsThereAndNothingSecretShows(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	if got := s.names(); !slices.Equal(got, []string{"Larkspur Robotics"}) {
		t.Fatalf("found %q", got)
	}
	s.tap("Larkspur Robotics")
	if role := s.textBeside("Role"); s.formShown() || role != jumpcloudtest.RoleReadOnly {
		t.Errorf("the details are shown: %v, role %q", !s.formShown(), role)
	}
	if s.sees(jumpcloudtest.SampleKey) || s.sees(jumpcloudtest.OrganizationID(1)) {
		t.Error("a secret is readable before it is asked for")
	}
	s.press("Show", "API key")
	s.until("the key is shown", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	s.pass(30 * time.Second)
	if s.sees(jumpcloudtest.SampleKey) {
		t.Errorf("the key is still shown after %s", 30*time.Second)
	}
	s.press("Show", "API key")
	s.press("New connection")
	s.settle()
	s.tap("Larkspur Robotics")
	if s.sees(jumpcloudtest.SampleKey) {
		t.Error("the key is shown although the screen was left meanwhile")
	}
}

// A key that the keychain gives late is not shown for the connection that is on the screen by then.
func TestALateKeyIsNotShownForAnotherConnection(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.idle()
	s.tap("Larkspur Robotics")
	k.close()
	s.press("Show", "API key")
	s.tap("Juniper & Sons Bakery")
	k.open()
	s.settle()
	if s.title() != "Juniper & Sons Bakery" || s.sees(jumpcloudtest.SampleKey) || !s.offers("Show", "API key") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

func TestCopiedSecretsLeaveTheClipboard(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	clipboard := fyne.CurrentApp().Clipboard()
	s.press("Copy", "API key")
	s.until("the key is copied", func() bool { return clipboard.Content() == jumpcloudtest.SampleKey })
	s.pass(45 * time.Second)
	s.until("the key leaves the clipboard", func() bool { return clipboard.Content() == "" })
	s.press("Copy", "Organization ID")
	s.until("the id is copied", func() bool { return clipboard.Content() == jumpcloudtest.OrganizationID(1) })
	s.use(fyneOnly{func() (secret.Secret, error) { return secret.New(clipboard.Content()), nil }}) // it can be looked what is there
	clipboard.SetContent("the user's own")
	s.pass(45 * time.Second)
	s.settle()
	if clipboard.Content() != "the user's own" {
		t.Error("what the user copied since was cleared")
	}
}

func TestCheckAgain(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.tap("Larkspur Robotics")
	s.press("Check again")
	s.until("the check has ended", func() bool { return s.sees("JumpCloud is asked again in a minute.") })
	if row := s.rows("Connections")[0]; !strings.Contains(row, "Works") || s.kept()[0].Report.Worst() != check.Passed || s.sees("Stopped working") {
		t.Errorf("refused once, the list says %q", row)
	}
	s.makeSure()
	if !s.sees("Stopped working. It last worked on ") || !strings.Contains(s.rows("Connections")[0], "Broken") || s.sees("asked again in a minute") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Check again") // what is broken may be refused as often as it likes
	s.settle()
	if !s.sees("Stopped working. It last worked on ") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// Where JumpCloud cannot be asked again, the screen does not go on saying that it will be.
func TestADoubtThatIsGivenUp(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.press("Check again")
	s.until("the check has ended", func() bool { return s.sees("JumpCloud is asked again in a minute.") })
	id := s.connections.all[0].ID
	s.watcher.left[id] = s.connections.all[0].KeyID // its key cannot be read any more
	s.makeSure()
	s.tell(minutePassed{})
	if s.sees("asked again in a minute") || s.watcher.doubts(id) {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// A refusal that comes once is forgotten, also for somebody who wants no other checks.
func TestRefusedOnlyOnce(t *testing.T) {
	for _, often := range []string{"off", "day"} {
		k := keychain.Memory()
		keep(t, k, jumpcloudtest.SampleKey)
		s := open(t, k, Options{})
		t.Cleanup(func() { s.app.Preferences().RemoveValue(watchSetting) })
		s.app.Preferences().SetString(watchSetting, often)
		if every := s.settings.watchEvery(); (every == 0) != (often == "off") {
			t.Fatalf("%s is %v", often, every)
		}
		s.tap("Larkspur Robotics")
		s.server.Fail(jumpcloudtest.Unauthorized())
		s.press("Check again")
		s.until("the check has ended", func() bool { return s.sees("JumpCloud is asked again in a minute.") })
		s.server.Heal()
		s.server.ResetRequests()
		s.makeSure()
		if len(s.server.Requests()) == 0 || s.sees("asked again in a minute") || !strings.Contains(s.rows("Connections")[0], "Works") {
			t.Errorf("%s: %d requests, the screen says %s", often, len(s.server.Requests()), s.screenText())
		}
		s.close()
	}
}

// The list and the screen say the same of how long ago the check was, also as time goes by.
func TestOneClockForListAndScreen(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	said := func() map[string]bool {
		all := make(map[string]bool)
		for _, p := range s.parts() {
			all[minutes.FindString(textOf(p.CanvasObject))] = true
		}
		delete(all, "")
		return all
	}
	s.pass(16 * time.Minute)
	s.reread()
	s.settle()
	s.clock.advance(30 * time.Second)
	s.tap("Larkspur Robotics")
	for _, want := range []string{"16 min ago", "17 min ago", "18 min ago"} {
		if all := said(); len(all) != 1 || !all[want] {
			t.Errorf("the window says %v, want %s", all, want)
		}
		s.pass(time.Minute)
	}
	// Between two minutes nothing changes, whatever is written anew.
	s.clock.advance(45 * time.Second)
	for name, do := range map[string]func(){
		"a check that is cancelled": func() {
			s.server.Fail(jumpcloudtest.Hang())
			s.press("Check again")
			s.press("Cancel")
			s.settle()
		},
		"another screen": func() { s.menu("View", "Settings…"); s.press("Done") },
		"the list, anew": func() { s.reread(); s.settle() },
	} {
		do()
		if all := said(); len(all) != 1 || !all["19 min ago"] {
			t.Errorf("after %s the window says %v", name, all)
		}
	}
}

var minutes = regexp.MustCompile(`\d+ min ago`)

func TestReplaceTheKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	renewed := jumpcloudtest.Key{Value: "jca_TESTrenewed00000000000000000000000000001", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Email: "renewed@larkspur.example", Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(renewed)
	s.replaceKey("Larkspur Robotics")
	if s.field("Organization ID").Text != jumpcloudtest.OrganizationID(1) || s.field("Name").Text != "Larkspur Robotics" {
		t.Error("the form does not know what it replaces")
	}
	s.typeKey(renewed.Value)
	s.until("ControlMap's turn has come", func() bool { return s.offers("Not now") })
	s.press("Not now")
	s.until("the connection has the new key", func() bool {
		return !s.formShown() && len(s.names()) == 1 && s.textBeside("Key belongs to") == renewed.Email
	})
}

func TestRemoveAsksFirst(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	for _, answer := range []string{"Keep", "Remove"} {
		s.press("Remove")
		if !strings.Contains(s.dialog(), "Remove this connection?") {
			t.Fatal("nothing is asked")
		}
		s.press(answer)
		if answer == "Keep" && len(s.names()) != 1 {
			t.Error("removed although it was to be kept")
		}
	}
	s.until("the list is empty", func() bool { return len(s.names()) == 0 })
	if !s.formShown() {
		t.Error("what was removed is still shown")
	}
}

func TestCheckAll(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	s.press("Check all")
	s.until("all are checked", func() bool { return s.offers("Check all") })
	if rows := s.rows("Connections"); strings.Contains(strings.Join(rows, ""), "Broken") || !s.sees("1 works, 1 is asked about again") {
		t.Errorf("refused once, the list says %q", rows)
	}
	s.makeSure()
	s.pass(time.Minute) // the list is sorted anew
	if rows := s.rows("Connections"); !strings.HasPrefix(rows[0], "Larkspur Robotics\nBroken") || !strings.HasPrefix(rows[1], "Juniper & Sons Bakery\nAttention") {
		t.Errorf("%q", rows)
	}
}

func TestSearch(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	for typed, want := range map[string]int{"lark": 1, "": 2, "JUNIPER": 1, jumpcloudtest.OrganizationID(2): 1, "nobody": 0} {
		s.fill("Search", typed)
		if n := len(s.names()); n != want || s.sees("No connection matches.") == (want > 0) {
			t.Errorf("%q finds %d; the screen says %s", typed, n, s.screenText())
		}
	}
}

func TestRemoveEverythingAsksFirst(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.menu("Connection", "Remove everything…")
	s.press("Keep")
	if len(s.names()) != 2 || s.formShown() {
		t.Fatal("removed although it was to be kept")
	}
	s.removeEverything()
	s.until("it is said that nothing is left", func() bool { return s.dialog() != "" })
	s.press("OK")
	if len(s.names()) != 0 || !s.formShown() {
		t.Errorf("%q are left", s.names())
	}
	if s := open(t, k, Options{}); len(s.names()) != 0 {
		t.Errorf("%q are there the next time", s.names())
	}
}

// A button that waits for the keychain cannot be pressed again before the answer, whatever happens to the connection meanwhile.
func TestACopyThatWaitsStaysDisabled(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.idle()
	s.tap("Larkspur Robotics")
	k.close()
	s.press("Copy", "API key")
	for _, occupied := range []bool{true, false} {
		s.writer.setOccupied(s.details().c.ID, occupied)
	}
	if s.offers("Copy", "API key") {
		t.Error("it can be pressed while the keychain has not answered")
	}
	k.open()
	s.until("the key is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.SampleKey })
	s.until("it says so", func() bool { return s.sees("Copied · 45 s") })
	if !s.offers("Copied · 45 s", "API key") {
		t.Error("it cannot be pressed any more")
	}
}
