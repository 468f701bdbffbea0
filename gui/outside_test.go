package gui

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// answers is a simulator whose answers differ from the right ones in these texts.
func answers(t *testing.T, text string) *jumpcloudtest.Server {
	t.Helper()
	s := sampleServer(t)
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "displayName", text), jumpcloudtest.PageSize(20)).On("/api/organizations"))
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "roleName", text), jumpcloudtest.Field(-1, "email", text)).On("/api/users"))
	return s
}

// labels are the texts of all visible labels, those in the rows of lists too.
func labels(o fyne.CanvasObject) []string {
	if !o.Visible() {
		return nil
	}
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *widget.Label:
		return []string{o.Text}
	case *widgets.Cell:
		return []string{o.Text}
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	var all []string
	for _, part := range parts {
		all = append(all, labels(part)...)
	}
	return all
}

// What comes from outside is short before it is laid out, which takes long for long texts.
func TestTextsFromOutsideAreBounded(t *testing.T) {
	for name, letter := range map[string]string{"letters": "W", "Chinese": "組", "marks": "e\u0301"} {
		t.Run(name, func(t *testing.T) {
			text, _ := json.Marshal(strings.Repeat(letter, 30_000))
			s := openOn(t, answers(t, string(text)), keychain.Memory(), Options{})
			look := func(where string) {
				t.Helper()
				found := false
				for _, shown := range labels(s.win.Content()) {
					if !strings.Contains(shown, letter+letter+letter) {
						continue
					}
					found = true
					if n := utf8.RuneCountInString(shown); n > 2*printable.Longest+200 { // a sentence may hold two names
						t.Errorf("%s: a label of %d characters", where, n)
					}
				}
				if !found {
					t.Errorf("%s: no such text is shown", where)
				}
			}
			s.typeKey(jumpcloudtest.SampleMultiTenantKey)
			s.checked()
			look("the choices")
			s.press("Back")
			s.form().reset()
			s.typeKey(jumpcloudtest.SampleKey)
			s.shown()
			look("the kept connection")
		})
	}
}

// Where a name shows nothing, the Organization ID stands in: in the list, in the title and in the list to choose from.
func TestAnOrganizationWithoutAName(t *testing.T) {
	for _, text := range []string{"null", `"  "`, `"\u200b"`, `"\u3164"`} {
		s := openOn(t, answers(t, text), keychain.Memory(), Options{})
		s.typeKey(jumpcloudtest.SampleMultiTenantKey)
		s.checked()
		isID := func(label string) bool {
			return len(label) == 24 && strings.HasPrefix(label, jumpcloudtest.OrganizationID(100)[:20])
		}
		if offered := labels(s.win.Content()); !slices.ContainsFunc(offered, isID) {
			t.Errorf("%s: %q are offered", text, offered)
		}
		s.press("Back")
		s.form().reset()
		s.typeKey(jumpcloudtest.SampleKey)
		s.shown()
		id := jumpcloudtest.OrganizationID(1)
		if name := s.names()[0]; name != id || s.title() != id || s.textBeside("Organization") != id {
			t.Errorf("%s: it is called %q, %q and %q", text, name, s.title(), s.textBeside("Organization"))
		}
	}
}

// A number says how sure it is, in every language.
func TestCountsInWords(t *testing.T) {
	defer func() { _ = speak("en") }()
	facts := check.Facts{"Count": "250+", "MFA": "200+", "NotTold": "7", "Unread": "1"}
	for language, want := range map[string][2]string{
		"en": {"250 or more found, 200 or more with MFA, 7 not told, 1 unreadable", "Number not told, MFA not told"},
		"de": {"250 oder mehr gefunden, 200 oder mehr mit MFA, 7 ohne Angabe, 1 nicht lesbar", "Anzahl nicht mitgeteilt, MFA nicht mitgeteilt"},
		"es": {"Total: 250 o más, con MFA: 200 o más, sin datos: 7, ilegibles: 1", "Total: no indicado, MFA: no indicado"},
		"fr": {"Total: 250 ou plus, avec MFA: 200 ou plus, sans indication: 7, illisibles: 1", "Total: non indiqué, MFA: non indiqué"},
	} {
		if err := speak(language); err != nil {
			t.Fatal(err)
		}
		if got := words.Seen(check.Outcome{Cause: check.CausePeople, Facts: facts}, time.Time{}); got != want[0] {
			t.Errorf("%s: %q", language, got)
		}
		if got := words.Seen(check.Outcome{Cause: check.CausePeople, Facts: check.Facts{"Count": "", "MFA": ""}}, time.Time{}); got != want[1] {
			t.Errorf("%s: %q", language, got)
		}
	}
}
