package vault

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// mortal is a keychain in memory that dies before a write: from then on, nothing works.
type mortal struct {
	entries map[string]string
	writes  int
	dieAt   int // the first is 1; 0: never
}

var errDied = errors.New("the process has died")

func (m *mortal) write(f func()) error {
	m.writes++
	if m.dieAt > 0 && m.writes >= m.dieAt {
		return errDied
	}
	f()
	return nil
}

func (m *mortal) Get(_, user string) (string, error) {
	if m.dieAt > 0 && m.writes >= m.dieAt {
		return "", errDied
	}
	text, ok := m.entries[user]
	if !ok {
		return "", keychain.ErrNotFound
	}
	return text, nil
}

func (m *mortal) Set(_, user, text string) error {
	return m.write(func() { m.entries[user] = text })
}

func (m *mortal) Delete(_, user string) error { return m.write(func() { delete(m.entries, user) }) }

func (m *mortal) DeleteAll(string) error { return m.write(func() { clear(m.entries) }) }

// on returns the vault in these entries, as a new process has it.
func on(m *mortal) *Vault { return New(keychain.New(m, "vault.test"), nil) }

// keepReport replaces the report of a connection, unless it was saved anew since it was read.
func keepReport(ctx context.Context, v *Vault, read Connection, r json.RawMessage) error {
	return v.Update(ctx, read.ID, func(c *Connection) error {
		if c.Edition != read.Edition {
			return keychain.ErrNotFound
		}
		c.Report = r
		return nil
	})
}

// report is a JSON text of so many bytes that hardly can be compressed.
func report(size int) json.RawMessage {
	text := ""
	for len(text) < size {
		text += rand.Text()
	}
	return json.RawMessage(fmt.Sprintf("%q", text[:size]))
}

