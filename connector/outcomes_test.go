package connector_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// remembering is a program with a history, on a clock that stands still until it is moved. It can be started again.
type remembering struct {
	*connector.Connector
	k      *recorder
	s      *jumpcloudtest.Server
	folder string
	clock  time.Time
}

func newRemembering(t testing.TB) *remembering {
	t.Helper()
	parent, err := os.MkdirTemp("", "history")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	r := &remembering{k: newRecorder(), s: newServer(t), folder: filepath.Join(parent, "history"), clock: noon}
	r.restart()
	return r
}

func (r *remembering) restart() { r.restartWith() }

// restartWith starts the program again, with more options.
func (r *remembering) restartWith(more ...connector.Option) {
	options := []connector.Option{connector.WithRegions(jumpcloud.Region{ID: "r0", Console: r.s.URL}), connector.WithHTTPClient(impatient),
		connector.WithClock(func() time.Time { return r.clock }), connector.WithTimer(atOnce)}
	if r.folder != "" {
		options = append(options, connector.WithHistory(r.folder))
	}
	r.Connector = connector.New(keychain.New(r.k, service), append(options, more...)...)
}

// later moves the clocks of the program and of JumpCloud.
func (r *remembering) later(d time.Duration) {
	r.clock = r.clock.Add(d)
	r.s.SetClock(time.Until(r.clock))
}

