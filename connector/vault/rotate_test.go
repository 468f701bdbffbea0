package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// failing is a keychain in memory of which one call fails.
type failing struct {
	entries map[string]string
	calls   int
	at      int  // the call that fails; the first is 1, 0: none
	done    bool // that call is done all the same
	dies    bool // all later calls fail too
}

var errFailed = errors.New("this call fails")

func (f *failing) call(do func() error) error {
	f.calls++
	switch {
	case f.at == 0 || f.calls < f.at || f.calls > f.at && !f.dies:
		return do()
	case f.calls == f.at && f.done:
		_ = do()
	}
	return errFailed
}

func (f *failing) Get(_, user string) (text string, err error) {
	return text, f.call(func() error {
		var ok bool
		if text, ok = f.entries[user]; !ok {
			return keychain.ErrNotFound
		}
		return nil
	})
}

func (f *failing) Set(_, user, text string) error {
	return f.call(func() error { f.entries[user] = text; return nil })
}

func (f *failing) Delete(_, user string) error {
	return f.call(func() error { delete(f.entries, user); return nil })
}

func (f *failing) DeleteAll(string) error {
	return f.call(func() error { clear(f.entries); return nil })
}

const (
	formerKey = "TEST former"
	nextKey   = "TEST next"
	otherKey  = "TEST other"
)

// inVault is a keychain with so many connections of the former key, and one of another key.
func inVault(t *testing.T, n int, report json.RawMessage) map[string]string {
	t.Helper()
	m := &mortal{entries: make(map[string]string)}
	v := on(m)
	save(t, v, "other", otherKey, nil)
	for i := range n {
		save(t, v, fmt.Sprint(i), formerKey, report)
	}
	return m.entries
}

