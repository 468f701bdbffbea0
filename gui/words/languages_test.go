package words

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"controlmap-jumpcloud/assets"
)

// A text that is the same in English and in another language was probably forgotten. These are the exceptions: names, numbers,
// terms of a product, and words that the languages share.
var sameInAll = map[string]string{
	"form.key.placeholder":    "how a key begins",
	"form.organization":       "JumpCloud's and ControlMap's own term",
	"details.organization_id": "the same",
	"instructions.tenant":     "a name",
	"sample.command_runner":   "a role's name",
	"status.took":             "a number and its unit",
	"status.took_ms":          "the same",
	"duration.seconds":        "the same",
	"duration.minutes":        "the same",
	"cause.organization.seen": "a name",
	"group.jumpcloud":         "a name",
	"way.jumpcloud":           "a name",
	"verdict.of":              "two texts",
}

var sameIn = map[string][]string{
	"de": {"app.demo", "form.region", "details.region", "form.name", "OK", "key.enter", "about.version"},
	"fr": {"duration.hours", "state.warning", "OK", "region.eu", "key.ctrl", "about.version"},
	"es": {"No", "duration.hours", "region.in", "key.ctrl"},
}

// fileOf returns the texts in a language's files. Each is a string, or a map of plural forms.
func fileOf(t *testing.T, id string) map[string]any {
	t.Helper()
	all := make(map[string]any)
	for _, folder := range []string{"translations/", "translations/fyne/"} {
		data, err := assets.Translations.ReadFile(folder + id + ".json")
		if err == nil {
			err = json.Unmarshal(data, &all)
		}
		if err != nil {
			t.Fatalf("%s%s.json: %v", folder, id, err)
		}
	}
	return all
}

// forms returns the plural forms of a text. A text without plural forms counts as the form other.
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

// Each language has the keys of the English file, no others, and the same places to fill in.
func TestEveryLanguageIsComplete(t *testing.T) {
	for _, folder := range []string{"translations", "translations/fyne"} {
		files, err := fs.Glob(assets.Translations, folder+"/*.json")
		if err != nil || len(files) != len(Languages) {
			t.Errorf("there are %d files of texts in %s (%v), and %d languages to choose from in language.go", len(files), folder, err, len(Languages))
		}
	}
	english := fileOf(t, "en")
	for _, l := range Languages[1:] {
		t.Run(l.ID, func(t *testing.T) {
			texts := fileOf(t, l.ID)
			for _, key := range slices.Sorted(maps.Keys(english)) {
				if entry, ok := texts[key]; !ok {
					t.Errorf("%s.json lacks %q: %q", l.ID, key, english[key])
				} else {
					textIsTranslated(t, l.ID, key, english[key], entry)
				}
			}
			for _, key := range slices.Sorted(maps.Keys(texts)) {
				if _, ok := english[key]; !ok {
					t.Errorf("%s.json has %q, which en.json does not have", l.ID, key)
				}
			}
		})
	}
}

// lonely finds a blank before or after a punctuation mark, as French writes it. Fyne would break the line there, even at a
// no-break space.
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
			t.Errorf("%s.json: in %q a line may begin or end with a punctuation mark alone: Fyne breaks lines at every blank", id, key)
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

// places returns the names of the places in a text, each once.
func places(words string) []string {
	var all []string
	for _, action := range regexp.MustCompile(`{{[^}]*}}`).FindAllString(words, -1) {
		all = append(all, placeName.FindAllString(action, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A text with plural forms has all forms that its language needs.
func TestPluralFormsAreThose(t *testing.T) {
	names := []string{"zero", "one", "two", "few", "many", "other"}
	for _, l := range Languages {
		bundle, _, err := load(l.ID)
		if err != nil {
			t.Fatal(err)
		}
		for key, entry := range fileOf(t, l.ID) {
			if _, one := entry.(string); one {
				continue
			}
			for form := range forms(entry) {
				if !slices.Contains(names, form) {
					t.Errorf("%s.json: %q has a form %q, which no language has", l.ID, key, form)
				}
			}
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100, 4000} {
				_, tag, err := i18n.NewLocalizer(bundle, l.ID).LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: Facts{}})
				if err != nil || tag.String() != l.ID {
					t.Errorf("%s.json: %q has no form for %d: %v", l.ID, key, n, err)
				}
			}
		}
	}
}

// A text that mentions a button or a choice uses its label in the same language.
func TestButtonsAreCalledByTheirNames(t *testing.T) {
	named := map[string]string{
		"status.unusual":                            "form.validate",
		"cause.key_unknown_here.remedy_kept":        "details.replace",
		"cause.key_stopped.remedy_kept":             "details.replace",
		"cause.key_ended.remedy_kept":               "details.replace",
		"cause.key_replaced.remedy_kept":            "details.replace",
		"cause.key_deleted.remedy_kept":             "details.replace",
		"cause.key_unexplained.remedy_kept":         "details.replace",
		"cause.owner_removed.remedy_kept":           "details.replace",
		"cause.organization_not_opened.remedy_kept": "details.replace",
		"many.other_key_remedy":                     "details.replace",
		"guide.region.text":                         "region.detect",
		"cause.key_is_organization_id.remedy":       "form.organization",
		"cause.organization_is_key.seen":            "form.organization",
		"cause.organization_is_key.remedy":          "form.organization",
	}
	for _, l := range Languages {
		texts := fileOf(t, l.ID)
		for key, button := range named {
			if !strings.Contains(texts[key].(string), texts[button].(string)) {
				t.Errorf("%s.json: %q does not name %q: %q", l.ID, key, texts[button], texts[key])
			}
		}
		// JumpCloud's own terms stay in English, as its Admin Portal shows them.
		for key, entry := range fileOf(t, "en") {
			for _, form := range forms(entry) {
				for _, shown := range []string{"My API Key", "API Settings", "Generate New API Key", "Organization Profile", "Read Only",
					"Administrator with Billing", "Billing Only", "Command Runner", "Administrators, ", "Organization ID", "--organization", "--key-stdin"} {
					if there := forms(texts[key])["other"]; strings.Contains(form, shown) && !strings.Contains(there, shown) {
						t.Errorf("%s.json: %q does not say %q: %q", l.ID, key, shown, there)
					}
				}
			}
		}
	}
}
