package gui

import (
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// Everything counts alike who uses a key: those that have it in the same region, and can be read.
func TestWhoUsesAKey(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	one := s.connections.all[0]
	same, elsewhere, gone := one, one, one
	same.ID, same.Name = "same", "Same key"
	elsewhere.ID, elsewhere.Name, elsewhere.Region = "elsewhere", "Same key elsewhere", "eu"
	gone.ID, gone.Name, gone.Trouble = "gone", "Its key is gone", check.CauseKeychainGone
	unread := connector.Connection{ID: "unread", Trouble: check.CauseKeychainDamaged}
	counts := func(want int, some ...connector.Connection) {
		t.Helper()
		s.loader.set(append(some, unread, unread))
		f := s.form()
		f.setReplaces(one)
		named := strings.Count(f.about.Text, "Same key") + strings.Count(f.about.Text, "Its key is gone")
		if n, of := s.connections.users(one), connector.RotationOf(s.connections.all, keyOf(one)); n != want || len(of.Connections) != want ||
			s.connections.sharesKey(one) != (want > 1) || named != want-1 {
			t.Errorf("%d of %d use it, %d get another one, and the form names %d: %s", n, want, len(of.Connections), named, f.about.Text)
		}
	}
	counts(1, one)
	counts(1, one, elsewhere)
	counts(3, one, same, elsewhere, gone)
	if s.connections.sharesKey(unread) {
		t.Error("what cannot be read shares a key")
	}
}

// Whatever changes, each connection is there once, at its place by name, unless it is being removed.
func TestConnectionsStayInOrder(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	k := s.connections
	is := func(what string, want ...string) {
		t.Helper()
		var names, shown []string
		for _, c := range k.all {
			names = append(names, c.Name)
		}
		for _, one := range s.listing.all {
			shown = append(shown, one.Name)
		}
		if !slices.Equal(names, want) || !slices.Equal(shown, want) {
			t.Errorf("%s: there are %q, and the list has %q, not %q", what, names, shown, want)
		}
	}
	named := func(id, name string) connector.Connection { return connector.Connection{ID: id, Name: name} }
	s.loader.set([]connector.Connection{named("c", "Client 10"), named("a", "Client 2"), named("e", "Zoo")})
	is("sorted", "Client 2", "Client 10", "Zoo")
	k.put(named("b", "Client 3"))
	is("one more", "Client 2", "Client 3", "Client 10", "Zoo")
	k.put(named("b", "Ägir"))
	is("saved anew", "Ägir", "Client 2", "Client 10", "Zoo")
	k.change("e", func(c *connector.Connection) { c.Name = "Client 9" })
	is("renamed", "Ägir", "Client 2", "Client 9", "Client 10")
	k.hide("a")
	k.add([]connector.Connection{named("f", "Client 1"), named("a", "Client 2"), named("b", "Other")})
	is("hidden, and more read", "Ägir", "Client 1", "Client 9", "Client 10")
	k.savedSeveral([]connector.Connection{named("g", "Yes"), named("c", "Client 11"), named("a", "Client 2")})
	is("several saved", "Ägir", "Client 1", "Client 9", "Client 11", "Yes")
	k.unhide(named("a", "Client 2"))
	is("put back", "Ägir", "Client 1", "Client 2", "Client 9", "Client 11", "Yes")
	k.moved(named("g", "Yes"), named("h", "Client 4"))
	is("moved", "Ägir", "Client 1", "Client 2", "Client 4", "Client 9", "Client 11")
}
