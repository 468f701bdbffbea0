package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// crowd keeps connections to so many organizations, in a keychain that the window is then opened on.
func crowd(t *testing.T, s *stage, n int) {
	t.Helper()
	s.idle() // what the start cleans up is read again
	credentials := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(100))}
	report := s.c.Validate(t.Context(), credentials, func(check.Result) {})
	for i := range n {
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Client %04d", i)}
		if _, err := s.c.Save(t.Context(), "", credentials, report); err != nil {
			t.Fatal(err)
		}
	}
}

// What has been read is shown, and can be worked with, while the keychain still gives the rest.
func TestTheListFillsAsItIsRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.reread()
	s.until("the first ones are there", func() bool { return len(s.names()) > 0 })
	// How many fit on a page of the keychain depends on how well they are compressed.
	if n := len(s.names()); n < 10 || n == 50 || !s.sees("Reading more…") || s.offers("Check all") {
		t.Errorf("%d rows; the screen says %s", n, s.screenText())
	}
	s.tap("Client 0003")
	if s.title() != "Client 0003" || s.textBeside("Key belongs to") == "not known" {
		t.Errorf("the fourth row opens %s", s.screenText())
	}
	s.fill("Search", "client 000")
	if n := len(s.names()); n != 10 {
		t.Errorf("the search finds %d of them", n)
	}
	k.open()
	s.until("all are there", func() bool { return !s.sees("Reading more…") })
	n := len(s.names())
	s.fill("Search", "")
	if n != 10 || len(s.names()) != 50 || !s.offers("Check all") || !strings.HasPrefix(s.marked(), "Client 0003") || s.title() != "Client 0003" {
		t.Errorf("at the end there are %d rows of %d, and %q is on the screen", n, len(s.names()), s.title())
	}
}

// Who has scrolled away from the connection on the screen stays there while more arrive.
func TestScrolledWhileOthersAreRead(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 60)
	s.reread()
	s.until("all are there", func() bool { return len(s.names()) == 60 })
	s.tap("Client 0000")
	list := s.listBelow("Connections")
	list.ScrollToOffset(900)
	at := list.GetScrollOffset()
	if at == 0 {
		t.Fatal("the list cannot be scrolled")
	}
	more := s.kept()[59]
	more.ID, more.Name = "one-more", "Client 9999"
	s.connections.add([]connector.Connection{more})
	if now := list.GetScrollOffset(); now != at || len(s.names()) != 61 {
		t.Errorf("the list is at %v, and was at %v", now, at)
	}
	list.ScrollTo(30)
	s.tap("Client 0030") // another one is on the screen now, and its row is in sight
	s.tell(connectionsChanged{})
	if s.title() != "Client 0030" || !strings.HasPrefix(s.marked(), "Client 0030") {
		t.Errorf("another row was opened: %q, and marked is %q", s.title(), s.marked())
	}
}

// All are checked as soon as it is known which there are.
func TestCheckAllWhileTheyAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.reread()
	s.until("the first ones are there", func() bool { return len(s.names()) > 0 })
	s.server.ResetRequests()
	s.menu("Check", "Check all")
	if s.offers("Check all") || s.offers("Cancel") {
		t.Error("it began with a part of them")
	}
	k.open()
	s.until("it begins", func() bool { return s.sees("0 of 50") })
	s.press("Cancel")
	s.until("it has ended", func() bool { return s.offers("Check all") })
}

// What was read before the keychain failed stays in the list.
func TestReadInPart(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	crowd(t, s, 3)
	found, err := s.c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.loader.set(found[:2])
	s.loader.failed(found[1:], false)
	if got := s.names(); len(got) != 3 || !s.inWindow("Read again") || got[2] != "Client 0002" {
		t.Errorf("%q are shown", got)
	}
}

