package vault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// oneByOne deletes everything entry by entry, as the Secret Service does: here the last key last.
type oneByOne struct{ *mortal }

func (o oneByOne) DeleteAll(service string) error {
	for _, name := range slices.Sorted(maps.Keys(o.entries)) {
		if err := o.Delete(service, name); err != nil {
			return err
		}
	}
	return nil
}

// untouched is the name of a connection that only "remove everything" may change.
const untouched = "untouched"

// changes are what a process may be doing when it dies. Each works on the first connection that is not the untouched one, or with a
// key that is new.
var changes = map[string]func(t *testing.T, v *Vault, first Connection, key secret.Secret) error{
	"save": func(t *testing.T, v *Vault, _ Connection, key secret.Secret) error {
		_, err := v.Save(t.Context(), key, func([]Connection) (Connection, error) {
			return Connection{Name: key.Reveal(), OrganizationID: "1"}, nil
		})
		return err
	},
	"replace the key": func(t *testing.T, v *Vault, first Connection, key secret.Secret) error {
		_, err := v.Save(t.Context(), key, func([]Connection) (Connection, error) { return first, nil })
		return err
	},
	"rotate": func(t *testing.T, v *Vault, first Connection, key secret.Secret) error {
		_, err := v.Rotate(t.Context(), first.Fingerprint, key, func(all []Connection) ([]Connection, error) { return all, nil })
		return err
	},
	"remove": func(t *testing.T, v *Vault, first Connection, _ secret.Secret) error {
		return v.Remove(t.Context(), first.ID)
	},
	"remove everything": func(t *testing.T, v *Vault, _ Connection, _ secret.Secret) error {
		return v.RemoveEverything(t.Context())
	},
	"tidy": func(t *testing.T, v *Vault, _ Connection, _ secret.Secret) error {
		_, err := v.Tidy(t.Context())
		return err
	},
}

// Processes die one after the other, each at any of its writes, before one tidies up. No key is left without a connection then,
// and no connection without its key. A connection that no process wanted to change is there, with its key.
func TestCrashesInARow(t *testing.T) {
	crash(t, &mortal{entries: make(map[string]string)}, Connection{}, nil)
	m := &mortal{entries: make(map[string]string)}
	save(t, vaultIn(m), "first", "TEST first", nil)
	crash(t, m, save(t, vaultIn(m), untouched, "TEST untouched", nil), nil)
}

// crash has two processes die at each of their writes, and a third one do its work. Kept is the untouched connection, if there is one.
func crash(t *testing.T, before *mortal, kept Connection, log []string) {
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		for at, died := 1, true; died && !t.Failed(); at++ {
			m := &mortal{entries: maps.Clone(before.entries), dieAt: at}
			log := append(slices.Clone(log), fmt.Sprintf("%s, dies before write %d", name, at))
			if len(log) == 3 {
				m.dieAt = 0
			}
			if died = change(t, m, name, len(log)); len(log) < 3 {
				crash(t, m, kept, log)
				continue
			}
			isWhole(t, m)
			now, mayGo := list(t, vaultIn(m))[untouched], strings.Contains(strings.Join(log, ""), "remove everything")
			if !mayGo && (now.ID != kept.ID || now.Fingerprint != kept.Fingerprint) {
				t.Error("the untouched connection is lost")
			}
			if t.Failed() {
				t.Fatal(strings.Join(log, "\n"))
			}
		}
	}
}

// change makes a change with a process of its own, and reports whether the process died.
func change(t *testing.T, m *mortal, name string, number int) (died bool) {
	t.Helper()
	at := m.dieAt
	m.dieAt = 0
	var first Connection
	if all, err := vaultIn(m).List(t.Context(), nil); err != nil && !errors.Is(err, keychain.ErrIncomplete) {
		t.Error(err)
	} else if i := slices.IndexFunc(all, func(one Connection) bool { return one.Name != untouched }); i >= 0 {
		first = all[i]
	}
	m.writes, m.dieAt = 0, at
	err := changes[name](t, vaultIn(m), first, secret.New(fmt.Sprint("TEST key ", number)))
	died = at > 0 && m.writes >= at
	m.dieAt = 0
	if err != nil && !died && !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("%s: %v", name, err)
	}
	return died
}

func vaultIn(m *mortal) *Vault { return New(keychain.New(oneByOne{m}, "vault.test"), nil) }

// isWhole tidies up, and fails where a key has no connection, a connection has no key, or anything is left without a connection.
func isWhole(t *testing.T, m *mortal) {
	t.Helper()
	if _, err := vaultIn(m).Tidy(t.Context()); err != nil {
		t.Error(err)
	}
	used := make(map[string]bool)
	for _, one := range list(t, vaultIn(m)) {
		if _, _, err := vaultIn(m).Key(t.Context(), one.ID); err != nil {
			t.Errorf("the key of %s: %v", one.Name, err)
		}
		used[keyName(one.KeyNumber)] = true
	}
	for name := range m.entries {
		if strings.HasPrefix(name, "key/") && !used[name] || len(used) == 0 {
			t.Errorf("%s is left", name)
		}
	}
}
