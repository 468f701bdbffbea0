package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
)

// What starts something with the keychain can be pressed twice while the keychain asks: it is done once, and nothing is said
// to have failed. Another press for the same connection does nothing either.
func TestPressedTwice(t *testing.T) {
	const sample = "Larkspur Robotics: controlmap@larkspur.example"
	for name, c := range map[string]struct {
		session bool // the connection is kept for the session
		before  func(*stage, *brokenKeychain)
		press   func(*stage)
		want    string
	}{
		"save in the keychain": {session: true, press: func(s *stage) { s.press("Save in the keychain") }, want: sample},
		"save in the keychain, and check": {session: true, press: func(s *stage) {
			s.press("Save in the keychain")
			s.click("Check again")
			s.hit("Check", "Check now")
			s.hit("Check", "Run again what did not pass")
		}, want: sample},
		"save in the keychain, and remove": {session: true, press: func(s *stage) {
			s.press("Save in the keychain")
			s.click("Remove")
			s.click("Replace key")
		}, want: sample},
		"remove": {press: func(s *stage) {
			s.remove()
			for _, button := range []string{"Remove", "Check again", "Replace key"} {
				s.click(button)
			}
			s.click("Copy", "API key")
		}},
		"remove what is kept for the session": {session: true, press: func(s *stage) { s.remove(); s.click("Save in the keychain") }},
		"remove everything":                   {press: func(s *stage) { s.removeEverything(); s.hit("Connection", "Remove everything…") }},
		"check": {press: func(s *stage) {
			s.press("Check again")
			s.press("Check again")
			s.hit("Check", "Check now")
			s.hit("Check", "Run again what did not pass")
		}, want: sample},
		"check all":    {press: func(s *stage) { s.menu("Check", "Check all"); s.menu("Check", "Check all") }, want: sample},
		"read again":   {press: func(s *stage) { s.reread(); s.loader.reload() }, want: sample},
		"show the key": {press: func(s *stage) { s.press("Show", "API key"); s.menu("View", "Show or hide the API key") }, want: sample},
		"copy the key": {press: func(s *stage) { s.press("Copy", "API key"); s.click("Copy", "API key") }, want: sample},
		"save in the form": {before: typeSecond, press: func(s *stage) {
			save := s.button("Save")
			s.keys(fyne.KeyReturn, fyne.KeyReturn)
			test.Tap(save)
		}, want: "Juniper & Sons Bakery: sam@juniper-bakery.example; " + sample},
		"try again, for a key": {before: failToCopy, press: func(s *stage) {
			again := s.button("Try again")
			test.Tap(again)
			test.Tap(again)
		}, want: sample},
		"try again to remove": {before: failToRemove, press: func(s *stage) {
			again := s.button("Try again")
			test.Tap(again)
			test.Tap(again)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := broken(nil)
			k := &gatedKeychain{Backend: b}
			s := openHere(t, k)
			keepIn(s, c.session)
			if c.before != nil {
				c.before(s, b)
			}
			k.close()
			c.press(s)
			if s.dialog() != "" {
				t.Error("something is asked")
			}
			k.open()
			s.idle()
			if s.offers("Try again") {
				t.Errorf("the screen says %s", s.screenText())
			}
			if got := s.listed(); got != c.want {
				t.Errorf("the list has %s", got)
			}
			if s := openHere(t, k); s.listed() != c.want {
				t.Errorf("the next time the list has %s", s.listed())
			}
		})
	}
}

// keepIn keeps a connection, in the keychain or for the session, and shows it.
func keepIn(s *stage, session bool) {
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	s.idle()
	if !session {
		return
	}
	c := s.kept()[0]
	report := s.c.Validate(s.t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
	if err := s.c.Remove(s.t.Context(), c.ID); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.c.SaveForSession(s.t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report); err != nil {
		s.t.Fatal(err)
	}
	s.reread()
	s.idle()
	s.tap("Larkspur Robotics")
}

// typeSecond enters another key, which waits for its name.
func typeSecond(s *stage, _ *brokenKeychain) {
	s.press("New connection")
	s.typeInto("API key", jumpcloudtest.SampleAdministratorKey)
	s.win.Canvas().Focus(s.field("Name"))
	s.pass(typingPause)
	s.checked()
}

// failToCopy has the window offer to try again to copy a key.
func failToCopy(s *stage, k *brokenKeychain) {
	k.fail(keychain.ErrLocked)
	s.press("Copy", "API key")
	s.until("it has failed", func() bool { return s.offers("Try again") })
	k.fail(nil)
}

// failToRemove has the window offer to try again to remove a connection.
func failToRemove(s *stage, k *brokenKeychain) {
	k.fail(keychain.ErrLocked)
	s.remove()
	s.until("it has failed", func() bool { return s.offers("Try again") })
	k.fail(nil)
	s.idle()
	s.reread() // so that nothing else can be tried again
	s.idle()
}

func credentialsOf(key string) check.Credentials {
	return check.Credentials{APIKey: secret.New(key)}
}

// A button that has left the card does nothing any more, although it had the focus: Enter twice on Save saves once, and Enter while the checks
// run saves nothing by then.
func TestAButtonThatHasLeftTheCard(t *testing.T) {
	t.Run("Enter twice", func(t *testing.T) {
		b := broken(nil)
		k := &gatedKeychain{Backend: b}
		s := openHere(t, k)
		typeSecond(s, b)
		save := s.button("Save")
		s.tab(save)
		k.close()
		s.keys(fyne.KeyReturn)
		runs := s.form().saver.runs
		if s.focused() != nil {
			s.keys(fyne.KeyReturn)
		}
		save.Tapped(&fyne.PointEvent{})
		if s.form().saver.runs != runs || !s.saving() {
			t.Errorf("the first save is cancelled; the screen says\n%s", s.screenText())
		}
		k.open()
		s.shown()
	})
	t.Run("Enter while the checks run", func(t *testing.T) {
		b := broken(nil)
		s := openHere(t, b)
		typeSecond(s, b)
		save := s.button("Save")
		s.tab(save)
		s.hit("Check", "Check now")
		if s.focused() != nil {
			s.keys(fyne.KeyReturn)
		}
		save.Tapped(&fyne.PointEvent{})
		if s.sees("cannot be kept") || s.form().saver.running {
			t.Errorf("the screen says\n%s", s.screenText())
		}
		s.shown() // what works is saved
	})
}

// A connection of the session is shown without a button in focus that stores.
func TestSavingFromTheSessionGetsNoFocusByItself(t *testing.T) {
	b := broken(nil)
	s := openHere(t, b)
	keepIn(s, true)
	s.tell(homeWanted{})
	s.tell(opened{Connection: s.connections.all[0]})
	if save := s.button("Save in the keychain"); s.focused() == fyne.Focusable(save) {
		t.Error("Enter would save it")
	}
	if b, ok := s.focused().(*widgets.Button); !ok || b.Label() != "Hand over to ControlMap" {
		t.Errorf("the focus is on %T", s.focused())
	}
}
