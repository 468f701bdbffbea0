package connector_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// waiting is a Connector whose waits a test watches. Each one is over at once, and meanwhile something happens.
func waiting(k keychain.Backend, meanwhile func(time.Duration), servers ...*jumpcloudtest.Server) *connector.Connector {
	regions := []jumpcloud.Region{{ID: "r0", Console: servers[0].URL}}
	if len(servers) > 1 {
		regions = append(regions, jumpcloud.Region{ID: "r1", Console: servers[1].URL})
	}
	return connector.New(keychain.New(k, service), connector.WithRegions(regions...), connector.WithHTTPClient(impatient),
		connector.WithClock(func() time.Time { return noon }), connector.WithTimer(func(d time.Duration) <-chan time.Time {
			meanwhile(d)
			return atOnce(d)
		}))
}

// What a check of all comes to when a connection that worked is refused: it is asked about again, once, before it counts. What is in the way is
// no refusal, and what was broken before is none either.
func TestAskingTwice(t *testing.T) {
	revoke := func(s *jumpcloudtest.Server) {
		s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	}
	fails := func(f *jumpcloudtest.Fault) func(*jumpcloudtest.Server) {
		return func(s *jumpcloudtest.Server) { s.Fail(f) }
	}
	mends := (*jumpcloudtest.Server).Heal
	for name, one := range map[string]struct {
		happens, meanwhile func(*jumpcloudtest.Server)
		doubtful           int
		cause              check.Cause // in the end; "" if it works
	}{
		"nothing":                   {},
		"the key is refused":        {revoke, nil, 1, check.CauseKeyStopped},
		"the key is refused once":   {fails(jumpcloudtest.Unauthorized()), mends, 1, ""},
		"the key is forbidden":      {fails(jumpcloudtest.Forbidden()), nil, 1, check.CauseRoleRefused},
		"the key is forbidden once": {fails(jumpcloudtest.Forbidden()), mends, 1, ""},
		"a list is refused":         {fails(jumpcloudtest.Forbidden().On("/api/systemusers")), nil, 1, check.CauseDatasetWithheld},
		"a list is refused once":    {fails(jumpcloudtest.Forbidden().On("/api/systemusers")), mends, 1, ""},
		"then the server fails": {fails(jumpcloudtest.Unauthorized()), func(s *jumpcloudtest.Server) {
			s.Heal()
			s.Fail(jumpcloudtest.Status(http.StatusServiceUnavailable))
		}, 1, check.CauseServer},
		"the server fails": {fails(jumpcloudtest.Status(http.StatusServiceUnavailable)), nil, 0, check.CauseServer},
		"a portal answers": {fails(jumpcloudtest.CaptivePortal()), nil, 0, check.CauseSignIn},
	} {
		s, k, waits, doubtful := newServer(t), keychain.Memory(), 0, 0
		var kept []connector.Connection
		c := waiting(k, func(d time.Duration) {
			if waits++; waits > 1 || d != connector.SureAfter || keptReport(t, newConnector(k, s), kept[0].ID).Worst() != check.Passed {
				t.Errorf("%s: wait %d is of %v, and the report is kept as %+v", name, waits, d, keptReport(t, newConnector(k, s), kept[0].ID).Results)
			}
			if one.meanwhile != nil {
				one.meanwhile(s)
			}
		}, s)
		kept = append(kept, save(t, c, "", with(jumpcloudtest.SampleKey)), save(t, c, "", with(jumpcloudtest.SampleAdministratorKey)))
		if one.happens != nil {
			one.happens(s)
		}
		reports := make(map[string]int)
		var blocker check.Result
		c.CheckEachTwice(t.Context(), kept[:1], func(count int) { doubtful += count }, func(id string, report check.Report, err error) {
			if reports[id]++; err != nil {
				t.Errorf("%s: %v", name, err)
			}
			blocker, _ = report.Blocker()
		})
		if blocker.Cause != one.cause || doubtful != one.doubtful || waits != one.doubtful || reports[kept[0].ID] != 1 {
			t.Errorf("%s: it is %q after %d waits for %d connections, told %d times", name, blocker.Cause, waits, doubtful, reports[kept[0].ID])
		}
		if known, _ := keptReport(t, newConnector(k, s), kept[0].ID).Blocker(); known.Cause != one.cause {
			t.Errorf("%s: it is kept as %q", name, known.Cause)
		}
		waits, doubtful = 0, 0
		c.CheckEachTwice(t.Context(), kept[:1], func(count int) { doubtful += count }, func(string, check.Report, error) {})
		if doubtful > 0 && blocker.Cause != check.CauseServer { // what was broken before is not asked about twice
			t.Errorf("%s: the next time, %d are doubtful", name, doubtful)
		}
	}
}

// lockable is a keychain that locks when a test says so.
type lockable struct {
	keychain.Backend
	locked bool
}

func (l *lockable) Get(service, user string) (string, error) {
	if l.locked {
		return "", keychain.ErrLocked
	}
	return l.Backend.Get(service, user)
}

