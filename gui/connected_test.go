package gui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// question waits until a question is on the screen, and returns what it says.
func (s *stage) question(title string) string {
	s.t.Helper()
	s.until("it is asked: "+title, func() bool { return s.dialog() != "" })
	said := s.dialog()
	if !strings.Contains(said, title) {
		s.t.Fatalf("it is asked %q", said)
	}
	return said
}

// listed is the names of the kept connections, with whose keys they have. The list must have the same names.
func (s *stage) listed() string {
	var all, names []string
	for _, c := range s.kept() {
		all, names = append(all, c.Name+": "+c.Report.Administrator.Email), append(names, c.Name)
	}
	if shown := slices.Sorted(slices.Values(s.names())); !slices.Equal(slices.Sorted(slices.Values(names)), shown) {
		s.t.Errorf("kept are %q, and listed %q", names, shown)
	}
	return strings.Join(all, "; ")
}

// idle waits until nothing uses the keychain.
func (s *stage) idle() {
	s.t.Helper()
	s.until("the keychain is not used", func() bool { return len(s.work.jobs) == 0 })
	s.drain()
}

// openHere opens the window on a JumpCloud with one region, so that one key is always found in the same.
func openHere(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	server := sampleServer(t)
	return openOn(t, server, k, Options{}, connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
}

// keepHere connects with a key in a window of its own, which is then closed.
func keepHere(t *testing.T, k keychain.Backend, key string) {
	t.Helper()
	s := openHere(t, k)
	s.typeKey(key)
	s.shown()
	s.close()
}

const (
	oneListed    = "Larkspur Robotics: controlmap@larkspur.example"
	secondListed = "Larkspur Robotics: dana@larkspur.example"
	bothListed   = oneListed + "; Larkspur Robotics (2): dana@larkspur.example"
)

// A second administrator's key for an organization that is connected already is asked about, and saved as it is answered.
func TestASecondKeyIsAskedAbout(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(*stage)
		want   string
		saved  bool
	}{
		"leave":                 {func(s *stage) { s.press("Keep the stored key") }, oneListed, false},
		"leave by Esc":          {func(s *stage) { s.keys(fyne.KeyEscape) }, oneListed, false},
		"leave by Enter":        {func(s *stage) { s.keys(fyne.KeyReturn) }, oneListed, false},
		"leave by Space":        {func(s *stage) { s.keys(fyne.KeySpace) }, oneListed, false},
		"Esc at another answer": {func(s *stage) { s.tab(s.button("Replace the key")); s.keys(fyne.KeyEscape) }, oneListed, false},
		"replace":               {func(s *stage) { s.tab(s.button("Replace the key")); s.keys(fyne.KeyReturn) }, secondListed, true},
		"keep both":             {func(s *stage) { s.tab(s.button("Keep both")); s.keys(fyne.KeySpace) }, bothListed, true},
		"check anew": {func(s *stage) {
			s.menu("Check", "Check now")
			s.question("This organization is connected already")
			s.keys(fyne.KeyEscape)
			if s.dialog() != "" {
				s.t.Error("there are two questions")
			}
		}, oneListed, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keepHere(t, k, jumpcloudtest.SampleKey)
			s := openHere(t, k)
			s.typeKey(jumpcloudtest.SampleSecondKey)
			said := s.question("This organization is connected already")
			for _, part := range []string{"controlmap@larkspur.example", "dana@larkspur.example", jumpcloudtest.RoleAdministrator, jumpcloudtest.RoleReadOnly, "Saved on "} {
				if !strings.Contains(said, part) {
					t.Errorf("the question does not say %q: %q", part, said)
				}
			}
			if strings.Contains(said, "jca_") {
				t.Error("the question shows a key")
			}
			if !s.busy() {
				t.Error("the language could be changed under the question")
			}
			c.answer(s)
			if c.saved {
				s.shown()
			}
			s.idle()
			if got := s.listed(); got != c.want || s.dialog() != "" {
				t.Errorf("the list has %s", got)
			}
			if c.saved {
				if got := s.textBeside("Key belongs to"); got != "dana@larkspur.example" {
					t.Errorf("the key of %s is shown", got)
				}
				if s.press("New connection"); s.field("API key").Text != "" {
					t.Errorf("the form has %d characters", len(s.field("API key").Text))
				}
			} else if s.field("API key").Text != jumpcloudtest.SampleSecondKey || !s.offers("Save") || !s.formShown() {
				t.Errorf("what was typed is lost: %s", s.screenText())
			}
			if s := openHere(t, k); s.listed() != c.want {
				t.Errorf("the next time the list has %s", s.listed())
			}
		})
	}
}

