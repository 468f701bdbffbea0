package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// keptWithEnd keeps the connection of a key that ends in so many days.
func keptWithEnd(t *testing.T, days int) (*stage, time.Time) {
	t.Helper()
	end := time.Now().AddDate(0, 0, days)
	s := open(t, keychain.Memory(), Options{})
	s.server.SetKey(*owned(func(k *jumpcloudtest.Key) { k.Expires = end }))
	s.typeKey(owned(func(*jumpcloudtest.Key) {}).Value)
	s.shown()
	return s, end
}

// When the key ends is in the window as soon as it is accepted, and counted anew each time that it is shown.
func TestWhenTheKeyEnds(t *testing.T) {
	s, end := keptWithEnd(t, 45)
	date := end.Local().Format(words.Text("format.date"))
	row := func() string { return s.details().rows["ends"].Text }
	inList := func() string {
		o := newConnectionRow()
		s.list.updateRow(0, o)
		lines := o.(*fyne.Container).Objects[0].(*fyne.Container).Objects
		return lines[1].(*widget.Label).Text
	}
	if want := date + ", in 45 days"; row() != want || !s.onScreen("Ends on "+want) || strings.Contains(inList(), "ends") {
		t.Errorf("45 days before: %q, and %q in the list", row(), inList())
	}
	for _, later := range []struct {
		days              int
		row, list, status string
		state             check.State
	}{
		{15, date + ", in 30 days", "Attention · key ends in 30 days", "status.saved_warning", check.Warning},
		{29, date + ", tomorrow", "Attention · key ends tomorrow", "status.saved_warning", check.Warning},
		{1, "ended on " + date, "Failed · key has ended", "status.ended", check.Failed},
	} {
		s.pass(s.clock.Now().AddDate(0, 0, later.days).Sub(s.clock.Now()) + time.Second)
		s.tell(opened{Connection: s.connections.all[0]})
		one := s.row(check.IDKeyEnd)
		status := words.Text(later.status, words.Facts{"Expires": date})
		if row() != later.row || !strings.Contains(inList(), later.list) || one.shown.State != later.state || s.details().results.status.Label.Text != status {
			t.Errorf("it says %q, the list %q, the check is %s, and the status %q", row(), inList(), one.shown.State, s.details().results.status.Label.Text)
		}
	}
}

func TestAKeyWithoutAnEnd(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	if got := s.details().rows["ends"].Text; got != "never" {
		t.Errorf("it ends %q", got)
	}
}

// A sample that needs its Organization ID brings it along, and the next one does not keep it.
func TestSamplesWithAnOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey},
		{Name: "service", Key: jumpcloudtest.SampleServiceKey, Organization: jumpcloudtest.OrganizationID(1)}}})
	s.form().samples.SetSelectedIndex(1)
	s.pass(typingPause)
	s.shown()
	if r := s.connections.all[0].Report; r.Result(check.IDOrganization).Cause != check.CauseOrganizationUnnamed {
		t.Errorf("the organization is %s", r.Result(check.IDOrganization).Cause)
	}
	s.tell(newWanted{})
	s.form().samples.SetSelectedIndex(1)
	s.form().samples.SetSelectedIndex(0)
	if s.form().organization.Text != "" || s.form().key.Text != jumpcloudtest.SampleKey {
		t.Errorf("the form has %q and %q", s.form().key.Text, s.form().organization.Text)
	}
}
