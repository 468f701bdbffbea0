package gui

import (
	"testing"

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
		before  func(*stage)
		press   func(*stage)
		want    string
	}{
		"save in the keychain": {session: true, press: func(s *stage) { test.Tap(s.details().keep) }, want: sample},
		"save in the keychain, and check": {session: true, press: func(s *stage) {
			test.Tap(s.details().keep)
			test.Tap(s.details().check)
			s.checkShown()
			s.againShown()
		}, want: sample},
		"save in the keychain, and remove": {session: true, press: func(s *stage) {
			test.Tap(s.details().keep)
			test.Tap(s.details().remover)
			s.details().confirmRemove()
			s.writer.remove(s.connections.current)
			test.Tap(s.details().replace)
		}, want: sample},
		"remove": {press: func(s *stage) {
			id := s.details().c.ID
			s.writer.remove(id)
			test.Tap(s.details().remover)
			s.writer.remove(id)
			test.Tap(s.details().check)
			test.Tap(s.details().key.copy)
			test.Tap(s.details().replace)
		}},
		"remove what is kept for the session": {session: true, press: func(s *stage) {
			id := s.details().c.ID
			s.writer.remove(id)
			test.Tap(s.details().keep)
		}},
		"remove everything": {press: func(s *stage) {
			s.writer.removeEverything()
			s.writer.removeEverything()
			s.writer.wipe()
		}},
		"check":                {press: func(s *stage) { test.Tap(s.details().check); s.checkShown(); s.againShown() }, want: sample},
		"check all":            {press: func(s *stage) { s.list.startCheckAll(); s.list.startCheckAll() }, want: sample},
		"read again":           {press: func(s *stage) { s.loader.reload(); test.Tap(s.list.reload); s.loader.reload() }, want: sample},
		"show the key":         {press: func(s *stage) { test.Tap(s.details().key.toggle); s.flipShown() }, want: sample},
		"copy the key":         {press: func(s *stage) { test.Tap(s.details().key.copy); test.Tap(s.details().key.copy) }, want: sample},
		"save in the form":     {before: typeSecond, press: func(s *stage) { s.form().keep(); s.form().submit(); test.Tap(s.form().keepButton) }, want: "Juniper & Sons Bakery: sam@juniper-bakery.example; " + sample},
		"try again, for a key": {before: failToCopy, press: func(s *stage) { retry(s, ownerDetails); retry(s, ownerDetails) }, want: sample},
	} {
		t.Run(name, func(t *testing.T) {
			k := &gatedKeychain{Backend: keychain.Memory()}
			s := openHere(t, k)
			keepIn(s, c.session)
			if c.before != nil {
				c.before(s)
			}
			k.close()
			c.press(s)
			if s.win.Canvas().Overlays().Top() != nil {
				t.Error("something is asked")
			}
			k.open()
			s.idle()
			for of, m := range s.banner.Messages {
				if m.Box.Visible() {
					t.Errorf("the message of %d says %q", of, m.Label.Text)
				}
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
	c := s.connections.all[0]
	report := s.c.Validate(s.t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
	if err := s.c.Remove(s.t.Context(), c.ID); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.c.SaveForSession(s.t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report); err != nil {
		s.t.Fatal(err)
	}
	s.loader.load()
	s.idle()
	s.list.list.Select(0)
}

// typeSecond enters another key, which waits for its name.
func typeSecond(s *stage) {
	s.tell(newWanted{})
	test.Type(s.form().key, jumpcloudtest.SampleAdministratorKey)
	s.win.Canvas().Focus(s.form().name)
	s.pass(typingPause)
	s.checked()
}

// failToCopy has the window offer to try again to copy a key.
func failToCopy(s *stage) {
	s.trouble(ownerDetails, keychain.ErrLocked, s.details().key.toClipboard, nil)
}

// retry presses Try again, if it is there.
func retry(s *stage, of widgets.Owner) {
	for _, o := range s.banner.Messages[of].Buttons.Objects {
		test.Tap(o.(*widgets.Button))
	}
}

func credentialsOf(key string) check.Credentials {
	return check.Credentials{APIKey: secret.New(key)}
}