// save stores a new connection.
func save(t *testing.T, v *Vault, name, key string, report json.RawMessage) Connection {
	t.Helper()
	saved, err := v.Save(t.Context(), secret.New(key), func([]Connection) (Connection, error) {
		return Connection{Name: name, OrganizationID: name, Report: report}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// list returns the connections by their names.
func list(t *testing.T, v *Vault) map[string]Connection {
	t.Helper()
	all, err := v.List(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]Connection)
	for _, one := range all {
		if one.Trouble != nil {
			t.Errorf("%q: %v", one.Name, one.Trouble)
		}
		named[one.Name] = one
	}
	if len(named) != len(all) {
		t.Errorf("%d connections have %d names", len(all), len(named))
	}
	return named
}

// crowded is a vault with two pages that are almost full.
func crowded(t *testing.T) *mortal {
	m := &mortal{entries: make(map[string]string)}
	for n := range 4 {
		save(t, on(m), fmt.Sprint(n), "TEST", report(1000))
	}
	if m.entries["connections/1"] == "" || m.entries["connections/2"] != "" {
		t.Fatalf("they take %d entries, and should take two pages", len(m.entries))
	}
	return m
}

// A connection that outgrows its page moves to another one. However far that came before the process died, the connection is
// there once, with the old report or the new one, and the next start leaves nothing of the move.
func TestOutgrowingThePage(t *testing.T) {
	start := crowded(t)
	larger := report(1900)
	for at := 1; ; at++ {
		m := &mortal{entries: maps.Clone(start.entries), dieAt: at}
		v := on(m)
		one := list(t, on(start))["0"]
		err := keepReport(t.Context(), v, one, larger)
		died := m.writes >= at
		m.dieAt = 0
		found := list(t, on(m))
		got := string(found["0"].Report)
		if len(found) != 4 || got != string(larger) && (got != string(one.Report) || !died) {
			t.Fatalf("died at write %d: %d connections, and the report is neither the old one nor the new", at, len(found))
		}
		if _, key, err := on(m).Key(t.Context(), one.ID); err != nil || key.Reveal() != "TEST" {
			t.Fatalf("died at write %d: its key: %v", at, err)
		}
		if _, err := on(m).Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		stored := 0
		c, err2 := on(m).read(t.Context())
		for _, p := range c.pages {
			stored += len(p.connections)
		}
		if stored != 4 || err2 != nil || string(list(t, on(m))["0"].Report) != got {
			t.Fatalf("died at write %d: tidied, %d connections are stored, %v", at, stored, err2)
		}
		if !died {
			if err != nil || at != 4 {
				t.Errorf("it took %d writes, want 3: %v", at-1, err)
			}
			return
		}
	}
}

// Another process may die while it replaces the key of a connection that outgrows its page. A process that has seen the
// connection on its former page then keeps a report, twice. Afterwards the connection is either the former one or the new one, and
// has its key.
func TestAnInterruptedMoveHolds(t *testing.T) {
	start := crowded(t)
	for _, size := range []int{1000, 1950} { // the second outgrows the page too
		for at := 1; interruptedMove(t, start, at, size); at++ {
		}
	}
}

// interruptedMove reports whether the process that moves the connection died.
func interruptedMove(t *testing.T, start *mortal, at, size int) (died bool) {
	t.Helper()
	one := list(t, on(start))["0"]
	m := &mortal{entries: maps.Clone(start.entries)}
	a := on(m)
	list(t, a)
	m.writes, m.dieAt = 0, at
	_, err := on(m).Save(t.Context(), secret.New("TEST rotated"), func(all []Connection) (Connection, error) {
		return Connection{ID: one.ID, Name: "0", OrganizationID: "0", Report: report(1900)}, nil
	})
	died = m.writes >= at
	m.dieAt = 0
	if !died && (err != nil || at < 4) {
		t.Errorf("it took %d writes: %v", at-1, err)
	}
	saved := list(t, on(m))["0"]
	for range 2 {
		if read, err := a.Find(t.Context(), one.ID); err == nil {
			_ = keepReport(t.Context(), a, read, report(size))
		}
	}
	neighbour := list(t, a)["1"] // to write its page must not lead back to the former copy
	if err := keepReport(t.Context(), a, neighbour, report(900)); err != nil {
		t.Error(err)
	}
	if read, err := a.Find(t.Context(), one.ID); err != nil || read.Fingerprint != saved.Fingerprint {
		t.Errorf("died at write %d: the former copy is found, %v", at, err)
	}
	now := list(t, on(m))["0"]
	if _, err := on(m).Tidy(t.Context()); now.Fingerprint != saved.Fingerprint || err != nil {
		t.Errorf("died at write %d: it has another key than after that, %v", at, err)
	}
	if _, key, err := on(m).Key(t.Context(), one.ID); err != nil || Fingerprint(key) != saved.Fingerprint {
		t.Errorf("died at write %d: its key: %v", at, err)
	}
	return died
}

// A former copy that a move has left cannot come back: a removal takes both.
func TestRemovingWhatIsOnTwoPages(t *testing.T) {
	start := crowded(t)
	one := list(t, on(start))["0"]
	start.writes, start.dieAt = 0, 2 // the new page is written, the former one is not
	_ = keepReport(t.Context(), on(start), one, report(1900))
	start.dieAt = 0
	for at := 1; ; at++ {
		m := &mortal{entries: maps.Clone(start.entries), dieAt: at}
		err := on(m).Remove(t.Context(), one.ID)
		died := m.writes >= at
		m.dieAt = 0
		if _, there := list(t, on(m))["0"]; there && !died {
			t.Errorf("it is still there, %v", err)
		}
		if err := on(m).Remove(t.Context(), one.ID); err != nil {
			t.Fatal(err)
		}
		if found := list(t, on(m)); len(found) != 3 {
			t.Fatalf("died at write %d: %d connections are left", at, len(found))
		}
		if !died {
			return
		}
	}
}

// watched calls a function before each read.
type watched struct {
	*mortal
	before func(user string)
}

func (w watched) Get(service, user string) (string, error) {
	w.before(user)
	return w.mortal.Get(service, user)
}

// A reader sees every connection, whenever another process moves one or deletes an empty page while it reads.
func TestReadingMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Vault, map[string]Connection) error
		gone   string
	}{
		"one moves": {func(v *Vault, all map[string]Connection) error {
			return keepReport(context.Background(), v, all["0"], report(1900))
		}, ""},
		"one moves, and an earlier page has room": {func(v *Vault, all map[string]Connection) error {
			return keepReport(context.Background(), v, all["2"], report(1900))
		}, "01"},
		"one is added": {func(v *Vault, _ map[string]Connection) error {
			save(t, v, "new", "TEST", report(1100))
			return nil
		}, "new"},
		"the last page goes": {func(v *Vault, all map[string]Connection) error {
			return errors.Join(v.Remove(context.Background(), all["2"].ID), v.Remove(context.Background(), all["3"].ID))
		}, "23"},
	} {
		for at := range 6 {
			m := crowded(t)
			if c.gone == "01" {
				all := list(t, on(m))
				if err := errors.Join(on(m).Remove(t.Context(), all["0"].ID), on(m).Remove(t.Context(), all["1"].ID)); err != nil {
					t.Fatal(err)
				}
			}
			reads := 0
			reader := New(keychain.New(watched{m, func(string) {
				if reads++; reads == at+1 {
					if err := c.change(on(m), list(t, on(m))); err != nil {
						t.Error(err)
					}
				}
			}}, "vault.test"), nil)
			found := list(t, reader)
			for _, name := range []string{"0", "1", "2", "3"} {
				if _, ok := found[name]; !ok && !slices.Contains([]rune(c.gone), rune(name[0])) {
					t.Errorf("%s at read %d: %s is not found", name, at+1, name)
				}
			}
			if t.Failed() {
				t.Fatalf("%s, at read %d", name, at+1)
			}
		}
	}
}

