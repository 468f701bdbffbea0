package connector_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// watchEach checks connections as a watcher does, and returns what it has seen by their names.
func watchEach(t *testing.T, c *connector.Connector, all []connector.Connection, again bool) map[string]connector.Watched {
	t.Helper()
	seen := make(map[string]connector.Watched)
	c.WatchEach(t.Context(), all, all, again, func(s connector.Watched) { seen[s.ID] = s })
	if len(seen) != len(all) {
		t.Errorf("%d of %d connections were checked", len(seen), len(all))
	}
	return seen
}

// keptReport is the report of a connection in the keychain.
func keptReport(t *testing.T, c *connector.Connector, id string) check.Report {
	t.Helper()
	all, err := c.Connections(t.Context(), nil)
	i := slices.IndexFunc(all, func(c connector.Connection) bool { return c.ID == id })
	if err != nil || i < 0 {
		t.Fatalf("%s is not there: %v", id, err)
	}
	return all[i].Report
}

// Without a history, and where it cannot be written, the keychain has when a connection was checked last.
func TestWatchingWithoutAHistory(t *testing.T) {
	for name, spoil := range map[string]func(r *remembering) error{
		"there is none": func(r *remembering) error { r.folder = ""; return nil },
		"it is not a folder": func(r *remembering) error {
			return errors.Join(os.Rename(r.folder, r.folder+".moved"), os.WriteFile(r.folder, nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemembering(t)
			save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
			if err := spoil(r); err != nil {
				t.Fatal(err)
			}
			r.restart()
			r.later(24 * time.Hour)
			all, err := r.Connections(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, seen := range watchEach(t, r.Connector, all, false) {
				if seen.Err != nil || seen.News != connector.NoNews {
					t.Errorf("it sees %d, %v", seen.News, seen.Err)
				}
			}
			r.restart()
			if at := keptReport(t, r.Connector, all[0].ID).At; !at.Equal(r.clock) {
				t.Errorf("at %v it was checked at %v", r.clock, at)
			}
		})
	}
}

// What a watcher makes of every way in which a connection can fail: what is temporary, what is asked about again, and what is news.
func TestWhatAWatcherMakesOfIt(t *testing.T) {
	revoked := func(k *jumpcloudtest.Key) { k.Revoked = true }
	for name, one := range map[string]struct {
		key     func(*jumpcloudtest.Key)
		fault   *jumpcloudtest.Fault
		first   connector.News
		again   connector.News
		cause   check.Cause // after the second time; "" if it works
		isKnown bool        // the keychain has the new report afterwards
	}{
		"nothing":       {first: connector.NoNews, again: connector.NoNews},
		"revoked":       {key: revoked, first: connector.Doubtful, again: connector.Changed, cause: check.CauseKeyStopped, isKnown: true},
		"ended":         {key: func(k *jumpcloudtest.Key) { k.Expires = noon.AddDate(-1, 0, 0) }, first: connector.Doubtful, again: connector.Changed, cause: check.CauseKeyStopped, isKnown: true},
		"suspended":     {key: func(k *jumpcloudtest.Key) { k.Suspended, k.TellsSelf = true, true }, first: connector.Doubtful, again: connector.Changed, cause: check.CauseSuspended, isKnown: true},
		"role":          {key: func(k *jumpcloudtest.Key) { k.Role, k.TellsSelf = jumpcloudtest.RoleCommandRunner, true }, first: connector.Doubtful, again: connector.Changed, cause: check.CauseCommandRunner, isKnown: true},
		"other role":    {key: func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleManager }, first: connector.Changed, again: connector.Changed, isKnown: true},
		"list refused":  {key: func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/v2/policies"} }, first: connector.Changed, again: connector.Changed, isKnown: true},
		"users refused": {key: func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/systemusers"} }, first: connector.Doubtful, again: connector.Changed, cause: check.CauseDatasetWithheld, isKnown: true},
		"refused once":  {fault: jumpcloudtest.Unauthorized().Times(3), first: connector.Doubtful, again: connector.NoNews},
		"server":        {fault: jumpcloudtest.Status(http.StatusServiceUnavailable), first: connector.Undecided, again: connector.Undecided, cause: check.CauseServer},
		"limit":         {fault: jumpcloudtest.RateLimited(time.Hour), first: connector.Undecided, again: connector.Undecided, cause: check.CauseRateLimited},
		"portal":        {fault: jumpcloudtest.CaptivePortal(), first: connector.Undecided, again: connector.Undecided, cause: check.CauseSignIn},
		"dropped":       {fault: jumpcloudtest.Drop(), first: connector.Undecided, again: connector.Undecided, cause: check.CauseBroken},
		"filter":        {fault: jumpcloudtest.FilterPage(), first: connector.Undecided, again: connector.Undecided},
		"protected":     {fault: jumpcloudtest.Protected(), first: connector.Undecided, again: connector.Undecided},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			c := newConnector(keychain.Memory(), s)
			kept := save(t, c, "", with(jumpcloudtest.SampleKey))
			if one.key != nil {
				world := jumpcloudtest.SampleWorld()
				k := world.Keys[slices.IndexFunc(world.Keys, func(k jumpcloudtest.Key) bool { return k.Value == jumpcloudtest.SampleKey })]
				one.key(&k)
				s.SetKey(k)
			}
			if one.fault != nil {
				s.Fail(one.fault)
			}
			all := []connector.Connection{kept}
			first := watchEach(t, c, all, false)[kept.ID]
			if first.News != one.first || first.Err != nil {
				t.Errorf("at first: news %d, %v", first.News, first.Err)
			}
			if one.first == connector.Doubtful && keptReport(t, c, kept.ID).Broken() {
				t.Error("one refusal is kept")
			}
			second := watchEach(t, c, all, true)[kept.ID]
			blocker, _ := second.Report.Blocker()
			if second.News != one.again || one.cause != "" && blocker.Cause != one.cause || second.Err != nil {
				t.Errorf("again: news %d, %q, %v", second.News, blocker.Cause, second.Err)
			}
			if known := keptReport(t, c, kept.ID); known.ChangedSince(kept.Report) != one.isKnown || known.Undecided() {
				t.Errorf("the keychain has %+v", known.Results)
			}
		})
	}
}

// A key that is refused in its region may be known in another one: that is found out before it is called broken, and not at the first refusal.
func TestTheOtherRegionsAreAskedLast(t *testing.T) {
	here, elsewhere := newServer(t), newServer(t)
	c := newConnector(keychain.Memory(), here, elsewhere)
	kept := save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleKey)})
	here.Fail(jumpcloudtest.Unauthorized())
	elsewhere.ResetRequests()
	all := []connector.Connection{kept}
	if seen := watchEach(t, c, all, false)[kept.ID]; seen.News != connector.Doubtful || len(elsewhere.Requests()) > 0 {
		t.Errorf("at first: news %d, %d requests elsewhere", seen.News, len(elsewhere.Requests()))
	}
	seen := watchEach(t, c, all, true)[kept.ID]
	if seen.Report.Broken() || seen.Report.Region != "r1" {
		t.Errorf("the key that another region knows: %+v", seen.Report.Results)
	}
	now, err := c.Connections(t.Context(), nil)
	if err != nil || now[0].Region != "r1" {
		t.Errorf("the connection is kept in region %q, %v", now[0].Region, err)
	}
}