// A damaged list of names is made anew, without a word to the user, who could do nothing about it.
func TestADamagedListIsMended(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Set("gui.test", "index", "my own note"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there", func() bool { return len(s.names()) == 1 && !s.sees("Reading more…") && !s.inWindow("Read again") })
	s.settle() // the window may have said for a moment that it waits for the keychain
	if s.offers("Try again") || s.sees("Waiting for the system keychain") || s.names()[0] != "Larkspur Robotics" || s.sees("Broken") {
		t.Error("the window complains")
	}
}

// A list of names that is gone is made anew likewise.
func TestAMissingListIsMended(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Delete("gui.test", "index"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there", func() bool { return len(s.names()) == 1 && !s.sees("Reading more…") && !s.inWindow("Read again") })
	s.settle() // the window may have said for a moment that it waits for the keychain
	if s.offers("Try again") || s.sees("Waiting for the system keychain") || s.names()[0] != "Larkspur Robotics" || s.sees("Broken") {
		t.Error("the window complains")
	}
}

// A connection whose key is gone keeps its name, says what is missing, and offers to replace the key.
func TestAConnectionWhoseKeyIsGone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	c := connector.New(keychain.New(k, "gui.test"))
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	if err := k.Delete("gui.test", "key/0"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("it is there, and its key was looked for", func() bool { return strings.Contains(strings.Join(s.rows("Connections"), ""), "Broken") })
	s.idle()
	s.tap("Larkspur Robotics")
	if s.title() != all[0].Name || !s.offers("Replace key") || !s.blames(check.CauseKeychainGone) {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// Connections that something else has deleted are one row, which says so and can be removed.
func TestConnectionsThatAreGone(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	if err := k.Delete("gui.test", "connections/0"); err != nil {
		t.Fatal(err)
	}
	s := open(t, k, Options{})
	s.until("the row is there", func() bool { return len(s.names()) == 1 })
	s.idle()
	s.tap("Cannot be read")
	if s.title() != "Connections that cannot be read" || s.offers("Replace key") || !s.blames(check.CauseConnectionsGone) {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.remove()
	s.until("it is removed", func() bool { return len(s.names()) == 0 })
}

// A connection that is removed while others are read does not come back.
func TestRemovedWhileOthersAreRead(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory(), only: "connections/1"}
	s := open(t, k, Options{})
	crowd(t, s, 50)
	k.close()
	s.reread()
	first := <-s.jobs // the first ones are on their way,
	s.jobs <- first   // and the window does not know them yet
	behind := connector.New(keychain.New(k.Backend, "gui.test"))
	all, err := behind.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := behind.Remove(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	s.connections.hide(all[0].ID)
	s.connections.deleted(all[0].ID)
	k.open()
	s.until("the others are there", func() bool {
		if slices.Contains(s.names(), all[0].Name) {
			t.Fatal("it came back")
		}
		return len(s.names()) == 49 && !s.sees("Reading more…")
	})
}

// Connections that are kept together, and cannot be read, are one row, which says so and can be removed.
func TestConnectionsThatCannotBeRead(t *testing.T) {
	k := keychain.Memory()
	s := open(t, k, Options{})
	crowd(t, s, 40)
	if err := k.Set("gui.test", "connections/0", "my own note"); err != nil {
		t.Fatal(err)
	}
	s.reread()
	several := func() bool { return strings.Contains(strings.Join(s.rows("Connections"), ""), "Several connections") }
	s.until("what can be read is there", func() bool { return len(s.names()) > 1 && several() && !s.sees("Reading more…") })
	rest := len(s.names()) - 1
	s.tap("Cannot be read")
	if s.title() != "Connections that cannot be read" || s.offers("Replace key") || !s.blames(check.CauseKeychainDamaged) {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.press("Remove")
	if !s.hasLine(words.Text("ask.remove_several.text")) {
		t.Error("the question does not say that it is about several")
	}
	s.press("Remove")
	s.until("it is removed", func() bool { return !several() })
	if got := s.names(); len(got) != rest || got[rest-1] != "Client 0039" {
		t.Errorf("%q are left", got)
	}
}