// What does not fit is not saved, and nothing is written of it.
func TestTooLarge(t *testing.T) {
	m := &mortal{entries: make(map[string]string)}
	_, err := on(m).Save(t.Context(), secret.New("TEST"), func([]Connection) (Connection, error) {
		return Connection{Name: "large", Report: report(3500)}, nil
	})
	if !errors.Is(err, keychain.ErrTooBig) || m.writes > 0 {
		t.Errorf("%d writes, %v", m.writes, err)
	}
	one := save(t, on(m), "one", "TEST", nil)
	if err := keepReport(t.Context(), on(m), one, report(3500)); !errors.Is(err, keychain.ErrTooBig) {
		t.Errorf("a report: %v", err)
	}
	if got := list(t, on(m))["one"]; got.Report != nil {
		t.Error("it has a report")
	}
}

// What is not saved writes nothing, also where a crash has left the index behind.
func TestWhatIsNotSavedWritesNothing(t *testing.T) {
	refused := errors.New("refused")
	for name, decide := range map[string]func([]Connection) (Connection, error){
		"refused":   func([]Connection) (Connection, error) { return Connection{}, refused },
		"too large": func([]Connection) (Connection, error) { return Connection{Name: "large", Report: report(3500)}, nil },
		"too large, in place of another": func(all []Connection) (Connection, error) {
			all[0].Report = report(3500)
			return all[0], nil
		},
	} {
		m := &mortal{entries: make(map[string]string)}
		save(t, on(m), "one", "TEST one", nil)
		behind := m.entries["index"]
		save(t, on(m), "two", "TEST two", nil)
		m.entries["index"], m.writes = behind, 0
		if _, err := on(m).Save(t.Context(), secret.New("TEST two"), decide); err == nil || m.writes > 0 {
			t.Errorf("%s: %d writes, %v", name, m.writes, err)
		}
		if list(t, on(m)); m.entries["index"] != behind {
			t.Errorf("%s: the index was changed", name)
		}
	}
}