// manyInVault is inVault for many connections: it writes their pages without a save of each.
func manyInVault(t *testing.T, n int) map[string]string {
	t.Helper()
	m := &mortal{entries: inVault(t, 1, nil)}
	v := on(m)
	c, err := v.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	one, _, _ := c.current(list(t, v)["0"].ID)
	for all := range slices.Chunk(make([]Connection, n-1), 20) {
		for i := range all {
			all[i] = one
			all[i].ID = newID()
			all[i].Name = all[i].ID
			all[i].Report = json.RawMessage(`{"on":"the former key"}`)
		}
		if err := v.createPage(t.Context(), &c, all); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.updateIndex(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	return m.entries
}

var rotatedAt = time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)

// rotateAll gives all connections of the former key the next one, with a report, but for those with these names.
func rotateAll(t *testing.T, v *Vault, report json.RawMessage, keep ...string) error {
	t.Helper()
	rotated, err := v.Rotate(t.Context(), Fingerprint(secret.New(formerKey)), secret.New(nextKey), func(all []Connection) ([]Connection, error) {
		all = slices.DeleteFunc(all, func(one Connection) bool { return slices.Contains(keep, one.Name) })
		for i := range all {
			all[i].Saved, all[i].Report = rotatedAt, report
		}
		return all, nil
	})
	if err == nil && len(rotated) == 0 {
		t.Error("no connection got the key")
	}
	return err
}

// keysIn returns how many connections have which key, and fails where a key cannot be read. It reads as a new process does, and as one that
// finds a connection on the page where it was before.
func keysIn(t *testing.T, entries map[string]string, keep ...string) map[string]int {
	t.Helper()
	v := New(keychain.New(&failing{entries: entries}, "vault.test"), nil)
	keys, read := make(map[string]int), Keys{}
	for name, one := range list(t, v) {
		_, key, err := v.KeyOnce(t.Context(), one.ID, &read)
		if err != nil {
			t.Errorf("%s has no key: %v", name, err)
		}
		if Fingerprint(key) != one.Fingerprint {
			t.Errorf("%s has another key than the list says", name)
		}
		isNext := key.Reveal() == nextKey
		if isNext != one.Saved.Equal(rotatedAt) || isNext && strings.Contains(string(one.Report), "former") {
			t.Errorf("%s has the key of %v with the report %s", name, one.Saved, one.Report)
		}
		if slices.Contains(keep, name) {
			name = " of kept"
		} else {
			name = ""
		}
		keys[key.Reveal()+name]++
	}
	return keys
}

// Whichever call of the keychain fails, or is the last of the process: afterwards all connections have the former key or all have the new one,
// and after the next start nothing is left of the other.
func TestARotationIsOneStep(t *testing.T) {
	larger := report(1500)
	for name, c := range map[string]struct {
		before map[string]string
		n      int
		report json.RawMessage
		keep   []string
		every  int // every which call fails
	}{
		"one":                {before: inVault(t, 1, nil), n: 1, every: 1},
		"three":              {before: inVault(t, 3, json.RawMessage(`{"on":"the former key"}`)), n: 3, report: json.RawMessage(`{}`), every: 1},
		"three but one":      {before: inVault(t, 3, nil), n: 3, keep: []string{"1"}, every: 1},
		"seven that outgrow": {before: inVault(t, 7, report(300)), n: 7, report: larger, every: 1},
		"500":                {before: manyInVault(t, 500), n: 500, report: json.RawMessage(`{"on":"the next key"}`), every: 31},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, mode := range []failing{{}, {done: true}, {dies: true}, {done: true, dies: true}} {
				for at := 1 + i%c.every; ; at += c.every {
					k := mode
					k.entries, k.at = maps.Clone(c.before), at
					err := rotateAll(t, New(keychain.New(&k, "vault.test"), nil), c.report, c.keep...)
					former, next := map[string]int{otherKey: 1, formerKey: c.n - len(c.keep)}, map[string]int{otherKey: 1, nextKey: c.n - len(c.keep)}
					if len(c.keep) > 0 {
						former[formerKey+" of kept"], next[formerKey+" of kept"] = len(c.keep), len(c.keep)
					}
					for _, when := range []string{"", ", tidied"} {
						if when != "" {
							tidyAll(t, k.entries)
						}
						got := keysIn(t, k.entries, c.keep...)
						if errors.Is(err, ErrUncertain) && !k.dies {
							t.Fatalf("call %d fails (done: %v), and nobody asked what it did", at, k.done)
						}
						isFormer, isNext := maps.Equal(got, former), maps.Equal(got, next)
						if !isFormer && !isNext || err == nil && !isNext || err != nil && !isFormer && !errors.Is(err, ErrUncertain) {
							t.Fatalf("call %d fails (done: %v, dies: %v)%s: %v, and the connections have %v", at, k.done, k.dies, when, err, got)
						}
					}
					nothingLeft(t, k.entries)
					if t.Failed() {
						t.Fatalf("call %d fails (done: %v, dies: %v)", at, k.done, k.dies)
					}
					if k.calls < at {
						break
					}
				}
			}
		})
	}
}

func tidyAll(t *testing.T, entries map[string]string) {
	t.Helper()
	if _, err := New(keychain.New(&failing{entries: entries}, "vault.test"), nil).Tidy(t.Context()); err != nil {
		t.Error(err)
	}
}

// nothingLeft fails where an entry is not needed.
func nothingLeft(t *testing.T, entries map[string]string) {
	t.Helper()
	v := New(keychain.New(&failing{entries: entries}, "vault.test"), nil)
	c, err := v.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wanted := 1 + len(c.pages) + len(c.keyNumbers())
	if len(entries) != wanted || c.isRotating() || c.lastUsed() != len(c.pages) || c.index.Pages != len(c.pages) {
		t.Errorf("%v are there, for %d pages and %d keys", slices.Sorted(maps.Keys(entries)), len(c.pages), len(c.keyNumbers()))
	}
}

// interrupted is a keychain with two pages, in which a rotation was interrupted right after its intent was written. Before runs before that.
func interrupted(t *testing.T, before func(*mortal)) *mortal {
	t.Helper()
	m := &mortal{entries: inVault(t, 7, report(300))}
	before(m)
	m.writes, m.dieAt = 0, 3 // the key and the intent are written
	if err := rotateAll(t, on(m), nil); err != nil {
		t.Fatal(err)
	}
	m.dieAt = 0
	if m.entries["connections/1"] == "" || m.entries["key/1"] == "" || m.entries["key/2"] == "" {
		t.Fatalf("there are %v", slices.Sorted(maps.Keys(m.entries)))
	}
	return m
}

