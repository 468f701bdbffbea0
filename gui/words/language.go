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

// Use sets the current language. If no language has this id, it uses that of the user's system. It returns the language's file, which
// also has texts for Fyne's own widgets.
func Use(id string) (file []byte, err error) {
	if !slices.ContainsFunc(Languages, func(l Language) bool { return l.ID == id }) {
		id = systemLanguage()
	}
	bundle, file, err := load(id)
	if err != nil {
		return nil, err
	}
	current.Store(&spoken{i18n.NewLocalizer(bundle, id), language.Make(id)})
	return file, nil
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

// load reads the file of one language. Reading all of them would slow down the start.
func load(id string) (*i18n.Bundle, []byte, error) {
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