// checks checks a connection, and fails the test if that fails.
func (r *remembering) checks(t *testing.T, id string) check.Report {
	t.Helper()
	report, err := checkTwice(t, r.Connector, id)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// only returns the only connection, as the program finds it when it is started again.
func (r *remembering) only(t *testing.T) connector.Connection {
	t.Helper()
	r.restart()
	found := 0
	all, err := r.Connections(t.Context(), func(some []connector.Connection) { found += len(some) })
	if err != nil || len(all) != 1 || found != 1 {
		t.Fatalf("there are %d connections, %d were told, %v", len(all), found, err)
	}
	return all[0]
}

// files counts the histories on the disk.
func (r *remembering) files() int {
	found, _ := filepath.Glob(filepath.Join(r.folder, "*.age"))
	return len(found)
}

// has looks at the history of a connection.
func (r *remembering) has(t *testing.T, id string, want ...string) {
	t.Helper()
	all, err := r.History(t.Context(), id)
	var got []string
	for _, o := range all {
		got = append(got, fmt.Sprintf("%s–%s %d× %s", o.At.Format("02T15:04"), o.Until.Format("15:04"), o.Times, strings.TrimSpace(o.State.String()+" "+string(o.Cause))))
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("it has %q, %v, want %q", got, err, want)
	}
}

// A check that says nothing new writes the history and not the keychain. The time of the last check is known all the same.
func TestTheKeychainIsWrittenOnlyIfSomethingIsNew(t *testing.T) {
	r := newRemembering(t)
	saved := save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
	for range 3 {
		r.later(time.Hour)
		writes := r.k.writes
		if report := r.checks(t, saved.ID); r.k.writes != writes || !report.At.Equal(r.clock) {
			t.Errorf("%d writes, for a check of %s", r.k.writes-writes, report.At)
		}
		if c := r.only(t); !c.Report.At.Equal(r.clock) || !c.Report.Worked.Equal(r.clock) || connector.RowOf(c, r.clock).Checked != r.clock {
			t.Errorf("it was checked at %s, and worked at %s", c.Report.At, c.Report.Worked)
		}
	}
	r.has(t, saved.ID, "24T12:00–15:00 4× passed")

	r.s.Fail(jumpcloudtest.Unauthorized())
	r.later(time.Hour)
	writes := r.k.writes
	report := r.checks(t, saved.ID)
	if c := r.only(t); r.k.writes == writes || c.Report.Worst() != check.Failed || !c.Report.Worked.Equal(r.clock.Add(-time.Hour)) {
		t.Errorf("after %d writes it is %s, and last worked at %s", r.k.writes-writes, c.Report.Worst(), c.Report.Worked)
	}
	if people := report.Figures()[check.IDPeople]; !people.At.Equal(r.clock.Add(-time.Hour)) {
		t.Errorf("people were last counted at %s", people.At)
	}
	r.later(24 * time.Hour)
	writes = r.k.writes
	if r.checks(t, saved.ID); r.k.writes != writes {
		t.Errorf("%d writes while it goes on to fail", r.k.writes-writes)
	}
	if c := r.only(t); !c.Report.At.Equal(r.clock) || !c.Report.Worked.Equal(r.clock.Add(-25*time.Hour)) {
		t.Errorf("it was checked at %s, and worked at %s", c.Report.At, c.Report.Worked)
	}
	r.has(t, saved.ID, "24T12:00–15:00 4× passed", "24T16:00–16:00 1× failed key_stopped", "25T16:00–16:00 1× failed key_stopped")
}

// What a check says anew is written, although the connection works as before.
func TestWhatIsNewIsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, r *remembering)
		writes bool
	}{
		"nothing":                 {func(*testing.T, *remembering) {}, false},
		"time":                    {func(_ *testing.T, r *remembering) { r.later(72 * time.Hour) }, false},
		"a clock off by a second": {func(_ *testing.T, r *remembering) { r.s.SetClock(time.Until(r.clock) - 1500*time.Millisecond) }, false},
		"a clock that was ahead":  {func(_ *testing.T, r *remembering) { r.later(-time.Hour) }, true},
		"a clock that is wrong":   {func(_ *testing.T, r *remembering) { r.s.SetClock(time.Until(r.clock) - time.Hour) }, true},
		"a clock that is wrong in another way": {func(t *testing.T, r *remembering) {
			r.s.SetClock(time.Until(r.clock) - time.Hour)
			r.checks(t, r.only(t).ID)
			r.s.SetClock(time.Until(r.clock) - 3*time.Hour)
		}, true},
		"another name": {func(_ *testing.T, r *remembering) {
			r.s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "displayName", `"Larkspur"`)).On("/api/organizations"))
		}, true},
		"a list is closed": {func(_ *testing.T, r *remembering) { r.s.Fail(jumpcloudtest.Forbidden().On("/api/v2/policies")) }, true},
		"the history cannot be written": {func(t *testing.T, r *remembering) {
			if err := errors.Join(os.Rename(r.folder, r.folder+".moved"), os.WriteFile(r.folder, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, true},
		"the history is damaged": {func(t *testing.T, r *remembering) {
			found, _ := filepath.Glob(filepath.Join(r.folder, "*.age"))
			if err := os.WriteFile(found[0], []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemembering(t)
			saved := save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
			r.later(time.Minute)
			r.checks(t, saved.ID)
			c.change(t, r)
			r.clock = r.clock.Add(time.Second)
			before := r.k.writes
			report := r.checks(t, saved.ID)
			if wrote := r.k.writes > before; wrote != c.writes {
				t.Errorf("%d writes", r.k.writes-before)
			}
			if one := r.only(t); !one.Report.At.Equal(report.At) || one.Report.Worst() != report.Worst() {
				t.Errorf("it was %s at %s, kept is %s at %s", report.Worst(), report.At, one.Report.Worst(), one.Report.At)
			}
		})
	}
}

// How often the keychain is called for connections of one key.
func TestCallsOfTheKeychain(t *testing.T) {
	const connections = 20
	r := newRemembering(t)
	for n := range connections {
		save(t, r.Connector, "", check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey),
			OrganizationID: secret.New(jumpcloudtest.OrganizationID(100 + n))})
	}
	r.restart()
	all, err := r.Connections(t.Context(), nil)
	if err != nil || len(all) != connections {
		t.Fatalf("%d connections, %v", len(all), err)
	}
	for round := range 3 {
		r.later(time.Hour)
		r.k.writes, r.k.read = 0, nil
		r.CheckEach(t.Context(), all, func(id string, report check.Report, err error) {
			if err != nil || !report.At.Equal(r.clock) {
				t.Errorf("%s at %s, %v", id, report.At, err)
			}
		})
		of := make(map[string]int)
		for _, name := range r.k.read {
			kind, _, _ := strings.Cut(name, "/")
			of[kind]++
		}
		t.Logf("round %d: %d writes, reads %v", round, r.k.writes, of)
		if r.k.writes > 0 || of["history"] > 1 || of["key"] != 1 || of["connections"] != 2*connections {
			t.Errorf("round %d: %d writes, reads %v", round, r.k.writes, of)
		}
	}
	for _, one := range all {
		if outcomes, err := r.History(t.Context(), one.ID); err != nil || len(outcomes) != 1 || outcomes[0].Times != 4 {
			t.Errorf("%s has %v, %v", one.Name, outcomes, err)
		}
	}
}

