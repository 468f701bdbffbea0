package connector_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// Two more keys for the organization of SampleKey.
var (
	renewed = jumpcloudtest.Key{Value: "jca_TESTrenewed00000000000000000000000000001", Email: "second@larkspur.example",
		Role: jumpcloudtest.RoleReadOnly, MFA: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	third = jumpcloudtest.Key{Value: "jca_TESTthird0000000000000000000000000000001", Email: "third@larkspur.example",
		Role: jumpcloudtest.RoleAdministrator, MFA: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}}
)

// newServerWith starts a simulator that knows these keys too.
func newServerWith(t *testing.T, keys ...jumpcloudtest.Key) *jumpcloudtest.Server {
	s := newServer(t)
	for _, key := range keys {
		s.SetKey(key)
	}
	return s
}

// connected names the connections of a ConnectedError.
func connected(t *testing.T, err error) []connector.Connection {
	t.Helper()
	var c *connector.ConnectedError
	if !errors.As(err, &c) || len(c.Kept) == 0 {
		t.Fatalf("it does not say that the organization is connected already: %v", err)
	}
	return c.Kept
}

// trySave validates and tries to keep.
func trySave(t *testing.T, c *connector.Connector, name, key string, options ...connector.SaveOption) (connector.Connection, error) {
	t.Helper()
	return c.Save(t.Context(), name, with(key), validated(t, c, with(key)), options...)
}

// named returns the names of the kept connections, and the key of each.
func named(t *testing.T, c *connector.Connector) string {
	t.Helper()
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, one := range all {
		key, err := c.APIKey(t.Context(), one.ID)
		if err != nil {
			t.Fatalf("the key of %s: %v", one.Name, err)
		}
		is := map[string]string{jumpcloudtest.SampleKey: "sample", renewed.Value: "renewed", third.Value: "third"}[key.Reveal()]
		if one.SessionOnly {
			is += ", in memory"
		}
		kept = append(kept, one.Name+" ("+is+")")
	}
	return strings.Join(kept, "; ")
}

// A stored key is not replaced by another one of the same organization without being asked for.
func TestAnotherKeyOfAConnectedOrganization(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	first := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	before := k.writes
	_, err := trySave(t, c, "", renewed.Value)
	there := connected(t, err)
	if len(there) != 1 || there[0].ID != first.ID || there[0].Name != "Ours" || !there[0].Saved.Equal(noon) ||
		there[0].Report.Administrator.Email != "controlmap@larkspur.example" {
		t.Errorf("kept is %+v", there)
	}
	if k.writes != before {
		t.Errorf("%d writes", k.writes-before)
	}
	if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, "jca_") || strings.Contains(text, "Ours") {
		t.Errorf("the error says %s", text)
	}
	for what, option := range map[string][]connector.SaveOption{"leave": nil, "replace": nil, "keep both": {connector.KeepingBoth()}} {
		t.Run(what, func(t *testing.T) {
			s, k := newServerWith(t, renewed), newRecorder()
			c := newConnector(k, s)
			save(t, c, "Ours", with(jumpcloudtest.SampleKey))
			all, _ := c.Connections(t.Context(), nil)
			if what == "replace" {
				option = []connector.SaveOption{connector.Replacing(all[0])}
			}
			saved, err := trySave(t, c, "", renewed.Value, option...)
			if what == "leave" {
				connected(t, err)
			} else if err != nil {
				t.Fatal(err)
			}
			c, _ = stored(t, k, s)
			want := map[string]struct {
				names string
				kept  kept
				same  bool
			}{
				"leave":     {"Ours (sample)", kept{1, 1, 1}, false},
				"replace":   {"Ours (renewed)", kept{1, 1, 1}, true},
				"keep both": {"Larkspur Robotics (renewed); Ours (sample)", kept{2, 2, 2}, false},
			}[what]
			if got := named(t, c); got != want.names || keptIn(t, k) != want.kept || (saved.ID == all[0].ID) != want.same {
				t.Errorf("there are %s, in %+v; the same connection: %v", got, keptIn(t, k), saved.ID == all[0].ID)
			}
		})
	}
}

