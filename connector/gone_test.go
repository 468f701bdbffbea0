package connector_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// In these tests another program deletes, replaces and restores entries of the keychain. Whatever it does to an entry, the
// connections that do not need the entry keep working, nothing is overwritten, and the program says what is lost.

// filledKeychain is a keychain with connections: its entries, and which of them each connection needs.
type filledKeychain struct {
	entries map[string]string
	history []map[string]string // some earlier states
	all     []connector.Connection
	keys    map[string]string // the key of each connection, by its id
	needed  map[string][]string
	another check.Report // on a connection that is not stored yet
}

// smallKeychain has three connections with two keys on one page.
func smallKeychain(t *testing.T, s *jumpcloudtest.Server) filledKeychain {
	k := newRecorder()
	c, kept := newConnector(k, s), newFilledKeychain()
	for i := range 2 {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100 + i))
		kept.add(save(t, c, "", credentials), jumpcloudtest.SampleMultiTenantKey, "key/0")
		kept.history = append(kept.history, maps.Clone(k.entries))
	}
	kept.add(save(t, c, "", with(jumpcloudtest.SampleKey)), jumpcloudtest.SampleKey, "key/1")
	return kept.filled(t, c, k)
}

// largeKeychain has some pages of connections with one key, and one more with another key.
func largeKeychain(t *testing.T, s *jumpcloudtest.Server) filledKeychain {
	k := newRecorder()
	c, kept := newConnector(k, s), newFilledKeychain()
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	report := c.Validate(t.Context(), credentials, ignore)
	for i := range 18 {
		// A name that cannot be compressed: so few connections fill a page, and reading them takes little time.
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: rand.Text() + rand.Text() + rand.Text()}
		one, err := c.Save(t.Context(), "", credentials, report)
		if err != nil {
			t.Fatal(err)
		}
		kept.add(one, jumpcloudtest.SampleMultiTenantKey, "key/0")
		if i == 2 || i == 12 {
			kept.history = append(kept.history, maps.Clone(k.entries))
		}
	}
	kept.add(save(t, c, "", with(jumpcloudtest.SampleKey)), jumpcloudtest.SampleKey, "key/1")
	kept = kept.filled(t, c, k)
	if n := len(pages(t, k)); n < 3 || n > 5 {
		t.Fatalf("they take %d pages, and should take some", n)
	}
	return kept
}

func newFilledKeychain() filledKeychain {
	return filledKeychain{keys: make(map[string]string), needed: make(map[string][]string)}
}

func (kept *filledKeychain) add(one connector.Connection, key, entry string) {
	kept.all = append(kept.all, one)
	kept.keys[one.ID], kept.needed[one.ID] = key, []string{entry}
}

// filled notes what is stored now, and the page of each connection.
func (kept filledKeychain) filled(t *testing.T, c *connector.Connector, k *recorder) filledKeychain {
	kept.entries = maps.Clone(k.entries)
	kept.another = validated(t, c, with(jumpcloudtest.SampleAdministratorKey))
	for n, names := range pages(t, k) {
		for i, one := range kept.all {
			if slices.Contains(names, one.Name) {
				kept.needed[kept.all[i].ID] = append(kept.needed[one.ID], fmt.Sprintf("connections/%d", n))
			}
		}
	}
	return kept
}

// needs reports whether a connection needs an entry of the keychain.
func (kept filledKeychain) needs(one connector.Connection, entry string) bool {
	return slices.Contains(kept.needed[one.ID], entry)
}

// damage is what another program has done to entries.
type damage struct {
	what    string
	entries map[string]string // what the keychain holds afterwards
	touched []string          // the entries that have changed
}

// singleDamages lists what another program can do to a single entry.
func (kept filledKeychain) singleDamages() []damage {
	var all []damage
	do := func(what, entry, text string) {
		after := maps.Clone(kept.entries)
		if after[entry] = text; text == "" {
			delete(after, entry)
		}
		all = append(all, damage{what + " " + entry, after, []string{entry}})
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
			if kind, _, _ := strings.Cut(entry, "/"); other != entry && strings.HasPrefix(other, kind) {
				do("the text of "+other+" in", entry, kept.entries[other])
				break
			}
		}
	}
	return all
}

// deletions lists the deletions of all entries but one, and of two entries.
func (kept filledKeychain) deletions() []damage {
	var all []damage
	names := slices.Sorted(maps.Keys(kept.entries))
	for i, one := range names {
		only := damage{"delete all but " + one, map[string]string{one: kept.entries[one]}, nil}
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
			all = append(all, damage{"delete " + one + " and " + other, after, []string{one, other}})
		}
	}
	return all
}