// A connection whose key is missing says so once that is known, and no longer when it has its key again. Nor does another one
// that gets the same number for its key.
func TestAMissingKeyIsNoted(t *testing.T) {
	m := &mortal{entries: make(map[string]string)}
	v := on(m)
	one := save(t, v, "one", "TEST", nil)
	trouble := func() error {
		all, err := v.List(t.Context(), nil)
		if err != nil || len(all) != 1 {
			t.Fatalf("%d connections, %v", len(all), err)
		}
		return all[0].Trouble
	}
	key := m.entries["key/0"]
	delete(m.entries, "key/0")
	if again, err := v.Tidy(t.Context()); !again || err != nil || !errors.Is(trouble(), keychain.ErrNotFound) {
		t.Errorf("tidied: %v, %v, and its trouble is %v", again, err, trouble())
	}
	m.entries["key/0"] = key // from a backup
	if _, _, err := v.Key(t.Context(), one.ID); err != nil || trouble() != nil {
		t.Errorf("it is there again: %v, %v", err, trouble())
	}
	delete(m.entries, "key/0")
	if _, _, err := v.Key(t.Context(), one.ID); !errors.Is(err, keychain.ErrNotFound) || trouble() == nil {
		t.Errorf("it is gone again: %v, %v", err, trouble())
	}
	if err := v.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	save(t, v, "two", "TEST another", nil)
	if m.entries["key/0"] == "" || trouble() != nil {
		t.Errorf("another connection: %v", trouble())
	}
}

// Another process may store a missing key again, or another key under its number. Then no connection says that it has none.
func TestAKeyIsNoLongerMissing(t *testing.T) {
	m := &mortal{entries: make(map[string]string)}
	one := save(t, on(m), "one", "TEST", nil)
	key := m.entries["key/0"]
	delete(m.entries, "key/0")
	v := New(keychain.New(watched{m, func(name string) {
		if name == "key/1" { // key/0 has been read
			m.entries["key/0"] = key
		}
	}}, "vault.test"), nil)
	if again, err := v.Tidy(t.Context()); again || err != nil {
		t.Errorf("tidied: %v, %v", again, err)
	}
	list(t, v) // fails if there is trouble

	delete(m.entries, "key/0")
	if _, _, err := v.Key(t.Context(), one.ID); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("its key: %v", err)
	}
	if err := on(m).Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	save(t, on(m), "two", "TEST another", nil)
	list(t, v)
}

// keyHolder is a keychain that does not delete keys.
type keyHolder struct{ *mortal }

func (h keyHolder) Delete(service, user string) error {
	if strings.HasPrefix(user, "key/") {
		return errDied
	}
	return h.mortal.Delete(service, user)
}

func (h keyHolder) DeleteAll(string) error {
	return h.write(func() {
		maps.DeleteFunc(h.entries, func(name, _ string) bool { return !strings.HasPrefix(name, "key/") })
	})
}

// To remove everything fails where a key is left, with the index or without.
func TestAKeyThatIsLeft(t *testing.T) {
	for _, indexed := range []bool{true, false} {
		m := &mortal{entries: make(map[string]string)}
		save(t, on(m), "one", "TEST", nil)
		if !indexed {
			m.entries["index"] = "damaged"
			delete(m.entries, "connections/0")
		}
		if err := New(keychain.New(keyHolder{m}, "vault.test"), nil).RemoveEverything(t.Context()); !errors.Is(err, keychain.ErrNotSaved) {
			t.Errorf("with an index %v: %v, and %d entries are left", indexed, err, len(m.entries))
		}
		if err := on(m).RemoveEverything(t.Context()); err != nil || len(m.entries) > 0 {
			t.Errorf("removed again: %v, and %d entries are left", err, len(m.entries))
		}
	}
}