// To save the same key again is a new check of the connection: nobody is asked, and the connection keeps its name unless a new one is
// typed.
func TestTheSameKeyAgain(t *testing.T) {
	s, k := newServerWith(t), newRecorder()
	c := newConnector(k, s)
	first := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	for _, typed := range []struct{ name, want string }{{"", "Ours"}, {"  ", "Ours"}, {"Theirs", "Theirs"}, {"", "Theirs"}} {
		again := save(t, c, typed.name, with("  "+jumpcloudtest.SampleKey+"\n"))
		if again.ID != first.ID || again.KeyID != first.KeyID || again.Name != typed.want {
			t.Errorf("with the name %q it is %+v", typed.name, again)
		}
	}
	if got := keptIn(t, k); got != (kept{1, 1, 1}) {
		t.Errorf("there are %+v", got)
	}
}

// A name that nobody gave follows the organization's.
func TestANameThatNobodyGave(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	report := validated(t, c, with(jumpcloudtest.SampleKey))
	report.Organization.Name = "Larkspur, as it was called"
	first, err := c.Save(t.Context(), "", with(jumpcloudtest.SampleKey), report)
	if err != nil || first.Name != "Larkspur, as it was called" {
		t.Fatal(first.Name, err)
	}
	if again := save(t, c, "", with(renewed.Value), connector.Replacing(first)); again.Name != "Larkspur Robotics" {
		t.Errorf("it is called %q", again.Name)
	}
}

// Connections to one organization have names, ids and keys of their own, and each is checked, replaced and removed by itself.
func TestSeveralConnectionsToOneOrganization(t *testing.T) {
	s, k := newServerWith(t, renewed, third), newRecorder()
	c := newConnector(k, s)
	one := save(t, c, "", with(jumpcloudtest.SampleKey))
	two := save(t, c, "", with(renewed.Value), connector.KeepingBoth())
	if one.ID == two.ID || two.Name != "Larkspur Robotics (2)" {
		t.Fatalf("the second is %+v", two)
	}
	c, all := stored(t, k, s)
	if len(all) != 2 || all[0].ID != one.ID || all[1].ID != two.ID {
		t.Fatalf("found %+v", all)
	}
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	for _, each := range []struct {
		id   string
		want check.State
	}{{one.ID, check.Failed}, {two.ID, check.Passed}} {
		if report, err := checkTwice(t, c, each.id); err != nil || report.Worst() != each.want {
			t.Errorf("checked, it is %s, %v", report.Worst(), err)
		}
	}
	_, err := trySave(t, c, "", third.Value)
	if kept := connected(t, err); len(kept) != 2 || kept[0].ID != one.ID || kept[0].Report.Worst() != check.Failed {
		t.Errorf("kept are %+v", kept)
	}
	saved, err := trySave(t, c, "larkspur robotics (2)", third.Value, connector.Replacing(one))
	if err != nil || saved.ID != one.ID || saved.Name != "larkspur robotics (2) (2)" {
		t.Errorf("replaced, it is %+v, %v", saved, err)
	}
	if again := save(t, c, "Second", with(renewed.Value)); again.ID != two.ID { // the same key finds its own
		t.Error("the same key is another connection")
	}
	if got := named(t, c); got != "larkspur robotics (2) (2) (third); Second (renewed)" {
		t.Errorf("there are %s", got)
	}
	if err := c.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	if got := named(t, c); got != "Second (renewed)" || keptIn(t, k) != (kept{1, 1, 1}) {
		t.Errorf("there are %s, in %+v", got, keptIn(t, k))
	}
	// The first place is free again, and another connection takes it.
	if back := save(t, c, "", with(third.Value), connector.KeepingBoth()); back.ID == two.ID {
		t.Error("two connections have one id")
	}
	if err := c.Remove(t.Context(), two.ID); err != nil {
		t.Fatal(err)
	}
	if got := named(t, c); got != "Larkspur Robotics (third)" {
		t.Errorf("there are %s", got)
	}
}

