package gui

import (
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"

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
			s.tap("Juniper & Sons Bakery")
			s.remove()
			s.until("it is removed", func() bool { return len(s.names()) == 1 })
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
	regions := func() string { return strings.Join(selectOf(s.choice("Region")).Options, ", ") }
	own := regions()
	other := connector.Connection{ID: "x", Name: "Lab", Region: "at:https://lab.example", Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1)}}
	for name, leave := range map[string]func(){
		"a new connection":    func() { s.press("New connection") },
		"another one's key":   func() { s.tell(keyWanted{connector.Connection{ID: "y", Name: "Ours", Region: "us"}}) },
		"the connection gone": func() { s.tell(removed{"x"}); s.press("New connection") },
		"one more, of another": func() {
			s.tell(keyWanted{connector.Connection{ID: "z", Region: "at:https://other.example"}})
			s.press("New connection")
		},
	} {
		s.tell(keyWanted{other})
		if got := s.chosen("Region"); got != "https://lab.example" {
			t.Errorf("%s: for its key the region is %q", name, got)
		}
		leave()
		if got := regions(); got != own {
			t.Errorf("%s: the regions are %s", name, got)
		}
	}
}

// No copy for support is offered once what the report is about has been edited, nor while it is checked anew.
func TestACopyForSupportIsOfWhatIsEntered(t *testing.T) {
	edits := map[string]func(*stage){
		"the key":             func(s *stage) { s.typeInto("API key", "x") },
		"the organization":    func(s *stage) { s.typeInto("Organization ID", "6") },
		"the region":          func(s *stage) { s.pick("Region", "United States") },
		"all, for a new one":  func(s *stage) { s.press("New connection"); s.press("Discard") },
		"another check of it": func(s *stage) { s.server.Fail(jumpcloudtest.Hang()); s.press("Check") },
	}
	for name, edit := range edits {
		s := openHere(t, keychain.Memory())
		s.copyIsOffered(false, name+": before anything was checked")
		s.typeKey(jumpcloudtest.SampleRevokedKey)
		s.checked()
		s.copyIsOffered(true, name)
		edit(s)
		s.copyIsOffered(false, name+": afterwards")
	}
}

// copyIsOffered looks whether a copy for support is offered, on the screen and in the menu.
func (s *stage) copyIsOffered(want bool, when string) {
	s.t.Helper()
	if screen, menu := s.offers("Copy for support"), !s.menuItem("Help", "Copy for support").Disabled; screen != want || menu != want {
		s.t.Errorf("%s: a copy for support is offered on the screen: %v, and in the menu: %v", when, screen, menu)
	}
}

func TestACopyForSupportIsOfTheScreen(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.tap("Larkspur Robotics")
	s.copyIsOffered(true, "of the last report")
	s.server.Fail(jumpcloudtest.Hang())
	s.press("Check again")
	s.copyIsOffered(false, "while it is checked")
	s.press("Cancel")
	s.checked()
	s.copyIsOffered(true, "once it was cancelled")
	s.press("New connection")
	s.copyIsOffered(false, "of the empty form")
}

// A sample that is edited is no longer that sample.
func TestAnEditedSample(t *testing.T) {
	server := sampleServer(t)
	s := openOn(t, server, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}, {Name: "revoked", Key: jumpcloudtest.SampleRevokedKey}}})
	s.press("Revoked key")
	if s.form().samples.Chosen() != 1 || s.field("API key").Text != jumpcloudtest.SampleRevokedKey {
		t.Fatalf("chosen is %d", s.form().samples.Chosen())
	}
	s.typeInto("API key", "x")
	if chosen := s.form().samples.Chosen(); chosen != -1 {
		t.Errorf("chosen is still %d", chosen)
	}
}

