package connector_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// recorder is a keychain that counts calls, and can break or hang.
type recorder struct {
	mu      sync.Mutex
	entries map[string]string
	calls   int
	writes  int // of entries, and deletions of them
	read    []string
	broken  int // from this write on, every call fails as if the process had died; 0: never
	fail    error
	hang    chan struct{} // if not nil, every call waits until it is closed
}

func newRecorder() *recorder { return &recorder{entries: make(map[string]string)} }

var errDied = errors.New("the process died")

// call does a call of the keychain.
func (r *recorder) call(write bool, f func() error) error {
	if r.hang != nil {
		<-r.hang
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if write {
		r.writes++
	}
	if r.broken > 0 && r.writes >= r.broken {
		return errDied
	}
	if r.fail != nil {
		return r.fail
	}
	return f()
}

func (r *recorder) Get(_, user string) (text string, err error) {
	return text, r.call(false, func() error {
		r.read = append(r.read, user)
		var ok bool
		if text, ok = r.entries[user]; !ok {
			return keychain.ErrNotFound
		}
		return nil
	})
}

func (r *recorder) Set(_, user, text string) error {
	return r.call(true, func() error { r.entries[user] = text; return nil })
}

func (r *recorder) Delete(_, user string) error {
	return r.call(true, func() error { delete(r.entries, user); return nil })
}

func (r *recorder) DeleteAll(string) error {
	return r.call(true, func() error { clear(r.entries); return nil })
}

// named counts the entries whose names begin with a prefix.
func (r *recorder) named(prefix string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for name := range r.entries {
		if strings.HasPrefix(name, prefix) {
			n++
		}
	}
	return n
}

// validated returns the report on credentials that work.
func validated(t *testing.T, c *connector.Connector, credentials check.Credentials) check.Report {
	t.Helper()
	report := c.Validate(t.Context(), credentials, ignore)
	if !report.Usable() {
		t.Fatalf("not usable: %+v", report.Results)
	}
	return report
}

// save validates and keeps.
func save(t *testing.T, c *connector.Connector, name string, credentials check.Credentials, options ...connector.SaveOption) connector.Connection {
	t.Helper()
	saved, err := c.Save(t.Context(), name, credentials, validated(t, c, credentials), options...)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// stored starts a new Connector on the same keychain, as the program does, and lists what it finds.
func stored(t *testing.T, k keychain.Backend, s *jumpcloudtest.Server) (*connector.Connector, []connector.Connection) {
	t.Helper()
	c := newConnector(k, s)
	if _, err := c.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c, all
}

func TestAConnectionIsThereTheNextTime(t *testing.T) {
	s, k := newServer(t), newRecorder()
	saved := save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
	c, all := stored(t, k, s)
	if len(all) != 1 || all[0].ID != saved.ID || all[0].Name != "Ours" || all[0].Organization.Name != "Larkspur Robotics" ||
		all[0].Report.Worst() != check.Passed || all[0].Report.Result(check.IDPeople).Facts["Count"] != "412" || !all[0].Saved.Equal(noon) {
		t.Fatalf("found %+v", all)
	}
	key, err := c.APIKey(t.Context(), saved.ID)
	if err != nil || key.Reveal() != jumpcloudtest.SampleKey {
		t.Errorf("the key is another: %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v", all, all, all); strings.Contains(text, jumpcloudtest.SampleKey) {
		t.Error("the list holds the key")
	}
}

func TestAKeyIsKeptOnceAndAsLongAsItIsUsed(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	client := func(n int) check.Credentials {
		return check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(n))}
	}
	a, b := save(t, c, "A", client(100)), save(t, c, "B", client(101))
	if n := k.named("key/"); n != 1 {
		t.Fatalf("%d keys are kept", n)
	}
	if err := c.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if key, err := c.APIKey(t.Context(), b.ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey {
		t.Errorf("the other connection lost its key: %v", err)
	}
	if err := c.Remove(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	if len(k.entries) != 0 {
		t.Errorf("left in the keychain: %d entries", len(k.entries))
	}
}

func TestNothingUnusableIsSaved(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleRevokedKey), ignore)
	if _, err := c.Save(t.Context(), "x", with(jumpcloudtest.SampleRevokedKey), report); !errors.Is(err, connector.ErrUnusable) {
		t.Errorf("got %v", err)
	}
	if k.writes != 0 {
		t.Errorf("%d writes", k.writes)
	}
}

func TestForThisSessionOnly(t *testing.T) {
	s, k := newServer(t), newRecorder()
	k.fail = keychain.ErrNoProvider
	c := newConnector(k, s)
	report := validated(t, c, with(jumpcloudtest.SampleKey))
	if _, err := c.Save(t.Context(), "Ours", with(jumpcloudtest.SampleKey), report); connector.KeychainCause(err) != check.CauseNoProvider {
		t.Fatalf("without a keychain: %v", err)
	}
	kept, err := c.SaveForSession(t.Context(), "Ours", with(jumpcloudtest.SampleKey), report)
	if err != nil || !kept.SessionOnly {
		t.Fatal(kept.SessionOnly, err)
	}
	if key, err := c.APIKey(t.Context(), kept.ID); err != nil || key.Reveal() != jumpcloudtest.SampleKey {
		t.Errorf("the key cannot be read again: %v", err)
	}
	all, err := c.Connections(t.Context(), nil)
	if connector.KeychainCause(err) != check.CauseNoProvider || len(all) != 1 || !all[0].SessionOnly {
		t.Errorf("listed %+v, %v", all, err)
	}
	if _, err := c.Check(t.Context(), kept.ID, ignore); err != nil {
		t.Error(err)
	}
	if err := c.Remove(t.Context(), kept.ID); err != nil {
		t.Error(err)
	}
	if k.writes != 0 {
		t.Errorf("%d writes to the keychain", k.writes)
	}
}

func TestEachKeychainFailureHasItsCause(t *testing.T) {
	s := newServer(t)
	for fail, want := range map[error]check.Cause{
		keychain.ErrNoService:    check.CauseNoService,
		keychain.ErrNoProvider:   check.CauseNoProvider,
		keychain.ErrNoKeyring:    check.CauseNoKeyring,
		keychain.ErrNotPermitted: check.CauseKeychainNotPermitted,
		keychain.ErrLocked:       check.CauseKeychainLocked,
		keychain.ErrTimeout:      check.CauseKeychainTimeout,
		keychain.ErrBusy:         check.CauseKeychainBusy,
		keychain.ErrTooBig:       check.CauseKeychainTooBig,
		keychain.ErrNotSaved:     check.CauseKeychainNotKept,
		errDied:                  check.CauseKeychainFailed,
	} {
		k := newRecorder()
		k.fail = fail
		if _, err := newConnector(k, s).Connections(t.Context(), nil); connector.KeychainCause(err) != want {
			t.Errorf("%v: %s, want %s", fail, connector.KeychainCause(err), want)
		}
	}
}

func TestAKeychainThatHangs(t *testing.T) {
	k := newRecorder()
	k.hang = make(chan struct{})
	defer close(k.hang)
	c := connector.New(keychain.New(k, service, keychain.WithTimeouts(10*time.Millisecond, 100*time.Millisecond)))
	told := make(chan bool, 8)
	c.OnKeychainWaiting(func(waiting bool) { told <- waiting })
	if _, err := c.Connections(t.Context(), nil); connector.KeychainCause(err) != check.CauseKeychainTimeout {
		t.Errorf("got %v", err)
	}
	if first, second := <-told, <-told; !first || second {
		t.Errorf("told %v, then %v", first, second)
	}
	// Calls that wait behind the call that hangs can be cancelled.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Remove(ctx, "any"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// Wherever the program dies during a save or a removal, the next start finds the old state or the new one, and no key that no connection
// uses.
func TestDyingWhileWriting(t *testing.T) {
	s := newServer(t)
	s.SetKey(renewed)
	for name, c := range map[string]struct {
		before bool // there is a connection already
		do     func(*connector.Connector, []connector.Connection) error
		states []string // the keys that may be found, "" for no connection
	}{
		"save": {false, saving(t, jumpcloudtest.SampleKey), []string{"", jumpcloudtest.SampleKey}},
		"replace": {true, func(c *connector.Connector, all []connector.Connection) error {
			_, err := c.Save(t.Context(), "", with(renewed.Value), validated(t, c, with(renewed.Value)), connector.Replacing(all[0]))
			return err
		}, []string{jumpcloudtest.SampleKey, renewed.Value}},
		"remove": {true, func(c *connector.Connector, all []connector.Connection) error {
			return c.Remove(t.Context(), all[0].ID)
		}, []string{"", jumpcloudtest.SampleKey}},
	} {
		t.Run(name, func(t *testing.T) {
			for at := 1; ; at++ {
				k := newRecorder()
				if c.before {
					save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
				}
				conn, all := stored(t, k, s)
				k.writes, k.broken = 0, at
				err := c.do(conn, all)
				if k.writes < at {
					if err != nil {
						t.Fatal(err)
					}
					return // it ended before the program died: every place has been tried
				}
				k.broken = 0
				foundAfterCrash(t, k, s, at, c.states)
			}
		})
	}
}

func saving(t *testing.T, key string) func(*connector.Connector, []connector.Connection) error {
	return func(c *connector.Connector, _ []connector.Connection) error {
		_, err := c.Save(t.Context(), "Ours", with(key), validated(t, c, with(key)))
		return err
	}
}

func foundAfterCrash(t *testing.T, k *recorder, s *jumpcloudtest.Server, at int, states []string) {
	t.Helper()
	c, all := stored(t, k, s)
	found := ""
	if len(all) > 0 {
		key, err := c.APIKey(t.Context(), all[0].ID)
		if err != nil {
			t.Fatalf("died at write %d: %v", at, err)
		}
		found = key.Reveal()
	}
	for i, want := range states {
		if found == want {
			break
		}
		if i == len(states)-1 {
			t.Errorf("died at write %d: a state that is neither old nor new", at)
		}
	}
	if got, n := keptIn(t, k), len(all); got != (kept{n, n, n}) || n == 0 && len(k.entries) > 0 {
		t.Errorf("died at write %d: for %d connections there are %+v, in %d entries", at, n, got, len(k.entries))
	}
}

func TestDamagedConnectionsAreShownAndCanBeRemoved(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	clients := crowd(t, c, 40) // more than fit on a page
	onFirst := len(pages(t, k)[0])
	for _, one := range clients[onFirst+1:] {
		if err := c.Remove(t.Context(), one.ID); err != nil {
			t.Fatal(err)
		}
	}
	save(t, c, "Whole", with(jumpcloudtest.SampleAdministratorKey))
	k.entries["connections/0"] += "x"
	c, all := stored(t, k, s)
	if len(all) != 3 || all[0].Trouble != check.CauseKeychainDamaged || !all[0].Several || all[1].ID != clients[onFirst].ID || all[2].Name != "Whole" {
		t.Fatalf("found %+v", all)
	}
	if n := k.named("key/"); n != 2 {
		t.Errorf("%d keys: the damaged connections may use any of them", n)
	}
	if _, err := c.APIKey(t.Context(), clients[0].ID); connector.KeychainCause(err) != check.CauseKeychainDamaged {
		t.Errorf("the key of a damaged connection: %v", err)
	}
	another := save(t, c, "Another", with(jumpcloudtest.SampleKey)) // it must not go to the damaged page
	if err := c.Remove(t.Context(), another.ID); err != nil {
		t.Error(err)
	}
	if k.entries["connections/0"] == "" {
		t.Fatal("what is damaged was replaced")
	}
	if err := c.Remove(t.Context(), clients[onFirst].ID); err != nil {
		t.Error(err)
	}
	if n := k.named("key/"); n != 3 {
		t.Errorf("%d keys: the damaged connections may use any of the three", n)
	}
	if err := c.Remove(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, all = stored(t, k, s); len(all) != 1 || keptIn(t, k) != (kept{1, 1, 1}) {
		t.Errorf("%d connections and %+v are left", len(all), keptIn(t, k))
	}
}

// crowd saves many connections of one key, each to another organization.
func crowd(t testing.TB, c *connector.Connector, n int) []connector.Connection {
	t.Helper()
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	report := c.Validate(t.Context(), credentials, ignore)
	var all []connector.Connection
	for i := range n {
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Client %04d & Partners Ltd", i)}
		saved, err := c.Save(t.Context(), "", credentials, report)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, saved)
	}
	return all
}

// Many connections take few entries. To add or remove one changes no entry of the others.
func TestManyConnections(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	const many = 100
	clients := crowd(t, c, many)
	if n := len(k.entries); n > many/8+5 {
		t.Errorf("%d connections take %d entries", many, n)
	}
	before := maps.Clone(k.entries)
	if err := c.Remove(t.Context(), clients[10].ID); err != nil {
		t.Fatal(err)
	}
	changed := 0
	for name, entry := range k.entries {
		if before[name] != entry {
			changed++
		}
	}
	if changed != 1 || len(k.entries) != len(before) {
		t.Errorf("a removal changed %d entries", changed)
	}
	parts := 0
	c, k.read = newConnector(k, s), nil
	all, err := c.Connections(t.Context(), func(some []connector.Connection) { parts++ })
	if err != nil || len(all) != many-1 || parts < many/30 {
		t.Errorf("%d connections, told in %d parts, %v", len(all), parts, err)
	}
	if slices.ContainsFunc(k.read, func(user string) bool { return strings.HasPrefix(user, "key/") }) {
		t.Error("a key was read for the list")
	}
	for _, one := range all {
		if one.Name != one.Organization.Name || one.Report.Organization != one.Organization {
			t.Fatalf("%q has the report on %q", one.Name, one.Report.Organization.Name)
		}
	}
	crowd(t, c, many) // one is new
	if keptIn(t, k) != (kept{1, many, many}) {
		t.Errorf("saved once more, there are %+v", keptIn(t, k))
	}
}

// If the index is damaged, the pages that it counts are not overwritten.
func TestAPageThatIsNotCounted(t *testing.T) {
	s, k := newServer(t), newRecorder()
	clients := crowd(t, newConnector(k, s), 2)
	index := k.entries["index"]
	k.entries["index"] = "my own list"
	c := newConnector(k, s)
	save(t, c, "New", with(jumpcloudtest.SampleKey))
	k.entries["index"] = index
	c = newConnector(k, s)
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) < 2 || all[0].ID != clients[0].ID || all[1].ID != clients[1].ID {
		t.Errorf("%d connections, %v", len(all), err)
	}
}

// A page of a later version stays as it is, and stops nothing else.
func TestANewerRecordIsLeftAsItIs(t *testing.T) {
	newer := map[string]any{"schema": 3, "title": "Ours"}
	for _, name := range []string{"connections/0", "connections/1", "index", "future/1"} {
		t.Run(name, func(t *testing.T) {
			s, k := newServer(t), newRecorder()
			saved := save(t, newConnector(k, s), "Ours", with(jumpcloudtest.SampleKey))
			putRecord(t, k, name, newer)
			entry := k.entries[name]
			c := newConnector(k, s)
			if _, err := c.Tidy(t.Context()); err != nil {
				t.Error(err)
			}
			if _, err := trySave(t, c, "Another", jumpcloudtest.SampleAdministratorKey); err != nil {
				t.Errorf("nothing else can be saved: %v", err)
			}
			all, err := c.Connections(t.Context(), nil)
			shown := slices.ContainsFunc(all, func(c connector.Connection) bool { return c.Trouble == check.CauseKeychainNewer })
			if err != nil || shown != strings.HasPrefix(name, "connections/") || len(all) != 2+map[string]int{"connections/1": 1}[name] {
				t.Errorf("found %+v, %v", all, err)
			}
			if shown {
				if err := c.Remove(t.Context(), name); connector.KeychainCause(err) != check.CauseKeychainNewer {
					t.Errorf("removed: %v", err)
				}
			}
			err = c.Remove(t.Context(), saved.ID)
			if onIt := name == "connections/0"; onIt != (connector.KeychainCause(err) == check.CauseKeychainNewer) || !onIt && err != nil {
				t.Errorf("the other connection is removed: %v", err)
			}
			if k.entries[name] != entry {
				t.Error("it was changed")
			}
			if err := c.RemoveEverything(t.Context()); err != nil || len(k.entries) > 0 {
				t.Errorf("all is removed: %v", err)
			}
		})
	}
}

func TestCheckingAgain(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Check(ctx, saved.ID, ignore); err == nil {
		t.Error("a cancelled check has a report")
	}
	if _, all := stored(t, k, s); all[0].Report.Worst() != check.Passed {
		t.Errorf("a cancelled check changed the report to %s", all[0].Report.Worst())
	}
	for range 2 { // however often it is asked within a minute
		if _, err := c.Check(t.Context(), saved.ID, ignore); !errors.Is(err, connector.ErrDoubtful) {
			t.Errorf("refused once: %v", err)
		}
		if _, all := stored(t, k, s); all[0].Report.Worst() != check.Passed {
			t.Errorf("one refusal changed the report to %s", all[0].Report.Worst())
		}
	}
	report, err := checkTwice(t, c, saved.ID)
	if err != nil || report.Result(check.IDKey).Cause != check.CauseKeyStopped {
		t.Fatalf("%v, %v", report.Result(check.IDKey).Cause, err)
	}
	if _, all := stored(t, k, s); all[0].Report.Worst() != check.Failed {
		t.Errorf("the new report is not kept: %s", all[0].Report.Worst())
	}
	if _, err := c.Check(t.Context(), "nothing", ignore); !errors.Is(err, connector.ErrReplaced) {
		t.Errorf("a connection that is not there: %v", err)
	}
}

// A connection that is removed while it is checked must not come back as a report.
func TestRemovedWhileChecked(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	removed := false
	_, err := c.Check(t.Context(), saved.ID, func(check.Result) {
		if !removed {
			removed = true
			if err := c.Remove(t.Context(), saved.ID); err != nil {
				t.Error(err)
			}
		}
	})
	if !errors.Is(err, connector.ErrReplaced) || len(k.entries) != 0 {
		t.Errorf("%v, and %d entries are left", err, len(k.entries))
	}
}

func TestTheListIsSortedByName(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	for n, name := range []string{"beta", "Alpha", "Gamma"} {
		save(t, c, name, check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(100 + n))})
	}
	_, all := stored(t, k, s)
	if all[0].Name != "Alpha" || all[1].Name != "beta" || all[2].Name != "Gamma" {
		t.Errorf("sorted as %v", []string{all[0].Name, all[1].Name, all[2].Name})
	}
}

