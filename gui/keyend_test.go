package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
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
	date := end.Local().Format("2006-01-02")
	row := func() string { return s.textBeside("Key ends") }
	inList := func() string { return s.rows("Connections")[0] }
	if want := date + ", in 45 days"; row() != want || !s.sees("Ends on "+want) || !strings.Contains(inList(), "ends "+date+" · Works · just now") {
		t.Errorf("45 days before: %q, and %q in the list", row(), inList())
	}
	for _, later := range []struct {
		days              int
		row, list, status string
		state             check.State
	}{
		{15, date + ", in 30 days", "key ends in 30 days · ", "Works. 1 point to look at", check.Warning},
		{29, date + ", tomorrow", "key ends tomorrow · ", "Works. 1 point to look at", check.Warning},
		{1, "ended on " + date, "key has ended · Broken", "The key ended on " + date, check.Failed},
	} {
		s.pass(s.clock.Now().AddDate(0, 0, later.days).Sub(s.clock.Now()) + time.Second)
		s.press("New connection")
		s.tap("Larkspur Robotics")
		if row() != later.row || !strings.Contains(inList(), later.list) || s.row(check.IDKeyEnd).State != later.state || !s.sees(later.status) {
			t.Errorf("it says %q, the list %q; the screen says %s", row(), inList(), s.screenText())
		}
	}
}

// The row of a connection has room for the end, far or near, in each language and in the narrowest list beside a screen.
func TestTheEndIsSeenInTheList(t *testing.T) {
	for _, l := range words.Languages {
		spoken(t, l.ID)
		endIsSeen(t, l.ID, 45)
		endIsSeen(t, l.ID, 30)
	}
}

func endIsSeen(t *testing.T, language string, days int) {
	t.Helper()
	s, _ := keptWithEnd(t, days)
	s.win.Resize(fyne.NewSize(720, 600))
	layOut(s.win.Content())
	ends, shown := words.KeyEndsShort(s.connections.all[0].Report, s.clock.Now()), false
	for _, p := range partsOf(s.list.list) {
		if line, ok := p.CanvasObject.(*widgets.Cell); ok && strings.HasPrefix(line.Text, ends) {
			needs := fyne.MeasureText(ends+"…", theme.CaptionTextSize(), fyne.TextStyle{}).Width + 2*theme.InnerPadding()
			if shown = true; needs > line.Size().Width {
				t.Errorf("%s: %q needs %v of %v", language, ends, needs, line.Size().Width)
			}
		}
	}
	if !shown || ends == "" {
		t.Errorf("%s: %q is not in the list", language, ends)
	}
}

func TestAKeyWithoutAnEnd(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	if got := s.textBeside("Key ends"); got != "never" {
		t.Errorf("it ends %q", got)
	}
}

// A sample that needs its Organization ID brings it along, and the next one does not keep it.
func TestSamplesWithAnOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey},
		{Name: "service", Key: jumpcloudtest.SampleServiceKey, Organization: jumpcloudtest.OrganizationID(1)}}})
	s.press("Service account")
	s.pass(typingPause)
	s.shown()
	if r := s.kept()[0].Report; r.Result(check.IDOrganization).Cause != check.CauseOrganizationUnnamed {
		t.Errorf("the organization is %s", r.Result(check.IDOrganization).Cause)
	}
	s.press("New connection")
	s.press("Service account")
	s.press("All good")
	if s.field("Organization ID").Text != "" || s.field("API key").Text != jumpcloudtest.SampleKey {
		t.Errorf("the form has %q and %q", s.field("API key").Text, s.field("Organization ID").Text)
	}
}