// A key is replaced only if it is still the key that the person has seen.
func TestWhatWasAgreedTo(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(*testing.T, *connector.Connector, connector.Connection)
		want      string // empty where it is asked again
	}{
		"nothing happened": {func(*testing.T, *connector.Connector, connector.Connection) {}, "Ours (third)"},
		"it was checked": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			if _, err := c.Check(t.Context(), kept.ID, ignore); err != nil {
				t.Error(err)
			}
		}, "Ours (third)"},
		"it was saved again with its key": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			save(t, c, "Renamed", with(jumpcloudtest.SampleKey))
		}, "Renamed (third)"},
		"its key was replaced": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			save(t, c, "", with(renewed.Value), connector.Replacing(kept))
		}, ""},
		"it was removed": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			if err := c.Remove(t.Context(), kept.ID); err != nil {
				t.Error(err)
			}
		}, "Ours (third)"},
		"it was removed, and another connected": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			if err := c.Remove(t.Context(), kept.ID); err != nil {
				t.Error(err)
			}
			save(t, c, "", with(renewed.Value))
		}, ""},
		"another was connected beside it": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			save(t, c, "", with(renewed.Value), connector.KeepingBoth())
		}, "Larkspur Robotics (renewed); Ours (third)"},
		"another process saved the same key": {func(t *testing.T, c *connector.Connector, kept connector.Connection) {
			save(t, c, "", with(third.Value), connector.KeepingBoth())
		}, "Larkspur Robotics (third); Ours (sample)"},
	} {
		t.Run(name, func(t *testing.T) {
			s, k := newServerWith(t, renewed, third), newRecorder()
			here, elsewhere := newConnector(k, s), newConnector(k, s)
			kept := save(t, here, "Ours", with(jumpcloudtest.SampleKey))
			c.meanwhile(t, elsewhere, kept)
			before := named(t, here)
			_, err := trySave(t, here, "", third.Value, connector.Replacing(kept))
			if c.want == "" {
				connected(t, err)
				c.want = before
			} else if err != nil {
				t.Fatal(err)
			}
			if got := named(t, here); got != c.want {
				t.Errorf("there are %s, want %s", got, c.want)
			}
		})
	}
}

// If the key is of another organization than the connection to replace, that connection stays, and the person is asked about the key's own
// organization.
func TestReplacingWithTheKeyOfAnotherOrganization(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	bakery := save(t, c, "Bakery", with(jumpcloudtest.SampleAdministratorKey))
	if saved := save(t, c, "", with(renewed.Value), connector.Replacing(bakery)); saved.ID == bakery.ID || saved.Name != "Larkspur Robotics" {
		t.Errorf("saved as %+v", saved)
	}
	_, err := trySave(t, c, "", jumpcloudtest.SampleKey, connector.Replacing(bakery))
	if kept := connected(t, err); kept[0].Name != "Larkspur Robotics" {
		t.Errorf("kept is %q", kept[0].Name)
	}
	if got := keptIn(t, k); got != (kept{2, 2, 2}) {
		t.Errorf("there are %+v", got)
	}
}

// When a lost key is entered again, nobody is asked. When another key is entered, the person is asked.
func TestAKeyThatWasLost(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	delete(k.entries, "key/0")
	_, err := trySave(t, c, "", renewed.Value)
	connected(t, err)
	if again := save(t, c, "", with(jumpcloudtest.SampleKey)); again.ID != saved.ID || again.Name != "Ours" {
		t.Errorf("it is %+v", again)
	}
	if got := named(t, c); got != "Ours (sample)" {
		t.Errorf("there are %s", got)
	}
}

