package connector_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// Something else than this program deletes, replaces and restores entries of the keychain, one at a time. Whatever it does to
// one of them: the connections that do not need it keep working, nothing is written over, and what is lost is told.

// keep is a populated keychain: its entries, as they are and as they were, and what its connections need of them.
type keep struct {
	entries map[string]string
	history []map[string]string // after each save
	all     []connector.Connection
	keys    map[string]string // the key of each connection, by its id
	shelf   map[string]int    // where each connection is
	another check.Report      // on one that is not stored yet
}

// smallKeep has three connections with two keys. largeKeep has 45 with one, and one more with another key.
func smallKeep(t *testing.T, s *jumpcloudtest.Server) keep {
	k := newRecorder()
	c, kept := newConnector(k, s), keep{keys: make(map[string]string), shelf: make(map[string]int)}
	for i := range 2 {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100 + i))
		kept.add(k, save(t, c, "", credentials), jumpcloudtest.SampleMultiTenantKey)
	}
	kept.add(k, save(t, c, "", with(jumpcloudtest.SampleKey)), jumpcloudtest.SampleKey)
	kept.another = validated(t, c, with(jumpcloudtest.SampleAdministratorKey))
	return kept
}

func largeKeep(t *testing.T, s *jumpcloudtest.Server) keep {
	k := newRecorder()
	c, kept := newConnector(k, s), keep{keys: make(map[string]string), shelf: make(map[string]int)}
	for i, one := range crowd(t, c, 45) {
		kept.add(nil, one, jumpcloudtest.SampleMultiTenantKey)
		kept.shelf[one.ID] = i / 20
	}
	one := save(t, c, "", with(jumpcloudtest.SampleKey))
	kept.add(k, one, jumpcloudtest.SampleKey)
	kept.shelf[one.ID] = 2
	kept.another = validated(t, c, with(jumpcloudtest.SampleAdministratorKey))
	return kept
}

func (kept *keep) add(k *recorder, one connector.Connection, key string) {
	kept.all = append(kept.all, one)
	kept.keys[one.ID] = key
	if k != nil {
		kept.history = append(kept.history, maps.Clone(k.entries))
		kept.entries = maps.Clone(k.entries)
	}
}

// needs reports whether a connection cannot work without an entry of the keychain.
func (kept keep) needs(one connector.Connection, entry string) bool {
	name, _, _ := strings.Cut(entry, "#")
	return name == fmt.Sprintf("connections/%d", kept.shelf[one.ID]) || name == "key/"+one.KeyID
}

// harm is something that is done to an entry.
type harm struct {
	what    string
	entries map[string]string // what the keychain holds then
	touched []string          // the entries that are not as they were
}

// harms are all things that one program can do to one entry.
func (kept keep) harms() []harm {
	var all []harm
	do := func(what, entry, text string) {
		after := maps.Clone(kept.entries)
		if after[entry] = text; text == "" {
			delete(after, entry)
		}
		all = append(all, harm{what + " " + entry, after, []string{entry}})
	}
	for _, entry := range slices.Sorted(maps.Keys(kept.entries)) {
		do("delete", entry, "")
		do("a foreign text in", entry, "my own note")
		do("a piece of", entry, kept.entries[entry][:len(kept.entries[entry])/2])
		for i, earlier := range kept.history {
			if old, ok := earlier[entry]; ok && old != kept.entries[entry] {
				do(fmt.Sprintf("copy %d of", i), entry, old)
			}
		}
		for _, other := range slices.Sorted(maps.Keys(kept.entries)) { // one of the same kind
			if kind, _, _ := strings.Cut(entry, "/"); other != entry && strings.HasPrefix(other, kind) && !strings.Contains(other+entry, "#") {
				do("the text of "+other+" in", entry, kept.entries[other])
				break
			}
		}
	}
	return all
}

