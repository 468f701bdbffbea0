package gui

import (
	"slices"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/keychain"
)

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
