package gui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// keep connects with a key in a window of its own, which is then closed.
func keep(t *testing.T, k keychain.Backend, key string) {
	t.Helper()
	s := open(t, k, Options{})
	s.typeKey(key)
	s.until("a connection is shown", func() bool { return !s.formShown() && len(s.connections.all) > 0 })
	s.close()
}

func TestTheNextTimeItIsThereAndNothingSecretShows(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	if len(s.connections.all) != 1 || s.connections.all[0].Name != "Larkspur Robotics" {
		t.Fatalf("found %d connections", len(s.connections.all))
	}
	s.list.list.Select(0)
	d := s.details()
	if s.formShown() || d.rows["role"].Text != jumpcloudtest.RoleReadOnly {
		t.Errorf("the details are shown: %v, role %q", !s.formShown(), d.rows["role"].Text)
	}
	if s.onScreen(jumpcloudtest.SampleKey) || s.onScreen(jumpcloudtest.OrganizationID(1)) {
		t.Error("a secret is readable before it is asked for")
	}
	test.Tap(d.key.toggle)
	s.until("the key is shown", func() bool { return s.onScreen(jumpcloudtest.SampleKey) })
	s.pass(30 * time.Second)
	if s.onScreen(jumpcloudtest.SampleKey) {
		t.Errorf("the key is still shown after %s", 30*time.Second)
	}
	test.Tap(d.key.toggle)
	s.tell(newWanted{})
	s.drain()
	s.list.list.Select(0)
	if s.onScreen(jumpcloudtest.SampleKey) {
		t.Error("the key is shown although the screen was left meanwhile")
	}
}

func TestCopiedSecretsLeaveTheClipboard(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	clipboard := fyne.CurrentApp().Clipboard()
	test.Tap(s.details().key.copy)
	s.until("the key is copied", func() bool { return clipboard.Content() == jumpcloudtest.SampleKey })
	s.pass(45 * time.Second)
	if clipboard.Content() != "" {
		t.Error("the key stays on the clipboard")
	}
	test.Tap(s.details().organization.copy)
	s.until("the id is copied", func() bool { return clipboard.Content() == jumpcloudtest.OrganizationID(1) })
	clipboard.SetContent("the user's own")
	s.pass(45 * time.Second)
	if clipboard.Content() != "the user's own" {
		t.Error("what the user copied since was cleared")
	}
}

func TestCheckAgain(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.list.list.Select(0)
	test.Tap(s.details().check)
	s.until("the new report is shown", func() bool { return s.connections.all[0].Report.Worst() == check.Failed })
	if got := s.details().results.status.Label.Text; got != words.Text("status.failed") {
		t.Errorf("the status says %q", got)
	}
}

func TestReplaceTheKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	renewed := jumpcloudtest.Key{Value: "jca_TESTrenewed00000000000000000000000000001", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Email: "renewed@larkspur.example", Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(renewed)
	s.tell(keyWanted{s.connections.all[0]})
	if s.form().organization.Text != jumpcloudtest.OrganizationID(1) || s.form().name.Text != "Larkspur Robotics" {
		t.Error("the form does not know what it replaces")
	}
	s.typeKey(renewed.Value)
	s.until("the connection has the new key", func() bool {
		return !s.formShown() && len(s.connections.all) == 1 && s.connections.all[0].Report.Administrator.Email == renewed.Email
	})
}

func TestRemoveAsksFirst(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	for _, answer := range []string{words.Text("ask.remove.no"), words.Text("ask.remove.yes")} {
		s.details().confirmRemove()
		dialog := s.win.Canvas().Overlays().Top()
		if dialog == nil {
			t.Fatal("nothing is asked")
		}
		press(t, dialog, answer)
		if answer == words.Text("ask.remove.no") && len(s.connections.all) != 1 {
			t.Error("removed although it was to be kept")
		}
	}
	s.until("the list is empty", func() bool { return len(s.connections.all) == 0 })
	if !s.formShown() {
		t.Error("what was removed is still shown")
	}
}

// press taps the button with this label.
func press(t *testing.T, in fyne.CanvasObject, label string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(in) {
		if b, ok := o.(*widgets.Button); ok && b.Text == label {
			test.Tap(b)
			return
		}
	}
	t.Fatalf("no button says %q", label)
}

func TestCheckAll(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	test.Tap(s.list.checkAll)
	s.until("all are checked", func() bool { return !s.list.checking.running })
	states := map[string]check.State{}
	for _, c := range s.connections.all {
		states[c.Name] = c.Report.Worst()
	}
	if states["Larkspur Robotics"] != check.Failed || states["Juniper & Sons Bakery"] != check.Warning {
		t.Errorf("%v", states)
	}
	if s.list.checkAll.Text != words.Text("list.check_all") {
		t.Errorf("the button says %q", s.list.checkAll.Text)
	}
}

func TestSearch(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	for typed, want := range map[string]int{"lark": 1, "": 2, "JUNIPER": 1, jumpcloudtest.OrganizationID(2): 1, "nobody": 0} {
		s.list.search.SetText(typed)
		if len(s.list.shown) != want || s.list.note.Visible() == (want > 0) {
			t.Errorf("%q finds %d, and the note is shown: %v", typed, len(s.list.shown), s.list.note.Visible())
		}
	}
}

func TestRemoveEverythingAsksFirst(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	s.writer.wipe()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.wipe.no"))
	if len(s.connections.all) != 2 || s.formShown() {
		t.Fatal("removed although it was to be kept")
	}
	s.writer.wipe()
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.wipe.yes"))
	s.until("it is said that nothing is left", func() bool { return s.win.Canvas().Overlays().Top() != nil })
	if len(s.connections.all) != 0 || !s.formShown() {
		t.Errorf("%d are left", len(s.connections.all))
	}
	if s := open(t, k, Options{}); len(s.connections.all) != 0 {
		t.Errorf("%d are there the next time", len(s.connections.all))
	}
}

// A button that waits for the keychain cannot be pressed again before the answer, whatever happens elsewhere meanwhile.
func TestACopyThatWaitsStaysDisabled(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.idle()
	s.list.list.Select(0)
	k.close()
	test.Tap(s.details().key.copy)
	s.writer.setOccupied("another", true)
	s.writer.setOccupied("another", false)
	if !s.details().key.copy.Disabled() {
		t.Error("it can be pressed while the keychain has not answered")
	}
	k.open()
	s.until("the key is copied", func() bool { return fyne.CurrentApp().Clipboard().Content() == jumpcloudtest.SampleKey })
	if s.details().key.copy.Disabled() {
		t.Error("it cannot be pressed any more")
	}
}
