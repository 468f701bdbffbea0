package gui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// crowd keeps connections to so many organizations, in a keychain that the window is then opened on.
func crowd(t *testing.T, s *stage, n int) {
	t.Helper()
	credentials := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(100))}
	report := s.c.Validate(t.Context(), credentials, func(check.Result) {})
	for i := range n {
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Client %04d", i)}
		if _, err := s.c.Save(t.Context(), "", credentials, report); err != nil {
			t.Fatal(err)
		}
	}
}

// What has been read is shown, and can be worked with, while the keychain still gives the rest.
func TestTheListFillsAsItIsRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.loader.reload()
	s.until("the first ones are there", func() bool { return len(s.list.shown) > 0 })
	// How many fit on a page of the keychain depends on how well they are compressed.
	if n := len(s.list.shown); s.loader.loaded && !s.loader.reading.running || n < 10 || n == 50 || !s.list.more.Visible() || s.list.checkAll.Visible() {
		t.Errorf("%d rows; that there are more is said: %v; all can be checked: %v", len(s.list.shown), s.list.more.Visible(), s.list.checkAll.Visible())
	}
	s.list.list.Select(3)
	if d := s.details(); s.formShown() || d.title.Text != "Client 0003" || d.rows["administrator"].Text == "not known" {
		t.Errorf("the fourth row opens %q of %q", d.title.Text, d.rows["administrator"].Text)
	}
	s.fill("Search", "client 000")
	if len(s.list.shown) != 10 {
		t.Errorf("the search finds %d of them", len(s.list.shown))
	}
	k.open()
	s.until("all are there", func() bool { return len(s.connections.all) == 50 })
	if s.list.more.Visible() || !s.list.checkAll.Visible() || len(s.list.shown) != 10 || s.connections.current == "" || s.title() != "Client 0003" {
		t.Errorf("at the end there are %d rows, and %q is on the screen", len(s.list.shown), s.title())
	}
}

// Who has scrolled away from the connection on the screen stays there while more arrive.
func TestScrolledWhileOthersAreRead(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 60)
	s.loader.reload()
	s.until("all are there", func() bool { return len(s.connections.all) == 60 })
	s.list.list.Select(0)
	s.list.list.ScrollToOffset(900)
	at := s.list.list.GetScrollOffset()
	if at == 0 {
		t.Fatal("the list cannot be scrolled")
	}
	more := s.connections.all[59]
	more.ID, more.Name = "one-more", "Client 9999"
	s.connections.add([]connector.Connection{more})
	if now := s.list.list.GetScrollOffset(); now != at || len(s.connections.all) != 61 {
		t.Errorf("the list is at %v, and was at %v", now, at)
	}
	s.list.list.Select(30) // another one is on the screen now, and its row is in sight
	s.list.filter()
	if s.connections.current != s.list.shown[30].ID {
		t.Error("another row was opened")
	}
}

// All are checked as soon as it is known which there are.
func TestCheckAllWhileTheyAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.loader.reload()
	s.until("the first ones are there", func() bool { return len(s.list.shown) > 0 })
	s.server.ResetRequests()
	s.list.startCheckAll()
	if s.list.checking.running {
		t.Error("it began with a part of them")
	}
	k.open()
	s.until("it begins", func() bool { return s.list.checking.running })
	s.list.toggleCheckAll()
	s.until("it has ended", func() bool { return !s.list.checking.running })
}

// What was read before the keychain failed stays in the list.
func TestReadInPart(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 3)
	found, err := s.c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.loader.set(found[:2])
	s.loader.failed(found[1:])
	if len(s.list.shown) != 3 || !s.list.reload.Visible() || s.list.shown[2].Name != "Client 0002" {
		t.Errorf("%d connections are shown", len(s.list.shown))
	}
}