// A process that has read the connections before another one was interrupted in a rotation goes on with them. It loses nothing, and does not
// take the new key from any of them.
func TestGoingOnBesideAnInterruptedRotation(t *testing.T) {
	for name, change := range map[string]func(*Vault, Connection) error{
		"report": func(v *Vault, one Connection) error { return keepReport(t.Context(), v, one, report(300)) },
		"growing report": func(v *Vault, one Connection) error {
			return keepReport(t.Context(), v, one, report(1500))
		},
		"rename": func(v *Vault, one Connection) error {
			return v.Update(t.Context(), one.ID, func(c *Connection) error { c.Name = "renamed"; return nil })
		},
		"save": func(v *Vault, _ Connection) error {
			save(t, v, "new", nextKey, nil)
			return nil
		},
		"remove": func(v *Vault, one Connection) error { return v.Remove(t.Context(), one.ID) },
		"tidy":   func(v *Vault, _ Connection) error { _, err := v.Tidy(t.Context()); return err },
		"read":   func(v *Vault, one Connection) error { _, _, err := v.Key(t.Context(), one.ID); return err },
	} {
		for _, knowsIt := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, knows it: %v", name, knowsIt), func(t *testing.T) {
				var v *Vault
				var read map[string]Connection
				m := interrupted(t, func(m *mortal) { v = on(m); read = list(t, v) })
				if knowsIt {
					read = list(t, v)
				}
				if err := change(v, read["3"]); err != nil {
					t.Error(err)
				}
				tidyAll(t, m.entries)
				for name, one := range list(t, on(m)) {
					if _, key, err := on(m).Key(t.Context(), one.ID); err != nil || (key.Reveal() == nextKey) == (name == "other") {
						t.Errorf("%s: %v, or the former key", name, err)
					}
				}
				nothingLeft(t, m.entries)
			})
		}
	}
}

