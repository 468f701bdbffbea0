package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"controlmap-jumpcloud/gui/words"
)

// speak makes the program speak a language: the one with this id, or the language of the user's system.
//
// Fyne shows a few texts of its own, such as in the menu of an entry, and follows the system's language only. Our files have
// these texts too. So the file in use is given to Fyne as the translation into the system's language.
func speak(id string) error {
	file, err := words.Use(id)
	if err != nil {
		return err
	}
	_ = lang.AddTranslationsForLocale(file, lang.SystemLocale()) // if Fyne cannot name that language, its own texts stay
	return nil
}

// languageMenu offers the languages. Each is called by its own name, so that people who speak it find it.
func languageMenu(w *window) *fyne.MenuItem {
	chosen := w.settings.value(languageSetting, languageIDs())
	item := func(id, name string) *fyne.MenuItem {
		m := fyne.NewMenuItem(name, func() { w.tell(languageWanted{id}) })
		m.Checked = id == chosen
		return m
	}
	menu := fyne.NewMenu("", item("", words.Text("menu.language.system")))
	for _, l := range words.Languages {
		menu.Items = append(menu.Items, item(l.ID, l.Name))
	}
	m := fyne.NewMenuItem(words.Text("menu.language"), nil)
	m.ChildMenu = menu
	return m
}

// choose keeps the choice of a language, and then shows the window in it.
func (u *UI) choose(id string) {
	u.settings.keep(u.work, languageSetting, id, func() {
		u.speakAs(u.app.Preferences().String(languageSetting)) // another choice may have overtaken it
	})
}

// speakAs shows the window in another language at once. Work under way would be lost by that: then the language counts from the next
// start on.
func (u *UI) speakAs(id string) {
	if u.busy() {
		u.win.SetMainMenu(u.menu()) // with the mark at the chosen language
		u.offerSupport()
		u.hear(languageKept{})
		u.inform("language", nil)
		return
	}
	if err := speak(id); err != nil {
		fyne.LogError("change the language", err) // cannot happen: the same files were read at the start
		return
	}
	u.remake()
}