// A connection with an odd number for its key, as another program may write it, spoils nothing for good: when it is removed, Tidy reads
// few keys again, and the index can be read at any time.
func TestAnOddKeyNumber(t *testing.T) {
	for number, stored := range map[int]bool{40: false, 400: true, maxNumber - 2: true, maxNumber - 1: false, maxNumber: false, maxNumber + 1: false} {
		m := &mortal{entries: make(map[string]string)}
		one, other := save(t, on(m), "one", "TEST one", nil), save(t, on(m), "other", "TEST other", nil)
		odd := one
		odd.KeyNumber = number
		if _, err := on(m).storePage(t.Context(), 0, []Connection{odd, other}, on(m).keychain.Put); err != nil {
			t.Fatal(err)
		}
		if stored {
			if err := on(m).storeKey(t.Context(), number, secret.New("TEST one"), on(m).keychain.Create); err != nil {
				t.Fatal(err)
			}
		}
		indexIsGood := func(when string) {
			t.Helper()
			if x, err := on(m).readIndex(t.Context()); err != nil && !isNotFound(err) {
				t.Errorf("%d: the index %s: %+v, %v", number, when, x, err)
			}
		}
		if _, err := on(m).Tidy(t.Context()); err != nil {
			t.Error(err)
		}
		indexIsGood("with the connection")
		if number < maxNumber {
			save(t, on(m), "third", "TEST third", nil) // makes the index count the odd number
			indexIsGood("with another one")
			if err := on(m).Remove(t.Context(), one.ID); err != nil {
				t.Error(err)
			}
		} else if err := on(m).Remove(t.Context(), pageName(0)); err != nil { // the page counts as damaged
			t.Error(err)
		}
		indexIsGood("without the connection")
		if _, err := on(m).Tidy(t.Context()); err != nil {
			t.Error(err)
		}
		reads := 0
		v := New(keychain.New(watched{m, func(string) { reads++ }}, "vault.test"), nil)
		if again, err := v.Tidy(t.Context()); again || err != nil || reads > 10 {
			t.Errorf("%d: Tidy reads %d entries: %v, %v", number, reads, again, err)
		}
		for _, one := range list(t, on(m)) {
			if _, _, err := on(m).Key(t.Context(), one.ID); err != nil {
				t.Errorf("%d: the key of %s: %v", number, one.Name, err)
			}
		}
	}
}

