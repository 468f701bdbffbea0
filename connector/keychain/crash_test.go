package keychain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

var errDied = errors.New("the process has died")

// mortal is the backend of a process that dies: after so many writes, no call does anything any more.
type mortal struct {
	*memory
	writes int // still to be done
	dead   bool
}

func (m *mortal) Get(service, user string) (string, error) {
	if m.dead {
		return "", errDied
	}
	return m.memory.Get(service, user)
}

func (m *mortal) Set(service, user, text string) error {
	return m.write(func() error { return m.memory.Set(service, user, text) })
}

func (m *mortal) Delete(service, user string) error {
	return m.write(func() error { return m.memory.Delete(service, user) })
}

func (m *mortal) write(f func() error) error {
	if m.dead = m.dead || m.writes == 0; m.dead {
		return errDied
	}
	m.writes--
	return f()
}

// memoryOf returns a backend with these entries.
func memoryOf(entries map[string]string) *memory {
	m := Memory().(*memory)
	for user, text := range entries {
		m.entries[account{testService, user}] = text
	}
	return m
}

// unreachable returns the entries that nobody who reads the index, and the heads of the names there, would find.
func unreachable(t *testing.T, m *memory) []string {
	t.Helper()
	entries := stored(m)
	k := New(m, testService)
	names, err := k.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n := range k.index.pages {
		delete(entries, pageName(n))
	}
	for _, name := range names {
		h, err := parseHead(entries[name])
		if err != nil {
			t.Errorf("%s is listed but cannot be read: %v", name, err)
			continue
		}
		delete(entries, name)
		for n := 2; n <= h.parts; n++ {
			delete(entries, partName(name, h.generation, n))
		}
	}
	return slices.Sorted(maps.Keys(entries))
}

// crashName is long, so that a page of the index has room for eleven like it only.
var crashName = "key/" + strings.Repeat("x", 150)

func otherName(n int) string { return fmt.Sprintf("connection/%0143d", n) }

// step is what a process does when it dies: put a value, delete it (nil), or repair.
type step struct {
	value  *string
	repair bool
}

func (s step) do(ctx context.Context, k *Keychain) error {
	switch {
	case s.repair:
		_, err := k.Repair(ctx, alone)
		return err
	case s.value == nil:
		return k.Delete(ctx, crashName)
	}
	return k.Put(ctx, crashName, secret.New(*s.value))
}

// crash does the step on what is stored, as a process that dies after so many writes, and reports whether it lived
// to the end. It returns what is stored then.
func (s step) crash(t *testing.T, entries map[string]string, writes int) (after map[string]string, lived bool) {
	t.Helper()
	m := &mortal{memory: memoryOf(entries), writes: writes}
	err := s.do(t.Context(), New(m, testService))
	// A value is saved once it is stored, even if the old one cannot be cleaned up any more.
	saved := s.value != nil && same(value(t, stored(m.memory)), s.value)
	if lived = !m.dead; lived != (err == nil) && !(saved && err == nil) {
		t.Fatalf("after %d writes: dead is %v, but the error %v", writes, m.dead, err)
	}
	return stored(m.memory), lived
}

