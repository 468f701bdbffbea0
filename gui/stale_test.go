package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// What is shown and offered is about what is there now, and not about what was there before.

// A removal while the list is read, whole or damaged, does not come back with what was read before it.
func TestRemovedWhileTheListIsRead(t *testing.T) {
	damaged := &keychain.Error{Op: "list", Kind: keychain.ErrDamaged}
	locked := &keychain.Error{Op: "list", Kind: keychain.ErrLocked}
	for name, err := range map[string]error{"whole": nil, "damaged": damaged, "locked": locked} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keepHere(t, k, jumpcloudtest.SampleKey)
			keepHere(t, k, jumpcloudtest.SampleAdministratorKey)
			s := openHere(t, k)
			s.idle()
			before, _ := s.c.Connections(t.Context(), nil)
			s.list.list.Select(0)
			s.writer.remove(s.connections.current)
			s.until("it is removed", func() bool { return len(s.connections.all) == 1 })
			s.loader.read(before, err, true) // what was read before it comes in
			s.idle()
			if got := s.listed(); got != "Larkspur Robotics: controlmap@larkspur.example" {
				t.Errorf("the list has %s", got)
			}
		})
	}
}

// The region of a connection that was made with another address is offered for its key only.
func TestTheRegionOfAnotherAddress(t *testing.T) {
	s := openHere(t, keychain.Memory())
	own := strings.Join(s.form().region.Options, ", ")
	other := connector.Connection{ID: "x", Name: "Lab", Region: "at:https://lab.example", Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1)}}
	for name, leave := range map[string]func(){
		"a new connection":    func() { s.tell(newWanted{}) },
		"another one's key":   func() { s.tell(keyWanted{connector.Connection{ID: "y", Name: "Ours", Region: "us"}}) },
		"the connection gone": func() { s.connections.removed("x"); s.form().reset() },
		"one more, of another": func() {
			s.tell(keyWanted{connector.Connection{ID: "z", Region: "at:https://other.example"}})
			s.tell(newWanted{})
		},
	} {
		s.tell(keyWanted{other})
		if s.form().region.id() != other.Region || s.form().region.Selected != "https://lab.example" {
			t.Errorf("%s: for its key the region is %q", name, s.form().region.Selected)
		}
		leave()
		if got := strings.Join(s.form().region.Options, ", "); got != own {
			t.Errorf("%s: the regions are %s", name, got)
		}
	}
}

// No copy for support is offered once what the report is about has been edited, nor while it is checked anew.
func TestACopyForSupportIsOfWhatIsEntered(t *testing.T) {
	edits := map[string]func(*stage){
		"the key":             func(s *stage) { test.Type(s.form().key, "x") },
		"the organization":    func(s *stage) { test.Type(s.form().organization, "6") },
		"the region":          func(s *stage) { s.form().region.SetSelectedIndex(1) },
		"all, for a new one":  func(s *stage) { s.form().reset() },
		"another check of it": func(s *stage) { s.server.Fail(jumpcloudtest.Hang()); s.form().start() },
	}
	for name, edit := range edits {
		s := openHere(t, keychain.Memory())
		if !s.support.Disabled {
			t.Errorf("%s: a copy is offered before anything was checked", name)
		}
		s.typeKey(jumpcloudtest.SampleRevokedKey)
		s.checked()
		if s.support.Disabled {
			t.Errorf("%s: no copy is offered", name)
		}
		edit(s)
		if !s.support.Disabled || s.form().results.support.Visible() || len(s.form().report.Results) != 0 {
			t.Errorf("%s: a copy of the former report is offered", name)
		}
	}
}

func TestACopyForSupportIsOfTheScreen(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.list.list.Select(0)
	d := s.details()
	if s.support.Disabled || !d.results.support.Visible() {
		t.Error("no copy of the last report is offered")
	}
	s.server.Fail(jumpcloudtest.Hang())
	d.start()
	if !s.support.Disabled || d.results.support.Visible() {
		t.Error("while it is checked, a copy of the former report is offered")
	}
	d.checking.cancel()
	s.until("it has ended", func() bool { return !d.stop.Visible() })
	if s.support.Disabled || !d.results.support.Visible() {
		t.Error("no copy of the last report is offered any more")
	}
	s.tell(newWanted{})
	if !s.support.Disabled {
		t.Error("a copy is offered of the empty form")
	}
}

// A sample that is edited is no longer that sample.
func TestAnEditedSample(t *testing.T) {
	server := sampleServer(t)
	s := openOn(t, server, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}, {Name: "revoked", Key: jumpcloudtest.SampleRevokedKey}}})
	s.form().samples.SetSelectedIndex(1)
	if s.form().samples.Selected != words.Text("sample.revoked") || s.form().key.Text != jumpcloudtest.SampleRevokedKey {
		t.Fatalf("chosen is %q", s.form().samples.Selected)
	}
	test.Type(s.form().key, "x")
	if s.form().samples.Selected != "" {
		t.Errorf("chosen is still %q", s.form().samples.Selected)
	}
}

