package connector_test

import (
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// What ControlMap lacks is told apart from what it has, and from what it cannot use.
func TestNotHandedOver(t *testing.T) {
	now := time.Now()
	working := check.Report{At: now}
	for _, one := range check.All() {
		working.Results = append(working.Results, check.Result{Check: one.ID, Outcome: check.Outcome{State: check.Passed}})
	}
	with := func(id check.ID, cause check.Cause) check.Report {
		changed := check.Report{At: now}
		for _, r := range working.Results {
			if r.Check == id {
				r.Outcome = check.Outcome{State: cause.Meaning().State, Cause: cause}
			}
			changed.Results = append(changed.Results, r)
		}
		return changed
	}
	worked := func(report check.Report) check.Report {
		report.Worked, report.Found = now.AddDate(0, 0, -9), working.Results
		return report
	}
	ending := func(report check.Report, days int) check.Report {
		report.Administrator.KeyExpires = now.AddDate(0, 0, days)
		return report
	}
	offline := worked(with(check.IDReachable, check.CauseUnreachable))
	stopped := offline
	stopped.Results = []check.Result{offline.Result(check.IDReachable)}
	stopped.Found = with(check.IDKey, check.CauseKeyUnknownHere).Results
	earlier := offline // a report of a version that did not keep what was known
	earlier.Found = nil
	handed := connector.HandOver{At: now}
	outdated := connector.HandOver{At: now, Outdated: true}
	for name, c := range map[string]struct {
		connector.Connection
		outdated, new, unknown, broken int
	}{
		"handed over":                     {Connection: connector.Connection{Report: working, HandOver: handed}},
		"handed over, and broken":         {Connection: connector.Connection{Report: with(check.IDKey, check.CauseKeyUnknownHere), HandOver: handed}},
		"with another key since":          {Connection: connector.Connection{Report: working, HandOver: outdated}, outdated: 1},
		"never":                           {Connection: connector.Connection{Report: working}, new: 1},
		"for this session":                {Connection: connector.Connection{Report: working, SessionOnly: true}, new: 1},
		"saved although data is short":    {Connection: connector.Connection{Report: with(check.IDDevices, check.CauseDatasetWithheld)}, new: 1},
		"refused":                         {Connection: connector.Connection{Report: with(check.IDKey, check.CauseKeyUnknownHere), HandOver: outdated}, broken: 1},
		"without its key":                 {Connection: connector.Connection{Report: working, Trouble: check.CauseKeychainGone}, broken: 1},
		"not checked":                     {unknown: 1},
		"worked, and no network now":      {Connection: connector.Connection{Report: offline}, new: 1},
		"worked, and a limit now":         {Connection: connector.Connection{Report: worked(with(check.IDPeople, check.CauseRateLimited)), HandOver: outdated}, outdated: 1},
		"worked, and JumpCloud fails":     {Connection: connector.Connection{Report: worked(with(check.IDDevices, check.CauseServer))}, new: 1},
		"never worked, and no network":    {Connection: connector.Connection{Report: with(check.IDReachable, check.CauseUnreachable)}, unknown: 1},
		"refused before, and no network":  {Connection: connector.Connection{Report: stopped, HandOver: outdated}, unknown: 1},
		"of an earlier version":           {Connection: connector.Connection{Report: earlier}, unknown: 1},
		"ended, and no network":           {Connection: connector.Connection{Report: ending(offline, -1)}, broken: 1},
		"ends soon, and could be checked": {Connection: connector.Connection{Report: ending(working, 9)}, new: 1},
	} {
		got := connector.NotHandedOver([]connector.Connection{c.Connection}, now)
		if len(got.Outdated) != c.outdated || len(got.New) != c.new || len(got.Unknown) != c.unknown || len(got.Broken) != c.broken || len(got.All()) != c.outdated+c.new {
			t.Errorf("%s: %d outdated, %d new, %d unknown, %d broken", name, len(got.Outdated), len(got.New), len(got.Unknown), len(got.Broken))
		}
		if _, isDue := c.HandOverTurn(now); isDue != (c.outdated+c.new > 0) {
			t.Errorf("%s: it is due: %t", name, isDue)
		}
	}
	var all []connector.Connection
	add := func(id string, report check.Report, h connector.HandOver) {
		all = append(all, connector.Connection{ID: id, Report: report, HandOver: h})
	}
	add("new and offline", offline, connector.HandOver{})
	add("new and ends soon", ending(working, 9), connector.HandOver{})
	add("new", working, connector.HandOver{})
	add("outdated and offline", offline, outdated)
	add("new too", working, connector.HandOver{})
	add("outdated", working, outdated)
	var order []string
	for _, c := range connector.NotHandedOver(all, now).All() {
		order = append(order, c.ID)
	}
	if want := []string{"outdated", "outdated and offline", "new", "new too", "new and ends soon", "new and offline"}; !slices.Equal(order, want) {
		t.Errorf("the order is %q", order)
	}
}

// A check without an answer forgets neither that the connection was refused before, nor that it worked.
func TestReadinessWhileNobodyAnswers(t *testing.T) {
	s, k := newServer(t), newRecorder()
	saved := save(t, newConnector(k, s), "", with(jumpcloudtest.SampleAdministratorKey))
	isReady := func(what string, want connector.Readiness) {
		t.Helper()
		c, _ := stored(t, k, s)
		if _, err := checkTwice(t, c, saved.ID); err != nil {
			t.Fatal(err)
		}
		if _, all := stored(t, k, s); all[0].Readiness(noon) != want {
			t.Errorf("%s: it is %d, not %d; known is %v", what, all[0].Readiness(noon), want, all[0].Report.Found)
		}
	}
	isReady("it works", connector.Ready)
	s.Fail(jumpcloudtest.Status(503))
	isReady("down since", connector.ReadyUnchecked)
	isReady("still down", connector.ReadyUnchecked)
	s.Heal()
	s.Fail(jumpcloudtest.Unauthorized())
	isReady("refused", connector.UnreadyBroken)
	s.Heal()
	s.Fail(jumpcloudtest.Status(503))
	isReady("down since it was refused", connector.UnreadyUnknown)
	isReady("still down", connector.UnreadyUnknown)
	s.Heal()
	s.Fail(jumpcloudtest.Status(503).On("/api/systemusers"))
	isReady("accepted again, but not all answers", connector.ReadyUnchecked)
	s.Heal()
	isReady("it works again", connector.Ready)
}
