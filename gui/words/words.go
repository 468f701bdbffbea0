// Package words turns results of checks, causes, dates and durations into texts for people. The window and the command line use it.
//
// The texts are in assets/translations, a file for each language. To add a text, add its key to each file and call [Text]; tests
// fail where one is missing. To add a language, add its file, and a line to [Languages].
package words

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Facts are the values for the places in a text, such as {{.Name}}. A place without a value stays empty.
type Facts map[string]string

// emptyPlaces leaves a place without a value empty. Otherwise the text would have "<no value>" there.
var emptyPlaces = &template.TextParser{Option: "missingkey=zero"}

// Text returns the text with this key in the current language. If the text is missing, it returns the key.
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

// Counted returns facts that say how many of a number are done.
func Counted(done, count int) Facts {
	return Facts{"Done": strconv.Itoa(done), "Count": strconv.Itoa(count)}
}

// pluralCount returns the number that decides between singular and plural, or nil. Texts without plural forms ignore it.
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

// Region returns a region's name. The id of an address in place of JumpCloud's regions is "at:" and its host; its name is the host.
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

// Date returns the day of t in this computer's time zone, as the language writes it.
func Date(t time.Time) string { return t.Local().Format(Text("format.date")) }