// A damaged list of names is made anew, without a word to the user, who could do nothing about it.
func TestADamagedListIsMended(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Set("gui.test", "index", "my own note"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there", func() bool { return len(s.connections.all) == 1 && !s.loader.reading.running && !s.loader.unread })
	s.settle() // the window may have said for a moment that it waits for the keychain
	if s.banner.Box.Visible() || s.connections.all[0].Trouble != "" {
		t.Error("the window complains")
	}
}

// A list of names that is gone is made anew likewise.
func TestAMissingListIsMended(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Delete("gui.test", "index"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there", func() bool { return len(s.connections.all) == 1 && !s.loader.reading.running && !s.loader.unread })
	s.settle() // the window may have said for a moment that it waits for the keychain
	if s.banner.Box.Visible() || s.connections.all[0].Trouble != "" {
		t.Error("the window complains")
	}
}

// A connection whose key is gone keeps its name, says what is missing, and offers to replace the key.
func TestAConnectionWhoseKeyIsGone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	c := connector.New(keychain.New(k, "gui.test"))
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	if err := k.Delete("gui.test", "key/0"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there, and its key was looked for", func() bool {
		return len(s.connections.all) == 1 && s.connections.all[0].Trouble != "" && !s.loader.reading.running
	})
	s.list.list.Select(0)
	d := s.details()
	if d.title.Text != all[0].Name || !d.replace.Visible() || d.results.status.Label.Text != words.Cause(check.CauseKeychainGone) {
		t.Errorf("it is called %q, can be replaced: %v, and its state is %q", d.title.Text, d.replace.Visible(), d.results.status.Label.Text)
	}
}

// Connections that something else has deleted are one row, which says so and can be removed.
func TestConnectionsThatAreGone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Delete("gui.test", "connections/0"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("the row is there", func() bool { return len(s.connections.all) == 1 && !s.loader.reading.running })
	s.list.list.Select(0)
	d := s.details()
	if d.title.Text != "Connections that cannot be read" || d.replace.Visible() || d.results.status.Label.Text != words.Cause(check.CauseConnectionsGone) {
		t.Errorf("it is called %q, and its state is %q", d.title.Text, d.results.status.Label.Text)
	}
	d.confirmRemove()
	s.press("Remove")
	s.until("it is removed", func() bool { return len(s.connections.all) == 0 })
}

// A connection that is removed while others are read does not come back.
func TestRemovedWhileOthersAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.loader.reload()
	s.work.running.Go(func() { s.work.do(func() {}) }) // something for until to do
	s.until("the first ones are on their way", func() bool { return len(s.jobs) > 0 })
	behind := connector.New(keychain.New(k.Backend, "gui.test"))
	all, err := behind.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := behind.Remove(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	s.connections.removed(all[0].ID)
	k.open()
	s.until("the others are there", func() bool {
		if rowOf(s.connections.all, all[0].ID) >= 0 {
			t.Fatal("it came back")
		}
		return len(s.connections.all) == 49 && !s.loader.reading.running
	})
}

// Connections that are kept together, and cannot be read, are one row, which says so and can be removed.
func TestConnectionsThatCannotBeRead(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	crowd(t, s, 40)
	if err := k.Set("gui.test", "connections/0", "my own note"); err != nil {
		t.Fatal(err)
	}
	s.loader.reload()
	s.until("what can be read is there", func() bool {
		return len(s.connections.all) > 1 && s.connections.all[0].Several && !s.loader.reading.running
	})
	rest := len(s.connections.all) - 1
	s.list.list.Select(0)
	d := s.details()
	if d.title.Text != "Connections that cannot be read" || d.replace.Visible() || d.results.status.Label.Text != words.Cause(check.CauseKeychainDamaged) {
		t.Errorf("it is called %q, and its state is %q", d.title.Text, d.results.status.Label.Text)
	}
	d.confirmRemove()
	top := s.win.Canvas().Overlays().Top()
	if !holdsText(top, "Connections that are kept together, their reports, and API keys that no other connection uses are deleted from this computer. Enter those keys again afterwards. Nothing changes in JumpCloud or ControlMap.") {
		t.Error("the question does not say that it is about several")
	}
	press(t, top, "Remove")
	s.until("it is removed", func() bool { return !s.connections.all[0].Several })
	if got := s.connections.all[rest-1].Name; got != "Client 0039" || len(s.connections.all) != rest {
		t.Errorf("%d are left, %q the last of them", len(s.connections.all), got)
	}
}

// holdsText reports whether a text is anywhere in o.
func holdsText(o fyne.CanvasObject, wanted string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(o), func(o fyne.CanvasObject) bool {
		label, ok := o.(*widget.Label)
		return ok && label.Text == wanted
	})
}
