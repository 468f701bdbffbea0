package gui

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// crowd keeps connections to so many organizations, in a keychain that the window is then opened on.
func crowd(t *testing.T, s *stage, n int) {
	t.Helper()
	credentials := connector.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: jumpcloudtest.OrganizationID(100)}
	report := s.c.Validate(t.Context(), credentials, func(connector.Result) {})
	for i := range n {
		report.Organization = connector.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Client %04d", i)}
		if _, err := s.c.Save(t.Context(), "", credentials, report); err != nil {
			t.Fatal(err)
		}
	}
}

// What has been read is shown, and can be worked with, while the keychain still gives the rest.
func TestTheListFillsAsItIsRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/2"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.reload()
	s.until("the first ones are there", func() bool { return len(s.list.shown) > 0 })
	if s.list.loaded && !s.list.reading || len(s.list.shown) != 20 || !s.list.more.Visible() || s.list.checkAll.Visible() {
		t.Errorf("%d rows; that there are more is said: %v; all can be checked: %v", len(s.list.shown), s.list.more.Visible(), s.list.checkAll.Visible())
	}
	s.list.list.Select(3)
	if d := s.details(); s.formShown() || d.title.Text != "Client 0003" || d.rows["administrator"].Text == text("details.unknown") {
		t.Errorf("the fourth row opens %q of %q", d.title.Text, d.rows["administrator"].Text)
	}
	s.list.search.SetText("client 001")
	if len(s.list.shown) != 10 {
		t.Errorf("the search finds %d of them", len(s.list.shown))
	}
	k.open()
	s.until("all are there", func() bool { return len(s.list.all) == 50 })
	if s.list.more.Visible() || !s.list.checkAll.Visible() || len(s.list.shown) != 10 || s.list.current == "" || s.details().title.Text != "Client 0003" {
		t.Errorf("at the end there are %d rows, and %q is on the screen", len(s.list.shown), s.details().title.Text)
	}
}

// A connection that is removed while others are read does not come back.
func TestRemovedWhileOthersAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/2"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.reload()
	s.work.under.Go(func() { s.work.do(func() {}) }) // something for until to do
	s.until("the first ones are on their way", func() bool { return len(s.jobs) > 0 })
	behind := connector.New(keychain.New(k.Backend, "gui.test"))
	all, err := behind.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := behind.Remove(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	s.removed(all[0].ID)
	k.open()
	s.until("the others are there", func() bool {
		if rowOf(s.list.all, all[0].ID) >= 0 {
			t.Fatal("it came back")
		}
		return len(s.list.all) == 49 && !s.list.reading
	})
}

// Connections that are kept together, and cannot be read, are one row, which says so and can be removed.
func TestConnectionsThatCannotBeRead(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	crowd(t, s, 21)
	if err := k.Set("gui.test", "connections/0", "my own note"); err != nil {
		t.Fatal(err)
	}
	s.reload()
	s.until("what can be read is there", func() bool { return len(s.list.all) == 2 && !s.list.reading })
	s.list.list.Select(0)
	d := s.details()
	if d.title.Text != text("list.unread_several") || d.replace.Visible() || d.status.label.Text != causeText(connector.CauseKeychainDamaged) {
		t.Errorf("it is called %q, and its state is %q", d.title.Text, d.status.label.Text)
	}
	d.confirmRemove()
	top := s.win.Canvas().Overlays().Top()
	if !holdsText(top, text("ask.remove_several.text")) {
		t.Error("the question does not say that it is about several")
	}
	press(t, top, text("ask.remove_several.yes"))
	s.until("it is removed", func() bool { return len(s.list.all) == 1 })
	if got := s.list.all[0].Name; got != "Client 0020" {
		t.Errorf("%q is left", got)
	}
}

// holdsText reports whether a text is anywhere in o.
func holdsText(o fyne.CanvasObject, wanted string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(o), func(o fyne.CanvasObject) bool {
		label, ok := o.(*widget.Label)
		return ok && label.Text == wanted
	})
}