func (h damage) keychain() *recorder {
	k := newRecorder()
	maps.Copy(k.entries, h.entries)
	return k
}

func TestNothingIntactIsLost(t *testing.T) {
	s := newServer(t)
	for name, kept := range map[string]filledKeychain{"three connections": smallKeychain(t, s), "some pages": largeKeychain(t, s)} {
		t.Run(name, func(t *testing.T) {
			damages := append(kept.singleDamages(), kept.deletions()...)
			for _, h := range damages {
				for name, do := range uses {
					if testing.Short() && len(kept.all) > 3 && (name != "save" || len(h.touched) != 1) {
						continue
					}
					kept.survives(t, s, h, do)
					if t.Failed() {
						t.Fatalf("after: %s, then: %s", h.what, name)
					}
				}
			}
			t.Logf("%d things done to the keychain", len(damages))
		})
	}
}

// survives damages the keychain, and then uses the program: at once, and after a start.
func (kept filledKeychain) survives(t *testing.T, s *jumpcloudtest.Server, h damage, do func(*testing.T, *recorder, *jumpcloudtest.Server, filledKeychain, damage)) {
	k := h.keychain()
	do(t, k, s, kept, h)
	kept.isUnharmed(t, k, s, h)
	k = h.keychain()
	_, _ = newConnector(k, s).Tidy(t.Context())
	do(t, k, s, kept, h)
	kept.isUnharmed(t, k, s, h)
	kept.isTidied(t, k, s, h)
	kept.isWiped(t, k, s)
}