// A key for another service stays as it is, although a connection has its number. The connection can be removed. If its own key is
// saved again, the key gets another number.
func TestAKeyForAnotherServiceStays(t *testing.T) {
	foreign, err := encode(map[string]any{"schema": schema, "service": "another", "key": "TEST foreign"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		do   func(v *Vault, one Connection) error
		keys []string // that are stored afterwards
	}{
		"remove":    {func(v *Vault, one Connection) error { return v.Remove(t.Context(), one.ID) }, []string{"key/0", "key/1"}},
		"the other": {func(v *Vault, _ Connection) error { return v.Remove(t.Context(), list(t, v)["other"].ID) }, []string{"key/0"}},
		"tidy": {func(v *Vault, _ Connection) error {
			_, err := v.Tidy(t.Context())
			return err
		}, []string{"key/0", "key/1"}},
		"save its key again": {func(v *Vault, one Connection) error {
			_, err := v.Save(t.Context(), secret.New("TEST"), func([]Connection) (Connection, error) { return one, nil })
			return err
		}, []string{"key/0", "key/1", "key/2"}},
		"replace its key": {func(v *Vault, one Connection) error {
			_, err := v.Save(t.Context(), secret.New("TEST new"), func([]Connection) (Connection, error) { return one, nil })
			return err
		}, []string{"key/0", "key/1", "key/2"}},
		"save its key with another connection": {func(v *Vault, _ Connection) error {
			_, err := v.Save(t.Context(), secret.New("TEST"), func([]Connection) (Connection, error) { return Connection{Name: "new"}, nil })
			return err
		}, []string{"key/0", "key/1", "key/2"}},
	} {
		m := &mortal{entries: make(map[string]string)}
		one := save(t, on(m), "one", "TEST", nil)
		save(t, on(m), "other", "TEST other", nil)
		if err := keychain.New(m, "vault.test").Put(t.Context(), "key/0", foreign); err != nil {
			t.Fatal(err)
		}
		entry := m.entries["key/0"]
		if _, _, err := on(m).Key(t.Context(), one.ID); !errors.Is(err, keychain.ErrDamaged) {
			t.Errorf("%s: its key: %v", name, err)
		}
		if err := c.do(on(m), one); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := on(m).Tidy(t.Context())
		var keys []string
		for _, entry := range slices.Sorted(maps.Keys(m.entries)) {
			if strings.HasPrefix(entry, "key/") {
				keys = append(keys, entry)
			}
		}
		if err != nil || m.entries["key/0"] != entry || !slices.Equal(keys, c.keys) {
			t.Errorf("%s: the keys %v are stored, want %v; the foreign key is the same: %v; %v", name, keys, c.keys, m.entries["key/0"] == entry, err)
		}
		if now, there := list(t, on(m))["one"]; there && now.KeyNumber > 0 {
			if _, _, err := on(m).Key(t.Context(), now.ID); err != nil {
				t.Errorf("%s: its key: %v", name, err)
			}
		}
	}
}

// Whatever is saved, reported and removed, in whatever order and by two processes: what is listed is what was saved.
func TestAnyOrder(t *testing.T) {
	m := &mortal{entries: make(map[string]string)}
	vaults, want := []*Vault{on(m), on(m)}, make(map[string]string)
	sizes := []int{0, 50, 300, 1000, 1900}
	for step := range 600 {
		v, name := vaults[step%2], fmt.Sprint("c", step*7%31)
		all := list(t, vaults[(step+1)%2])
		one, there := all[name]
		r := report(sizes[step*5%len(sizes)])
		switch {
		case !there:
			save(t, v, name, fmt.Sprint("TEST key ", step%5), r)
			want[name] = string(r)
		case step%3 == 0:
			if err := v.Remove(t.Context(), one.ID); err != nil {
				t.Fatal(err)
			}
			delete(want, name)
		default:
			if err := keepReport(t.Context(), v, one, r); err != nil {
				t.Fatal(err)
			}
			want[name] = string(r)
		}
		found := list(t, v)
		if len(found) != len(want) {
			t.Fatalf("step %d: %d connections, want %d", step, len(found), len(want))
		}
		for name, report := range want {
			if string(found[name].Report) != report {
				t.Fatalf("step %d: %s has another report", step, name)
			}
		}
		for _, text := range m.entries {
			if len(text) > 2560 {
				t.Fatalf("an entry has %d bytes", len(text))
			}
		}
	}
	for _, one := range list(t, vaults[0]) {
		if err := vaults[1].Remove(t.Context(), one.ID); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.entries) > 0 {
		t.Errorf("%d entries are left", len(m.entries))
	}
}

// Several are saved with one look at everything and one write of each page, and whatever a crash leaves unsaved, what is said to be saved is there.
func TestSavingSeveral(t *testing.T) {
	died := true
	for at := 1; died; at++ {
		m := crowded(t)
		m.writes, m.dieAt = 0, at
		var want []Connection
		for i := range 30 {
			want = append(want, Connection{Name: fmt.Sprintf("another %d", i), OrganizationID: "1", Report: report(200)})
		}
		saved, err := on(m).SaveSeveral(t.Context(), secret.New("TEST another"), func([]Connection) ([]Connection, error) { return want, nil })
		died = m.writes >= at
		if m.dieAt = 0; (err == nil) != (len(saved) == len(want)) || !died && err != nil {
			t.Fatalf("before write %d of %d: %d are saved, %v", at, m.writes, len(saved), err)
		}
		if !died && m.writes > 6 { // the key, the pages and the index
			t.Errorf("%d writes", m.writes)
		}
		kept := list(t, on(m))
		for i, one := range saved {
			if one.Name != want[i].Name || kept[one.Name].ID != one.ID || kept[one.Name].Edition != 1 {
				t.Fatalf("before write %d: %s is not there", at, one.Name)
			}
			if _, key, err := on(m).Key(t.Context(), one.ID); err != nil || key.Reveal() != "TEST another" {
				t.Fatalf("before write %d: the key of %s: %v", at, one.Name, err)
			}
		}
	}
}
