package gui

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// spoken has the program speak a language, until the test ends.
func spoken(t *testing.T, id string) {
	t.Helper()
	t.Cleanup(func() {
		fyne.CurrentApp().Preferences().RemoveValue(languageSetting)
		if err := speak(""); err != nil {
			t.Error(err)
		}
	})
	if err := speak(id); err != nil {
		t.Fatal(err)
	}
}

// Fyne's own few texts, such as the menu of an entry, are in the language in use, whatever that of the system is.
func TestFynesOwnTextsFollowTheLanguage(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("skipped: the language of this system cannot be set for one program")
	}
	spoken(t, "")
	data, err := assets.Translations.ReadFile("translations/en.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range []string{"en_US.UTF-8", "en_AU.UTF-8", "de_DE.UTF-8", "de_AT", "fr_CA.UTF-8", "es_MX.UTF-8", "es_419.UTF-8",
		"ja_JP.UTF-8", "zh_TW.UTF-8", "ca_ES.UTF-8", "it_IT.UTF-8"} {
		t.Setenv("LC_ALL", locale)
		for _, l := range words.Languages { // also one that is not the system's
			if err := speak(l.ID); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"OK", "Quit", "Undo", "Redo", "Cut", "Copy", "Paste", "Select all"} {
				if got, want := lang.L(key), words.Text(key); got != want || !bytes.Contains(data, []byte(`"`+key+`": `)) {
					t.Errorf("in %s, with %s chosen, Fyne says %q for %s, want %q", locale, l.ID, got, key, want)
				}
			}
		}
	}
}

// item finds an item of the menu by the words on the way to it.
func item(t *testing.T, items []*fyne.MenuItem, way ...string) *fyne.MenuItem {
	t.Helper()
	for _, i := range items {
		switch {
		case i.Label != way[0] && !strings.HasPrefix(i.Label, way[0]+" ("): // the keys are named behind it
		case len(way) == 1:
			return i
		default:
			return item(t, i.ChildMenu.Items, way[1:]...)
		}
	}
	t.Fatalf("there is no %q in the menu", way)
	return nil
}

// The window is in the chosen language at once, the next start is too, and nothing that was typed is lost.
func TestTheLanguageCanBeSet(t *testing.T) {
	spoken(t, "")
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	choose := func(menu, language, name string) {
		t.Helper()
		item(t, s.win.MainMenu().Items[1].Items, language, name).Action()
		s.work.running.Wait()
		s.drain()
	}
	test.Type(s.form().key, "jca_TESThalf")
	test.Type(s.form().organization, "5f00")
	test.Type(s.form().name, "Mine")
	test.Type(s.list.search, "lark")
	s.form().region.setID("eu")

	former := s.form().key
	s.win.Canvas().Focus(former)
	choose("View", "Language", "Deutsch")
	if former.Text != "" || s.win.Canvas().Focused() == former {
		t.Error("the former form still has the key, or draws its caret")
	}
	f := s.form()
	if f.key.Text != "jca_TESThalf" || f.organization.Text != "5f00" || f.name.Text != "Mine" || f.region.id() != "eu" || f.region.Selected != "Europa" {
		t.Errorf("what was entered is now %q, %q, %q in %q", f.key.Text, f.organization.Text, f.name.Text, f.region.Selected)
	}
	if s.list.search.Text != "lark" || len(s.list.shown) != 1 || len(s.connections.all) != 2 {
		t.Errorf("searching for %q finds %d of %d", s.list.search.Text, len(s.list.shown), len(s.connections.all))
	}
	if !s.onScreen("Neue Verbindung") || !s.onScreen("Verbindungen") || s.onScreen("Connections") || s.guide.title.Text != "Wo der API-Schlüssel ist" {
		t.Error("the window is not in German")
	}
	if german := item(t, s.win.MainMenu().Items[1].Items, "Sprache", "Deutsch"); !german.Checked {
		t.Error("the menu does not say that it is German")
	}
	s.form().key.SetText(jumpcloudtest.SampleCommandRunnerKey)
	s.form().organization.SetText("")
	s.pass(typingPause)
	s.checked()
	if !s.onScreen("lehnt ihn aber ab") {
		t.Error("the outcome is not in German")
	}

	choose("Ansicht", "Sprache", "Français")
	s.pass(typingPause)
	s.checked()
	if !s.onScreen("mais la refuse") {
		t.Error("what was found out is not said in French")
	}

	s.form().reset()
	s.list.search.SetText("")
	s.list.list.Select(0)
	choose("Affichage", "Langue", "Español")
	if s.formShown() || s.connections.current != s.connections.all[0].ID || !s.onScreen("Conexiones") || s.details().title.Text != s.connections.all[0].Name {
		t.Error("the connection is not on the screen any more, in Spanish")
	}
	if err := Prepare(fyne.CurrentApp()); err != nil || words.Text("list.search") != "Buscar" {
		t.Errorf("the next start says %q (%v)", words.Text("list.search"), err)
	}
	choose("Ver", "Idioma", "Como el sistema")
	if words.Text("list.search") != "Search" || fyne.CurrentApp().Preferences().String(languageSetting) != "" {
		t.Error("it does not follow the system again")
	}
}

// While something is under way, the choice counts from the next start on, and what is under way goes on.
func TestTheLanguageWaitsForWhatIsUnderWay(t *testing.T) {
	spoken(t, "")
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := open(t, k, Options{})
	k.close()
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", func() bool { return s.form().saver.running })
	item(t, s.win.MainMenu().Items[1].Items, "Language", "Deutsch").Action()
	s.until("the choice is kept", func() bool { return s.win.Canvas().Overlays().Top() != nil })
	if !s.form().saver.running || !item(t, s.win.MainMenu().Items[1].Items, "Language", "Deutsch").Checked {
		t.Error("saving was given up, or the choice is not kept")
	}
	if top := s.win.Canvas().Overlays().Top(); top == nil || !strings.Contains(textIn(top), "from its next start on") {
		t.Error("it is not said when the language changes")
	}
	k.open()
	s.shown()
	if err := Prepare(fyne.CurrentApp()); err != nil || words.Text("list.search") != "Suchen" {
		t.Errorf("the next start says %q (%v)", words.Text("list.search"), err)
	}
}

// A question is about what the window has: it is not made anew under it.
func TestTheLanguageWaitsForAQuestion(t *testing.T) {
	spoken(t, "")
	s := open(t, keychain.Memory(), Options{})
	s.until("nothing is under way", func() bool { return !s.busy() })
	test.Type(s.form().key, "jca_TESThalf")
	s.tell(newWanted{})
	question := s.question(words.Text("ask.discard.title"))
	item(t, s.win.MainMenu().Items[1].Items, "Language", "Deutsch").Action()
	s.until("the choice is kept", func() bool { return fyne.CurrentApp().Preferences().String(languageSetting) == "de" })
	s.work.running.Wait()
	s.drain()
	s.keys(fyne.KeyEscape) // what says that it is for the next start
	if got := s.question(words.Text("ask.discard.title")); got != question {
		t.Errorf("the question is now %q", got)
	}
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.discard.yes"))
	if !s.formShown() || s.form().key.Text != "" {
		t.Error("the form in the window is not the one that was emptied")
	}
}