// A report on a key that was replaced during the check is not kept for the new key.
func TestReplacedWhileChecked(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	s.SetKey(renewed)
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	replaced := false
	report, err := c.Check(t.Context(), saved.ID, func(check.Result) {
		if !replaced {
			replaced = true
			save(t, c, "Ours", with(renewed.Value), connector.Replacing(saved))
		}
	})
	if !errors.Is(err, connector.ErrReplaced) || report.Worst() != check.Failed {
		t.Fatalf("the old key is %s, %v", report.Worst(), err)
	}
	if _, all := stored(t, k, s); all[0].Report.Worst() != check.Passed {
		t.Errorf("the new key is said to be %s", all[0].Report.Worst())
	}
}

// A report that was saved while an older check ran stays, also where the key is the same.
func TestSavedWhileChecked(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	newer := validated(t, c, with(jumpcloudtest.SampleKey))
	newer.At = noon.Add(time.Hour)
	again := false
	_, err := c.Check(t.Context(), saved.ID, func(check.Result) {
		if !again {
			again = true
			if _, err := c.Save(t.Context(), "Ours", with(jumpcloudtest.SampleKey), newer); err != nil {
				t.Error(err)
			}
		}
	})
	if _, all := stored(t, k, s); !errors.Is(err, connector.ErrReplaced) || len(all) != 1 || !all[0].Report.At.Equal(newer.At) {
		t.Errorf("%v, and the report is of %s", err, all[0].Report.At)
	}
	if _, err := c.Check(t.Context(), saved.ID, ignore); err != nil {
		t.Errorf("checked again: %v", err)
	}
}

