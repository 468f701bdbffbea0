package keychain

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

const testService = "com.example.keychain.test"

// stored returns a copy of what is in the backend, by its names.
func stored(m *memory) map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := make(map[string]string)
	for a, text := range m.entries {
		entries[a.user] = text
	}
	return entries
}

// change writes an entry behind the keychain's back, or deletes it where the text is empty.
func change(m *memory, user, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if text == "" {
		delete(m.entries, account{testService, user})
		return
	}
	m.entries[account{testService, user}] = text
}

// opened returns a new keychain in memory, and its backend.
func opened() (*Keychain, *memory) {
	m := Memory().(*memory)
	return New(m, testService), m
}

func put(t *testing.T, k *Keychain, name, value string) {
	t.Helper()
	if err := k.Put(t.Context(), name, secret.New(value)); err != nil {
		t.Fatalf("put %s: %v", name, err)
	}
}

// holds checks a value without ever printing it.
func holds(t *testing.T, k *Keychain, name, value string) {
	t.Helper()
	got, err := k.Get(t.Context(), name)
	if err != nil {
		t.Errorf("get %s: %v", name, err)
	} else if got.Reveal() != value {
		t.Errorf("get %s: %d bytes that differ from the %d put", name, len(got.Reveal()), len(value))
	}
}

// named checks the list of names.
func named(t *testing.T, k *Keychain, want ...string) {
	t.Helper()
	got, err := k.Names(t.Context())
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("there are %d names, %v; want %d", len(got), err, len(want))
	}
}

// failed checks the kind of an error, its type, and that it quotes nothing of the value.
func failed(t *testing.T, err, kind error, value string) {
	t.Helper()
	var e *Error
	if !errors.Is(err, kind) || !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("got %v, want an Error of the kind %v", err, kind)
	} else if value != "" && strings.Contains(err.Error(), value) {
		t.Error("the error quotes the value")
	}
}

// long returns a value of so many bytes that is not the same all over.
func long(size int) string {
	var text strings.Builder
	for n := 0; text.Len() < size; n++ {
		fmt.Fprintf(&text, "%d,", n)
	}
	return text.String()[:size]
}

func TestReplace(t *testing.T) {
	values := map[string]string{
		"empty": "", "short": "s3cret", "long": long(9_000), "longer": long(50_000), "bytes": strings.Repeat("\xff\x00", 5_000),
	}
	for from, before := range values {
		for to, after := range values {
			t.Run(from+" by "+to, func(t *testing.T) {
				k, m := opened()
				put(t, k, "key/1", before)
				put(t, k, "key/1", after)
				holds(t, k, "key/1", after)
				named(t, k, "key/1")

				fresh, n := opened()
				put(t, fresh, "key/1", after)
				if len(stored(m)) != len(stored(n)) {
					t.Errorf("%d entries, where the new value alone takes %d", len(stored(m)), len(stored(n)))
				}
				if err := k.Delete(t.Context(), "key/1"); err != nil || len(stored(m)) != 0 {
					t.Errorf("after the deletion there are %d entries, %v", len(stored(m)), err)
				}
			})
		}
	}
}

func TestMissing(t *testing.T) {
	k, m := opened()
	named(t, k)
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrNotFound, "")
	if err := k.Delete(t.Context(), "key/1"); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	if removed, err := k.Repair(t.Context(), alone); removed != 0 || err != nil {
		t.Errorf("repairing nothing: %d, %v", removed, err)
	}
	if len(stored(m)) != 0 {
		t.Error("something was stored")
	}
}