// Another region that cannot be reached does not make a refusal doubtful, and a key that is not refused is not sent elsewhere.
func TestOtherRegionsDoNotHideARefusal(t *testing.T) {
	for name, fault := range map[string]*jumpcloudtest.Fault{"dropped": jumpcloudtest.Drop(), "server": jumpcloudtest.Status(503), "refused": jumpcloudtest.Unauthorized()} {
		here, elsewhere := newServer(t), newServer(t)
		c := newConnector(keychain.Memory(), here, elsewhere)
		kept := save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleKey)})
		elsewhere.Fail(fault)
		here.Fail(jumpcloudtest.Unauthorized())
		if seen := watchEach(t, c, []connector.Connection{kept}, true)[kept.ID]; seen.News != connector.Changed || !seen.Report.Broken() {
			t.Errorf("%s elsewhere: news %d, %+v", name, seen.News, seen.Report.Results)
		}
		here.Heal()
		kept.Report = validated(t, c, check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleKey)})
		here.Fail(jumpcloudtest.SelectionNotAllowed())
		elsewhere.ResetRequests()
		watchEach(t, c, []connector.Connection{kept}, true)
		if n := len(elsewhere.Requests()); n > 0 {
			t.Errorf("%s elsewhere: a key that is not refused was sent there %d times", name, n)
		}
	}
}

