package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// endsIn gives the MSP's key an end.
func (w *watched) endsIn(days int) {
	ends := w.clock.Now().AddDate(0, 0, days)
	w.setKey(func(k *jumpcloudtest.Key) { k.Created, k.Expires = w.clock.Now().AddDate(0, 0, -50), ends })
}

// The end of a key that many connections use is reminded of once at each stage, in a notification and above the screen. Who does not want
// that puts it off or mutes it.
func TestTheEndOfAKeyIsRemindedOf(t *testing.T) {
	w := watch(t, keychain.Memory(), 3)
	w.endsIn(40)
	w.wait(27 * time.Hour)
	w.hears("the end is 39 days away")
	w.wait(9 * 24 * time.Hour)
	w.hears("the end is less than 30 days away", "The API key of Ashby Clinic (and 2 more) ends in 29 days, on ")
	if !w.sees("Make a new key in JumpCloud") || !w.offers("Replace key") {
		t.Errorf("above the screen: %s", w.screenText())
	}
	w.wait(10 * 24 * time.Hour)
	w.hears("nobody has answered")
	if !w.sees("(and 2 more) ends in 19 days") {
		t.Errorf("ten days later, above the screen: %s", w.screenText())
	}
	w.wait(7 * 24 * time.Hour)
	w.hears("the end is less than 14 days away, and nobody has answered", "The API key of Ashby Clinic (and 2 more) ends in 12 days, on ")
	w.press("Replace key")
	if !w.hasLine("Replace the key of 3 connections") || w.sees("Make a new key in JumpCloud") {
		t.Errorf("the reminder leads to %s", w.screenText())
	}
	w.wait(6 * 24 * time.Hour)
	w.hears("the end is less than 7 days away", "The API key of Ashby Clinic (and 2 more) ends in 6 days, on ")
	w.press("Remind me tomorrow")
	w.settle()
	w.wait(20 * time.Hour)
	w.hears("it was put off")
	w.wait(6 * time.Hour)
	w.hears("a day later", "The API key of Ashby Clinic (and 2 more) ends in ")
	w.press("Do not remind me of this key")
	w.settle()
	w.wait(4 * 24 * time.Hour)
	w.hears("it was muted")
}

// A reminder is told once, also to who starts the app again; it stays when the language changes, and goes with its key.
func TestAReminderOfOneKey(t *testing.T) {
	t.Cleanup(func() { _ = speak("en") })
	k := keychain.Memory()
	w := watch(t, k, 1)
	w.endsIn(20)
	w.wait(27 * time.Hour)
	w.hears("the end was not known when it was saved", "The API key of Ashby Legal ends in 18 days, on ")
	w.chooseLanguage("Deutsch")
	w.settle()
	if !w.sees("Der API-Schlüssel von Ashby Legal endet in 18 Tagen") {
		t.Errorf("in German: %s", w.screenText())
	}
	w.chooseLanguage("English")
	w.settle()
	again := watch(t, k, 0)
	again.minutes(2)
	again.hears("the app was started again")
	if again.sees("Make a new key in JumpCloud") {
		t.Error("the reminder is shown again")
	}
	again.close()
	w.tap("Ashby Legal")
	w.remove()
	w.settle()
	if w.sees("Make a new key in JumpCloud") {
		t.Error("the reminder stays although its connection is removed")
	}
	w.minutes(2)
	w.hears("the connection is removed")
}

// If the keychain cannot keep that a reminder was shown, it is not shown each minute.
func TestAReminderThatCannotBeKept(t *testing.T) {
	k := broken(nil)
	w := watch(t, k, 1)
	w.endsIn(40)
	w.wait(27 * time.Hour)
	k.fail(keychain.ErrLocked)
	w.wait(11 * 24 * time.Hour)
	w.minutes(30)
	told := slices.DeleteFunc(slices.Clone(w.told), func(told string) bool { return !strings.HasPrefix(told, "The API key") })
	if len(told) != 1 {
		t.Errorf("notified of %q", w.told)
	}
	k.fail(nil)
}

// What is shown above the screen goes when the key has ended, and several keys are one notification.
func TestRemindersOfSeveralKeys(t *testing.T) {
	k := keychain.Memory()
	w := watch(t, k, 2)
	second := jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Email: "controlmap@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}, Created: w.clock.Now().AddDate(0, 0, -50), Expires: w.clock.Now().AddDate(0, 0, 39)}
	w.server.SetKey(second)
	w.connect(jumpcloudtest.SampleKey, 1)
	w.reread()
	w.settle()
	w.endsIn(40)
	w.wait(27 * time.Hour)
	w.wait(11 * 24 * time.Hour)
	w.hears("two keys end", "2 API keys need a look | The API key of Larkspur Robotics ends in 2") // 26 or 27 days, as the hour is
	if !w.sees("The API key of Larkspur Robotics ends in ") {
		t.Errorf("above the screen: %s", w.screenText())
	}
	w.press("Do not remind me of this key")
	w.settle()
	if !w.sees("The API key of Ashby Clinic (and 1 more) ends in ") {
		t.Errorf("after the first, above the screen: %s", w.screenText())
	}
	w.setKey(func(k *jumpcloudtest.Key) { k.Expires = w.clock.Now().Add(-time.Hour) })
	w.wait(27 * time.Hour)
	if w.sees("Make a new key in JumpCloud") {
		t.Errorf("above the screen, when the key has ended: %s", w.screenText())
	}
}