// A process that has read an intent which was then taken back goes on with the former key, whatever it changes.
func TestANoteThatWasTakenBack(t *testing.T) {
	for name, change := range map[string]func(*Vault, Connection) error{
		"rename": func(v *Vault, one Connection) error {
			return v.Update(t.Context(), one.ID, func(c *Connection) error { c.Name = "renamed"; return nil })
		},
		"save":   func(v *Vault, _ Connection) error { save(t, v, "new", otherKey, nil); return nil },
		"remove": func(v *Vault, one Connection) error { return v.Remove(t.Context(), one.ID) },
		"tidy":   func(v *Vault, _ Connection) error { _, err := v.Tidy(t.Context()); return err },
	} {
		var before map[string]string
		m := interrupted(t, func(m *mortal) { before = maps.Clone(m.entries) })
		v := on(m)
		read := list(t, v)
		clear(m.entries)
		maps.Copy(m.entries, before)
		if err := change(v, read["3"]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if keys := keysIn(t, m.entries); keys[nextKey] > 0 || keys[formerKey] < 6 {
			t.Errorf("%s: the connections have %v", name, keys)
		}
	}
}

// Whenever a rotation happens while another process reads the list, that process finds every connection with a key.
func TestReadingDuringARotation(t *testing.T) {
	start := inVault(t, 7, report(300))
	for at := 1; ; at++ {
		m := &mortal{entries: maps.Clone(start)}
		reads := 0
		reader := New(keychain.New(watched{m, func(string) {
			if reads++; reads == at {
				if err := rotateAll(t, on(m), report(300)); err != nil {
					t.Error(err)
				}
			}
		}}, "vault.test"), nil)
		found := list(t, reader)
		if reads < at {
			return
		}
		for name, one := range found {
			if _, _, err := reader.Key(t.Context(), one.ID); err != nil {
				t.Fatalf("at read %d: %s has no key: %v", at, name, err)
			}
		}
		if len(found) != 8 {
			t.Fatalf("at read %d: %d connections are found", at, len(found))
		}
		for name, one := range list(t, reader) {
			if (one.Fingerprint == Fingerprint(secret.New(nextKey))) == (name == "other") {
				t.Errorf("at read %d: %s has the key %s", at, name, one.Fingerprint)
			}
		}
	}
}

// Cancelling a rotation before its key is replaced leaves everything as it is.
func TestACancelledRotation(t *testing.T) {
	start := manyInVault(t, 450) // three parts of an intent
	for at, isCancelled := 1, true; isCancelled; at += 4 {
		m, before := &mortal{entries: maps.Clone(start)}, maps.Clone(start)
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		v := New(keychain.New(watched{m, func(string) {
			if calls++; calls == at {
				cancel()
			}
		}}, "vault.test"), nil)
		_, err := v.Rotate(ctx, Fingerprint(secret.New(formerKey)), secret.New(nextKey), func(all []Connection) ([]Connection, error) { return all, nil })
		isCancelled = errors.Is(err, context.Canceled)
		if err != nil && !isCancelled {
			t.Fatal(err)
		}
		list(t, v)                                                       // waits for the cancelled call
		for _, entries := range []map[string]string{m.entries, before} { // a cancelled write of the key may be done all the same
			delete(entries, "key/2")
			delete(entries, "index") // it counts that key
		}
		if isCancelled && !maps.Equal(m.entries, before) {
			t.Fatalf("cancelled at read %d, it leaves %v", at, slices.Sorted(maps.Keys(m.entries)))
		}
		cancel()
	}
}

// A connection of another key that outgrows its page moves, and leaves the intent of an interrupted rotation alone.
func TestMovingBesideANote(t *testing.T) {
	m := &mortal{entries: make(map[string]string)}
	for _, name := range []string{"other", "one more"} {
		save(t, on(m), name, otherKey, report(1000))
	}
	save(t, on(m), "0", formerKey, nil)
	save(t, on(m), "1", formerKey, report(500))
	save(t, on(m), "2", formerKey, report(1900))
	m.writes, m.dieAt = 0, 3 // the key and the intent are written
	if err := rotateAll(t, on(m), nil); err != nil {
		t.Fatal(err)
	}
	m.dieAt = 0
	v := on(m)
	if err := keepReport(t.Context(), v, list(t, v)["other"], report(1900)); err != nil {
		t.Fatal(err)
	}
	if got := keysIn(t, m.entries); !maps.Equal(got, map[string]int{otherKey: 2, nextKey: 3}) {
		t.Errorf("the connections have %v", got)
	}
	tidyAll(t, m.entries)
	nothingLeft(t, m.entries)
}

// An intent that this program cannot have written is damaged: it stays, and replaces no key.
func TestAnOddNote(t *testing.T) {
	for name, odd := range map[string]map[string]any{
		"without an intent":   {"schema": intentSchema},
		"of the first schema": {"schema": schema, "rotation": intent{ID: "a", Parts: 1, From: "b", Fingerprint: "c"}},
		"without a key":       {"schema": intentSchema, "rotation": intent{ID: "a", Parts: 1, From: "b"}},
		"of no parts":         {"schema": intentSchema, "rotation": intent{ID: "a", From: "b", Fingerprint: "c"}},
		"to the same key":     {"schema": intentSchema, "rotation": intent{ID: "a", Parts: 1, From: "b", Fingerprint: "b"}},
		"with an odd number":  {"schema": intentSchema, "rotation": intent{ID: "a", Parts: 1, From: "b", Fingerprint: "c", Key: -1}},
		"beside a connection": {"schema": intentSchema, "rotation": intent{ID: "a", Parts: 1, From: "b", Fingerprint: "c"}, "connections": []Connection{{ID: "a"}}},
		"no intent":           {"schema": intentSchema, "rotation": "intent"},
	} {
		m := &mortal{entries: inVault(t, 2, nil)}
		if _, err := putFunc(keychain.New(m, "vault.test").Create).record(t.Context(), "connections/1", odd); err != nil {
			t.Fatal(err)
		}
		entry := m.entries["connections/1"]
		tidyAll(t, m.entries)
		all, err := on(m).List(t.Context(), nil)
		isDamaged := func(one Connection) bool { return one.Several && errors.Is(one.Trouble, keychain.ErrDamaged) }
		if err != nil || len(all) != 4 || !slices.ContainsFunc(all, isDamaged) || m.entries["connections/1"] != entry {
			t.Errorf("%s: %v, %+v", name, err, all)
		}
	}
}
