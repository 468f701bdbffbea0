package connector_test

import (
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
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
	handed := connector.HandOver{At: now}
	outdated := connector.HandOver{At: now, Outdated: true}
	for name, c := range map[string]struct {
		connector.Connection
		outdated, new, broken int
	}{
		"handed over":                  {Connection: connector.Connection{Report: working, HandOver: handed}},
		"handed over, and broken":      {Connection: connector.Connection{Report: with(check.IDKey, check.CauseKeyUnknownHere), HandOver: handed}},
		"with another key since":       {Connection: connector.Connection{Report: working, HandOver: outdated}, outdated: 1},
		"never":                        {Connection: connector.Connection{Report: working}, new: 1},
		"for this session":             {Connection: connector.Connection{Report: working, SessionOnly: true}, new: 1},
		"saved although data is short": {Connection: connector.Connection{Report: with(check.IDDevices, check.CauseDatasetWithheld)}, new: 1},
		"refused":                      {Connection: connector.Connection{Report: with(check.IDKey, check.CauseKeyUnknownHere), HandOver: outdated}, broken: 1},
		"not checked":                  {broken: 1},
		"without its key":              {Connection: connector.Connection{Report: working, Trouble: check.CauseKeychainGone}, broken: 1},
	} {
		got := connector.NotHandedOver([]connector.Connection{c.Connection}, now)
		if len(got.Outdated) != c.outdated || len(got.New) != c.new || len(got.Broken) != c.broken || len(got.All()) != c.outdated+c.new {
			t.Errorf("%s: %d outdated, %d new, %d broken", name, len(got.Outdated), len(got.New), len(got.Broken))
		}
	}
	a, b := connector.Connection{ID: "a", Report: working}, connector.Connection{ID: "b", Report: working, HandOver: outdated}
	if all := connector.NotHandedOver([]connector.Connection{a, b}, now).All(); all[0].ID != "b" || all[1].ID != "a" {
		t.Errorf("the order is %+v", all)
	}
}
