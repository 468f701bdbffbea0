package gui

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
)

// paste presses the keys that paste, with a text on the clipboard.
func (s *stage) paste(into fyne.Shortcutable, text string) {
	board := fyne.CurrentApp().Clipboard()
	board.SetContent(text)
	into.TypedShortcut(&fyne.ShortcutPaste{Clipboard: board})
	s.until("it is pasted", func() bool { return !s.clipboard.reading.running })
}

// pasteWithButton presses the button Paste, with a text on the clipboard.
func (s *stage) pasteWithButton(into *widgets.SecretEntry, text string) {
	fyne.CurrentApp().Clipboard().SetContent(text)
	test.Tap(into.Paste)
	s.until("it is pasted", func() bool { return !s.clipboard.reading.running })
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
			"keys":   func(s *stage) { s.paste(s.form().key, c.pasted) },
			"button": func(s *stage) { s.pasteWithButton(s.form().key, c.pasted) },
		} {
			t.Run(name+", with "+way, func(t *testing.T) {
				s := open(t, keychain.Memory(), Options{})
				paste(s)
				if s.form().key.Text != key || s.form().organization.Text != c.organization {
					t.Errorf("the fields have %q and %q", s.form().key.Text, s.form().organization.Text)
				}
				s.pass(typingPause)
				s.shown()
				s.onlySent(key, id)
				if got := s.connections.all[0].Report.Result(check.IDEntries).Cause; got != c.cause {
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
			s.paste(s.form().key, c.pasted)
			s.pass(typingPause)
			if got := s.row(check.IDEntries).shown.Cause; got != c.cause {
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
			s.form().key.SetText(c.typed)
			s.paste(s.form().organization, c.pasted)
			if s.form().key.Text != c.key || strings.TrimSpace(s.form().organization.Text) != c.organization {
				t.Errorf("the fields have %q and %q", s.form().key.Text, s.form().organization.Text)
			}
			if got := s.form().typed().Shape().Cause; got != c.cause {
				t.Errorf("it says %s, want %s", got, c.cause)
			}
		})
	}
}

// An Organization ID that is entered already is not replaced by one that comes with the key, and the checks wait to be asked for.
func TestPastingAKeyOfAnotherOrganization(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	test.Type(s.form().organization, jumpcloudtest.OrganizationID(1))
	s.paste(s.form().key, jumpcloudtest.SampleKey+"\n"+jumpcloudtest.OrganizationID(2))
	s.pass(typingPause)
	if got := s.row(check.IDEntries).shown.Cause; got != check.CauseOrganizationDiffers || s.form().organization.Text != jumpcloudtest.OrganizationID(1) {
		t.Errorf("it says %s, and the field has %q", got, s.form().organization.Text)
	}
	s.onlySent("", "")
	test.Tap(s.form().check)
	s.shown()
	s.onlySent(jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1))
}

// Of two keys the person chooses one. Until then nothing is sent, and no more of them is shown than their ends.
func TestChoosingAKey(t *testing.T) {
	for name, enter := range map[string]func(*stage){
		"pasted": func(s *stage) {
			s.paste(s.form().key, "old: "+jumpcloudtest.SampleRevokedKey+"\nnew: "+jumpcloudtest.SampleKey+"\nhunter2")
		},
		"typed": func(s *stage) { test.Type(s.form().key, jumpcloudtest.SampleRevokedKey+","+jumpcloudtest.SampleKey) },
		"one beside the other": func(s *stage) {
			s.paste(s.form().key, jumpcloudtest.SampleRevokedKey)
			s.paste(s.form().key, jumpcloudtest.SampleKey)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, keychain.Memory(), Options{})
			enter(s)
			s.pass(typingPause)
			if got := s.row(check.IDEntries).shown.Cause; got != check.CauseKeySeveral {
				t.Errorf("it says %s", got)
			}
			s.form().submit()
			s.checked()
			s.onlySent("", "")
			if strings.Contains(s.form().key.Text, "hunter2") || s.onScreen("DEMO") {
				t.Error("more than the keys is in the field, or they are on the screen")
			}
			press(t, s.form().choice, "2: jca_…0001")
			if s.form().key.Text != jumpcloudtest.SampleKey || s.form().choice.Visible() {
				t.Errorf("the field has %q", s.form().key.Text)
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
	s.paste(s.form().key, jumpcloudtest.SampleKey[:15])
	s.paste(s.form().key, jumpcloudtest.SampleKey[15:]+"\n")
	if s.form().key.Text != jumpcloudtest.SampleKey {
		t.Errorf("the field has %q", s.form().key.Text)
	}
}

// A clipboard in which there is nothing to see leaves what is entered as it is.
func TestPastingNothing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for _, e := range []*widgets.SecretEntry{s.form().key, s.form().organization} {
		for _, nothing := range []string{"", "\r\n", " \u200b\t"} {
			e.SetText("TESTvalue")
			s.pasteWithButton(e, nothing)
			e.TypedShortcut(&fyne.ShortcutSelectAll{})
			s.paste(e, nothing)
			if e.Text != "TESTvalue" {
				t.Errorf("after pasting %q the field has %q", nothing, e.Text)
			}
		}
	}
}

// Whatever is put into a field, and however, it is bounded and in one line.
func TestNoFieldTakesAMillionCharacters(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	long := strings.Repeat("é\n\u202e\x1b ", 200_000)
	for name, f := range map[string]*widgets.Field{"key": s.form().key.Field, "organization": s.form().organization.Field, "name": s.form().name,
		"list": s.list.search, "picker": s.form().picker.Search} {
		for way, put := range map[string]func(){
			"pasted":        func() { s.paste(f, long) },
			"pasted beside": func() { f.SetText("TEST"); s.paste(f, long) },
			"pasted over":   func() { f.SetText("TEST"); f.TypedShortcut(&fyne.ShortcutSelectAll{}); s.paste(f, long) },
			"set":           func() { f.SetText(long) },
			"typed":         func() { f.SetText(long); test.Type(f, "more") },
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
	s.form().key.SetText(jumpcloudtest.OrganizationID(1))
	s.form().organization.SetText(jumpcloudtest.SampleKey)
	s.form().submit()
	s.checked()
	for _, what := range []any{s.form(), s.form().typed(), s.form().typed().Swapped(), s.form().credentials, s.form().report} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if strings.Contains(fmt.Sprintf(verb, what), jumpcloudtest.SampleKey) {
				t.Errorf("%s of %T prints the key", verb, what)
			}
		}
	}
}