// value returns the value after a crash, nil if there is none, and checks that it can be read.
func value(t *testing.T, entries map[string]string) *string {
	t.Helper()
	got, err := New(memoryOf(entries), testService).Get(t.Context(), crashName)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return new(got.Reveal())
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// repaired repairs what a crash left, and checks that the value is still the one it was, that everything stored can
// be found, and that a name is listed just when it has a value.
func repaired(t *testing.T, entries map[string]string) {
	t.Helper()
	before, m := value(t, entries), memoryOf(entries)
	if _, err := New(m, testService).Repair(t.Context(), alone); err != nil {
		t.Fatal(err)
	}
	if !same(value(t, stored(m)), before) {
		t.Error("the repair changed the value")
	}
	if lost := unreachable(t, m); len(lost) != 0 {
		t.Errorf("these cannot be found: %.20q", lost)
	}
	names, err := New(m, testService).Names(t.Context())
	if err != nil || slices.Contains(names, crashName) != (before != nil) {
		t.Errorf("%v; the name is listed: %v, it has a value: %v", err, slices.Contains(names, crashName), before != nil)
	}
}

// untouched checks that the entries of other names are what they were.
func untouched(t *testing.T, before, after map[string]string) {
	t.Helper()
	notOther := func(user, _ string) bool {
		return user == indexName || strings.HasPrefix(user, indexName+"/") || strings.HasPrefix(user, crashName)
	}
	before, after = maps.Clone(before), maps.Clone(after)
	maps.DeleteFunc(before, notOther)
	maps.DeleteFunc(after, notOther)
	if !maps.Equal(before, after) {
		t.Error("entries of other names were changed")
	}
}

// started returns what is stored before a crash: the value, if there is one, and so many others.
func started(t *testing.T, before *string, others int) map[string]string {
	t.Helper()
	k, m := opened()
	put(t, k, "key/other", long(5_000))
	for n := range others {
		put(t, k, otherName(n), "other")
	}
	if before != nil {
		put(t, k, crashName, *before)
	}
	return stored(m)
}

func TestCrash(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after *string // nil: none
		others        int     // names in the index
		pages         int     // of the index, while the value is there
	}{
		{"put a new short value", nil, new("short"), 0, 1},
		{"put a new long value", nil, new(long(9_000)), 0, 1},
		{"put a new value on a new page", nil, new(long(5_000)), 12, 2},
		{"put into a large index", nil, new(long(5_000)), 100, 9},
		{"replace short by short", new("old"), new("new"), 0, 1},
		{"replace short by long", new("old"), new(long(9_000)), 0, 1},
		{"replace long by short", new(long(9_000)), new("new"), 0, 1},
		{"replace long by longer", new(long(5_000)), new(long(13_000)), 0, 1},
		{"replace long by less long", new(long(13_000)), new(long(5_000)), 0, 1},
		{"replace in a large index", new(long(5_000)), new("new"), 100, 9},
		{"delete a short value", new("old"), nil, 0, 1},
		{"delete a long value", new(long(9_000)), nil, 0, 1},
		{"delete the only name of a page", new(long(5_000)), nil, 12, 2},
		{"delete from a large index", new(long(5_000)), nil, 100, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := started(t, c.before, c.others)
			last, sawOld, sawNew := 0, false, false
			for lived := false; !lived; last++ {
				var left map[string]string
				left, lived = step{value: c.after}.crash(t, start, last)
				got := value(t, left)
				sawOld, sawNew = sawOld || same(got, c.before), sawNew || same(got, c.after)
				if !same(got, c.before) && !same(got, c.after) || lived && !same(got, c.after) {
					t.Errorf("after %d writes the value is not the old one or the new", last)
				}
				untouched(t, start, left)
				repaired(t, left)

				again, _ := step{value: c.after}.crash(t, left, -1) // it can be done again
				if !same(value(t, again), c.after) {
					t.Errorf("after %d writes it cannot be done again", last)
				}
				if lost := unreachable(t, memoryOf(again)); len(lost) != 0 {
					t.Errorf("after %d writes and once more these cannot be found: %.20q", last, lost)
				}
				pages := 0
				for user := range again {
					if user == indexName || strings.HasPrefix(user, indexName+"/") {
						pages++
					}
				}
				if c.after != nil && pages != c.pages || c.after == nil && pages > c.pages {
					t.Errorf("%d pages of the index, want %d", pages, c.pages)
				}
				if t.Failed() {
					t.Fatalf("after %d writes", last)
				}
			}
			if !sawOld || !sawNew {
				t.Errorf("in %d crashes the old value was seen: %v, the new one: %v", last, sawOld, sawNew)
			}
		})
	}
}

// TestCrashTwice lets a second process die over what the first has left.
func TestCrashTwice(t *testing.T) {
	steps := map[string]step{
		"short": {value: new("short")}, "long": {value: new(long(5_000))}, "longer": {value: new(long(11_000))},
		"delete": {}, "repair": {repair: true},
	}
	for _, before := range []*string{nil, new(long(7_000))} {
		start := started(t, before, 0)
		for one, first := range steps {
			for two, second := range steps {
				t.Run(fmt.Sprintf("%s over %v, then %s", one, before != nil, two), func(t *testing.T) {
					for n, lived := 0, false; !lived && !t.Failed(); n++ {
						var left map[string]string
						left, lived = first.crash(t, start, n)
						crashAgain(t, left, second)
					}
				})
			}
		}
	}
}

// crashAgain lets the step die at each of its writes.
func crashAgain(t *testing.T, start map[string]string, s step) {
	t.Helper()
	before := value(t, start)
	for n, lived := 0, false; !lived && !t.Failed(); n++ {
		var left map[string]string
		left, lived = s.crash(t, start, n)
		got := value(t, left)
		if !same(got, before) && (s.repair || !same(got, s.value)) {
			t.Errorf("after %d writes the value is not the one before or the new one", n)
		}
		untouched(t, start, left)
		repaired(t, left)
	}
}