// What is saved is seen in the list, whatever was searched for before.
func TestSavedWhileSearching(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	keepHere(t, k, jumpcloudtest.SampleAdministratorKey)
	s := openHere(t, k)
	s.fill("Search", "lark")
	s.typeInto("Organization ID", jumpcloudtest.OrganizationID(100))
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.shown()
	s.idle()
	if n := len(s.names()); n != 3 || s.field("Search").Text != "" {
		t.Errorf("the list shows %d", n)
	}
	s.fill("Search", "juniper")
	s.removeEverything()
	s.until("it is said that nothing is left", func() bool { return s.dialog() != "" })
	s.press("OK")
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	if len(s.names()) != 1 {
		t.Error("the search stays, and hides what comes")
	}
}

// A failure that comes when another connection is on the screen names its own, and is tried again for that one.
func TestAFailureOfAConnectionThatWasLeft(t *testing.T) {
	k := &lockedKeychain{gatedKeychain: gatedKeychain{Backend: keychain.Memory()}}
	keepHere(t, k, jumpcloudtest.SampleKey)
	keepHere(t, k, jumpcloudtest.SampleAdministratorKey)
	s := openHere(t, k)
	s.idle()
	s.tap("Juniper & Sons Bakery")
	k.locked.Store(true)
	s.remove()
	s.tap("Larkspur Robotics")
	s.press("Check again") // which must go on
	s.until("it has failed", func() bool { return s.offers("Try again") })
	if !s.sees("Juniper & Sons Bakery: ") {
		t.Errorf("the screen says %s", s.screenText())
	}
	k.locked.Store(false)
	s.press("Try again")
	s.idle()
	if got := s.listed(); got != "Larkspur Robotics: controlmap@larkspur.example" {
		t.Errorf("the list has %s", got)
	}
}

// lockedKeychain deletes nothing and writes nothing while it is locked.
type lockedKeychain struct {
	gatedKeychain
	locked atomic.Bool
}

func (l *lockedKeychain) Set(service, user, text string) error {
	if l.locked.Load() {
		return keychain.ErrLocked
	}
	return l.gatedKeychain.Set(service, user, text)
}

func (l *lockedKeychain) Delete(service, user string) error {
	if l.locked.Load() {
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
	s.replaceKey("Larkspur Robotics")
	other := connector.New(keychain.New(k, "gui.test"))
	if err := other.Remove(t.Context(), s.kept()[0].ID); err != nil {
		t.Fatal(err)
	}
	s.reread()
	s.idle()
	if got := s.title(); got != "Connect JumpCloud to ControlMap" {
		t.Errorf("the form says %q", got)
	}
}

// The key that is copied is the one that the connection has on the screen, not one that was replaced meanwhile.
func TestACopyOfAReplacedKey(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.idle()
	s.tap("Larkspur Robotics")
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("the user's own")
	k.close()
	s.press("Copy", "API key")
	replaced := s.details().c
	replaced.KeyID = "another"
	s.details().set(replaced)
	k.open()
	s.idle()
	if clipboard.Content() != "the user's own" {
		t.Error("the former key is copied")
	}
	if !s.offers("Copy", "API key") {
		t.Error("the new one cannot be copied")
	}
}

// Trying again to remove everything asks again: there may be more by then.
func TestRemovingEverythingAgainIsAskedFor(t *testing.T) {
	k := &stubbornKeychain{Backend: keychain.Memory()}
	keepHere(t, k, jumpcloudtest.SampleKey)
	s := openHere(t, k)
	s.removeEverything()
	s.until("it has failed", func() bool { return s.offers("Try again") })
	s.idle()
	s.press("Try again")
	if s.dialog() == "" {
		t.Error("nothing is asked")
	}
}

// A message about a connection that cannot be read, and is not on the screen, says which one it means.
func TestAMessageNamesWhatCannotBeRead(t *testing.T) {
	k := broken(nil)
	s := open(t, k, Options{})
	s.idle()
	s.connections.put(connector.Connection{ID: "damaged", Trouble: check.CauseKeychainDamaged, Several: true})
	s.tap("Cannot be read")
	k.fail(keychain.ErrLocked)
	s.remove()
	s.press("New connection")
	s.until("removing has failed", func() bool { return s.offers("Try again") })
	if want := words.Text("list.unread_several") + ": "; !s.sees(want) {
		t.Errorf("the screen says %s", s.screenText())
	}
}
