package vault

import (
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
		"500":                {before: manyInVault(t, 500), n: 500, report: json.RawMessage(`{"on":"the next key"}`), every: 17},
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
