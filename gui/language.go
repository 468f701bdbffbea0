package gui

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"github.com/jeandeaual/go-locale"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"controlmap-jumpcloud/assets"
)

// Languages that there are texts in, as their file is called and as they call themselves.
var languages = []struct{ id, name string }{
	{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"},
}

// languageSetting is where the chosen language is kept among the app's preferences: a file's name, or nothing for that of
// the system. A language is no secret.
const languageSetting = "language"

// words are those in use. There is one language for the whole program, as there is in Fyne.
var words atomic.Pointer[i18n.Localizer]

// speak takes the texts of a language into use: one of languages, or, where there is none of that name, the first that the
// user's system asks for and there are texts in. It takes no display.
//
// Fyne follows the system only, and has no words for "use this language". So the few words of its own (those of the menu
// that an entry has) are put into the files with ours, and the file in use is given to Fyne as that of the system's language.
func speak(id string) error {
	if !isLanguage(id) {
		id = nearest()
	}
	bundle, file, err := textsOf(id)
	if err != nil {
		return err
	}
	words.Store(i18n.NewLocalizer(bundle, id))
	// What Fyne makes of a system's language that it cannot name is its own matter: then its own few words stay as they are.
	_ = lang.AddTranslationsForLocale(file, lang.SystemLocale())
	return nil
}

func isLanguage(id string) bool {
	for _, l := range languages {
		if l.id == id {
			return true
		}
	}
	return false
}

// nearest is the first language that the user's system asks for and there are texts in, English where there is none.
func nearest() string {
	var wanted, there []language.Tag
	for _, l := range languages {
		there = append(there, language.Make(l.id))
	}
	locales, _ := locale.GetLocales() // none where the system does not say
	for _, l := range locales {
		wanted = append(wanted, language.Make(l))
	}
	_, i, _ := language.NewMatcher(there).Match(wanted...)
	return languages[i].id
}

// textsOf reads the file of a language: that one only, for the start does not wait for the others.
func textsOf(id string) (*i18n.Bundle, []byte, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	name := id + ".json"
	file, err := assets.Translations.ReadFile("translations/" + name)
	if err == nil {
		_, err = bundle.ParseMessageFileBytes(file, name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the texts in %s: %w", name, err)
	}
	return bundle, file, nil
}

// languageMenu offers the languages. Each is called as it calls itself, so that it is found by whom it is for.
func (u *UI) languageMenu() *fyne.MenuItem {
	chosen := fyne.CurrentApp().Preferences().String(languageSetting)
	item := func(id, name string) *fyne.MenuItem {
		m := fyne.NewMenuItem(name, func() { u.choose(id) })
		m.Checked = id == chosen
		return m
	}
	menu := fyne.NewMenu("", item("", text("menu.language.system")))
	for _, l := range languages {
		menu.Items = append(menu.Items, item(l.id, l.name))
	}
	m := fyne.NewMenuItem(text("menu.language"), nil)
	m.ChildMenu = menu
	return m
}

// choose keeps the choice of a language, which waits for the disk, and then has the window in it.
func (u *UI) choose(id string) {
	u.work.start(func(context.Context) {
		u.app.Preferences().SetString(languageSetting, id)
		u.work.do(func() { u.speakAs(u.app.Preferences().String(languageSetting)) }) // another choice may have overtaken it
	})
}

// speakAs has the window in another language at once, unless something is under way in it: that must not be lost, so then it
// is from the next start on.
func (u *UI) speakAs(id string) {
	if u.busy() {
		u.win.SetMainMenu(u.menu()) // with the mark at what is chosen
		u.inform("language", nil)
		return
	}
	if err := speak(id); err != nil {
		fyne.LogError("change the language", err) // cannot be: the same files were read at the start
		return
	}
	u.rebuild()
}

// busy reports whether the window waits for the result of something, or says that something has failed, with what can be
// done about it.
func (u *UI) busy() bool {
	for of, m := range u.banner.messages {
		if owner(of) != ownerList && m.box.Visible() { // the list's is said again
			return true
		}
	}
	return u.form.saving || u.clipboard.reading || u.asking > 0 || len(u.under) > 0 || u.form.cancelButton.Visible() || u.removing > 0 || u.list.cancel != nil || u.list.reading ||
		!u.guide.full || u.kept != nil && u.kept.stop.Visible()
}

// rebuild makes the window's content anew, in other words. What is typed, chosen and found out stays. Nothing starts by itself.
func (u *UI) rebuild() {
	form, list := u.form, u.list
	u.conceal.all()
	u.win.Canvas().Unfocus() // else what is gone would go on drawing its caret
	form.halt()
	u.make()
	u.form.checks.fill()
	u.guide.fill()
	u.form.fill(form.replaces)
	u.form.carryOver(form)
	form.reset() // it has the key, too
	u.list.search.SetText(list.search.Text)
	u.list.set(list.all)
	u.showForm()
	u.list.open(list.current)
	if list.unread {
		u.load()
	}
}