// A removal that failed half-way is finished when it is repeated, and leaves nothing.
func TestRemovalIsRepeated(t *testing.T) {
	s := newServer(t)
	for at := 1; ; at++ {
		k := newRecorder()
		c := newConnector(k, s)
		saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
		k.writes, k.broken = 0, at
		err := c.Remove(t.Context(), saved.ID)
		if k.writes < at {
			if err != nil || at < 3 {
				t.Errorf("%d writes, %v", k.writes, err)
			}
			return
		}
		k.broken = 0
		if err := c.Remove(t.Context(), saved.ID); err != nil || len(k.entries) != 0 {
			t.Errorf("failed at write %d, repeated: %v, and %d entries are left", at, err, len(k.entries))
		}
	}
}

// When a connection has been saved, it is no longer kept for the session.
func TestSavedAfterKeptForTheSession(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	report := validated(t, c, with(jumpcloudtest.SampleKey))
	if _, err := c.SaveForSession(t.Context(), " ", with(jumpcloudtest.SampleKey), report); err != nil {
		t.Fatal(err)
	}
	save(t, c, "", with(jumpcloudtest.SampleKey))
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) != 1 || all[0].SessionOnly || all[0].Name != "Larkspur Robotics" {
		t.Errorf("%+v, %v", all, err)
	}
}