func TestThousandNames(t *testing.T) {
	k, m := opened()
	var names []string
	for n := range 1000 {
		names = append(names, fmt.Sprintf("connection/%024x", n))
	}
	for _, n := range rand.New(rand.NewPCG(1, 2)).Perm(len(names)) {
		put(t, k, names[n], names[n])
	}
	named(t, k, names...)
	named(t, New(m, testService), names...)

	pages := 0
	for user, text := range stored(m) {
		if len(text) > maxEntry {
			t.Errorf("%s has %d bytes", user, len(text))
		}
		if !usable(user) {
			pages++
		}
	}
	if least := 1000 * len(names[0]) / maxEntry; pages <= least {
		t.Errorf("%d pages of the index, want more than %d", pages, least)
	}

	for _, name := range names[:990] {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	named(t, New(m, testService), names[990:]...)
	put(t, k, names[0], "again") // the room on the pages is used again
	if p := k.index.page[names[0]]; p != 0 {
		t.Errorf("written on page %d, want 0", p)
	}
	for _, name := range names {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if left := stored(m); len(left) != 0 {
		t.Errorf("%d entries are left", len(left))
	}
}

func TestNameShape(t *testing.T) {
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"a", true},
		{"connection/5f1b.x_y-z", true},
		{strings.Repeat("n", maxName), true},
		{"indexes", true},
		{"key/index", true},
		{"", false},
		{strings.Repeat("n", maxName+1), false},
		{"Key", false},
		{"key 1", false},
		{"key#a.2", false},
		{"key\n", false},
		{"schlüssel", false},
		{"index", false},
		{"index/1", false},
	} {
		t.Run(fmt.Sprintf("%.20q", c.name), func(t *testing.T) {
			k, m := opened()
			err := k.Put(t.Context(), c.name, secret.New("s3cret"))
			if c.ok {
				if err != nil {
					t.Fatal(err)
				}
				holds(t, k, c.name, "s3cret")
				return
			}
			failed(t, err, ErrFailed, "s3cret")
			_, err = k.Get(t.Context(), c.name)
			failed(t, err, ErrFailed, "")
			failed(t, k.Delete(t.Context(), c.name), ErrFailed, "")
			if len(stored(m)) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

// TestTwoProcesses lets two keychains on one backend write in turn, each with what it remembers of the index.
func TestTwoProcesses(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	_, m := opened()
	processes := []*Keychain{New(m, testService), New(m, testService)}
	values := make(map[string]string)
	for step := range 2000 {
		k := processes[random.IntN(2)]
		name := fmt.Sprintf("connection/%0100x", random.IntN(60)) // long, so that there are some pages
		if random.IntN(3) == 0 {
			delete(values, name)
			if err := k.Delete(t.Context(), name); err != nil {
				t.Fatalf("step %d: %v", step, err)
			}
		} else {
			values[name] = fmt.Sprint("value ", step)
			put(t, k, name, values[name])
		}
		if step%50 == 0 {
			named(t, processes[step/50%2], slices.Sorted(maps.Keys(values))...)
		}
		if t.Failed() {
			t.Fatalf("after step %d", step)
		}
	}
	for name, value := range values {
		holds(t, processes[0], name, value)
	}
	for name := range values {
		if err := processes[1].Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if left := stored(m); len(left) != 0 {
		t.Errorf("%d entries are left", len(left))
	}
}

func TestRepair(t *testing.T) {
	k, m := opened()
	for _, name := range []string{"key/1", "key/2", "key/3", "key/4"} {
		put(t, k, name, long(7_000))
	}
	change(m, "key/1", "") // what a crash in Delete leaves
	change(m, partName("key/1", "a", 4), "")
	change(m, partName("key/2", "b", 2), "what a crash in Put leaves")
	change(m, "key/3", "damaged")
	newer := "entry version=2"
	change(m, "key/4", newer)
	other := stored(m)["key/3#a.2"]

	removed, err := New(m, testService).Repair(t.Context(), alone)
	if removed != 1 || err != nil {
		t.Errorf("removed %d, %v; want 1", removed, err)
	}
	named(t, k, "key/2", "key/3", "key/4")
	holds(t, k, "key/2", long(7_000))
	left := stored(m)
	for user := range left {
		if strings.HasPrefix(user, "key/1") || strings.HasPrefix(user, "key/2#b") {
			t.Errorf("%s is left", user)
		}
	}
	if left["key/3"] != "damaged" || left["key/3#a.2"] != other || left["key/4"] != newer {
		t.Error("what is damaged or newer was touched")
	}
}

// TestRepairEmptyPages removes the empty pages that a crash has left at the end of the index.
func TestRepairEmptyPages(t *testing.T) {
	k, m := opened()
	put(t, k, "key/1", "s3cret")
	before := stored(m)
	change(m, pageName(1), newPage(nil).text)
	change(m, pageName(2), newPage(nil).text)
	if removed, err := New(m, testService).Repair(t.Context(), alone); removed != 0 || err != nil {
		t.Errorf("removed %d, %v; want 0", removed, err)
	}
	if !maps.Equal(stored(m), before) {
		t.Errorf("%d entries, want %d", len(stored(m)), len(before))
	}
}

// TestDamagedIndex damages the first of some pages: the names of the others are known, and everything still works.
func TestDamagedIndex(t *testing.T) {
	k, m := opened()
	var names []string
	for n := range 40 {
		names = append(names, fmt.Sprintf("connection/%0100x", n))
		put(t, k, names[n], names[n])
	}
	onFirst := len(k.index.pages[0].names)
	page := stored(m)[indexName]
	change(m, indexName, page[:len(page)-2]+"!\n")

	k = New(m, testService)
	got, err := k.Names(t.Context())
	failed(t, err, ErrDamaged, "")
	if !slices.Equal(got, names[onFirst:]) {
		t.Errorf("%d names, want the %d of the other pages", len(got), len(names)-onFirst)
	}
	holds(t, k, names[0], names[0])
	put(t, k, "key/1", "new")
	// Its name is on no page that can be read, so it is written on another.
	put(t, k, names[1], "again")
	// It is gone, but its name cannot be removed.
	failed(t, k.Delete(t.Context(), names[0]), ErrDamaged, "")
	_, err = k.Get(t.Context(), names[0])
	failed(t, err, ErrNotFound, "")
	if err := k.Delete(t.Context(), names[39]); err != nil {
		t.Error(err)
	}
	got, err = k.Names(t.Context())
	failed(t, err, ErrDamaged, "")
	if want := slices.Concat(names[1:2], names[onFirst:39], []string{"key/1"}); !slices.Equal(got, want) {
		t.Errorf("%d names, want %d", len(got), len(want))
	}
	_, err = k.Repair(t.Context(), alone)
	failed(t, err, ErrDamaged, "")

	change(m, indexName, page) // restored from a backup, say
	if removed, err := New(m, testService).Repair(t.Context(), alone); removed != 1 || err != nil {
		t.Errorf("removed %d, %v; want 1", removed, err)
	}
	named(t, New(m, testService), append(names[1:39:39], "key/1")...)
}

// alone is for tests in which there are no other processes.
func alone(each func() error) error { return each() }
