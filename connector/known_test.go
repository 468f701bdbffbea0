package connector_test

import (
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

// Another region that accepts the key counts, whatever else it refuses or cannot answer, and the connection stays there.
func TestTheRegionFollowsTheKey(t *testing.T) {
	for name, of := range map[string]struct {
		prepare func(elsewhere *jumpcloudtest.Server)
		broken  bool
	}{
		"everything works":  {func(*jumpcloudtest.Server) {}, false},
		"a list fails":      {func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.Status(503).On("/api/systemusers")) }, false},
		"a list is missing": {func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.Status(404).On("/api/systems")) }, true},
		"the organization is another": {func(s *jumpcloudtest.Server) {
			s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Organizations: []string{jumpcloudtest.OrganizationID(100)}})
		}, true},
	} {
		for _, watched := range []bool{false, true} {
			here, elsewhere, k := newServer(t), newServer(t), keychain.Memory()
			c := newConnector(k, here, elsewhere)
			kept := save(t, c, "", check.Credentials{Region: "r0", APIKey: secret.New(jumpcloudtest.SampleKey)})
			here.Fail(jumpcloudtest.Unauthorized())
			of.prepare(elsewhere)
			if watched {
				watchEach(t, c, []connector.Connection{kept}, true)
			} else if _, err := checkTwice(t, c, kept.ID); err != nil {
				t.Error(err)
			}
			all, _ := c.Connections(t.Context(), nil)
			if all[0].Region != "r1" || !all[0].Report.AcceptsKey() || all[0].Report.Broken() != of.broken {
				t.Errorf("%s, watched: %t: it is kept in %s: %+v", name, watched, all[0].Region, all[0].Report.Results)
			}
			if seen := watchEach(t, c, all, false)[kept.ID]; seen.News == connector.Doubtful || seen.News == connector.Changed {
				t.Errorf("%s, watched: %t: the next time, that is news %d", name, watched, seen.News)
			}
		}
	}
}

// What could not be asked on this computer says nothing about a connection.
func TestAFaultOfThisComputer(t *testing.T) {
	s, k := newServer(t), keychain.Memory()
	kept := save(t, newConnector(k, s), "", with(jumpcloudtest.SampleKey))
	for name, region := range map[string]jumpcloud.Region{
		"the region is not known": {ID: "r9", Console: s.URL},
		"the address is insecure": {ID: "r0", Console: "http://jumpcloud.example.com"},
	} {
		c := connector.New(keychain.New(k, service), connector.WithRegions(region), connector.WithHTTPClient(impatient),
			connector.WithClock(func() time.Time { return noon }), connector.WithTimer(atOnce))
		report, err := c.Check(t.Context(), kept.ID, ignore)
		all, _ := c.Connections(t.Context(), nil)
		if err != nil || !report.Undecided() || report.Broken() || all[0].Health(noon) != check.HealthUnchecked || all[0].Readiness(noon) != connector.ReadyUnchecked {
			t.Errorf("%s: %v, it is %s, and readiness %d", name, err, all[0].Health(noon), all[0].Readiness(noon))
		}
	}
}

