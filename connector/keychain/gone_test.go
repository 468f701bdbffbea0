package keychain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// filled returns a keychain with some pages of names.
func filled(t *testing.T) (m *memory, names []string, pages int) {
	k, m := opened()
	for n := range 90 {
		names = append(names, fmt.Sprintf("connection/%0100x", n))
		put(t, k, names[n], names[n])
	}
	return m, names, len(k.index.pages)
}

// TestAPageThatIsGone deletes one page of the index: the names of the others are known, a change writes nothing over, and
// Relist brings the names back.
func TestAPageThatIsGone(t *testing.T) {
	_, _, pages := filled(t)
	for n := range pages {
		t.Run(pageName(n), func(t *testing.T) {
			m, names, _ := filled(t)
			change(m, pageName(n), "")
			k := New(m, testService)
			known, err := k.Names(t.Context())
			switch {
			case n == 0: // there may never have been an index: who knows what there should be has to look
				if len(known) > 0 || err != nil {
					t.Errorf("%d names, %v", len(known), err)
				}
			case n == pages-1: // nor can it be seen that there was one more
				if len(known) == len(names) || err != nil {
					t.Errorf("%d names, %v", len(known), err)
				}
			default:
				failed(t, err, ErrIncomplete, "")
			}
			put(t, k, "key/new", "new")
			if err := k.Delete(t.Context(), names[0]); err != nil {
				t.Error(err)
			}
			for _, name := range names[1:] {
				holds(t, New(m, testService), name, name)
			}
			if err := k.Relist(t.Context(), names[1:], true); err != nil {
				t.Fatal(err)
			}
			named(t, New(m, testService), append(slices.Clone(names[1:]), "key/new")...)
			if lost := unreachable(t, m); len(lost) > 0 {
				t.Errorf("these cannot be found: %.20q", lost)
			}
			for _, name := range append(names, "key/new") {
				if err := k.Delete(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			}
			if left := stored(m); len(left) > 0 {
				t.Errorf("%d entries are left", len(left))
			}
		})
	}
}

// TestTwoPagesThatAreGone deletes two pages, not side by side.
func TestTwoPagesThatAreGone(t *testing.T) {
	m, names, pages := filled(t)
	if pages < 5 {
		t.Fatalf("%d pages", pages)
	}
	change(m, pageName(1), "")
	change(m, pageName(3), "")
	k := New(m, testService)
	_, err := k.Names(t.Context())
	failed(t, err, ErrIncomplete, "")
	_, err = k.Repair(t.Context(), alone)
	failed(t, err, ErrIncomplete, "")
	if err := k.Relist(t.Context(), names, true); err != nil {
		t.Fatal(err)
	}
	named(t, New(m, testService), names...)
}

// TestCreate writes nothing over, whatever is there and whether it is listed.
func TestCreate(t *testing.T) {
	for name, c := range map[string]struct {
		there string
		kind  error
	}{
		"nothing":  {"", nil},
		"a value":  {head{generation: "a", parts: 1, length: 3, as: asText, sum: checksum("old"), first: "old"}.header() + "old", ErrExists},
		"damaged":  {"my own note", ErrExists},
		"too new":  {"entry version=9", ErrNewer},
		"half one": {"entry version=1 generation=a", ErrExists},
	} {
		t.Run(name, func(t *testing.T) {
			k, m := opened()
			if c.there != "" {
				change(m, "key/1", c.there)
			}
			err := k.Create(t.Context(), "key/1", secret.New("s3cret"))
			if c.kind == nil {
				if err != nil {
					t.Fatal(err)
				}
				holds(t, k, "key/1", "s3cret")
				failed(t, k.Create(t.Context(), "key/1", secret.New("s4cret")), ErrExists, "s4cret")
				holds(t, k, "key/1", "s3cret")
				return
			}
			failed(t, err, c.kind, "s3cret")
			if left := stored(m); len(left) != 1 || left["key/1"] != c.there {
				t.Errorf("something was written: %d entries", len(left))
			}
		})
	}
}

// TestANewPageLeavesNoneOut has two processes: what one remembers of the index is out of date.
func TestANewPageLeavesNoneOut(t *testing.T) {
	m, names, pages := filled(t)
	one, other := New(m, testService), New(m, testService)
	known, err := one.Names(t.Context())
	if err != nil || len(known) != len(names) {
		t.Fatal(len(known), err)
	}
	last := slices.Clone(one.index.pages[pages-1].names)
	for _, name := range last {
		if err := other.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	one.index.pages[pages-1].text += strings.Repeat(" ", maxEntry) // so that it looks full
	put(t, one, "key/new", "new")
	got, err := New(m, testService).Names(t.Context())
	if err != nil || !slices.Contains(got, "key/new") {
		t.Errorf("%d names, %v; it is listed: %v", len(got), err, slices.Contains(got, "key/new"))
	}
	if _, err := other.Get(t.Context(), last[0]); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
