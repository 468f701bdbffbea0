package connector_test

import (
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

// withResult returns a report of a connection that worked, in which one more check ended with a cause.
func withResult(m check.Meaning) check.Report {
	report := working(1, noon)[0].Report
	report.Results = append(report.Results, check.Result{Check: check.IDDevices, Outcome: check.Outcome{State: m.State, Cause: m.Cause}})
	return report
}

// Every way in which a check can end has its place in the health.
func TestEveryOutcomeHasItsHealth(t *testing.T) {
	for _, m := range check.Meanings() {
		want := check.HealthWorks
		switch {
		case m.Cause == check.CauseCancelled, m.State == check.Failed && (m.Repeats || m.Here):
			want = check.HealthUnchecked
		case m.State == check.Failed:
			want = check.HealthBroken
		case m.Cause == check.CauseKeyExpires:
			want = check.HealthEndsSoon
		case m.State == check.Warning:
			want = check.HealthAttention
		}
		if got := withResult(m).Health(noon); got != want {
			t.Errorf("%s: %s, not %s", m.Cause, got, want)
		}
	}
}

// The health of a connection is also what the keychain and ControlMap have of it, and what time has brought since the check.
func TestHealth(t *testing.T) {
	works := working(1, noon)[0]
	expiring := works
	expiring.Report.Results = append(expiring.Report.Results, check.Result{Check: check.IDKeyEnd, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseKeyEnd}})
	expiring.Report.Administrator.KeyExpires = noon.AddDate(0, 0, 60)
	both := expiring
	both.Report.Results = append(both.Report.Results, check.Result{Check: check.IDRole, Outcome: check.Outcome{State: check.Warning, Cause: check.CauseRolePrivileged}})
	changed := func(c connector.Connection, change func(*connector.Connection)) connector.Connection {
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		connector.Connection
		days int
		want check.Health
	}{
		"one that works":              {works, 0, check.HealthWorks},
		"never checked":               {connector.Connection{Name: "New"}, 0, check.HealthUnchecked},
		"two months before the end":   {expiring, 0, check.HealthWorks},
		"thirty days before":          {expiring, 30, check.HealthEndsSoon},
		"after the end":               {expiring, 61, check.HealthBroken},
		"the end, and another point":  {both, 40, check.HealthAttention},
		"cannot be read":              {connector.Connection{Trouble: check.CauseKeychainDamaged}, 0, check.HealthBroken},
		"the key is gone":             {changed(works, func(c *connector.Connection) { c.Trouble = check.CauseKeychainGone }), 0, check.HealthBroken},
		"ControlMap has a former key": {changed(works, func(c *connector.Connection) { c.HandOver.Outdated = true }), 0, check.HealthAttention},
		"and it is broken":            {changed(expiring, func(c *connector.Connection) { c.HandOver.Outdated = true }), 61, check.HealthBroken},
	} {
		now := noon.AddDate(0, 0, c.days)
		if got := c.Health(now); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
		if row := connector.RowOf(c.Connection, now); row.Health != c.want {
			t.Errorf("%s: the row says %s", name, row.Health)
		}
	}
}

// Next tells when a connection is due: at the time at which Due returns it.
func TestNext(t *testing.T) {
	all := working(20, noon)
	w := connector.NewWatch(0)
	if _, watched := w.Next(all[0]); watched {
		t.Error("one is checked although watching is off")
	}
	w.Every = 24 * time.Hour
	for _, c := range all {
		at, watched := w.Next(c)
		one := []connector.Connection{c}
		early, _ := w.Due(one, at.Add(-time.Second))
		due, _ := w.Due(one, at)
		if !watched || len(early) != 0 || len(due) != 1 {
			t.Errorf("%s is due at %s: %d a second before, and %d then", c.ID, at, len(early), len(due))
		}
	}
	if _, watched := w.Next(connector.Connection{Trouble: check.CauseKeychainGone}); watched {
		t.Error("one whose key is gone is checked")
	}
	w.Note(all[0], connector.Watched{News: connector.Doubtful, Report: reportOn(noon, check.IDOrganization, check.CauseOrganizationUntold)}, noon)
	if at, _ := w.Next(all[0]); at != noon.Add(time.Minute) {
		t.Errorf("one that was refused is asked about at %s", at)
	}
}