// deletions are of everything but one entry, and of two at a time.
func (kept keep) deletions() []harm {
	var all []harm
	names := slices.Sorted(maps.Keys(kept.entries))
	for i, one := range names {
		only := harm{"delete all but " + one, map[string]string{one: kept.entries[one]}, nil}
		for _, other := range names {
			if other != one {
				only.touched = append(only.touched, other)
			}
		}
		all = append(all, only)
		for _, other := range names[i+1:] {
			after := maps.Clone(kept.entries)
			delete(after, one)
			delete(after, other)
			all = append(all, harm{"delete " + one + " and " + other, after, []string{one, other}})
		}
	}
	return all
}

func (h harm) keychain() *recorder {
	k := newRecorder()
	maps.Copy(k.entries, h.entries)
	return k
}

func TestNothingIntactIsLost(t *testing.T) {
	s := newServer(t)
	small, large := smallKeep(t, s), largeKeep(t, s)
	for _, c := range []struct {
		name  string
		kept  keep
		harms []harm
	}{{"three connections", small, small.harms()}, {"three connections, more at once", small, small.deletions()}, {"46 connections", large, large.harms()}} {
		t.Run(c.name, func(t *testing.T) {
			for _, h := range c.harms {
				for name, do := range aftermaths {
					if len(c.kept.all) > 3 && testing.Short() && (name != "save" || !strings.HasPrefix(h.what, "delete")) {
						continue
					}
					k := h.keychain()
					do(t, k, s, c.kept, h)
					c.kept.isUnharmed(t, k, s, h)
					k = h.keychain() // and again, after a start
					_ = newConnector(k, s).Tidy(t.Context())
					do(t, k, s, c.kept, h)
					c.kept.isUnharmed(t, k, s, h)
					c.kept.isTidied(t, k, s, h)
					c.kept.isWiped(t, k, s)
					if t.Failed() {
						t.Fatalf("after: %s, then: %s", h.what, name)
					}
				}
			}
			t.Logf("%d things done to the keychain", len(c.harms))
		})
	}
}

// aftermaths are what the program is used for then.
var aftermaths = map[string]func(*testing.T, *recorder, *jumpcloudtest.Server, keep, harm){
	"list": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept keep, h harm) {
		before := maps.Clone(k.entries)
		all, err := newConnector(k, s).Connections(t.Context(), nil)
		if !maps.Equal(before, k.entries) {
			t.Error("listing has changed something")
		}
		if len(all) == 0 && err == nil && len(h.entries) > 0 && !onlyKey(h) {
			t.Error("the list is empty, without a word")
		}
	},
	"tidy": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, _ keep, _ harm) {
		_ = newConnector(k, s).Tidy(t.Context())
	},
	"save": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept keep, h harm) {
		c := newConnector(k, s)
		saved, err := c.Save(t.Context(), "Another", with(jumpcloudtest.SampleAdministratorKey), kept.another)
		if err != nil {
			t.Errorf("nothing can be saved then: %v", err)
		}
		if key, err := c.APIKey(t.Context(), saved.ID); err != nil || key.Reveal() != jumpcloudtest.SampleAdministratorKey {
			t.Errorf("what is saved then has no key: %v", err)
		}
	},
	"check": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept keep, h harm) {
		c := newConnector(k, s)
		for _, one := range kept.all[len(kept.all)-2:] {
			if report, err := c.Check(t.Context(), one.ID, ignore); err == nil && report.At.IsZero() {
				t.Error("it was checked without a report")
			}
		}
	},
	"remove": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept keep, h harm) {
		c := newConnector(k, s)
		all, _ := c.Connections(t.Context(), nil)
		for _, one := range all {
			if one.Trouble != "" || !slices.ContainsFunc(kept.all[:2], func(other connector.Connection) bool { return one.ID == other.ID }) {
				continue
			}
			if err := c.Remove(t.Context(), one.ID); err != nil {
				t.Errorf("remove: %v", err)
			}
			kept.keys[one.ID+" removed"] = "" // see isUnharmed, which takes it out again
		}
	},
}

