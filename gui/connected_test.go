package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// question waits until a question is on the screen, and returns what it says.
func (s *stage) question(title string) string {
	s.t.Helper()
	s.until("it is asked: "+title, func() bool { return s.win.Canvas().Overlays().Top() != nil })
	said := s.asked()
	if !strings.Contains(said, title) {
		s.t.Fatalf("it is asked %q", said)
	}
	return said
}

// asked is what the question on the screen says.
func (s *stage) asked() string {
	var said []string
	for _, o := range test.LaidOutObjects(s.win.Canvas().Overlays().Top()) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			said = append(said, l.Text)
		}
	}
	return strings.Join(said, "\n")
}

// listed is the names in the list, with whose keys they have.
func (s *stage) listed() string {
	var all []string
	for _, c := range s.connections.all {
		all = append(all, c.Name+": "+c.Report.Administrator.Email)
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
		"leave":                 {func(s *stage) { press(s.t, s.win.Canvas().Overlays().Top(), words.Text("connected.leave")) }, oneListed, false},
		"leave by Esc":          {func(s *stage) { s.keys(fyne.KeyEscape) }, oneListed, false},
		"leave by Enter":        {func(s *stage) { s.keys(fyne.KeyReturn) }, oneListed, false},
		"leave by Space":        {func(s *stage) { s.keys(fyne.KeySpace) }, oneListed, false},
		"Esc at another answer": {func(s *stage) { s.tab(s.labelled(words.Text("connected.replace"))); s.keys(fyne.KeyEscape) }, oneListed, false},
		"replace":               {func(s *stage) { s.tab(s.labelled(words.Text("connected.replace"))); s.keys(fyne.KeyReturn) }, secondListed, true},
		"keep both":             {func(s *stage) { s.tab(s.labelled(words.Text("connected.both"))); s.keys(fyne.KeySpace) }, bothListed, true},
		"check anew": {func(s *stage) {
			s.checkShown()
			s.question(words.Text("connected.title"))
			s.keys(fyne.KeyEscape)
			if s.win.Canvas().Overlays().Top() != nil {
				s.t.Error("there are two questions")
			}
		}, oneListed, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keepHere(t, k, jumpcloudtest.SampleKey)
			s := openHere(t, k)
			s.typeKey(jumpcloudtest.SampleSecondKey)
			said := s.question(words.Text("connected.title"))
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
			if got := s.listed(); got != c.want || s.win.Canvas().Overlays().Top() != nil {
				t.Errorf("the list has %s", got)
			}
			if c.saved {
				if got := s.details().rows["administrator"].Text; got != "dana@larkspur.example" || s.form().key.Text != "" {
					t.Errorf("the key of %s is shown, and the form has %d characters", got, len(s.form().key.Text))
				}
			} else if s.form().key.Text != jumpcloudtest.SampleSecondKey || !s.form().keepButton.Visible() || !s.formShown() {
				t.Errorf("what was typed is lost: %q", s.form().results.status.Label.Text)
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
	s.question(words.Text("connected.title"))
	s.keys(fyne.KeyEscape)
	if got := s.form().results.status.Label.Text; !strings.Contains(got, "Larkspur Robotics") {
		t.Errorf("the status says %q", got)
	}
	s.win.Canvas().Focus(s.form().name)
	s.types("Dana’s")
	test.Tap(s.form().keepButton)
	s.question(words.Text("connected.title"))
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.both"))
	s.shown()
	if got := s.listed(); got != "Dana’s: dana@larkspur.example; "+oneListed {
		t.Errorf("the list has %s", got)
	}
	s.tell(newWanted{})
	s.typeKey(jumpcloudtest.SamplePartlyKey) // a third one, which does not pass
	s.checked()
	test.Tap(s.form().keepButton)
	s.question(words.Text("connected.which"))
	test.Type(s.form().key, "x") // as by a shortcut
	if s.win.Canvas().Overlays().Top() != nil || s.form().keepButton.Visible() {
		t.Error("the question is about what is no longer entered")
	}
}

// Of several kept keys, the one that is chosen is replaced.
func TestWhichOfSeveralKeysIsReplaced(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.question(words.Text("connected.title"))
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.both"))
	s.shown()
	s.idle()
	s.tell(newWanted{})
	third := jumpcloudtest.Key{Value: "jca_TESTthird0000000000000000000000000000001", Email: "third@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(third)
	s.typeKey(third.Value)
	if said := s.question(words.Text("connected.which")); !strings.Contains(said, "controlmap@") || strings.Contains(said, "dana@") {
		t.Errorf("it says %q", said)
	}
	for _, o := range test.LaidOutObjects(s.win.Canvas().Overlays().Top()) {
		if which, ok := o.(*widgets.Choice); ok {
			s.tab(which)
		}
	}
	s.keys(fyne.KeyRight)
	if said := s.asked(); !strings.Contains(said, "dana@") || strings.Contains(said, "controlmap@") {
		t.Errorf("the other one is chosen, and it says %q", said)
	}
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.replace"))
	s.shown()
	if got := s.listed(); got != oneListed+"; Larkspur Robotics (2): third@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// The same key again is a new check, and asks nothing; the name that was given stays.
func TestTheSameKeyAgain(t *testing.T) {
	k := keychain.Memory()
	s := openHere(t, k)
	s.form().name.SetText("Ours")
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	s.idle()
	s.tell(newWanted{})
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
	s.tell(keyWanted{s.connections.all[0]})
	elsewhere := openHere(t, k)
	elsewhere.tell(keyWanted{elsewhere.connections.all[0]})
	elsewhere.typeKey(jumpcloudtest.SampleSecondKey)
	elsewhere.shown()
	elsewhere.close()
	third := jumpcloudtest.Key{Value: "jca_TESTthird0000000000000000000000000000001", Email: "third@larkspur.example", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	s.server.SetKey(third)
	s.typeKey(third.Value)
	if said := s.question(words.Text("connected.title")); !strings.Contains(said, "dana@") {
		t.Errorf("it says %q", said)
	}
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.replace"))
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
	s.question(words.Text("connected.title"))
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.both"))
	s.shown()
	s.idle()
	for i, whose := range []string{"controlmap@larkspur.example", "dana@larkspur.example"} {
		row := newConnectionRow()
		s.list.updateRow(i, row)
		if said := strings.Join(lines(row.(*fyne.Container).Objects[0]), " "); !strings.Contains(said, whose) {
			t.Errorf("the row says %q", said)
		}
	}
	s.list.search.SetText("dana")
	if len(s.list.shown) != 1 {
		t.Errorf("searching finds %d", len(s.list.shown))
	}
	s.list.list.Select(0)
	s.details().confirmRemove()
	if said := s.question(words.Text("ask.remove.title")); !strings.Contains(strings.ReplaceAll(said, "\n", " "), "dana@larkspur.example") {
		t.Errorf("it says %q", said)
	}
	press(t, s.win.Canvas().Overlays().Top(), words.Text("ask.remove.yes"))
	s.until("it is removed", func() bool { return s.listed() == oneListed })
	s.list.search.SetText("")
	s.list.list.Select(0)
	test.Tap(s.details().key.toggle)
	s.until("the other one has its key", func() bool { return s.onScreen(jumpcloudtest.SampleKey) })
	row := newConnectionRow()
	s.list.updateRow(0, row)
	if said := strings.Join(lines(row.(*fyne.Container).Objects[0]), " "); strings.Contains(said, "@") {
		t.Errorf("alone, it says %q", said)
	}
}

// What is kept for the session is asked about when it is saved, and the keychain's failure after the answer repeats that.
func TestSavingFromTheSessionIsAskedAbout(t *testing.T) {
	k := broken(nil)
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	k.fail(keychain.ErrLocked)
	s.typeKey(jumpcloudtest.SampleSecondKey)
	s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.until("there are two", func() bool { return len(s.connections.all) == 2 && !s.formShown() })
	k.fail(nil)
	test.Tap(s.details().keep)
	s.question(words.Text("connected.title"))
	s.keys(fyne.KeyEscape)
	if !s.details().keep.Visible() || s.details().keep.Disabled() {
		t.Error("it cannot be saved any more")
	}
	test.Tap(s.details().keep)
	s.question(words.Text("connected.title"))
	k.fail(keychain.ErrLocked)
	press(t, s.win.Canvas().Overlays().Top(), words.Text("connected.replace"))
	s.until("it has failed", s.banner.Messages[ownerDetails].Box.Visible)
	k.fail(nil)
	press(t, s.banner.Messages[ownerDetails].Box, words.Text("keychain.retry"))
	s.until("it is saved", func() bool { return len(s.connections.all) == 1 && !s.connections.all[0].SessionOnly })
	if got := s.listed(); got != secondListed || s.connections.current != s.connections.all[0].ID {
		t.Errorf("the list has %s", got)
	}
}

// A connection of the session that was checked again without success can be saved.
func TestSavingWhatFailedSince(t *testing.T) {
	k := broken(keychain.ErrLocked)
	s := openHere(t, k)
	s.typeKey(jumpcloudtest.SampleKey)
	s.until("saving has failed", func() bool { return s.banner.Messages[ownerForm].Box.Visible() })
	press(t, s.banner.Box, words.Text("keychain.session"))
	s.shown()
	s.server.Fail(jumpcloudtest.Unauthorized())
	test.Tap(s.details().check)
	s.until("it is checked", func() bool { return s.connections.all[0].Report.Worst() == check.Failed })
	k.fail(nil)
	test.Tap(s.details().keep)
	s.until("it is saved", func() bool { return len(s.connections.all) == 1 && !s.connections.all[0].SessionOnly })
	if s.banner.Messages[ownerDetails].Box.Visible() {
		t.Errorf("it says %q", s.banner.Messages[ownerDetails].Label.Text)
	}
}
