package gui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

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
		s.until("the checks run", func() bool { return s.row(check.IDReachable).State == check.Running })
		s.keys(fyne.KeyEscape)
		s.checked()
	},
	"typing cancelled": func(s *stage) {
		s.typeInto("API key", jumpcloudtest.SampleKey)
		s.keys(fyne.KeyEscape)
	},
	"a key refused": func(s *stage) {
		s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
		s.checked()
	},
	"an organization to choose": func(s *stage) {
		s.typeKey(jumpcloudtest.SampleMultiTenantKey)
		s.checked()
		s.press("Back")
	},
	"partly readable": func(s *stage) {
		s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
		s.typeKey(jumpcloudtest.SampleKey)
		s.checked()
	},
	"a name being typed": func(s *stage) {
		s.typeInto("API key", jumpcloudtest.SampleKey)
		s.win.Canvas().Focus(s.field("Name"))
		s.pass(typingPause)
		s.checked()
	},
	"entries that cannot be": func(s *stage) {
		s.typeInto("API key", jumpcloudtest.OrganizationID(1))
		s.pass(typingPause)
	},
}

// states is where each check on the screen stands; nil before anything is checked.
func (s *stage) states() (all []check.State) {
	if !s.sees(words.Group(check.GroupData)) {
		return nil
	}
	for _, one := range check.All() {
		all = append(all, s.row(one.ID).State)
	}
	return all
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
			s.fill("Name", "Half a na")
			before := s.states()
			s.server.Heal()
			s.server.ResetRequests()
			for _, event := range []struct {
				name   string
				happen func()
			}{
				{"the focus", func() { s.win.Canvas().Focus(s.field("Organization ID")); s.win.Canvas().Focus(s.field("Name")) }},
				{"another window", func() { s.leave(); s.comeBack() }},
				{"a secret shown and hidden", func() { s.press("Show", "API key"); s.pass(30 * time.Second) }},
				{"the theme", func() { fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme()) }},
				{"the size and the list", func() { s.win.Resize(fyne.NewSize(1180, 772)); s.reread() }},
				{"a question", func() { s.askToClose(); s.press("Keep") }},
				{"the language", func() { s.chooseLanguage("Deutsch") }},
				{"a look at a connection", func() { s.tap("Juniper & Sons Bakery"); s.press(words.Text("list.new")) }},
				{"the language once more", func() { s.chooseLanguage("English") }},
			} {
				event.happen()
				s.pass(10 * typingPause)
				s.settle()
				if n := len(s.server.Requests()); n > 0 || s.offers(words.Text("form.cancel")) || s.saving() {
					t.Fatalf("after %s the checks have begun by themselves, with %d requests", event.name, n)
				}
				if n := len(s.kept()); n != 1 {
					t.Fatalf("after %s %d connections are kept", event.name, n)
				}
				if s.field(words.Text("form.key")).Text == "" || s.field(words.Text("form.name")).Text != "Half a na" || !slices.Equal(s.states(), before) {
					t.Fatalf("after %s what was typed, or found out, is lost", event.name)
				}
			}
		})
	}
}

// chooseLanguage chooses a language in the menu.
func (s *stage) chooseLanguage(name string) {
	s.t.Helper()
	s.menu(words.Text("menu.view"), words.Text("menu.language"), name)
	s.settle()
}

// What was found out is said in the new words, and can be gone on from.
func TestAReportOutlivesAChangeOfTheLanguage(t *testing.T) {
	for state, says := range map[string]string{
		"checks cancelled":          "Ihre Eingaben sind noch da.",
		"a key refused":             "lehnt ihn aber ab",
		"an organization to choose": "Der Schlüssel öffnet 127 Organisationen.",
		"partly readable":           "aber nicht alles lässt sich lesen",
		"a name being typed":        "Drücken Sie die Eingabetaste",
		"entries that cannot be":    "Das ist eine Organization ID, kein API-Schlüssel",
	} {
		t.Run(state, func(t *testing.T) {
			spoken(t, "")
			s := open(t, keychain.Memory(), Options{})
			unfinished[state](s)
			s.fill("Name", "Ours")
			s.chooseLanguage("Deutsch")
			if !s.sees(says) {
				t.Errorf("it does not say %q, but %s", says, s.screenText())
			}
			s.server.Heal()
			switch state {
			case "an organization to choose":
				s.press(words.Text("help.pick"))
				first, _, _ := strings.Cut(s.rows(words.Text("many.title"))[0], "\n")
				s.tap(first)
				s.press(words.Text("many.connect", words.Facts{"Count": "1"}))
			case "a name being typed":
				s.press(words.Text("form.save"))
			case "partly readable":
				s.press(words.Text("form.save_anyway"))
			case "checks cancelled":
				s.press(words.Text("help.again"))
			default:
				return
			}
			s.shown()
			if got := s.kept()[0].Name; got != "Ours" {
				t.Errorf("it is saved as %q", got)
			}
		})
	}
}

// A name that is typed while the checks run may not be complete when they end, wherever the focus is then.
func TestAHalfTypedNameIsNotSaved(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Hang().On("/api/systems"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("the checks run", func() bool { return s.row(check.IDDevices).State == check.Running })
	s.typeInto("Name", "Our comp")
	s.win.Canvas().Unfocus() // for a menu, say
	s.server.Heal()
	s.server.Release()
	s.checked()
	if len(s.kept()) > 0 || s.saving() || !s.offers("Save") {
		t.Fatal("it is saved by itself, or cannot be saved")
	}
	s.typeInto("Name", "any")
	s.keys(fyne.KeyReturn)
	s.shown()
	if got := s.kept()[0].Name; got != "Our company" {
		t.Errorf("it is saved as %q", got)
	}
}

// Cancel counts in the last moment too, when the checks have ended and the window does not know it yet.
func TestCancelInTheLastMoment(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleKey)
	s.work.running.Wait()
	s.keys(fyne.KeyEscape)
	s.drain()
	if len(s.kept()) > 0 || s.saving() || !s.sees("It is not saved yet.") {
		t.Fatalf("it is saved all the same; the screen says %s", s.screenText())
	}
	s.press("Save")
	s.shown()
}
