package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"controlmap-jumpcloud/gui/words"
)

// languageSetting is where the chosen language is kept among the app's preferences: a file's name, or nothing for that of
// the system. A language is no secret.
const languageSetting = "language"

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

// languageMenu offers the languages. Each is called as it calls itself, so that it is found by whom it is for.
func (u *UI) languageMenu() *fyne.MenuItem {
	chosen := fyne.CurrentApp().Preferences().String(languageSetting)
	item := func(id, name string) *fyne.MenuItem {
		m := fyne.NewMenuItem(name, func() { u.choose(id) })
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
