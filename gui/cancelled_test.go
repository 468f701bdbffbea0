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

// unfinished are the states in which the form waits for the user.
var unfinished = map[string]func(*stage){
	"checks cancelled": func(s *stage) {
		s.server.Fail(jumpcloudtest.Hang())
		s.typeKey(jumpcloudtest.SampleKey)
		s.until("the checks run", func() bool { return s.row(check.IDReachable).shown.State == check.Running })
		s.form().key.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		s.checked()
	},
	"typing cancelled": func(s *stage) {
		test.Type(s.form().key, jumpcloudtest.SampleKey)
		s.form().key.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	},
	"a key refused": func(s *stage) {
		s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
		s.checked()
	},
	"an organization to choose": func(s *stage) {
		s.typeKey(jumpcloudtest.SampleMultiTenantKey)
		s.checked()
	},
	"partly readable": func(s *stage) {
		s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
		s.typeKey(jumpcloudtest.SampleKey)
		s.checked()
	},
	"a name being typed": func(s *stage) {
		s.win.Canvas().Focus(s.form().name)
		s.typeKeyAside(jumpcloudtest.SampleKey)
		s.checked()
	},
	"entries that cannot be": func(s *stage) {
		test.Type(s.form().key, jumpcloudtest.OrganizationID(1))
		s.pass(typingPause)
	},
}

// typeKeyAside enters a key without taking the focus.
func (s *stage) typeKeyAside(key string) {
	s.form().key.SetText(key)
	s.pass(typingPause)
}

// What has been stopped, or waits for an answer, goes on only when the user says so, whatever else happens in the window.
func TestNothingStartsByItself(t *testing.T) {
	for state, reach := range unfinished {
		t.Run(state, func(t *testing.T) {
			spoken(t, "")
			k := keychain.Memory()
			keep(t, k, jumpcloudtest.SampleAdministratorKey)
			s := open(t, k, Options{})
			reach(s)
			s.form().name.SetText("Half a na")
			before := s.form().report.Worst()
			s.server.Heal()
			s.server.ResetRequests()
			for _, event := range []struct {
				name   string
				happen func()
			}{
				{"the focus", func() { s.win.Canvas().Focus(s.form().organization); s.win.Canvas().Focus(s.form().name) }},
				{"another window", func() { s.conceal.Left(); s.conceal.Back() }},
				{"a secret shown and hidden", func() { test.Tap(s.form().key.Toggle); s.pass(30 * time.Second) }},
				{"the theme", func() { fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme()) }},
				{"the size and the list", func() { s.win.Resize(fyne.NewSize(1180, 772)); s.loader.reload() }},
				{"a question", func() { s.askToClose(); press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.no")) }},
				{"the language", func() { s.chooseLanguage("Deutsch") }},
				{"a look at a connection", func() { s.list.list.Select(0); s.tell(homeWanted{}) }},
				{"the language once more", func() { s.chooseLanguage("English") }},
			} {
				event.happen()
				s.pass(10 * typingPause)
				s.work.running.Wait()
				s.drain()
				if n := len(s.server.Requests()); n > 0 || s.form().cancelButton.Visible() || s.form().saver.running {
					t.Fatalf("after %s the checks have begun by themselves, with %d requests", event.name, n)
				}
				if len(s.connections.all) != 1 {
					t.Fatalf("after %s %d connections are kept", event.name, len(s.connections.all))
				}
				if s.form().key.Text == "" || s.form().name.Text != "Half a na" || s.form().report.Worst() != before {
					t.Fatalf("after %s what was typed, or found out, is lost", event.name)
				}
			}
		})
	}
}

// chooseLanguage chooses a language in the menu.
func (s *stage) chooseLanguage(name string) {
	s.t.Helper()
	view := s.win.MainMenu().Items[1].Items
	item(s.t, view, words.Text("menu.language"), name).Action()
	s.work.running.Wait()
	s.drain()
}

// What was found out is said in the new words, and can be gone on from.
func TestAReportOutlivesAChangeOfTheLanguage(t *testing.T) {
	for state, says := range map[string]string{
		"checks cancelled":          "Abgebrochen. Ihre Eingaben sind noch da.",
		"a key refused":             "lehnt ihn aber ab",
		"an organization to choose": "Der Schlüssel öffnet 127 Organisationen.",
		"partly readable":           "aber nicht alles lässt sich lesen",
		"a name being typed":        "Drücken Sie die Eingabetaste",
		"entries that cannot be":    "Die Verbindung funktioniert noch nicht.",
	} {
		t.Run(state, func(t *testing.T) {
			spoken(t, "")
			s := open(t, keychain.Memory(), Options{})
			unfinished[state](s)
			s.form().name.SetText("Ours")
			s.chooseLanguage("Deutsch")
			if !s.onScreen(says) {
				t.Errorf("it does not say %q; the status is %q", says, s.form().results.status.Label.Text)
			}
			s.server.Heal()
			switch state {
			case "an organization to choose":
				s.form().picker.List.Select(0)
			case "a name being typed", "partly readable":
				test.Tap(s.form().keepButton)
			case "checks cancelled":
				test.Tap(s.form().repeatButton)
			default:
				return
			}
			s.shown()
			if s.connections.all[0].Name != "Ours" {
				t.Errorf("it is saved as %q", s.connections.all[0].Name)
			}
		})
	}
}

// A name that is typed while the checks run may not be complete when they end, wherever the focus is then.
func TestAHalfTypedNameIsNotSaved(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang().On("/api/systems"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDDevices).shown.State == check.Running })
	test.Type(s.form().name, "Our comp")
	s.win.Canvas().Unfocus() // for a menu, say
	s.server.Heal()
	s.server.Release()
	s.checked()
	if len(s.connections.all) > 0 || s.form().saver.running || !s.form().keepButton.Visible() {
		t.Fatal("it is saved by itself, or cannot be saved")
	}
	test.Type(s.form().name, "any")
	s.form().submit()
	s.shown()
	if got := s.connections.all[0].Name; got != "Our company" {
		t.Errorf("it is saved as %q", got)
	}
}

// Cancel counts in the last moment too, when the checks have ended and the window does not know it yet.
func TestCancelInTheLastMoment(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.work.running.Wait()
	s.form().stop()
	s.drain()
	if len(s.connections.all) > 0 || s.form().saver.running || !s.onScreen(words.Text("status.unsaved")) {
		t.Fatalf("it is saved all the same; the status is %q", s.form().results.status.Label.Text)
	}
	test.Tap(s.form().keepButton)
	s.shown()
}
