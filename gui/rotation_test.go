package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// nextKey takes the place of the key of the sample's MSP.
const nextKey = "jca_TESTnext000000000000000000000000000000001"

// serverWithNext is a server that knows the next key too: that of the sample's MSP, with a change.
func serverWithNext(t *testing.T, change func(*jumpcloudtest.Key)) *jumpcloudtest.Server {
	t.Helper()
	server := sampleServer(t)
	world := jumpcloudtest.SampleWorld()
	key := world.Keys[slices.IndexFunc(world.Keys, func(k jumpcloudtest.Key) bool { return k.Value == jumpcloudtest.SampleMultiTenantKey })]
	key.Value = nextKey
	change(&key)
	server.SetKey(key)
	return server
}

func unchanged(*jumpcloudtest.Key) {}

// rotating opens the window on n connections of one key.
func rotating(t *testing.T, k keychain.Backend, n int, change func(*jumpcloudtest.Key)) *stage {
	t.Helper()
	server := serverWithNext(t, change)
	connectClients(t, server, k, n)
	return openOn(t, server, k, Options{})
}

// rotate opens the rotation of the first connection's key, and enters another one.
func (s *stage) rotate(key string) {
	s.t.Helper()
	s.tell(keyWanted{s.connections.all[0]})
	s.typeInto("New API key", key)
	s.pass(typingPause)
	s.until("the key is tried", func() bool { return !screenOf[*rotation](s).busy() })
	s.drain()
}

// have is how many kept connections have a key.
func (s *stage) have(key string) (n int) {
	for _, c := range s.kept() {
		if c.KeyID == connector.KeyID(secret.New(key)) {
			n++
		}
	}
	return n
}

