package words

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/jeandeaual/go-locale"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"controlmap-jumpcloud/assets"
)

// Language is a language that the texts are translated into.
type Language struct {
	ID   string // the name of its file, without .json
	Name string // in the language itself
}

// Languages lists all languages. The first one is for users whose own language is missing.
var Languages = []Language{
	{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"},
}

// current is the current language. The whole program has one, like Fyne.
var current atomic.Pointer[spoken]

// spoken is a language with its texts.
type spoken struct {
	*i18n.Localizer
	language language.Tag
}

// Use sets the current language. If no language has this id, it uses that of the user's system. It returns the file with the texts of
// Fyne's own widgets in this language.
func Use(id string) (fyneTexts []byte, err error) {
	if !slices.ContainsFunc(Languages, func(l Language) bool { return l.ID == id }) {
		id = systemLanguage()
	}
	bundle, fyneTexts, err := load(id)
	if err != nil {
		return nil, err
	}
	current.Store(&spoken{i18n.NewLocalizer(bundle, id), language.Make(id)})
	return fyneTexts, nil
}

// systemLanguage returns the first of the user's languages that is in Languages, or English.
func systemLanguage() string {
	var wanted, available []language.Tag
	for _, l := range Languages {
		available = append(available, language.Make(l.ID))
	}
	locales, _ := locale.GetLocales() // none if the system does not say
	for _, l := range locales {
		wanted = append(wanted, language.Make(l))
	}
	_, i, _ := language.NewMatcher(available).Match(wanted...)
	return Languages[i].ID
}

// load reads the files of one language. Reading those of all would slow down the start. It returns that for Fyne too.
func load(id string) (bundle *i18n.Bundle, fyneTexts []byte, err error) {
	bundle = i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, folder := range []string{"translations/", "translations/fyne/"} {
		name := id + ".json"
		if fyneTexts, err = assets.Translations.ReadFile(folder + name); err == nil {
			_, err = bundle.ParseMessageFileBytes(fyneTexts, name)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the texts in %s: %w", folder+name, err)
		}
	}
	return bundle, fyneTexts, nil
}