// One refusal does not count, whatever fails after it: the keychain, or the patience of who asked.
func TestADoubtWhateverFails(t *testing.T) {
	for _, fails := range []string{"nothing", "the keychain", "ctx"} {
		s, k := newServer(t), &lockable{Backend: keychain.Memory()}
		c := newConnector(k, s)
		kept := save(t, c, "", with(jumpcloudtest.SampleKey))
		s.Fail(jumpcloudtest.Unauthorized())
		ctx, cancel := context.WithCancel(t.Context())
		report, err := c.Check(ctx, kept.ID, func(r check.Result) {
			if r.Check == check.IDKey && r.State == check.Failed {
				k.locked = fails == "the keychain"
				if fails == "ctx" {
					cancel()
				}
			}
		})
		cancel()
		if !errors.Is(err, connector.ErrDoubtful) && report.Complete() {
			t.Errorf("%s fails: %v, and the report counts", fails, err)
		}
	}
}

// Who asks again asks all regions. If another one knows the key, the connection is kept in that one.
func TestAskingTwiceElsewhere(t *testing.T) {
	here, elsewhere, k := newServer(t), newServer(t), keychain.Memory()
	c := waiting(k, func(time.Duration) {
		if n := len(elsewhere.Requests()); n > 0 {
			t.Errorf("after one refusal, another region was asked %d times", n)
		}
	}, here, elsewhere)
	kept := save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleKey)})
	here.Fail(jumpcloudtest.Unauthorized())
	elsewhere.ResetRequests()
	report, err := checkTwice(t, c, kept.ID)
	all, failed := c.Connections(t.Context(), nil)
	if err != nil || failed != nil || !report.Usable() || report.Region != "r1" || all[0].Region != "r1" || !all[0].Report.Usable() {
		t.Errorf("%v, %v: in %q it is %s, and kept in %q", err, failed, report.Region, report.Worst(), all[0].Region)
	}
}

// Who ends it while it waits keeps what was known.
func TestAskingTwiceIsCancelled(t *testing.T) {
	s, k := newServer(t), newRecorder()
	ctx, cancel := context.WithCancel(t.Context())
	never := make(chan time.Time)
	c := connector.New(keychain.New(k, service), connector.WithRegions(jumpcloud.Region{ID: "r0", Console: s.URL}), connector.WithHTTPClient(impatient),
		connector.WithClock(func() time.Time { return noon }), connector.WithTimer(func(d time.Duration) <-chan time.Time {
			if d != connector.SureAfter { // that of saving
				return atOnce(d)
			}
			cancel()
			return never
		}))
	kept := save(t, c, "", with(jumpcloudtest.SampleKey))
	s.Fail(jumpcloudtest.Unauthorized())
	writes := k.writes
	c.CheckEachTwice(ctx, []connector.Connection{kept}, func(int) {}, func(_ string, report check.Report, _ error) {
		t.Errorf("it is called %s", report.Worst())
	})
	if k.writes != writes || keptReport(t, c, kept.ID).Worst() != check.Passed {
		t.Errorf("%d writes, it is kept as %s", k.writes-writes, keptReport(t, c, kept.ID).Worst())
	}
}

// While other connections are saved and removed, a watcher writes nothing of what has not changed. When it was checked is kept all the same,
// and what has changed is in the keychain and in the history.
func TestWatchingWhileOthersAreSaved(t *testing.T) {
	for _, breaks := range []bool{false, true} {
		r := newRemembering(t)
		save(t, r.Connector, "", with(jumpcloudtest.SampleKey))
		r.later(time.Hour)
		other := validated(t, r.Connector, with(jumpcloudtest.SampleAdministratorKey))
		all, err := r.Connections(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if breaks {
			r.s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
		}
		r.later(time.Hour)
		writes, saved := r.k.writes, false
		r.restartWith(connector.WithHTTPClient(func() *http.Client { // made after the key was read
			if !saved {
				saved = true
				if _, err := r.SaveForSession(t.Context(), "", with(jumpcloudtest.SampleAdministratorKey), other); err != nil {
					t.Error(err)
				}
			}
			return impatient()
		}))
		seen := watchEach(t, r.Connector, all, true)[all[0].ID]
		if seen.Err != nil || !saved || (seen.News == connector.Changed) != breaks || (r.k.writes > writes) != breaks {
			t.Errorf("breaks: %v, news %d, %v, %d writes, saved: %v", breaks, seen.News, seen.Err, r.k.writes-writes, saved)
		}
		past, err := r.History(t.Context(), all[0].ID)
		if last := past[len(past)-1]; err != nil || !last.Until.Equal(r.clock) || (last.State == check.Failed) != breaks {
			t.Errorf("breaks: %v, the history ends with %+v, %v", breaks, last, err)
		}
		if at := keptReport(t, r.Connector, all[0].ID).At; !at.Equal(r.clock) {
			t.Errorf("breaks: %v, it was checked at %v", breaks, at)
		}
	}
}