// handedOver marks the first n kept connections as handed over.
func handedOver(t *testing.T, k keychain.Backend, n int) {
	t.Helper()
	c := connector.New(keychain.New(k, "gui.test"))
	all, err := c.Connections(t.Context(), nil)
	for _, one := range all[:n] {
		one.HandOver.Tenant = fmt.Sprintf("https://client%s.app.ctrlmap.com", one.Organization.ID[20:])
		if _, failed := c.MarkHandedOver(t.Context(), one); failed != nil {
			err = failed
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// With the new key on the clipboard, five clicks replace it for all its connections and show what ControlMap needs: the connection, More,
// Replace key, Paste, Replace. The sixth shows the list, and then Enter alone hands over.
func TestRotateTheKeyOfFive(t *testing.T) {
	k := keychain.Memory()
	server := serverWithNext(t, unchanged)
	connectClients(t, server, k, 5)
	handedOver(t, k, 3)
	s := openOn(t, server, k, Options{})
	s.tap("Kestrel")
	s.press("Replace key")
	if !s.hasLine("Replace the key of 5 connections") || !s.sees("ControlMap has this key for 3 of them") || !s.sees("app.ctrlmap.com)") ||
		!s.sees("Ends the former key at once. ControlMap reads nothing of 5 organizations") || !s.sees("Sign in to JumpCloud as audit@northgate-msp.example") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	server.Generate(jumpcloudtest.SampleMultiTenantKey, nextKey, 0) // the former key is dead by now
	fyne.CurrentApp().Clipboard().SetContent(" " + nextKey + "\n")
	s.press("Paste", "New API key")
	s.settle()
	s.pass(typingPause)
	s.until("it works", func() bool { return s.sees("The new key works for all 5") })
	if high := s.highlighted(); !slices.Equal(high, []string{"Replace for all 5"}) {
		t.Errorf("prominent is %q", high)
	}
	s.press("Replace for all 5")
	s.until("it is replaced", func() bool { return s.sees("5 connections have the new key") })
	if s.have(nextKey) != 5 || !s.sees("There is nothing to revoke") || screenOf[*rotation](s).key.Text != "" {
		t.Errorf("%d have it; the screen says\n%s", s.have(nextKey), s.screenText())
	}
	if high := s.highlighted(); !slices.Equal(high, []string{"Update ControlMap: 3 to go"}) {
		t.Errorf("prominent is %q", high)
	}
	s.keys(fyne.KeyReturn)
	if !s.sees("ControlMap still has the former key of 3 connections.") || len(screenOf[*handOvers](s).shown) != 3 {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	for left := 3; left > 0; left-- {
		s.press("Hand over next")
		s.press("Copy", "API key")
		s.onClipboard(nextKey)
		s.press("Mark as handed over")
		s.idle()
	}
	s.menu("View", "Hand over to ControlMap…")
	if s.sees("To be updated") || !s.sees("never got the keys of 2 connections") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A service account's new key leaves the former one working: it is revoked last.
func TestRotateToAnotherOwner(t *testing.T) {
	s := rotating(t, keychain.Memory(), 3, func(k *jumpcloudtest.Key) {
		k.Email, k.Role = "new@northgate-msp.example", jumpcloudtest.RoleAdministrator
	})
	s.rotate(nextKey)
	if !s.sees("Its role is Administrator, the former key’s is Read Only.") || !s.sees("It belongs to new@northgate-msp.example, the former one to audit@northgate-msp.example.") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Replace for all 3")
	s.until("it is replaced", func() bool { return s.sees("3 connections have the new key") })
	if !s.sees("The former key still works.") || !s.highlights("Show the connection") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// What the new key does not open is named with its cause. It keeps the former key if the user says so, and not by itself.
func TestRotateAndLoseOne(t *testing.T) {
	lost := jumpcloudtest.OrganizationID(102)
	s := rotating(t, keychain.Memory(), 4, func(k *jumpcloudtest.Key) {
		k.Organizations = slices.DeleteFunc(slices.Clone(k.Organizations), func(id string) bool { return id == lost })
	})
	s.rotate(nextKey)
	if !s.sees("The new key does not work for 1 of 4") || !s.sees("1 × ") && !s.sees("Münchner") || !s.highlights("Try these again") || s.have(nextKey) != 0 {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	s.press("Try these again")
	s.until("it is tried", func() bool { return !screenOf[*rotation](s).busy() })
	s.press("Replace for the 3 that work")
	s.until("it is replaced", func() bool { return s.sees("3 connections have the new key") })
	if s.have(nextKey) != 3 || s.have(jumpcloudtest.SampleMultiTenantKey) != 1 || !s.sees("1 connection keeps the former key, which ended when this one was generated") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// What cannot be found out is tried again, and no more than that.
func TestRotateWhatCouldNotBeFoundOut(t *testing.T) {
	s := rotating(t, keychain.Memory(), 4, unchanged)
	s.failFor(jumpcloudtest.CaptivePortal(), 101)
	s.rotate(nextKey)
	if !s.sees("It could not be found out for 1 of 4") || s.offers("Replace for all 4") {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	s.server.Heal()
	asked := len(s.server.Requests())
	s.press("Try these again")
	s.until("it works", func() bool { return s.sees("The new key works for all 4") })
	for _, r := range s.server.Requests()[asked:] {
		if r.OrganizationID != "" && r.OrganizationID != jumpcloudtest.OrganizationID(101) {
			t.Errorf("%s is asked again: %s", r.OrganizationID, r.Path)
		}
	}
}

// A cancelled trial changes nothing, says so, and goes on where it was.
func TestRotateAndCancel(t *testing.T) {
	s := rotating(t, keychain.Memory(), 3, unchanged)
	s.tell(keyWanted{s.connections.all[0]})
	s.typeInto("New API key", nextKey)
	s.pass(typingPause)
	if !s.sees("0 of 3 tried with the new key") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.keys(fyne.KeyReturn) // Cancel has the focus
	s.until("it is cancelled", func() bool { return !screenOf[*rotation](s).busy() })
	if !s.hasLine("Cancelled") || !s.sees("Nothing is changed: all 3 connections have the former key, as before.") || s.have(nextKey) != 0 {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.press("Go on")
	s.until("it works", func() bool { return s.sees("The new key works for all 3") })
	s.press("Not now")
	if !s.sees("Nothing is changed here: the connections keep the former key.") || s.title() != s.connections.all[0].Name || screenOf[*rotation](s).key.Text != "" {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	if s.have(jumpcloudtest.SampleMultiTenantKey) != 3 {
		t.Error("the former key is gone")
	}
}

// If the keychain fails, all connections have the former key, and it can be tried again.
func TestRotateWhileTheKeychainFails(t *testing.T) {
	k := broken(nil)
	s := rotating(t, k, 3, unchanged)
	s.rotate(nextKey)
	k.fail(keychain.ErrLocked)
	s.press("Replace for all 3")
	s.until("it has failed", func() bool { return s.offers("Try again") })
	if !s.sees("Nothing is changed: all 3 connections have the former key, as before.") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	k.fail(nil)
	if s.have(jumpcloudtest.SampleMultiTenantKey) != 3 {
		t.Error("the former key is gone")
	}
	s.press("Try again")
	s.until("it is replaced", func() bool { return s.sees("3 connections have the new key") })
	if s.have(nextKey) != 3 {
		t.Error("the new key is not there")
	}
}

// What cannot take the place of the key is said in the words of its cause, and what is typed stays.
func TestRotateToAKeyThatDoesNotFit(t *testing.T) {
	for key, want := range map[string]string{
		jumpcloudtest.SampleMultiTenantKey:               "These connections have this key already",
		jumpcloudtest.SampleRevokedKey:                   "No JumpCloud region knows this key",
		"jca_TESTunknown0000000000000000000000000000001": "No JumpCloud region knows this key",
		"hello": "The API key has an unusual shape",
	} {
		s := rotating(t, keychain.Memory(), 2, unchanged)
		s.rotate(key)
		if !s.sees(want) || s.offers("Replace for all 2") || s.field("New API key").Text != key || s.have(jumpcloudtest.SampleMultiTenantKey) != 2 {
			t.Errorf("%s: the screen says\n%s", key, s.screenText())
		}
	}
}

// A connection that is saved meanwhile has the former key too: nothing is replaced before the new one is tried on it.
func TestRotateWhileOneIsAdded(t *testing.T) {
	k := keychain.Memory()
	s := rotating(t, k, 2, unchanged)
	s.rotate(nextKey)
	connectClients(t, s.server, k, 3)
	s.press("Replace for all 2")
	s.until("it is noticed", func() bool { return s.sees("The connections have changed meanwhile") })
	s.idle()
	s.press("Try these again")
	s.until("it works", func() bool { return s.sees("The new key works for all 3") })
	s.press("Replace for all 3")
	s.until("it is replaced", func() bool { return s.have(nextKey) == 3 })
}

// A language that is chosen in the middle leaves the key and what is known of it.
func TestRotateInAnotherLanguage(t *testing.T) {
	s := rotating(t, keychain.Memory(), 3, unchanged)
	s.rotate(nextKey)
	s.remake()
	if !s.sees("The new key works for all 3") || s.field("New API key").Text != nextKey {
		t.Fatalf("the screen says\n%s", s.screenText())
	}
	s.press("Replace for all 3")
	s.until("it is replaced", func() bool { return s.sees("3 connections have the new key") })
	s.remake()
	if !s.sees("3 connections have the new key") || s.have(nextKey) != 3 {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A key that is entered is asked about before the window closes, and forgotten when it hides.
func TestTheNewKeyIsForgotten(t *testing.T) {
	s := rotating(t, keychain.Memory(), 2, unchanged)
	s.rotate(nextKey)
	if r := screenOf[*rotation](s); r.atClose() != keyIsEntered {
		t.Errorf("at the end it asks %d", r.atClose())
	}
	s.tell(windowHidden{})
	r := screenOf[*rotation](s)
	if r.key.Text != "" || r.atClose() != noQuestion || s.offers("Replace for all 2") || strings.Contains(fmt.Sprintf("%+v", r.trial), "TESTnext") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A connection can get a key of its own, too.
func TestAKeyForOneOfSeveral(t *testing.T) {
	s := rotating(t, keychain.Memory(), 2, unchanged)
	c := s.connections.all[1]
	s.tell(keyWanted{c})
	s.press("Only for this connection")
	if s.title() != words.Text("form.title.replace", words.Facts{"Name": c.Name}) || !s.sees("It stays in these connections too: "+s.connections.all[0].Name) {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A press that is meant for Cancel never replaces the key, however late it comes: neither Enter, nor a click in the place where Cancel was, nor
// a press that has begun on its button.
func TestCancelNeverReplacesTheKey(t *testing.T) {
	for name, size := range map[string]fyne.Size{"least": leastSize, "first": firstSize} {
		s := rotating(t, keychain.Memory(), 3, unchanged)
		s.win.Resize(size)
		s.tell(keyWanted{s.connections.all[0]})
		s.typeInto("New API key", nextKey)
		s.pass(typingPause)
		s.layOut()
		cancel := s.button("Cancel")
		at := s.app.Driver().AbsolutePositionForObject(cancel).Add(fyne.NewPos(cancel.Size().Width/2, cancel.Size().Height/2))
		isLeft := func(how string) {
			t.Helper()
			s.settle()
			if s.have(jumpcloudtest.SampleMultiTenantKey) != 3 || s.sees("have the new key") {
				t.Fatalf("%s, %s: the key is replaced", name, how)
			}
		}
		s.until("the trial has ended", func() bool { return s.offers("Replace for all 3") })
		s.layOut()
		if s.focused() != cancel {
			t.Errorf("%s: the focus is on %T", name, s.focused())
		}
		s.keys(fyne.KeyReturn)
		isLeft("Enter")
		if !s.sees("Nothing is changed: all 3 connections have the former key, as before.") || !s.highlights("Go on") {
			t.Errorf("%s: the screen says\n%s", name, s.screenText())
		}
		s.keys(fyne.KeyReturn, fyne.KeyReturn) // Go on, and what was meant for it twice
		s.until("it is cancelled or tried", func() bool { return !screenOf[*rotation](s).busy() })
		isLeft("Enter twice")
		if s.offers("Go on") {
			s.press("Go on")
		}
		s.until("the trial has ended again", func() bool { return s.offers("Replace for all 3") })
		s.layOut()
		test.TapCanvas(s.win.Canvas(), at)
		isLeft("a click in its place")
		cancel.Tapped(&fyne.PointEvent{})
		isLeft("a press that began on it")
		if s.offers("Go on") {
			s.press("Go on")
		}
		s.until("the trial has ended once more", func() bool { return s.offers("Replace for all 3") })
		s.tab(s.button("Replace for all 3"))
		s.keys(fyne.KeyReturn)
		s.until("it is replaced", func() bool { return s.have(nextKey) == 3 })
	}
}

// What could be replaced before the keychain failed is said, and the rest can be tried again, also if nobody saw the window meanwhile.
func TestRotateHalfWay(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		s := rotating(t, keychain.Memory(), 2, unchanged)
		s.rotate(nextKey)
		r, all := screenOf[*rotation](s), slices.Clone(s.connections.all)
		r.phase = phaseReplacing
		s.background.isHidden = hidden
		r.replaced(all[:1], keychain.ErrLocked)
		s.background.isHidden = false
		if !s.hasLine("1 of 2 connections has the new key") || !s.sees("The others keep the former key: do not revoke it, and try again.") ||
			!slices.Equal(s.highlighted(), []string{"Show the connection"}) {
			t.Errorf("hidden: %t, the screen says\n%s", hidden, s.screenText())
		}
		s.press("Try again")
		s.until("it is replaced", func() bool { return s.have(nextKey) == 2 })
		s.close()
	}
}

// halfWay has replaced the key of the first of three connections, and could not go on.
func halfWay(t *testing.T) (*stage, *rotation, *brokenKeychain) {
	t.Helper()
	k := broken(nil)
	s := rotating(t, k, 3, unchanged)
	s.rotate(nextKey)
	r := screenOf[*rotation](s)
	r.phase = phaseReplacing
	r.replaced(slices.Clone(s.connections.all[:1]), keychain.ErrLocked)
	return s, r, k
}

// What fails after a part is replaced never says the contrary, and never takes the way on away.
func TestRotateHalfWayAndFailAgain(t *testing.T) {
	s, _, k := halfWay(t)
	for range 2 {
		k.fail(keychain.ErrLocked)
		s.press("Try again")
		s.idle()
		if !s.hasLine("1 of 3 connections has the new key") || s.sees("Nothing is changed") {
			t.Fatalf("the screen says\n%s", s.screenText())
		}
	}
	k.fail(nil)
	connectClients(t, s.server, k, 4)
	s.press("Try again")
	s.until("one more is noticed", func() bool { return s.sees("The connections have changed meanwhile") })
	if !s.hasLine("1 of 3 connections has the new key") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.idle()
	s.press("Try these again")
	s.until("it works", func() bool { return s.offers("Replace for all 4") || s.offers("Replace for all 3") })
	if s.sees("Nothing is changed:") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// A half-way rotation goes on where its other connections ask for another key, and is not forgotten in the tray.
func TestRotateHalfWayAndComeBack(t *testing.T) {
	s, r, _ := halfWay(t)
	s.tell(homeWanted{})
	s.tell(keyWanted{s.connections.all[1]})
	s.until("it is tried", func() bool { return !r.busy() })
	s.drain()
	if !s.offers("Replace for all 3") || s.field("New API key").Text != nextKey {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	s.watcher.notify = func(string, string, func(error)) {}
	s.background.isHidden = true
	r.phase = phaseReplacing
	r.replaced(nil, keychain.ErrLocked)
	if len(r.done) != 1 || r.phase != phaseDone {
		t.Error("in the tray it is forgotten that one has the new key")
	}
	r.replaced(nil, connector.ErrReplaced)
	if r.err != nil || r.key.Text != "" {
		t.Errorf("with the others gone, it is %v, and the key is kept", r.err)
	}
}

// The key and the menu for Cancel do what the button does, also after a trial.
func TestRotateAndCancelByMenu(t *testing.T) {
	s := rotating(t, keychain.Memory(), 2, unchanged)
	s.rotate(nextKey)
	if !s.offers("Cancel") || s.current.actions().cancel == nil {
		t.Fatal("the menu has no Cancel for the button")
	}
	s.menu("Check", "Cancel")
	if !s.sees("Nothing is changed: all 2 connections have the former key") || !s.highlights("Go on") {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}