// onlyKey reports whether there is nothing left but a key: what it belonged to cannot be known.
func onlyKey(h harm) bool {
	for entry := range h.entries {
		if !strings.HasPrefix(entry, "key/") {
			return false
		}
	}
	return true
}

// isUnharmed checks that each connection which does not need what was touched is listed, with its key, and that a loss of the
// others is told.
func (kept keep) isUnharmed(t *testing.T, k *recorder, s *jumpcloudtest.Server, h harm) {
	t.Helper()
	c := newConnector(k, s)
	all, err := c.Connections(t.Context(), nil)
	told := err != nil || slices.ContainsFunc(all, func(c connector.Connection) bool { return c.Trouble != "" })
	for _, one := range kept.all {
		if _, removed := kept.keys[one.ID+" removed"]; removed {
			continue
		}
		i := slices.IndexFunc(all, func(c connector.Connection) bool { return c.ID == one.ID })
		key, keyErr := c.APIKey(t.Context(), one.ID)
		works := i >= 0 && all[i].Name == one.Name && keyErr == nil && key.Reveal() == kept.keys[one.ID]
		intact := !slices.ContainsFunc(h.touched, func(entry string) bool { return kept.needs(one, entry) })
		switch {
		case intact && !works:
			t.Errorf("%q is lost: at %d, %v, %v", one.Name, i, err, keyErr)
		case keyErr == nil && key.Reveal() != kept.keys[one.ID]:
			t.Errorf("%q has the key of another", one.Name)
		case !works && !told && keyErr == nil:
			t.Errorf("%q is lost without a word", one.Name)
		}
	}
	maps.DeleteFunc(kept.keys, func(id, _ string) bool { return strings.HasSuffix(id, " removed") })
}

// isTidied checks, after a start, that each entry is reached by the list, and that each key is used, unless something that is
// lost may use it.
func (kept keep) isTidied(t *testing.T, k *recorder, s *jumpcloudtest.Server, h harm) {
	t.Helper()
	c := newConnector(k, s)
	if err := c.Tidy(t.Context()); err != nil {
		t.Errorf("tidy: %v", err)
	}
	all, err := c.Connections(t.Context(), nil)
	if err != nil || slices.ContainsFunc(all, func(c connector.Connection) bool { return c.Trouble != "" }) || onlyKey(h) {
		return
	}
	names, err := keychain.New(k, service).Names(t.Context())
	if err != nil {
		t.Error(err)
	}
	used := make(map[string]bool)
	for _, one := range all {
		used["key/"+one.KeyID] = true
	}
	for entry := range k.entries {
		name, _, _ := strings.Cut(entry, "#")
		if entry != "index" && !strings.HasPrefix(entry, "index/") && !slices.Contains(names, name) {
			t.Errorf("%s is in no list", entry)
		}
		if strings.HasPrefix(entry, "key/") && !used[name] {
			t.Errorf("%s is an orphan", entry)
		}
	}
}

func (kept keep) isWiped(t *testing.T, k *recorder, s *jumpcloudtest.Server) {
	t.Helper()
	if err := newConnector(k, s).RemoveEverything(t.Context()); err != nil || len(k.entries) > 0 {
		t.Errorf("remove everything: %v, and %d entries are left", err, len(k.entries))
	}
}

