package gui

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
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
	data, err := assets.Translations.ReadFile("translations/fyne/en.json")
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

// The list is in the order of the chosen language at once, and so is what is saved afterwards.
func TestEachLanguageHasItsOrder(t *testing.T) {
	spoken(t, "")
	s := open(t, keychain.Memory(), Options{})
	t.Cleanup(func() { forgetOrder(s) })
	s.listing.order = byName
	s.loader.set([]connector.Connection{{ID: "a", Name: "Nube"}, {ID: "b", Name: "Ñandú"}})
	if got := s.names(); !slices.Equal(got, []string{"Ñandú", "Nube"}) {
		t.Errorf("in English: %q", got)
	}
	s.menu("View", "Language", "Español")
	s.settle()
	s.connections.put(connector.Connection{ID: "c", Name: "Nunez"})
	if got := s.rows(words.Text("list.title")); len(got) != 3 || !strings.HasPrefix(got[0], "Nube") || !strings.HasPrefix(got[2], "Ñandú") {
		t.Errorf("in Spanish: %q", got)
	}
}

// The window is in the chosen language at once, the next start is too, and nothing that was typed is lost.
func TestTheLanguageCanBeSet(t *testing.T) {
	spoken(t, "")
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	choose := func(way ...string) {
		t.Helper()
		s.menu(way...)
		s.settle()
	}
	s.typeInto("API key", "jca_TESThalf")
	s.typeInto("Organization ID", "5f00")
	s.typeInto("Name", "Mine")
	s.typeInto("Search", "lark")
	s.pick("Region", "Europe")

	former := s.field("API key")
	s.win.Canvas().Focus(former)
	choose("View", "Language", "Deutsch")
	if former.Text != "" || s.focused() == former {
		t.Error("the former form still has the key, or draws its caret")
	}
	key, organization, name := s.field(words.Text("form.key")).Text, s.field(words.Text("form.organization")).Text, s.field("Name").Text
	if region := s.chosen("Region"); key != "jca_TESThalf" || organization != "5f00" || name != "Mine" || region != "Europa" {
		t.Errorf("what was entered is now %q, %q, %q in %q", key, organization, name, region)
	}
	if found := s.names(); s.field("Suchen").Text != "lark" || len(found) != 1 {
		t.Errorf("searching for %q finds %q", s.field("Suchen").Text, found)
	}
	if !s.sees("Neue Verbindung") || !s.sees("Verbindungen") || s.sees("Connections") || !s.sees(words.Text("guide.organization.title")) {
		t.Error("the window is not in German")
	}
	if !s.menuItem("Ansicht", "Sprache", "Deutsch").Checked {
		t.Error("the menu does not say that it is German")
	}
	s.fill(words.Text("form.organization"), "")
	s.fill(words.Text("form.key"), jumpcloudtest.SampleCommandRunnerKey)
	s.pass(typingPause)
	s.checked()
	if !s.sees("lehnt ihn aber ab") {
		t.Error("the outcome is not in German")
	}

	choose("Ansicht", "Sprache", "Français")
	s.pass(typingPause)
	s.checked()
	if !s.sees("mais la refuse") {
		t.Error("what was found out is not said in French")
	}

	s.fill(words.Text("list.search"), "")
	if n := len(s.names()); n != 2 {
		t.Errorf("%d connections are listed", n)
	}
	s.tap("Juniper & Sons Bakery")
	choose("Affichage", "Langue", "Español")
	if s.formShown() || !strings.HasPrefix(s.marked(), "Juniper & Sons Bakery") || !s.sees("Conexiones") || s.title() != "Juniper & Sons Bakery" {
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

// While something is under way, it goes on. The language comes when it has ended.
func TestTheLanguageWaitsForWhatIsUnderWay(t *testing.T) {
	spoken(t, "")
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := open(t, k, Options{})
	k.close()
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("it is being saved", s.saving)
	s.menu("View", "Language", "Deutsch")
	s.until("it is said when the language changes", func() bool { return s.sees("The language changes as soon as what is under way has ended.") })
	s.pass(10 * languagePause)
	if !s.saving() || !s.menuItem("View", "Language", "Deutsch").Checked {
		t.Error("saving was given up, or the choice is not kept")
	}
	k.open()
	s.shown()
	s.until("nothing is under way", func() bool { return !s.busy() })
	s.pass(languagePause)
	if !s.sees("Verbindungen") || s.title() != "Larkspur Robotics" {
		t.Errorf("the screen says %s", s.screenText())
	}
	if err := Prepare(fyne.CurrentApp()); err != nil || words.Text("list.search") != "Suchen" {
		t.Errorf("the next start says %q (%v)", words.Text("list.search"), err)
	}
}

// Who types while the language waits goes on typing in the same field.
func TestTheLanguageLeavesTheFocusInItsField(t *testing.T) {
	spoken(t, "")
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	comes := func(typed string) {
		t.Helper()
		other := map[string]string{"": "de", "de": ""}[fyne.CurrentApp().Preferences().String(languageSetting)]
		s.types(typed[:1])
		s.languageWaits = true
		fyne.CurrentApp().Preferences().SetString(languageSetting, other)
		s.awaitLanguage()
		s.until("nothing is under way", func() bool { return !s.busy() })
		s.pass(languagePause)
		if s.languageWaits {
			t.Fatal("the language has not come")
		}
		s.types(typed[1:])
		if f, ok := s.focused().(*widgets.Field); !ok || f.Text != typed {
			t.Errorf("after %q the focus is on %T; the screen says\n%s", typed, s.focused(), s.screenText())
		}
	}
	for _, key := range []string{"form.key", "form.organization", "form.name", "list.search"} {
		s.win.Canvas().Focus(s.field(words.Text(key)))
		comes("12345")
		s.fill(words.Text("list.search"), "")
	}
	s.tap("Larkspur Robotics")
	s.press(words.Text("details.hand_over"))
	s.win.Canvas().Focus(s.field(words.Text("handover.tenant.placeholder")))
	comes("larkspur")
}

// A language that comes during the pause in the typing does not keep the checks from starting after it.
func TestTheChecksStartInAnotherLanguage(t *testing.T) {
	spoken(t, "")
	s := open(t, keychain.Memory(), Options{})
	s.until("nothing is under way", func() bool { return !s.busy() })
	s.typeInto("API key", jumpcloudtest.SampleCommandRunnerKey)
	s.menu("View", "Language", "Deutsch")
	s.settle()
	s.pass(typingPause)
	s.checked()
	if !s.sees("lehnt ihn aber ab") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A question is about what the window has: it is not made anew under it.
func TestTheLanguageWaitsForAQuestion(t *testing.T) {
	spoken(t, "")
	s := open(t, keychain.Memory(), Options{})
	s.until("nothing is under way", func() bool { return !s.busy() })
	s.typeInto("API key", "jca_TESThalf")
	s.press("New connection")
	question := s.question(words.Text("ask.discard.title"))
	s.menu("View", "Language", "Deutsch")
	s.until("the choice is kept", func() bool { return fyne.CurrentApp().Preferences().String(languageSetting) == "de" })
	s.settle()
	if got := s.question(words.Text("ask.discard.title")); got != question {
		t.Errorf("the question is now %q", got)
	}
	s.press("Discard")
	if !s.formShown() || s.field("API key").Text != "" {
		t.Error("the form in the window is not the one that was emptied")
	}
}

// Folded options stay folded in another language.
func TestTheOptionsStayFoldedInAnotherLanguage(t *testing.T) {
	spoken(t, "")
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.replaceKey("Larkspur Robotics")
	s.settle()
	s.menu("View", "Language", "Deutsch")
	s.settle()
	if !s.sees("Neue Verbindung") || s.form().more.IsOpen() {
		t.Errorf("the options are open; the screen says\n%s", s.screenText())
	}
}
