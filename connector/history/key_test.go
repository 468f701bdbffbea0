package history

import (
	"context"
	"errors"
	"testing"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// A key that is gone or damaged costs the histories. A key that cannot be read now, or that a later version made, is left as it is.
func TestKeys(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, k *keychain.Keychain, b *counter)
		want  error // of an Add; nil if the history begins anew
		read  error
	}{
		"gone": {func(t *testing.T, k *keychain.Keychain, _ *counter) {
			if err := k.Delete(t.Context(), keyName); err != nil {
				t.Fatal(err)
			}
		}, nil, ErrUnreadable},
		"a damaged entry":  {func(t *testing.T, _ *keychain.Keychain, b *counter) { set(t, b, "x") }, nil, ErrUnreadable},
		"no key in it":     {put(`{"version":1,"key":"AGE-SECRET-KEY-1QQQ"}`), nil, ErrUnreadable},
		"no record in it":  {put(`AGE-SECRET-KEY-1QQQ`), nil, ErrUnreadable},
		"no version in it": {put(`{"key":""}`), nil, ErrUnreadable},
		"a newer record":   {put(`{"version":2,"key":"?"}`), ErrNewer, ErrNewer},
		"a newer entry":    {func(t *testing.T, _ *keychain.Keychain, b *counter) { set(t, b, "entry version=2 mac=1\nx") }, ErrNewer, ErrNewer},
		"locked":           {func(_ *testing.T, _ *keychain.Keychain, b *counter) { b.fail = keychain.ErrLocked }, keychain.ErrLocked, keychain.ErrLocked},
		"no service":       {func(_ *testing.T, _ *keychain.Keychain, b *counter) { b.fail = keychain.ErrNoService }, keychain.ErrNoService, keychain.ErrNoService},
		"broken":           {func(_ *testing.T, _ *keychain.Keychain, b *counter) { b.fail = errors.New("broken") }, keychain.ErrFailed, keychain.ErrFailed},
	} {
		t.Run(name, func(t *testing.T) {
			folder, b := newFolder(t), newCounter()
			k := keychain.New(b, service)
			add(t, New(folder, k), ours, passed(0, 0))
			c.spoil(t, k, b)
			entry, _ := b.Backend.Get(service, keyName)
			file := string(contents(t, New(folder, k).path(ours)))
			h := New(folder, k) // a process that has not read the key before
			if all, err := h.Read(t.Context(), ours); !errors.Is(err, c.read) || len(all) > 0 {
				t.Errorf("it has %q, %v", texts(all), err)
			}
			if last := h.Last(t.Context(), []string{ours}); len(last) > 0 {
				t.Errorf("the last one is %v", last)
			}
			if err := h.Add(t.Context(), ours, failed(1, 0)); !errors.Is(err, c.want) {
				t.Errorf("an Add says %v", err)
			}
			b.fail = nil
			if c.want != nil {
				if now, _ := b.Backend.Get(service, keyName); now != entry || string(contents(t, h.path(ours))) != file {
					t.Error("the entry or the file was changed")
				}
				return
			}
			all, err := New(folder, k).Read(t.Context(), ours)
			if !errors.Is(err, ErrUnreadable) || len(all) != 1 || all[0].State != "failed" {
				t.Errorf("then it has %q, %v", texts(all), err)
			}
		})
	}
}

func set(t *testing.T, b *counter, entry string) {
	t.Helper()
	if err := b.Backend.Set(service, keyName, entry); err != nil {
		t.Fatal(err)
	}
}

func put(value string) func(*testing.T, *keychain.Keychain, *counter) {
	return func(t *testing.T, k *keychain.Keychain, _ *counter) {
		if err := k.Put(t.Context(), keyName, secret.New(value)); err != nil {
			t.Fatal(err)
		}
	}
}

// A call that was given up is no reason for a new key.
func TestCancelled(t *testing.T) {
	folder, b := newFolder(t), newCounter()
	add(t, on(folder, b), ours, passed(0, 0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := on(folder, b)
	if _, err := h.Read(ctx, ours); !errors.Is(err, context.Canceled) {
		t.Errorf("a Read says %v", err)
	}
	if err := h.Add(ctx, ours, passed(1, 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("an Add says %v", err)
	}
	add(t, h, ours, passed(2, 0))
	holds(t, h, ours, "24T12 24T12 1 passed ", "26T12 26T12 1 passed ")
	if b.write != 1 {
		t.Errorf("%d keys were made", b.write)
	}
}

// Nothing is sealed with a key that the keychain has not kept.
func TestAKeyThatIsNotKept(t *testing.T) {
	folder := newFolder(t)
	h := on(folder, forgetful{keychain.Memory()})
	if err := h.Add(t.Context(), ours, passed(0, 0)); !errors.Is(err, keychain.ErrNotSaved) || len(names(t, folder, sealedSuffix)) > 0 {
		t.Errorf("it says %v, and there is %v", err, names(t, folder, sealedSuffix))
	}
}

// forgetful is a keychain that keeps nothing.
type forgetful struct{ keychain.Backend }

func (forgetful) Set(string, string, string) error { return nil }

// A process that holds a key which another process has replaced takes the new one, and loses nothing.
func TestAnotherProcessMakesANewKey(t *testing.T) {
	folder, b := newFolder(t), newCounter()
	h, other := on(folder, b), on(folder, b)
	add(t, h, ours, passed(0, 0))
	if err := other.RemoveEverything(t.Context()); err != nil {
		t.Fatal(err)
	}
	add(t, other, ours, passed(1, 0))
	holds(t, h, ours, "25T12 25T12 1 passed ")
	add(t, h, ours, passed(2, 0))
	add(t, other, ours, passed(3, 0))
	holds(t, on(folder, b), ours, "25T12 25T12 1 passed ", "26T12 26T12 1 passed ", "27T12 27T12 1 passed ")
}

// If two processes make the key at the same time, and files cannot be locked, both use the one that was stored.
func TestTwoProcessesWithoutALock(t *testing.T) {
	folder, b := newFolder(t), newCounter()
	h, other := on(folder, b), on(folder, b)
	b.Backend = &between{Backend: b.Backend, do: func() {
		if err := other.keychain.Create(t.Context(), keyName, newKey(t)); err != nil {
			t.Error(err)
		}
	}}
	add(t, h, ours, passed(0, 0))
	add(t, other, theirs, passed(0, 0))
	for _, process := range []*History{h, other, on(folder, b)} {
		holds(t, process, ours, "24T12 24T12 1 passed ")
		holds(t, process, theirs, "24T12 24T12 1 passed ")
	}
}

// between calls do after the first time that an entry was not found.
type between struct {
	keychain.Backend
	do func()
}

func (b *between) Get(service, user string) (string, error) {
	text, err := b.Backend.Get(service, user)
	if do := b.do; err != nil && do != nil {
		b.do = nil
		do()
	}
	return text, err
}

// newKey returns a key as another process stores it.
func newKey(t *testing.T) secret.Secret {
	t.Helper()
	h := on(newFolder(t), newCounter())
	add(t, h, ours, passed(0, 0))
	value, err := h.keychain.Get(t.Context(), keyName)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
