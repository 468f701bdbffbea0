package gui

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// paste presses the keys that paste in a field, with a text on the clipboard.
func (s *stage) paste(into, text string) {
	s.t.Helper()
	board := fyne.CurrentApp().Clipboard()
	board.SetContent(text)
	s.win.Canvas().Focus(s.field(into))
	s.shortcut(&fyne.ShortcutPaste{Clipboard: board})
	s.settle()
}

// pasteWithButton presses the button Paste of a field, with a text on the clipboard.
func (s *stage) pasteWithButton(into, text string) {
	s.t.Helper()
	fyne.CurrentApp().Clipboard().SetContent(text)
	s.press("Paste", into)
	s.settle()
}

// onlySent fails the test where JumpCloud was asked with anything but this key, or with an Organization ID other than this.
func (s *stage) onlySent(key, organization string) {
	s.t.Helper()
	for _, r := range s.server.Requests() {
		if r.Key.Reveal() != key || r.OrganizationID != "" && r.OrganizationID != organization {
			s.t.Errorf("%s was asked with the key %q and the Organization ID %q", r.Path, r.Key.Reveal(), r.OrganizationID)
		}
	}
	if asked := len(s.server.Requests()) > 0; asked != (key != "") {
		s.t.Errorf("JumpCloud was asked: %v", asked)
	}
}

// Of what is pasted the key goes into its field, an Organization ID into the other, and nothing else anywhere.
func TestPastingMoreThanAKey(t *testing.T) {
	key, id := jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1)
	const leftOut, good = check.CauseEntriesLeftOut, check.CauseEntriesGood
	for name, c := range map[string]struct {
		pasted, organization string
		cause                check.Cause
	}{
		"alone":            {key, "", good},
		"a line break":     {"\r\n" + key + "\r\n", "", good},
		"a label":          {"API Key: " + key, "", leftOut},
		"a password store": {key + "\nurl: x\nlogin: dana\nhunter2", "", leftOut},
		"an assignment":    {"export JC_API_KEY='" + key + "'", "", leftOut},
		"curl":             {"curl -H 'x-api-key: " + key + "' -H 'x-org-id: " + id + "' https://console.jumpcloud.com", id, leftOut},
		"key and id":       {key + "\n" + id, id, good},
		"id and key":       {id + "\t" + key, id, good},
		"a long text":      {strings.Repeat("hunter2 ", 5000) + key, "", leftOut},
	} {
		for way, paste := range map[string]func(*stage){
			"keys":   func(s *stage) { s.paste("API key", c.pasted) },
			"button": func(s *stage) { s.pasteWithButton("API key", c.pasted) },
		} {
			t.Run(name+", with "+way, func(t *testing.T) {
				s := open(t, keychain.Memory(), Options{})
				paste(s)
				if s.field("API key").Text != key || s.field("Organization ID").Text != c.organization {
					t.Errorf("the fields have %q and %q", s.field("API key").Text, s.field("Organization ID").Text)
				}
				s.pass(typingPause)
				s.shown()
				s.onlySent(key, id)
				if got := s.kept()[0].Report.Result(check.IDEntries).Cause; got != c.cause {
					t.Errorf("it says %s, want %s", got, c.cause)
				}
			})
		}
	}
}

// Nothing is sent of what is no key.
func TestPastingNoKey(t *testing.T) {
	for name, c := range map[string]struct {
		pasted string
		cause  check.Cause
	}{
		"words":               {"my password is hunter2", check.CauseKeyIsText},
		"a key cut in two":    {"jca_TEST0123456789\n0123456789", check.CauseKeyIsText},
		"a commit":            {"commit " + strings.Repeat("7e57", 10), check.CauseKeyIsText},
		"another product's":   {"GITHUB_TOKEN=ghp_TEST0000000000000000000000000000000000", check.CauseKeyIsOther},
		"far too much":        {strings.Repeat(jumpcloudtest.SampleKey+"\n", 20_000), check.CauseKeyTooLong},
		"a million in a line": {strings.Repeat("x", 1_000_000), check.CauseKeyTooLong},
		"an unusual one":      {"TESTunusual\nlogin: dana", check.CauseKeyUnusual},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, keychain.Memory(), Options{})
			s.paste("API key", c.pasted)
			s.pass(typingPause)
			if got := s.row(check.IDEntries).Cause; got != c.cause {
				t.Errorf("it says %s, want %s", got, c.cause)
			}
			s.onlySent("", "")
		})
	}
}

// What is pasted into the field of the Organization ID goes where it belongs, too.
func TestPastingIntoTheOtherField(t *testing.T) {
	key, id := jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1)
	for name, c := range map[string]struct {
		typed, pasted, key, organization string
		cause                            check.Cause
	}{
		"both":                  {"", key + "\n" + id, key, id, check.CauseEntriesGood},
		"the id with its name":  {key, "Organization ID: " + id, key, id, check.CauseEntriesLeftOut},
		"both, and the key was": {key, `{"apiKey":"` + key + `","orgId":"` + id + `"}`, key, id, check.CauseEntriesLeftOut},
		"both, another key was": {key, jumpcloudtest.SampleRevokedKey + " " + id, key, id, check.CauseEntriesLeftOut},
		"a key alone":           {"", "key: " + key, "", key, check.CauseSwapped},
		"something else":        {key, "Larkspur Robotics", key, "Larkspur Robotics", check.CauseOrganizationMalformed},
		"several ids":           {key, id + " " + jumpcloudtest.OrganizationID(2), key, id + " " + jumpcloudtest.OrganizationID(2), check.CauseOrganizationMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, keychain.Memory(), Options{})
			s.fill("API key", c.typed)
			s.paste("Organization ID", c.pasted)
			if s.field("API key").Text != c.key || strings.TrimSpace(s.field("Organization ID").Text) != c.organization {
				t.Errorf("the fields have %q and %q", s.field("API key").Text, s.field("Organization ID").Text)
			}
			s.pass(typingPause)
			var got check.Cause
			s.until("the entries are looked at", func() bool { got = s.row(check.IDEntries).Cause; return got != "" })
			if got != c.cause {
				t.Errorf("it says %s, want %s", got, c.cause)
			}
		})
	}
}