// A watcher that has an old list changes nothing in what was saved since.
func TestAWatchedConnectionIsReplaced(t *testing.T) {
	s := newServer(t)
	c := newConnector(keychain.Memory(), s)
	kept := save(t, c, "", with(jumpcloudtest.SampleKey))
	watchEach(t, c, []connector.Connection{kept}, false)
	save(t, c, "", with(jumpcloudtest.SampleSecondKey), connector.Replacing(kept))
	if seen := watchEach(t, c, []connector.Connection{kept}, false)[kept.ID]; seen.Err != connector.ErrReplaced {
		t.Errorf("a connection with another key: %v", seen.Err)
	}
	if err := c.Remove(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	if seen := watchEach(t, c, []connector.Connection{kept}, false)[kept.ID]; seen.Err != connector.ErrReplaced {
		t.Errorf("a connection that is removed: %v", seen.Err)
	}
	s.ResetRequests()
	watchEach(t, c, []connector.Connection{kept}, false)
	if n := len(s.Requests()); n > 0 {
		t.Errorf("the key of a removed connection was sent %d times", n)
	}
}

// A locked keychain is said, and asked again the next time.
func TestWatchingWithALockedKeychain(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	kept := save(t, c, "", with(jumpcloudtest.SampleKey))
	k.fail = keychain.ErrLocked
	if seen := watchEach(t, c, []connector.Connection{kept}, false)[kept.ID]; seen.Err == nil || seen.Err == connector.ErrReplaced {
		t.Errorf("with a locked keychain: %v", seen.Err)
	}
	k.fail = nil
	if seen := watchEach(t, c, []connector.Connection{kept}, false)[kept.ID]; seen.Err != nil || seen.News != connector.NoNews {
		t.Errorf("with an open keychain: %+v", seen)
	}
}

// A whole day of 500 connections of one key that do not change reads the list and one key from the keychain, and writes nothing. The list is
// read once a day, for another process may have added some: that is the index and its pages.
func TestKeychainCallsOfADay(t *testing.T) {
	const n = 500
	w := jumpcloudtest.World{Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleMultiTenantKey, Email: "audit@northgate-msp.example", Role: jumpcloudtest.RoleReadOnly, MFA: true, MultiTenant: true}}}
	var organizations []check.Organization
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(i), Name: fmt.Sprint("Client ", i), People: 5, Systems: 5, Administrators: 2}
		w.Organizations, w.Keys[0].Organizations = append(w.Organizations, o), append(w.Keys[0].Organizations, o.ID)
		organizations = append(organizations, check.Organization{ID: o.ID, Name: o.Name})
	}
	s := jumpcloudtest.New(w)
	t.Cleanup(s.Close)
	folder, err := os.MkdirTemp("", "history")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	now, k := noon, newRecorder()
	s.SetClock(time.Until(noon))
	c := connector.New(keychain.New(k, service), connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}),
		connector.WithHTTPClient(impatient), connector.WithClock(func() time.Time { return now }), connector.WithHistory(folder))
	credentials := check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey)}
	if err := c.ConnectEach(t.Context(), credentials, organizations, func(connector.Connected) {}); err != nil {
		t.Fatal(err)
	}
	calls := k.calls
	all, err := c.Connections(t.Context(), nil)
	if err != nil || len(all) != n {
		t.Fatalf("%d connections, %v", len(all), err)
	}
	list := k.calls - calls
	writes, checks, watch := k.writes, 0, connector.NewWatch(24*time.Hour)
	for ; now.Before(noon.Add(28 * time.Hour)); now = now.Add(connector.WatchTick) { // the first round ends after 26 h and a half
		s.SetClock(time.Until(now))
		due, again := watch.Due(all, now)
		c.WatchEach(context.WithoutCancel(t.Context()), append(due, again...), all, false, func(seen connector.Watched) {
			checks++
			i := slices.IndexFunc(all, func(c connector.Connection) bool { return c.ID == seen.ID })
			watch.Note(all[i], seen, now)
			all[i].Report = seen.Report
			if seen.Err != nil || seen.News != connector.NoNews {
				t.Errorf("%s: news %d, %v", all[i].Name, seen.News, seen.Err)
			}
		})
	}
	called := k.calls - calls
	t.Logf("%d checks, %d calls of the keychain, %d of them for the list, %d of them writing", checks, called, list, k.writes-writes)
	reread, err := c.Connections(t.Context(), nil)
	if err != nil || len(reread) != n || slices.ContainsFunc(reread, func(c connector.Connection) bool { return c.Report.At.Before(noon.Add(20 * time.Hour)) }) {
		t.Errorf("when they were checked is forgotten, %v", err)
	}
	if checks < n || k.writes != writes || called > list+2 || list > 50 {
		t.Errorf("%d checks, %d calls of the keychain, %d of them writing", checks, called, k.writes-writes)
	}
}
