package keychain

import (
	"errors"
	"fmt"
	"maps"
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

// memoryOf returns a backend with these entries.
func memoryOf(entries map[string]string) *memory {
	m := Memory().(*memory)
	for user, text := range entries {
		m.entries[account{testService, user}] = text
	}
	return m
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
	values := map[string]string{"empty": "", "short": "s3cret", "long": long(MaxValue), "bytes": strings.Repeat("\xff\x00", MaxValue/2)}
	for from, before := range values {
		for to, after := range values {
			t.Run(from+" by "+to, func(t *testing.T) {
				k, m := opened()
				put(t, k, "key/1", before)
				put(t, k, "key/1", after)
				holds(t, k, "key/1", after)
				if len(stored(m)) != 1 {
					t.Errorf("%d entries", len(stored(m)))
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
	_, err := k.Get(t.Context(), "key/1")
	failed(t, err, ErrNotFound, "")
	if err := k.Delete(t.Context(), "key/1"); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
	if err := k.DeleteAll(t.Context()); err != nil {
		t.Errorf("deleting all of nothing: %v", err)
	}
	if len(stored(m)) != 0 {
		t.Error("something was stored")
	}
}

// TestCreate creates where something is already, whatever that is: it stays as it was.
func TestCreate(t *testing.T) {
	k, m := opened()
	if err := k.Create(t.Context(), "key/1", secret.New("s3cret")); err != nil {
		t.Fatal(err)
	}
	holds(t, k, "key/1", "s3cret")
	change(m, "key/2", "damaged")
	change(m, "key/3", "entry version=2")
	before := stored(m)
	for n := range 3 {
		failed(t, k.Create(t.Context(), fmt.Sprint("key/", n+1), secret.New("other")), ErrExists, "other")
	}
	if !maps.Equal(stored(m), before) {
		t.Error("something was changed")
	}
}

// TestDeleteAll leaves nothing of the service, and everything of others.
func TestDeleteAll(t *testing.T) {
	k, m := opened()
	put(t, k, "key/1", "s3cret")
	change(m, "key/2", "damaged")
	other := New(m, "com.example.other")
	put(t, other, "key/1", "other's")
	if err := k.DeleteAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := k.Get(t.Context(), "key/2")
	failed(t, err, ErrNotFound, "")
	holds(t, other, "key/1", "other's")
}

func TestNameShape(t *testing.T) {
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{"a", true},
		{"connection/5f1b.x_y-z", true},
		{strings.Repeat("n", maxName), true},
		{"index", true},
		{"", false},
		{strings.Repeat("n", maxName+1), false},
		{"Key", false},
		{"key 1", false},
		{"key#a.2", false},
		{"key\n", false},
		{"schlüssel", false},
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
