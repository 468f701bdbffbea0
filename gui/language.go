package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"controlmap-jumpcloud/gui/words"
)

// speak makes the program speak a language: the one with this id, or the language of the user's system.
//
// Fyne shows a few texts of its own, such as in the menu of an entry, and follows the system's language only. So it is given these texts in
// the language in use, as the translation into the system's language.
func speak(id string) error {
	texts, err := words.Use(id)
	if err != nil {
		return err
	}
	_ = lang.AddTranslationsForLocale(texts, lang.SystemLocale()) // if Fyne cannot name that language, its own texts stay
	return nil
}

// choose keeps the choice of a language, and then shows the window in it.
func (u *UI) choose(id string) {
	u.settings.keep(u.work, languageSetting, id, func() {
		u.speakAs(u.app.Preferences().String(languageSetting)) // another choice may have overtaken it
	})
}

// languagePause is how long a language waits that was chosen while something is under way, before it looks again whether that has ended.
const languagePause = 500 * time.Millisecond

// speakAs shows the window in another language: at once, or when what is under way has ended, for that would be lost.
func (u *UI) speakAs(id string) {
	switch {
	case !u.busy():
		u.languageWaits = false
		if err := speak(id); err != nil {
			fyne.LogError("change the language", err) // cannot happen: the same files were read at the start
			return
		}
		u.remake()
	case u.languageWaits:
		u.tell(settingKept{})
	default:
		u.languageWaits = true
		u.tell(settingKept{})
		u.tell(noted{words.Text("language.text")})
		u.awaitLanguage()
	}
}

// awaitLanguage shows the window in the language that waits, once nothing is under way.
func (u *UI) awaitLanguage() {
	u.work.after(languagePause, func() {
		switch {
		case !u.languageWaits:
		case u.busy():
			u.awaitLanguage()
		default:
			u.speakAs(u.app.Preferences().String(languageSetting))
		}
	})
}