// An Organization ID that is entered already is not replaced by one that comes with the key, and the checks wait to be asked for.
func TestPastingAKeyOfAnotherOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeInto("Organization ID", jumpcloudtest.OrganizationID(1))
	s.paste("API key", jumpcloudtest.SampleKey+"\n"+jumpcloudtest.OrganizationID(2))
	s.pass(typingPause)
	if got := s.row(check.IDEntries).Cause; got != check.CauseOrganizationDiffers || s.field("Organization ID").Text != jumpcloudtest.OrganizationID(1) {
		t.Errorf("it says %s, and the field has %q", got, s.field("Organization ID").Text)
	}
	s.onlySent("", "")
	s.press("Check")
	s.shown()
	s.onlySent(jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1))
}

// Of two keys the person chooses one. Until then nothing is sent, and no more of them is shown than their ends.
func TestChoosingAKey(t *testing.T) {
	for name, enter := range map[string]func(*stage){
		"pasted": func(s *stage) {
			s.paste("API key", "old: "+jumpcloudtest.SampleRevokedKey+"\nnew: "+jumpcloudtest.SampleKey+"\nhunter2")
		},
		"typed": func(s *stage) { s.typeInto("API key", jumpcloudtest.SampleRevokedKey+","+jumpcloudtest.SampleKey) },
		"one beside the other": func(s *stage) {
			s.paste("API key", jumpcloudtest.SampleRevokedKey)
			s.paste("API key", jumpcloudtest.SampleKey)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, keychain.Memory(), Options{})
			enter(s)
			s.pass(typingPause)
			if got := s.row(check.IDEntries).Cause; got != check.CauseKeySeveral {
				t.Errorf("it says %s", got)
			}
			s.submit()
			s.checked()
			s.onlySent("", "")
			if strings.Contains(s.field("API key").Text, "hunter2") || s.sees("DEMO") {
				t.Error("more than the keys is in the field, or they are on the screen")
			}
			s.press("2: jca_…0001")
			if s.field("API key").Text != jumpcloudtest.SampleKey || s.sees("Which of these keys?") {
				t.Errorf("the field has %q", s.field("API key").Text)
			}
			s.pass(typingPause)
			s.shown()
			s.onlySent(jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1))
		})
	}
}

// A key that comes in two halves is put together by whoever pastes it so.
func TestPastingHalves(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.paste("API key", jumpcloudtest.SampleKey[:15])
	s.paste("API key", jumpcloudtest.SampleKey[15:]+"\n")
	if s.field("API key").Text != jumpcloudtest.SampleKey {
		t.Errorf("the field has %q", s.field("API key").Text)
	}
}

// A clipboard in which there is nothing to see leaves what is entered as it is.
func TestPastingNothing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for _, name := range []string{"API key", "Organization ID"} {
		for _, nothing := range []string{"", "\r\n", " \u200b\t"} {
			s.fill(name, "TESTvalue")
			s.pasteWithButton(name, nothing)
			s.field(name).TypedShortcut(&fyne.ShortcutSelectAll{})
			s.paste(name, nothing)
			if got := s.field(name).Text; got != "TESTvalue" {
				t.Errorf("after pasting %q the field has %q", nothing, got)
			}
		}
	}
}

// Whatever is put into a field, and however, it is bounded and in one line.
func TestNoFieldTakesAMillionCharacters(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // with two, they can be searched
	s := open(t, k, Options{})
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.checked()
	s.server.ResetRequests()
	long := strings.Repeat("é\n\u202e\x1b ", 200_000)
	for _, name := range []string{"Search by name or ID (127)", "Search", "Name", "Organization ID", "API key"} {
		if name == "Name" {
			s.press("Back")
		}
		f := s.field(name)
		for way, put := range map[string]func(){
			"pasted":        func() { s.paste(name, long) },
			"pasted beside": func() { f.SetText("TEST"); s.paste(name, long) },
			"pasted over":   func() { f.SetText("TEST"); f.TypedShortcut(&fyne.ShortcutSelectAll{}); s.paste(name, long) },
			"set":           func() { f.SetText(long) },
			"typed":         func() { f.SetText(long); s.typeInto(name, "more") },
		} {
			f.SetText("")
			put()
			if n := utf8.RuneCountInString(f.Text); n == 0 || n > f.Longest {
				t.Errorf("%s, %s: it has %d characters", name, way, n)
			}
			if strings.ContainsFunc(f.Text, unicode.IsControl) || strings.Contains(f.Text, "\u202e") {
				t.Errorf("%s, %s: it has more than printable characters", name, way)
			}
		}
		f.SetText("")
	}
	s.pass(typingPause)
	s.onlySent("", "")
}

// The form prints no key, wherever it is entered.
func TestTheFormPrintsNoKey(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.fill("API key", jumpcloudtest.OrganizationID(1))
	s.fill("Organization ID", jumpcloudtest.SampleKey)
	s.submit()
	s.checked()
	f := s.form()
	for _, what := range []any{f, f.typed(), f.typed().Swapped(), f.credentials, f.report} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if strings.Contains(fmt.Sprintf(verb, what), jumpcloudtest.SampleKey) {
				t.Errorf("%s of %T prints the key", verb, what)
			}
		}
	}
}
