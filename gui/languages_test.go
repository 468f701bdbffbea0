package gui

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"controlmap-jumpcloud/assets"
)

// fynes are the texts that Fyne asks for itself, by its own names.
var fynes = []string{"OK", "Quit", "Undo", "Redo", "Cut", "Copy", "Paste", "Select all"}

// The same in two languages is a text that was forgotten, but for these: names and numbers, what a product shows, and
// words that the languages share.
var sameInAll = map[string]string{
	"form.key.placeholder":    "how a key begins",
	"form.organization":       "JumpCloud's and ControlMap's own term",
	"details.organization_id": "the same",
	"sample.command_runner":   "a role's name",
	"status.took":             "a number and its unit",
	"status.took_ms":          "the same",
	"duration.seconds":        "the same",
	"duration.minutes":        "the same",
	"cause.organization.seen": "a name",
}

var sameIn = map[string][]string{
	"de": {"app.demo", "form.demo.text", "form.region", "details.region", "form.name", "OK", "key.enter"},
	"fr": {"duration.hours", "state.warning", "OK", "region.eu", "key.ctrl"},
	"es": {"duration.hours", "region.in", "key.ctrl"},
}

// texts of a file, as they stand there: a string, or an object of plural forms.
func fileOf(t *testing.T, id string) map[string]any {
	t.Helper()
	data, err := assets.Translations.ReadFile("translations/" + id + ".json")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]any)
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%s.json: %v", id, err)
	}
	return all
}

// forms are a text's plural forms, or the only one that it has.
func forms(entry any) map[string]string {
	if one, ok := entry.(string); ok {
		return map[string]string{"other": one}
	}
	all := make(map[string]string)
	for form, words := range entry.(map[string]any) {
		all[form], _ = words.(string)
	}
	return all
}

// A language has the texts of the English file, each with the same places to fill in, and no other texts.
func TestEveryLanguageIsComplete(t *testing.T) {
	files, err := assets.Translations.ReadDir("translations")
	if err != nil || len(files) != len(languages) {
		t.Errorf("there are %d files of texts (%v), and %d languages to choose from in language.go", len(files), err, len(languages))
	}
	english := fileOf(t, "en")
	for _, l := range languages[1:] {
		t.Run(l.id, func(t *testing.T) {
			texts := fileOf(t, l.id)
			for _, key := range slices.Sorted(maps.Keys(english)) {
				if entry, ok := texts[key]; !ok {
					t.Errorf("%s.json lacks %q: %q", l.id, key, english[key])
				} else {
					textIsTranslated(t, l.id, key, english[key], entry)
				}
			}
			for _, key := range slices.Sorted(maps.Keys(texts)) {
				if _, ok := english[key]; !ok {
					t.Errorf("%s.json has %q, which en.json does not have", l.id, key)
				}
			}
		})
	}
}

// lonely is a blank where no line may break, as French would have it. Fyne's wrapping knows no such blank.
var lonely = regexp.MustCompile(`[ \x{a0}\x{202f}][:;!?»]|«[ \x{a0}\x{202f}]`)

func textIsTranslated(t *testing.T, id, key string, english, entry any) {
	t.Helper()
	_, one := english.(string)
	if _, alsoOne := entry.(string); one != alsoOne {
		t.Errorf("%s.json: %q has plural forms, or none, other than in English", id, key)
		return
	}
	from, to := forms(english)["other"], forms(entry)
	for form, words := range to {
		if strings.TrimSpace(words) == "" {
			t.Errorf("%s.json: %q is empty (%s)", id, key, form)
		}
		if lonely.MatchString(words) {
			t.Errorf("%s.json: in %q a line may begin or end with a lonely mark: Fyne breaks lines at every blank", id, key)
		}
		if want, has := places(from), places(words); !slices.Equal(want, has) {
			t.Errorf("%s.json: %q fills in %v, in English it is %v", id, key, has, want)
		}
	}
	same := sameInAll[key] != "" || slices.Contains(sameIn[id], key) || strings.HasPrefix(key, "format.")
	if (to["other"] == from) && !same {
		t.Errorf("%s.json: %q is not translated: %q", id, key, from)
	} else if to["other"] != from && slices.Contains(sameIn[id], key) {
		t.Errorf("%s.json: %q is translated, and need not be listed as the same", id, key)
	}
}

var placeName = regexp.MustCompile(`\.[A-Z]\w*`)

// places are what a text fills in, each once.
func places(words string) []string {
	var all []string
	for _, action := range regexp.MustCompile(`{{[^}]*}}`).FindAllString(words, -1) {
		all = append(all, placeName.FindAllString(action, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Where a text has plural forms, they are those that its language needs, for every number.
func TestPluralFormsAreThose(t *testing.T) {
	names := []string{"zero", "one", "two", "few", "many", "other"}
	for _, l := range languages {
		bundle, _, err := textsOf(l.id)
		if err != nil {
			t.Fatal(err)
		}
		for key, entry := range fileOf(t, l.id) {
			if _, one := entry.(string); one {
				continue
			}
			for form := range forms(entry) {
				if !slices.Contains(names, form) {
					t.Errorf("%s.json: %q has a form %q, which no language has", l.id, key, form)
				}
			}
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100, 4000} {
				_, tag, err := i18n.NewLocalizer(bundle, l.id).LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: facts{}})
				if err != nil || tag.String() != l.id {
					t.Errorf("%s.json: %q has no form for %d: %v", l.id, key, n, err)
				}
			}
		}
	}
}

// Texts that name a button or a choice name it as it is called in the same language.
func TestButtonsAreCalledByTheirNames(t *testing.T) {
	named := map[string]string{
		"status.unusual":                            "form.validate",
		"cause.key_unknown_here.remedy_kept":        "details.replace",
		"cause.key_stopped.remedy_kept":             "details.replace",
		"cause.key_ended.remedy_kept":               "details.replace",
		"cause.organization_not_opened.remedy_kept": "details.replace",
		"guide.region.text":                         "region.detect",
		"cause.key_is_organization_id.remedy":       "form.organization",
		"cause.organization_is_key.seen":            "form.organization",
		"cause.organization_is_key.remedy":          "form.organization",
	}
	for _, l := range languages {
		texts := fileOf(t, l.id)
		for key, button := range named {
			if !strings.Contains(texts[key].(string), texts[button].(string)) {
				t.Errorf("%s.json: %q does not name %q: %q", l.id, key, texts[button], texts[key])
			}
		}
		// What JumpCloud shows is called as there, in English.
		for key, entry := range fileOf(t, "en") {
			for _, form := range forms(entry) {
				for _, shown := range []string{"My API Key", "API Settings", "Generate New API Key", "Organization Profile", "Read Only",
					"Administrator with Billing", "Billing Only", "Command Runner", "Administrators, ", "Organization ID", "--organization", "--key-stdin"} {
					if there := forms(texts[key])["other"]; strings.Contains(form, shown) && !strings.Contains(there, shown) {
						t.Errorf("%s.json: %q does not say %q: %q", l.id, key, shown, there)
					}
				}
			}
		}
	}
}