// While nobody answers, it is not forgotten how a connection was: what is the same afterwards is neither doubtful nor news, all else is.
func TestAnOutageForgetsNothing(t *testing.T) {
	refused, none := jumpcloudtest.Unauthorized, func() *jumpcloudtest.Fault { return nil }
	withheld := func() *jumpcloudtest.Fault { return jumpcloudtest.Forbidden().On("/api/systemusers") }
	missing := func() *jumpcloudtest.Fault { return jumpcloudtest.Status(http.StatusNotFound).On("/api/systems") }
	for name, of := range map[string]struct {
		before, after  func() *jumpcloudtest.Fault
		doubtful, news bool
	}{
		"worked, works":            {none, none, false, false},
		"worked, refused":          {none, refused, true, true},
		"refused, refused":         {refused, refused, false, false},
		"refused, works":           {refused, none, false, true},
		"withheld, withheld":       {withheld, withheld, false, false},
		"withheld, works":          {withheld, none, false, true},
		"a list missing, the same": {missing, missing, false, false},
		"a list missing, refused":  {missing, refused, true, true},
	} {
		s, k := newServer(t), newRecorder()
		c := newConnector(k, s)
		kept := save(t, c, "", with(jumpcloudtest.SampleKey))
		then := func(fault *jumpcloudtest.Fault) check.Report {
			t.Helper()
			if s.Heal(); fault != nil {
				s.Fail(fault)
			}
			report, err := checkTwice(t, c, kept.ID)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return report
		}
		then(of.before())
		then(jumpcloudtest.Status(http.StatusServiceUnavailable))
		then(jumpcloudtest.Status(http.StatusServiceUnavailable)) // more than once
		last := keptReport(t, c, kept.ID)
		if s.Heal(); of.after() != nil {
			s.Fail(of.after())
		}
		_, err := c.Check(t.Context(), kept.ID, ignore)
		if doubtful := err == connector.ErrDoubtful; doubtful != of.doubtful {
			t.Errorf("%s: %v", name, err)
		}
		if report := then(of.after()); report.ChangedSince(last) != of.news {
			t.Errorf("%s: it is news: %t", name, !of.news)
		}
	}
}

// The known end of a key counts although nobody answers, in everything that says how a connection is.
func TestTheKnownEndCountsInAnOutage(t *testing.T) {
	s, k := newServer(t), newRecorder()
	c := newConnector(k, s)
	kept := save(t, c, "", with(jumpcloudtest.SampleEndingKey))
	s.Fail(jumpcloudtest.Status(http.StatusServiceUnavailable))
	if _, err := checkTwice(t, c, kept.ID); err != nil {
		t.Fatal(err)
	}
	all, _ := c.Connections(t.Context(), nil)
	for _, of := range []struct {
		now    time.Time
		health check.Health
		ready  connector.Readiness
		state  check.State
		cause  check.Cause
	}{
		{noon, check.HealthUnchecked, connector.ReadyUnchecked, check.Skipped, check.CauseServer},
		{noon.AddDate(1, 0, 0), check.HealthBroken, connector.UnreadyBroken, check.Failed, check.CauseKeyEnded},
	} {
		row, groups := connector.RowOf(all[0], of.now), connector.GroupNotWorking(all, of.now)
		if row.Health != of.health || row.State != of.state || row.Cause != of.cause || all[0].Readiness(of.now) != of.ready || len(groups) != 1 || groups[0].Why.Cause != of.cause {
			t.Errorf("at %v it is %+v, readiness %d, among %+v", of.now, row, all[0].Readiness(of.now), groups)
		}
	}
}

// A connection that gets another key while it is doubtful is not asked about as if that one had been refused.
func TestAnotherKeyWhileDoubtful(t *testing.T) {
	s, k := newServer(t), keychain.Memory()
	var kept connector.Connection
	report := check.Report{}
	c := waiting(k, func(time.Duration) {
		other := newConnector(k, s)
		if _, err := other.Save(t.Context(), "", with(nextKey), report, connector.Replacing(kept)); err != nil {
			t.Error(err)
		}
		s.SetKey(jumpcloudtest.Key{Value: nextKey, Revoked: true})
	}, s)
	kept = save(t, c, "", with(jumpcloudtest.SampleKey))
	s.SetKey(jumpcloudtest.Key{Value: nextKey, Organizations: []string{kept.Organization.ID}})
	report = validated(t, c, with(nextKey))
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	if got, err := checkTwice(t, c, kept.ID); err != connector.ErrReplaced || got.Complete() {
		t.Errorf("%v, it is %s", err, got.Worst())
	}
	if known := keptReport(t, c, kept.ID); !known.Usable() {
		t.Errorf("it is kept as %s", known.Worst())
	}
}