// A history goes with its connection.
func TestAHistoryIsRemoved(t *testing.T) {
	r := newRemembering(t)
	one, other := save(t, r.Connector, "", with(jumpcloudtest.SampleKey)), save(t, r.Connector, "", with(jumpcloudtest.SampleAdministratorKey))
	r.has(t, one.ID, "24T12:00–12:00 1× passed")
	if err := r.Remove(t.Context(), one.ID); err != nil || r.files() != 1 {
		t.Errorf("%d files are left, %v", r.files(), err)
	}
	r.has(t, one.ID)
	if all, err := r.History(t.Context(), other.ID); err != nil || len(all) != 1 {
		t.Errorf("the other has %v, %v", all, err)
	}
	if err := r.RemoveEverything(t.Context()); err != nil || r.files() != 0 || len(r.k.entries) != 0 {
		t.Errorf("%d files and %d entries are left, %v", r.files(), len(r.k.entries), err)
	}
}

// A connection that is removed or saved anew while it is checked gets no outcome of that check.
func TestAHistoryOfWhatWasRemoved(t *testing.T) {
	r := newRemembering(t)
	saved := save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
	removed := false
	_, err := r.Check(t.Context(), saved.ID, func(check.Result) {
		if !removed {
			removed = true
			if err := r.Remove(t.Context(), saved.ID); err != nil {
				t.Error(err)
			}
		}
	})
	if !errors.Is(err, connector.ErrReplaced) || r.files() != 0 {
		t.Errorf("%v, and %d files", err, r.files())
	}
}

// A connection of this session has no history. It begins when the connection is saved.
func TestAConnectionOfTheSessionHasNoHistory(t *testing.T) {
	r := newRemembering(t)
	session, err := r.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleKey), validated(t, r.Connector, with(jumpcloudtest.SampleKey)))
	if err != nil {
		t.Fatal(err)
	}
	r.later(time.Hour)
	r.checks(t, session.ID)
	if all, err := r.Connections(t.Context(), nil); err != nil || len(all) != 1 || !all[0].Report.At.Equal(r.clock) {
		t.Errorf("there is %+v, %v", all, err)
	}
	r.has(t, session.ID)
	if r.files() != 0 || len(r.k.entries) != 0 {
		t.Errorf("%d files and %d entries", r.files(), len(r.k.entries))
	}
	saved, err := r.SaveFromSession(t.Context(), session.ID)
	if err != nil {
		t.Fatal(err)
	}
	r.has(t, saved.ID, "24T13:00–13:00 1× passed")
	r.has(t, session.ID, "24T13:00–13:00 1× passed") // it is the same one
}

// An outcome that does not go with the kept report says nothing about its time: the keychain may have been put back.
func TestAnOutcomeOfAnotherReport(t *testing.T) {
	r := newRemembering(t)
	saved := save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
	h := history.New(r.folder, keychain.New(r.k, service))
	for _, o := range []history.Outcome{{At: noon.Add(time.Hour), State: "failed", Cause: "key_stopped"}, {At: noon.Add(2 * time.Hour), State: "passed", Cause: "role"}} {
		if err := h.Add(t.Context(), saved.ID, o); err != nil {
			t.Fatal(err)
		}
		if c := r.only(t); !c.Report.At.Equal(noon) {
			t.Errorf("after %s it was checked at %s", o.State, c.Report.At)
		}
	}
}

// Every state and cause that a report can have is one that the history takes.
func TestEveryCauseIsAnOutcome(t *testing.T) {
	r := newRemembering(t)
	h := history.New(r.folder, keychain.New(r.k, service))
	for n, m := range check.Meanings() {
		o := history.Outcome{At: noon.Add(time.Duration(n) * time.Second), State: m.State.String(), Cause: string(m.Cause)}
		if err := h.Add(t.Context(), "abc", o); err != nil {
			t.Error(err)
		}
	}
	if all, err := h.Read(t.Context(), "abc"); err != nil || len(all) == 0 {
		t.Errorf("%d are kept, %v", len(all), err)
	}
}
