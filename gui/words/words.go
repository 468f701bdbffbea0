// Package words turns what the program knows into texts for people: results of checks, causes, dates, durations. The texts
// are in assets/translations, one file a language. The window and the command line both use it.
package words

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Facts fill the places of a text, such as {{.Name}}. A place without a fact stays empty.
type Facts map[string]string

// emptyPlaces leaves a place without a fact empty. Otherwise it would read "<no value>".
var emptyPlaces = &template.TextParser{Option: "missingkey=zero"}

// Text returns the text with this key, in the language in use. A missing text is returned as its key, so that people notice it.
func Text(key string, facts ...Facts) string {
	all := Facts{}
	for _, f := range facts {
		maps.Copy(all, f)
	}
	text, err := current.Load().Localize(&i18n.LocalizeConfig{DefaultMessage: &i18n.Message{ID: key, Other: key},
		TemplateData: all, PluralCount: pluralCount(all), TemplateParser: emptyPlaces})
	if err != nil && text == "" {
		return key
	}
	return text
}

// pluralCount returns the number that decides between singular and plural, nil if there is none. Texts without plural forms
// ignore it.
func pluralCount(facts Facts) any {
	for _, name := range []string{"Days", "Count"} {
		if n, err := strconv.Atoi(facts[name]); err == nil {
			return n
		}
	}
	return nil
}

// has reports whether there is a text with this key.
func has(key string) bool { return Text(key) != key }

// Region returns a region's name. The id of an address that was given in place of JumpCloud's regions begins with "at:"; then
// the name is its host.
func Region(id string) string {
	if host, ok := strings.CutPrefix(id, "at:"); ok {
		return host
	}
	if key := "region." + id; has(key) {
		return Text(key)
	}
	return id
}

// regionNames replaces the ids in a comma-separated list by names.
func regionNames(ids string) string {
	if ids == "" {
		return ""
	}
	names := strings.Split(ids, ",")
	for i, id := range names {
		names[i] = Region(id)
	}
	return strings.Join(names, ", ")
}

// Date returns the day of t on this computer's clock, as the language writes it.
func Date(t time.Time) string { return t.Local().Format(Text("format.date")) }
