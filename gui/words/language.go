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
	Name string // what its speakers call it
}

// Languages are all languages. The first is the one for users whose own is not there.
var Languages = []Language{
	{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"es", "Español"},
}

// current holds the texts in use. The whole program speaks one language, as Fyne does.
var current atomic.Pointer[i18n.Localizer]

// Use makes Text speak the language with this id. For any other id, it takes the language of the user's system. It returns the
// language's file, which also has the few texts that Fyne shows by itself.
func Use(id string) (file []byte, err error) {
	if !slices.ContainsFunc(Languages, func(l Language) bool { return l.ID == id }) {
		id = systemLanguage()
	}
	bundle, file, err := load(id)
	if err != nil {
		return nil, err
	}
	current.Store(i18n.NewLocalizer(bundle, id))
	return file, nil
}

// systemLanguage returns the first of the user's languages that there are texts in, English if there is none.
func systemLanguage() string {
	var wanted, there []language.Tag
	for _, l := range Languages {
		there = append(there, language.Make(l.ID))
	}
	locales, _ := locale.GetLocales() // none where the system does not say
	for _, l := range locales {
		wanted = append(wanted, language.Make(l))
	}
	_, i, _ := language.NewMatcher(there).Match(wanted...)
	return Languages[i].ID
}

// load reads the file of one language. The others would only make the start slower.
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
