package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/secret"
)

// faulty is a backend with faults: where a function is set, it is called instead.
type faulty struct {
	Backend
	get    func(user string) (string, error)
	set    func(user, text string) error
	delete func(user string) error
}

func (f faulty) Get(service, user string) (string, error) {
	if f.get != nil {
		return f.get(user)
	}
	return f.Backend.Get(service, user)
}

func (f faulty) Set(service, user, text string) error {
	if f.set != nil {
		return f.set(user, text)
	}
	return f.Backend.Set(service, user, text)
}

func (f faulty) Delete(service, user string) error {
	if f.delete != nil {
		return f.delete(user)
	}
	return f.Backend.Delete(service, user)
}

// TestNotDone has a backend that confirms what it has not done.
func TestNotDone(t *testing.T) {
	k, m := opened()
	put(t, k, "key/1", "s3cret")
	before := stored(m)

	for name, size := range map[string]func(int) int{
		"nothing written": func(int) int { return -1 },
		"half written":    func(whole int) int { return whole / 2 },
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []*memory{memoryOf(before), memoryOf(nil)} {
				k := New(faulty{Backend: m, set: func(user, text string) error {
					if n := size(len(text)); n >= 0 {
						return m.Set(testService, user, text[:n])
					}
					return nil
				}}, testService)
				failed(t, k.Put(t.Context(), "key/2", secret.New("other")), ErrNotSaved, "other")
			}
		})
	}
	k = New(faulty{Backend: m, delete: func(string) error { return nil }}, testService)
	failed(t, k.Delete(t.Context(), "key/1"), ErrNotSaved, "")
	if !maps.Equal(stored(m), before) {
		t.Error("something was changed")
	}
}

// TestQuotingBackend has a backend whose errors quote what it was given, as libraries that mean well do.
func TestQuotingBackend(t *testing.T) {
	const value = "jca_0123456789\nsecond \"line\"\n"
	head := func(text string) string { return text[strings.Index(text, "\n")+1:] }
	for name, words := range map[string]func(text string) string{
		"plain":   func(text string) string { return "cannot store " + text },
		"quoted":  func(text string) string { return fmt.Sprintf("cannot store %q", text) },
		"a line":  func(text string) string { return strings.Split(head(text), "\n")[0] },
		"cut off": func(text string) string { return "cannot store " + head(text)[:10] + "..." },
	} {
		t.Run(name, func(t *testing.T) {
			_, m := opened()
			quoting := func(_, text string) error { return errors.New(words(text)) }
			k := New(faulty{Backend: m, set: quoting}, testService)
			silent(t, k.Put(t.Context(), "key/1", secret.New(value)))

			k = New(faulty{Backend: m, set: func(user, text string) error { panic(quoting(user, text)) }}, testService)
			silent(t, k.Put(t.Context(), "key/1", secret.New(value)))

			written := ""
			k = New(faulty{Backend: m,
				set: func(user, text string) error { written = text; return m.Set(testService, user, text) },
				get: func(user string) (string, error) {
					if written == "" {
						return m.Get(testService, user)
					}
					return "", errors.New(words(written))
				},
			}, testService)
			silent(t, k.Put(t.Context(), "key/1", secret.New(value)))
		})
	}

	_, m := opened()
	text := encode("key/1", "4711")
	k := New(faulty{Backend: m, set: func(user, text string) error {
		return errors.New("cannot store " + text[strings.Index(text, "\n")+1:])
	}}, testService)
	failed(t, k.Put(t.Context(), "key/1", secret.New("4711")), ErrFailed, text[strings.Index(text, "\n")+1:]) // short, but a whole line

	k = New(faulty{Backend: m, set: func(string, string) error { return errors.New("the disk is full") }}, testService)
	err := k.Put(t.Context(), "key/1", secret.New(value))
	if failed(t, err, ErrFailed, "jca_"); !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v does not say why", err)
	}
}

// silent checks that err is a failure that repeats nothing of TestQuotingBackend's value.
func silent(t *testing.T, err error) {
	t.Helper()
	for _, part := range []string{"jca_", "0123", "second", "line"} {
		failed(t, err, ErrFailed, part)
	}
}

func TestErrorText(t *testing.T) {
	cause := errors.New("cause")
	for _, c := range []struct {
		err  *Error
		want string
	}{
		{newError("wipe", "", ErrLocked), "keychain: wipe: the system keychain is locked"},
		{newError("get", "key/1", ErrNotFound), `keychain: get "key/1": not in the keychain`},
		{newError("put", "key/1", cause), `keychain: put "key/1": the system keychain failed: cause`},
		{newError("put", "key/1", context.Canceled), `keychain: put "key/1": context canceled`},
		{newError("get", "a\nb", ErrFailed), `keychain: get "a\nb": the system keychain failed`},
	} {
		if c.err.Error() != c.want {
			t.Errorf("got  %s\nwant %s", c.err, c.want)
		}
	}
	if err := newError("put", "key/1", cause); !errors.Is(err, cause) || !errors.Is(err, ErrFailed) {
		t.Error("the kind or the cause is not in the chain")
	}
}

// TestNothingIsShown prints a keychain that has been used: nothing of the values may remain in it.
func TestNothingIsShown(t *testing.T) {
	k := New(faulty{Backend: Memory()}, testService)
	put(t, k, "key/1", "s3cret-value")
	holds(t, k, "key/1", "s3cret-value")
	k.backend = nil // it holds the entries, as it must
	var out bytes.Buffer
	fmt.Fprintf(&out, "%+v %#v %+v", k, k, reflect.ValueOf(k.queue).Elem())
	if strings.Contains(out.String(), "s3cret") {
		t.Error("the keychain remembers a value")
	}
}