// A connection of the session and a stored one are two connections, even with the same key. Each is removed by itself.
func TestTheSessionBesideTheKeychain(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	stored := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	session, err := c.SaveForSession(t.Context(), "", with(renewed.Value), validated(t, c, with(renewed.Value)))
	if err != nil || session.ID == stored.ID {
		t.Fatal(session.ID, err)
	}
	_, err = c.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if kept := connected(t, err); len(kept) != 1 || !kept[0].SessionOnly {
		t.Errorf("kept for the session is %+v", kept)
	}
	if got := named(t, c); got != "Larkspur Robotics (renewed, in memory); Ours (sample)" {
		t.Errorf("there are %s", got)
	}
	_, err = c.SaveFromSession(t.Context(), session.ID)
	if kept := connected(t, err); len(kept) != 1 || kept[0].ID != stored.ID {
		t.Errorf("stored is %+v", kept)
	}
	before := k.writes
	if err := c.Remove(t.Context(), session.ID); err != nil || k.writes != before {
		t.Errorf("%d writes, %v", k.writes-before, err)
	}
	if got := named(t, c); got != "Ours (sample)" {
		t.Errorf("there are %s", got)
	}
}

// A connection of the session is saved as the person decides. Afterwards it is no longer kept for the session.
func TestSavingFromTheSession(t *testing.T) {
	for name, want := range map[string]string{"replace": "Ours (renewed)", "keep both": "Larkspur Robotics (renewed); Ours (sample)"} {
		s, k := newServerWith(t, renewed), newRecorder()
		c := newConnector(k, s)
		stored := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
		session, err := c.SaveForSession(t.Context(), "", with(renewed.Value), validated(t, c, with(renewed.Value)))
		if err != nil {
			t.Fatal(err)
		}
		option := map[string]connector.SaveOption{"replace": connector.Replacing(stored), "keep both": connector.KeepingBoth()}[name]
		saved, err := c.SaveFromSession(t.Context(), session.ID, option)
		if err != nil || saved.SessionOnly {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := c.SaveFromSession(t.Context(), session.ID) // pressed twice
		if err != nil || again.ID != saved.ID || again.Report.Worst() != check.Passed {
			t.Errorf("%s, twice: %+v, %v", name, again, err)
		}
		if got := named(t, c); got != want {
			t.Errorf("%s: there are %s", name, got)
		}
	}
}

// A connection of the session that has been saved can still be removed by its former id.
func TestRemovingWhatWasSavedSince(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	session, err := c.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.SaveFromSession(t.Context(), session.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), session.ID); err != nil || len(k.entries) != 0 {
		t.Errorf("%v, and %d entries are left", err, len(k.entries))
	}
}