// The report on a key that used to work says when it last worked, however many checks have failed since.
func TestAKeyThatStoppedSaysWhenItLastWorked(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	for range 2 {
		report, err := checkTwice(t, c, saved.ID)
		r := report.Result(check.IDKey)
		if err != nil || r.Cause != check.CauseKeyStopped || r.Facts["Worked"] != noon.Format(time.RFC3339) {
			t.Errorf("%s %v, %v", r.Cause, r.Facts, err)
		}
	}
}

// The numbers of the last report that had some are kept while later ones have none. Then those of the newest count again.
func TestNumbersAreKeptWhileNoneAreFound(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	s.Fail(jumpcloudtest.Unauthorized())
	for range 2 {
		if _, err := checkTwice(t, c, saved.ID); err != nil {
			t.Fatal(err)
		}
		_, all := stored(t, k, s)
		figures := all[0].Report.Figures()
		people, devices := figures[check.IDPeople], figures[check.IDDevices]
		if all[0].Report.Worst() != check.Failed || people.Facts["Count"] != "412" || devices.Facts["Encrypted"] == "" || !people.At.Equal(noon) {
			t.Errorf("known is %v", figures)
		}
	}
	s.Heal()
	report, err := c.Check(t.Context(), saved.ID, ignore)
	if figures := report.Figures(); err != nil || len(report.Former) > 0 || len(figures) != 7 || !figures[check.IDPeople].At.Equal(report.At) {
		t.Errorf("then known is %v, %v", figures, err)
	}
}

