package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// Until it is asked about again, a connection that was refused once says so, with the cause, also after a change of something else. What is
// copied for support is the refusal.
func TestADoubtfulConnection(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tap("Larkspur Robotics")
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.press("Check again")
	s.idle()
	isSaid := func(when string) {
		t.Helper()
		if !s.hasLine("Refused just now, but it worked before") || !s.sees("asked again in a minute") || !s.sees("no longer knows this key") || !s.highlights("Check again") {
			t.Fatalf("%s, the screen says\n%s", when, s.screenText())
		}
	}
	isSaid("at first")
	if s.details().topic() != topicFor(s.details().c.Report) {
		t.Error("the guide has them generate a key")
	}
	s.writer.changeName(s.details().c, "Ours")
	s.idle()
	isSaid("after a new name")
	s.press("Copy for support")
	s.until("it is copied", func() bool { return strings.Contains(fyne.CurrentApp().Clipboard().Content(), "failed") })
	s.press("Check again")
	s.idle()
	isSaid("after one more check")
	s.remake()
	isSaid("in another language")
	s.server.Heal()
	s.pass(time.Minute)
	s.makeSure()
	if s.sees("Refused just now") {
		t.Errorf("once it works again, the screen says\n%s", s.screenText())
	}
}