// What is saved is seen in the list, whatever was searched for before.
func TestSavedWhileSearching(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.list.search.SetText("lark")
	s.typeKey(jumpcloudtest.SampleAdministratorKey)
	s.shown()
	s.idle()
	if len(s.list.shown) != 2 || s.list.search.Text != "" {
		t.Errorf("the list shows %d", len(s.list.shown))
	}
	s.list.search.SetText("juniper")
	s.writer.removeEverything()
	s.idle()
	if s.list.search.Text != "" {
		t.Error("the search stays, and would hide what comes")
	}
}

// A failure that comes when another connection is on the screen names its own, and is tried again for that one.
func TestAFailureOfAConnectionThatWasLeft(t *testing.T) {
	k := &lockedKeychain{gatedKeychain: gatedKeychain{Backend: keychain.Memory()}}
	keepHere(t, k, jumpcloudtest.SampleKey)
	keepHere(t, k, jumpcloudtest.SampleAdministratorKey)
	s := openHere(t, k)
	s.idle()
	s.list.list.Select(0) // Juniper & Sons Bakery
	removed := s.connections.current
	k.locked = true
	s.writer.remove(removed)
	s.list.list.Select(1)
	test.Tap(s.details().check) // which must go on
	m := s.banner.Messages[ownerDetails]
	s.until("it has failed", m.Box.Visible)
	if !strings.HasPrefix(m.Label.Text, "Juniper & Sons Bakery: ") {
		t.Errorf("it says %q", m.Label.Text)
	}
	k.locked = false
	press(t, m.Box, words.Text("keychain.retry"))
	s.idle()
	if got := s.listed(); got != "Larkspur Robotics: controlmap@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// lockedKeychain deletes nothing and writes nothing while it is locked.
type lockedKeychain struct {
	gatedKeychain
	locked bool
}

func (l *lockedKeychain) Set(service, user, text string) error {
	if l.locked {
		return keychain.ErrLocked
	}
	return l.gatedKeychain.Set(service, user, text)
}

func (l *lockedKeychain) Delete(service, user string) error {
	if l.locked {
		return keychain.ErrLocked
	}
	return l.gatedKeychain.Delete(service, user)
}

// A connection that another process has removed is no longer the one whose key is replaced.
func TestReplacingWhatIsGone(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.idle()
	s.tell(keyWanted{s.connections.all[0]})
	other := connector.New(keychain.New(k, "gui.test"))
	if err := other.Remove(t.Context(), s.connections.all[0].ID); err != nil {
		t.Fatal(err)
	}
	s.loader.load()
	s.idle()
	if s.form().replacing() || s.form().title.Text != words.Text("form.title.new") {
		t.Errorf("the form says %q", s.form().title.Text)
	}
}

// The key that is copied is the one that the connection has on the screen, not one that was replaced meanwhile.
func TestACopyOfAReplacedKey(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.idle()
	s.list.list.Select(0)
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("the user's own")
	k.close()
	test.Tap(s.details().key.copy)
	replaced := s.details().c
	replaced.KeyID = "another"
	s.details().set(replaced)
	k.open()
	s.idle()
	if clipboard.Content() != "the user's own" {
		t.Error("the former key is copied")
	}
	if s.details().key.copy.Disabled() {
		t.Error("the new one cannot be copied")
	}
}

// Trying again to remove everything asks again: there may be more by then.
func TestRemovingEverythingAgainIsAskedFor(t *testing.T) {
	k := &stubbornKeychain{Backend: keychain.Memory()}
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.writer.removeEverything()
	m := s.banner.Messages[ownerWipe]
	s.until("it has failed", m.Box.Visible)
	s.idle()
	press(t, m.Box, words.Text("keychain.retry"))
	if s.win.Canvas().Overlays().Top() == nil {
		t.Error("nothing is asked")
	}
}

// A message about a connection that cannot be read, and is not on the screen, says which one it means.
func TestAMessageNamesWhatCannotBeRead(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	s.idle()
	s.connections.put(connector.Connection{ID: "damaged", Trouble: check.CauseKeychainDamaged, Several: true})
	s.openConnection("damaged")
	k.fail(keychain.ErrLocked)
	s.writer.remove("damaged")
	s.tell(homeWanted{})
	m := s.banner.Messages[ownerDetails]
	s.until("removing has failed", m.Box.Visible)
	if want := words.Text("list.unread_several") + ": "; !strings.HasPrefix(m.Label.Text, want) {
		t.Errorf("it says %q", m.Label.Text)
	}
}