func TestRemoveEverything(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	save(t, c, "Broken", with(jumpcloudtest.SampleKey))
	save(t, c, "Whole", with(jumpcloudtest.SampleAdministratorKey))
	if _, err := c.SaveForSession(t.Context(), "Session", with(jumpcloudtest.SampleKey), validated(t, c, with(jumpcloudtest.SampleKey))); err != nil {
		t.Fatal(err)
	}
	k.entries["connections/0"] += "x"
	k.entries["key/of-nobody#a.2"] = "a part that is left over"
	if err := c.RemoveEverything(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, err := c.Connections(t.Context(), nil); len(all) != 0 || err != nil || len(k.entries) != 0 {
		t.Errorf("%d connections and %d entries are left, %v", len(all), len(k.entries), err)
	}
	k.fail = keychain.ErrLocked
	if err := c.RemoveEverything(t.Context()); connector.KeychainCause(err) != check.CauseKeychainLocked {
		t.Errorf("locked: %v", err)
	}
}

// A stored connection does not work if its organization is refused, even if nothing else was asked.
func TestWithoutASubscription(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	s.Fail(jumpcloudtest.NotLicensed())
	if report, err := checkTwice(t, c, saved.ID); err != nil || report.Worst() != check.Failed {
		t.Errorf("it is %s, %v", report.Worst(), err)
	}
}

// If a written entry cannot be read back, it is not called saved, and the other entries stay readable.
func TestAnEndlessName(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "", with(jumpcloudtest.SampleKey))
	credentials := with(jumpcloudtest.SampleAdministratorKey)
	_, err := c.Save(t.Context(), strings.Repeat("x", 5<<20), credentials, validated(t, c, credentials))
	if connector.KeychainCause(err) != check.CauseKeychainTooBig {
		t.Errorf("saving it: %v", err)
	}
	if _, all := stored(t, k, s); len(all) != 1 || all[0].ID != saved.ID || keptIn(t, k) != (kept{1, 1, 1}) {
		t.Errorf("%+v are left", keptIn(t, k))
	}
}