// Whatever the last check of a connection of the session says, it can be saved: it worked when it was made.
func TestSavingWhatFailedSince(t *testing.T) {
	for name, fault := range map[string]*jumpcloudtest.Fault{"the key refused": jumpcloudtest.Unauthorized(), "no answer": jumpcloudtest.Status(503),
		"a portal": jumpcloudtest.CaptivePortal(), "a list refused": jumpcloudtest.Forbidden().On("/api/systems")} {
		s, k := newServerWith(t), newRecorder()
		c := newConnector(k, s)
		session, err := c.SaveForSession(t.Context(), "Ours", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
		if err != nil {
			t.Fatal(err)
		}
		s.Fail(fault)
		if report, err := checkTwice(t, c, session.ID); err != nil || report.Worst() != check.Failed {
			t.Fatalf("%s: it is %s, %v", name, report.Worst(), err)
		}
		saved, err := c.SaveFromSession(t.Context(), session.ID)
		if err != nil || saved.Name != "Ours" || saved.Organization.Name != "Larkspur Robotics" || saved.Report.Worst() != check.Failed {
			t.Errorf("%s: saved is %+v, %v", name, saved, err)
		}
		s.Heal()
		if report, err := c.Check(t.Context(), saved.ID, ignore); err != nil || report.Worst() != check.Passed {
			t.Errorf("%s: checked again it is %s, %v", name, report.Worst(), err)
		}
		if got := named(t, c); got != "Ours (sample)" {
			t.Errorf("%s: there are %s", name, got)
		}
	}
}

// If a connection of the session is saved twice at the same time, it is saved once, and both calls succeed. A removal waits for them.
func TestSavingFromTheSessionTwiceAtOnce(t *testing.T) {
	s, k := newServerWith(t), newRecorder()
	c := newConnector(k, s)
	session, err := c.SaveForSession(t.Context(), "Ours", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	k.hang = make(chan struct{}) // the keychain asks
	errs, ids := make(chan error, 2), make(chan string, 2)
	for range 2 {
		go func() {
			saved, err := c.SaveFromSession(t.Context(), session.ID)
			errs <- err
			ids <- saved.ID
		}()
	}
	close(k.hang)
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Error(err)
	}
	if one, two := <-ids, <-ids; one != two {
		t.Error("saved as two connections")
	}
	if got := named(t, c); got != "Ours (sample)" || keptIn(t, k) != (kept{1, 1, 1}) {
		t.Errorf("there are %s, in %+v", got, keptIn(t, k))
	}
	if err := c.Remove(t.Context(), session.ID); err != nil && connector.KeychainCause(err) != check.CauseKeychainGone {
		t.Error(err)
	}
}

// A connection of the session whose key is replaced is not left beside the saved one.
func TestReplacingWhatIsKeptForTheSession(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	c := newConnector(k, s)
	session, err := c.SaveForSession(t.Context(), "Ours", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	save(t, c, "", with(renewed.Value), connector.Replacing(session))
	if got := named(t, c); got != "Ours (renewed)" {
		t.Errorf("there are %s", got)
	}
}

// Two connections to the same organization that are saved at the same time are kept both.
func TestKeepingBothAtOnce(t *testing.T) {
	s, k := newServerWith(t), newRecorder()
	c := newConnector(k, s)
	report := validated(t, c, with(jumpcloudtest.SampleKey))
	errs := make(chan error)
	const many = 12
	for i := range many {
		go func() {
			key := secret.New(fmt.Sprintf("jca_TESTmany%030d", i))
			_, err := c.Save(context.WithoutCancel(t.Context()), "", check.Credentials{APIKey: key}, report, connector.KeepingBoth())
			errs <- err
		}()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	_, all := stored(t, k, s)
	ids, names := make(map[string]bool), make(map[string]bool)
	for _, one := range all {
		ids[one.ID], names[one.Name] = true, true
	}
	if len(ids) != many || len(names) != many || keptIn(t, k) != (kept{many, many, many}) {
		t.Errorf("%d ids, %d names, %+v", len(ids), len(names), keptIn(t, k))
	}
	_, err := trySave(t, c, "", jumpcloudtest.SampleKey)
	if kept := connected(t, err); len(kept) != many || !slices.IsSortedFunc(kept, func(a, b connector.Connection) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d are told", len(kept))
	}
}

// If a page cannot be read, a new connection does not get an id that a connection on it may have.
func TestTheIDOfAConnectionThatCannotBeRead(t *testing.T) {
	s, k := newServerWith(t, renewed), newRecorder()
	first := save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
	entry := k.entries["connections/0"]
	k.entries["connections/0"] += "x"
	c := newConnector(k, s)
	if second := save(t, c, "", with(renewed.Value)); second.ID == first.ID {
		t.Error("two connections have one id")
	}
	k.entries["connections/0"] = entry
	c = newConnector(k, s)
	if got := named(t, c); got != "Larkspur Robotics (renewed); Ours (sample)" {
		t.Errorf("there are %s", got)
	}
}