// What another program has written into a record is read, as far as it can be shown, or the record is damaged.
func TestAForeignRecord(t *testing.T) {
	s := newServer(t)
	for name, c := range map[string]struct {
		change  func(connection map[string]any)
		name    string
		trouble check.Cause
	}{
		"a name with orders":      {func(c map[string]any) { c["name"] = "a\x1b[31mb\u202ec\nd" }, "a [31mbc d", ""},
		"a name without end":      {func(c map[string]any) { c["name"] = strings.Repeat("x", 1<<20) }, strings.Repeat("x", 100) + "…", ""},
		"a name to see nothing":   {func(c map[string]any) { c["name"] = " \u200b" }, "Larkspur Robotics", ""},
		"the id of a key, a path": {func(c map[string]any) { c["key"] = "../X Y" }, "", check.CauseKeychainDamaged},
		"no id of a key":          {func(c map[string]any) { c["key"] = "" }, "", check.CauseKeychainDamaged},
		"another shelf's place":   {func(c map[string]any) { c["place"] = 900 }, "", check.CauseKeychainDamaged},
		"a number for a name":     {func(c map[string]any) { c["name"] = 7 }, "", check.CauseKeychainDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			k := newRecorder()
			save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
			direct := keychain.New(k, service)
			value, err := direct.Get(t.Context(), "connections/0")
			if err != nil {
				t.Fatal(err)
			}
			var record map[string]any
			if err := json.Unmarshal(inflated(t, value), &record); err != nil {
				t.Fatal(err)
			}
			c.change(record["connections"].([]any)[0].(map[string]any))
			if err := direct.Put(t.Context(), "connections/0", deflated(t, record)); err != nil {
				t.Fatal(err)
			}
			all, err := newConnector(k, s).Connections(t.Context(), nil)
			if len(all) != 1 || err != nil || all[0].Name != c.name || all[0].Trouble != c.trouble {
				t.Errorf("%d connections, %v: %.200q, %q", len(all), err, all[0].Name, all[0].Trouble)
			}
		})
	}
}

// A list of names that lacks a shelf between others: what is on it is found before anything is deleted.
func TestAShelfMissingFromTheMiddle(t *testing.T) {
	s := newServer(t)
	kept := largeKeep(t, s)
	k := newRecorder()
	k.entries = maps.Clone(kept.entries)
	for name, text := range k.entries {
		if !strings.HasPrefix(name, "index") {
			continue
		}
		var names []string
		header, list, _ := strings.Cut(text, "\n")
		version, _, _ := strings.Cut(header, " sha256=")
		for _, line := range strings.Split(list, "\n") {
			if line != "" && line != "connections/1" {
				names = append(names, line)
			}
		}
		lines := strings.Join(names, "\n") + "\n"
		k.entries[name] = fmt.Sprintf("%s sha256=%x\n", version, sha256.Sum256([]byte(lines))) + lines
	}
	c := newConnector(k, s)
	all, _ := c.Connections(t.Context(), nil)
	if len(all) != len(kept.all) {
		t.Errorf("%d of %d connections are listed", len(all), len(kept.all))
	}
}

// Numbers of shelves that nobody wrote do not keep a search busy, and are left alone.
func TestOddNumbersOfShelves(t *testing.T) {
	for _, odd := range []string{"2000000000", "00", "007", "-1", "99999999999999999999", "1e3", "1.0", "20001"} {
		backend := keychain.Memory()
		k := keychain.New(backend, "numbers.test")
		s := newServer(t)
		key := jumpcloudtest.SampleKey
		c := connector.New(k, connector.WithRegions(jumpcloud.Region{ID: "us", Console: s.URL}))
		credentials := check.Credentials{APIKey: secret.New(key)}
		if _, err := c.Save(t.Context(), "", credentials, c.Validate(t.Context(), credentials, func(check.Result) {})); err != nil {
			t.Fatal(err)
		}
		if err := k.Put(t.Context(), "connections/"+odd, secret.New("TEST")); err != nil {
			t.Fatal(err)
		}
		_ = c.Tidy(t.Context())
		all, _ := c.Connections(t.Context(), nil)
		readable := 0
		for _, one := range all {
			if one.Trouble == "" {
				readable++
			}
		}
		if readable != 1 {
			t.Errorf("%q: %d connections are readable, want 1", odd, readable)
		}
	}
}