// uses lists what the program is used for after the damage.
var uses = map[string]func(*testing.T, *recorder, *jumpcloudtest.Server, filledKeychain, damage){
	"list": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept filledKeychain, h damage) {
		before := maps.Clone(k.entries)
		all, err := newConnector(k, s).Connections(t.Context(), nil)
		if !maps.Equal(before, k.entries) {
			t.Error("listing has changed something")
		}
		if len(all) == 0 && err == nil && len(h.entries) > 0 && !onlyKey(h) {
			t.Error("the list is empty, without a word")
		}
	},
	"tidy": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, _ filledKeychain, _ damage) {
		_, _ = newConnector(k, s).Tidy(t.Context())
	},
	"save": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept filledKeychain, h damage) {
		c := newConnector(k, s)
		saved, err := c.Save(t.Context(), "Another", with(jumpcloudtest.SampleAdministratorKey), kept.another)
		if err != nil {
			t.Errorf("nothing can be saved then: %v", err)
		}
		if key, err := c.APIKey(t.Context(), saved.ID); err != nil || key.Reveal() != jumpcloudtest.SampleAdministratorKey {
			t.Errorf("what is saved then has no key: %v", err)
		}
	},
	"check": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept filledKeychain, h damage) {
		c := newConnector(k, s)
		one := kept.all[len(kept.all)-2]
		if report, err := c.Check(t.Context(), one.ID, ignore); err == nil && report.At.IsZero() {
			t.Error("it was checked without a report")
		}
	},
	"remove": func(t *testing.T, k *recorder, s *jumpcloudtest.Server, kept filledKeychain, h damage) {
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

// onlyKey reports whether only a key is left. Nobody can know which connection it belonged to.
func onlyKey(h damage) bool {
	for entry := range h.entries {
		if !strings.HasPrefix(entry, "key/") {
			return false
		}
	}
	return true
}

// isUnharmed checks that each connection that needs none of the changed entries is listed with its key, and that the program says which
// other connections are lost.
func (kept filledKeychain) isUnharmed(t *testing.T, k *recorder, s *jumpcloudtest.Server, h damage) {
	t.Helper()
	c := newConnector(k, s)
	all, err := c.Connections(t.Context(), nil)
	told := err != nil || slices.ContainsFunc(all, func(c connector.Connection) bool { return c.Trouble != "" })
	asked := make(map[string]bool)
	for _, one := range kept.all {
		if _, removed := kept.keys[one.ID+" removed"]; removed {
			continue
		}
		i := slices.IndexFunc(all, func(c connector.Connection) bool { return c.ID == one.ID })
		if i >= 0 && all[i].Name == one.Name && asked[strings.Join(kept.needed[one.ID], " ")] {
			continue // the key of a connection that needs the same entries was asked for
		}
		asked[strings.Join(kept.needed[one.ID], " ")] = true
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

// isTidied checks after a start that each connection is in the list, and that each key is used. A key that a lost connection may use can
// be unused.
func (kept filledKeychain) isTidied(t *testing.T, k *recorder, s *jumpcloudtest.Server, h damage) {
	t.Helper()
	c := newConnector(k, s)
	if _, err := c.Tidy(t.Context()); err != nil {
		t.Errorf("tidy: %v", err)
	}
	all, err := c.Connections(t.Context(), nil)
	if err != nil || slices.ContainsFunc(all, func(c connector.Connection) bool { return c.Trouble != "" }) || onlyKey(h) {
		return
	}
	keys := make(map[string]bool)
	for _, one := range all {
		keys[one.KeyID] = true
	}
	stored := 0
	for _, names := range pages(t, k) {
		stored += len(names)
	}
	if stored != len(all) || k.named("key/") != len(keys) {
		t.Errorf("there are %d connections and %d keys, of which %d and %d are used", stored, k.named("key/"), len(all), len(keys))
	}
}

func (kept filledKeychain) isWiped(t *testing.T, k *recorder, s *jumpcloudtest.Server) {
	t.Helper()
	if err := newConnector(k, s).RemoveEverything(t.Context()); err != nil || len(k.entries) > 0 {
		t.Errorf("remove everything: %v, and %d entries are left", err, len(k.entries))
	}
}

// If another program has written into a record, the record is read as far as it can be shown, or it is damaged.
func TestAForeignRecord(t *testing.T) {
	s := newServer(t)
	for name, c := range map[string]struct {
		change  func(connection map[string]any)
		name    string
		trouble check.Cause
	}{
		"a name with orders":    {func(c map[string]any) { c["name"] = "a\x1b[31mb\u202ec\nd" }, "a [31mbc d", ""},
		"a name without end":    {func(c map[string]any) { c["name"] = strings.Repeat("x", 1<<20) }, strings.Repeat("x", 100) + "…", ""},
		"a name to see nothing": {func(c map[string]any) { c["name"] = " \u200b" }, "Larkspur Robotics", ""},
		"no number of a key":    {func(c map[string]any) { c["key"] = "../X Y" }, "", check.CauseKeychainDamaged},
		"a key's number, odd":   {func(c map[string]any) { c["key"] = -1 }, "", check.CauseKeychainDamaged},
		"no fingerprint":        {func(c map[string]any) { c["fingerprint"] = "" }, "", check.CauseKeychainDamaged},
		"an id to be shown":     {func(c map[string]any) { c["id"] = "\x1b[31m" }, "", check.CauseKeychainDamaged},
		"a number for a name":   {func(c map[string]any) { c["name"] = 7 }, "", check.CauseKeychainDamaged},
		"a report of its own":   {func(c map[string]any) { c["report"] = []string{"TEST"} }, "Ours", ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := newRecorder()
			save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
			var record map[string]any
			if err := json.Unmarshal(recordOf(t, k.entries["connections/0"]), &record); err != nil {
				t.Fatal(err)
			}
			c.change(record["connections"].([]any)[0].(map[string]any))
			putRecord(t, k, "connections/0", record)
			all, err := newConnector(k, s).Connections(t.Context(), nil)
			if len(all) != 1 || err != nil || all[0].Name != c.name || all[0].Trouble != c.trouble {
				t.Errorf("%d connections, %v: %.200q, %q", len(all), err, all[0].Name, all[0].Trouble)
			}
		})
	}
}

// An index that counts too little, too much or nonsense hides nothing, and does not keep a search busy.
func TestOddIndexes(t *testing.T) {
	s := newServer(t)
	kept := largeKeychain(t, s)
	for pages, told := range map[int]bool{0: false, 1: false, -1: true, 2_000_000_000: true, 20_001: true, 100: true} {
		k := damage{entries: kept.entries}.keychain()
		putRecord(t, k, "index", map[string]any{"schema": 1, "pages": pages, "keys": 2})
		all, err := newConnector(k, s).Connections(t.Context(), nil)
		readable := 0
		for _, one := range all {
			if one.Trouble == "" {
				readable++
			}
		}
		if readable != len(kept.all) || told != (err != nil || len(all) > readable) || k.calls > 300 {
			t.Errorf("%d pages: %d of %d connections after %d calls, %v", pages, readable, len(all), k.calls, err)
		}
	}
}