// The question can be asked again after it was left, and what is typed meanwhile is another matter.
func TestAQuestionThatWasLeft(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.question("This organization is connected already")
	s.keys(fyne.KeyEscape)
	if !s.sees("Not saved: Larkspur Robotics is connected already") {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.typeInto("Name", "Dana’s")
	s.press("Save")
	s.question("This organization is connected already")
	s.press("Keep both")
	s.shown()
	if got := s.listed(); got != "Dana’s: dana@larkspur.example; "+oneListed {
		t.Errorf("the list has %s", got)
	}
	s.press("New connection")
	s.typeKey(jumpcloudtest.SamplePartlyKey) // a third one, which does not pass
	s.checked()
	key := s.field("API key")
	s.press("Save anyway")
	s.question("Compare with")
	test.Type(key, "x") // as by a shortcut
	if s.dialog() != "" || s.offers("Save anyway") {
		t.Error("the question is about what is no longer entered")
	}
}

// Of several kept keys, the one that is chosen is replaced.
func TestWhichOfSeveralKeysIsReplaced(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.question("This organization is connected already")
	s.press("Keep both")
	s.shown()
	s.idle()
	s.press("New connection")
	third := jumpcloudtest.Key{Value: "jca_TESTthird0000000000000000000000000000001", Email: "third@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(third)
	s.typeKey(third.Value)
	if said := s.question("Compare with"); !strings.Contains(said, "controlmap@") || strings.Contains(said, "dana@") {
		t.Errorf("it says %q", said)
	}
	s.tab(s.choice("Compare with"))
	s.keys(fyne.KeyRight)
	if said := s.dialog(); !strings.Contains(said, "dana@") || strings.Contains(said, "controlmap@") {
		t.Errorf("the other one is chosen, and it says %q", said)
	}
	s.press("Replace the key")
	s.shown()
	if got := s.listed(); got != oneListed+"; Larkspur Robotics (2): third@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// The same key again is a new check, and asks nothing; the name that was given stays.
func TestTheSameKeyAgain(t *testing.T) {
	k := keychain.Memory()
	s := openHere(t, k)
	s.fill("Name", "Ours")
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	s.idle()
	s.press("New connection")
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	s.idle()
	if got := s.listed(); got != "Ours: controlmap@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// Who replaces the key of a connection has decided, unless that has changed meanwhile.
func TestReplacingWhatHasChanged(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.replaceKey("Larkspur Robotics")
	elsewhere := openHere(t, k)
	elsewhere.replaceKey("Larkspur Robotics")
	elsewhere.typeKey(jumpcloudtest.SampleSecondKey)
	elsewhere.shown()
	elsewhere.close()
	third := jumpcloudtest.Key{Value: "jca_TESTthird0000000000000000000000000000001", Email: "third@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(third)
	s.typeKey(third.Value)
	if said := s.question("This organization is connected already"); !strings.Contains(said, "dana@") {
		t.Errorf("it says %q", said)
	}
	s.press("Replace the key")
	s.shown()
	if got := s.listed(); got != "Larkspur Robotics: third@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// Connections to one organization are told apart in the list, by the search, and where one is to be removed.
func TestConnectionsToOneOrganization(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.question("This organization is connected already")
	s.press("Keep both")
	s.shown()
	s.idle()
	for i, whose := range []string{"dana@larkspur.example", "controlmap@larkspur.example"} { // the first one needs attention
		if said := s.rows("Connections")[i]; !strings.Contains(said, whose) {
			t.Errorf("the row says %q", said)
		}
	}
	s.fill("Search", "dana")
	if n := len(s.names()); n != 1 {
		t.Errorf("searching finds %d", n)
	}
	s.tap("Larkspur Robotics (2)")
	s.press("Remove")
	if said := s.question("Remove this connection?"); !strings.Contains(strings.ReplaceAll(said, "\n", " "), "dana@larkspur.example") {
		t.Errorf("it says %q", said)
	}
	s.press("Remove")
	s.until("it is removed", func() bool { return len(s.names()) == 0 })
	s.pass(undoTime)
	s.idle()
	s.fill("Search", "")
	if got := s.listed(); got != oneListed {
		t.Errorf("the list has %s", got)
	}
	s.tap("Larkspur Robotics")
	s.press("Show", "API key")
	s.until("the other one has its key", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	if said := s.rows("Connections")[0]; strings.Contains(said, "@") {
		t.Errorf("alone, it says %q", said)
	}
}

// Where a key that was to replace another one can be kept for the session only, nothing was replaced.
func TestReplacingForTheSessionOnly(t *testing.T) {
	k := broken(nil)
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.replaceKey("Larkspur Robotics")
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.until("there are two", func() bool { return len(s.names()) == 2 && !s.formShown() })
	if s.offers("Not now") || s.sees("The key is replaced") || !s.offers("Save in the keychain") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// What is kept for the session is asked about when it is saved, and the keychain's failure after the answer repeats that.
func TestSavingFromTheSessionIsAskedAbout(t *testing.T) {
	k := broken(nil)
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.until("there are two", func() bool { return len(s.names()) == 2 && !s.formShown() })
	k.fail(nil)
	s.press("Save in the keychain")
	s.question("This organization is connected already")
	s.keys(fyne.KeyEscape)
	if !s.offers("Save in the keychain") {
		t.Error("it cannot be saved any more")
	}
	s.press("Save in the keychain")
	s.question("This organization is connected already")
	k.fail(keychain.ErrLocked)
	s.press("Replace the key")
	s.until("it has failed", func() bool { return s.offers("Try again") })
	k.fail(nil)
	s.press("Try again")
	s.until("it is saved", func() bool { return len(s.names()) == 1 && s.sees("System keychain") })
	if got := s.listed(); got != secondListed || !strings.HasPrefix(s.marked(), "Larkspur Robotics") {
		t.Errorf("the list has %s", got)
	}
}

// A connection of the session that was checked again without success can be saved.
func TestSavingWhatFailedSince(t *testing.T) {
	k := broken(nil)
	s := openHere(t, k)
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	s.server.Fail(jumpcloudtest.Unauthorized())
	s.press("Check again")
	s.makeSure()
	s.until("it is checked", func() bool { return strings.Contains(s.rows("Connections")[0], "Broken") })
	k.fail(nil)
	s.press("Save in the keychain")
	s.until("it is saved", func() bool { return len(s.names()) == 1 && s.sees("System keychain") })
	if s.offers("Try again") {
		t.Errorf("the screen says %s", s.screenText())
	}
}