// A key of a later version is not deleted with the connection that uses it, nor replaced. Nor is a key for a service that is
// not known.
func TestANewerKeyIsLeftAsItIs(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	putRecord(t, k, "key/0", map[string]any{"schema": 2, "sealed": "x"})
	putRecord(t, k, "key/1", map[string]any{"schema": 2, "sealed": "x"})
	putRecord(t, k, "key/2", map[string]any{"schema": 1, "service": "scalepad", "key": "TEST"})
	if _, err := c.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := maps.Clone(k.entries)
	for what, err := range map[string]error{
		"remove": c.Remove(t.Context(), saved.ID),
		"save":   saving(t, jumpcloudtest.SampleKey)(c, nil),
		"check":  func() error { _, err := c.Check(t.Context(), saved.ID, ignore); return err }(),
	} {
		if connector.KeychainCause(err) != check.CauseKeychainNewer {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := c.Tidy(t.Context()); err != nil || !maps.Equal(k.entries, before) {
		t.Errorf("something was changed, or %v", err)
	}
}

// If the index is damaged or gone, connections are found by counting, and the index is made anew.
func TestADamagedIndex(t *testing.T) {
	s, filled := newServer(t), newRecorder()
	clients := crowd(t, newConnector(filled, s), 45)
	for what, c := range map[string]struct {
		entry string
		cause check.Cause
	}{"damaged": {"my own note", check.CauseKeychainDamaged}, "gone": {"", check.CauseKeychainIncomplete}} {
		t.Run(what, func(t *testing.T) {
			broken := func(at int) *recorder {
				k := &recorder{entries: maps.Clone(filled.entries), broken: at}
				if k.entries["index"] = c.entry; c.entry == "" {
					delete(k.entries, "index")
				}
				return k
			}
			k := broken(0)
			conn := newConnector(k, s)
			all, err := conn.Connections(t.Context(), nil)
			if len(all) != 45 || connector.KeychainCause(err) != c.cause || !connector.IsListPartial(err) {
				t.Errorf("%d connections, %v", len(all), err)
			}
			if key, err := conn.APIKey(t.Context(), clients[41].ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey {
				t.Errorf("its key: %v", err)
			}
			if _, all = stored(t, k, s); len(all) != 45 || !maps.Equal(k.entries, filled.entries) {
				t.Errorf("mended, there are %d connections, and %+v", len(all), keptIn(t, k))
			}
			for at := 1; ; at++ { // however far the mending came
				k := broken(at)
				_, _ = newConnector(k, s).Tidy(t.Context())
				died := k.writes >= at
				k.broken = 0
				if _, all := stored(t, k, s); len(all) != 45 || keptIn(t, k) != (kept{1, 45, 45}) {
					t.Fatalf("died at write %d: %d connections, %+v", at, len(all), keptIn(t, k))
				}
				if !died {
					return
				}
			}
		})
	}
}

// One operation asks a locked keychain once, not once for each way to find a connection.
func TestAskedOnce(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	saved := save(t, c, "Ours", with(jumpcloudtest.SampleKey))
	k.fail, k.calls = keychain.ErrLocked, 0
	if _, err := c.APIKey(t.Context(), saved.ID); connector.KeychainCause(err) != check.CauseKeychainLocked || k.calls != 1 {
		t.Errorf("asked %d times: %v", k.calls, err)
	}
}
