package check_test

import (
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// The way is ticked as far as the validation came. What blocks it is the first failure on it.
func TestTheWayAndWhatBlocksIt(t *testing.T) {
	for name, c := range map[string]struct {
		key, org string
		fault    *jumpcloudtest.Fault
		way      string // a letter for each station: passed, warning, failed, or - if it was not reached
		blocker  check.Cause
		points   int
	}{
		"all good":            {key: jumpcloudtest.SampleKey, way: "pppppp"},
		"not a key":           {key: "the key that was mailed", way: "f-----", blocker: check.CauseKeyIsText},
		"a guest network":     {key: jumpcloudtest.SamplePortalKey, way: "pf----", blocker: check.CauseSignIn},
		"a blocked address":   {key: jumpcloudtest.SampleBlockedKey, way: "ppf---", blocker: check.CauseBlocked},
		"an outage":           {key: jumpcloudtest.SampleServerKey, way: "ppf---", blocker: check.CauseServer},
		"a revoked key":       {key: jumpcloudtest.SampleRevokedKey, way: "pppf--", blocker: check.CauseKeyUnknown},
		"a role refused":      {key: jumpcloudtest.SampleCommandRunnerKey, way: "pppf--", blocker: check.CauseRoleRefused},
		"many organizations":  {key: jumpcloudtest.SampleMultiTenantKey, way: "ppppw-", blocker: check.CauseChoose},
		"another one":         {key: jumpcloudtest.SampleKey, org: jumpcloudtest.OrganizationID(2), way: "ppppf-", blocker: check.CauseNotOpened},
		"a list refused":      {key: jumpcloudtest.SamplePartlyKey, way: "pppwpf", blocker: check.CauseDatasetRefused, points: 2},
		"points for auditors": {key: jumpcloudtest.SampleAdministratorKey, way: "pppwpw", points: 3},
		"a list that is slow": {key: jumpcloudtest.SampleKey, fault: jumpcloudtest.Status(503).On("/api/systems"), way: "pppppf", blocker: check.CauseServer},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			if c.fault != nil {
				s.Fail(c.fault)
			}
			entered := with(c.key)
			entered.OrganizationID = with(c.org).APIKey
			report := newValidator(s).Validate(t.Context(), entered, ignore)
			var way strings.Builder
			for _, state := range check.Way(report.Results) {
				way.WriteString(map[check.State]string{check.Passed: "p", check.Warning: "w", check.Failed: "f", check.Waiting: "-"}[state])
			}
			if way.String() != c.way {
				t.Errorf("the way is %s, want %s", way.String(), c.way)
			}
			if blocker, _ := report.Blocker(); blocker.Cause != c.blocker {
				t.Errorf("what blocks is %q, want %q", blocker.Cause, c.blocker)
			}
			if points := report.Points(); len(points) != c.points {
				t.Errorf("there are %d points: %v", len(points), points)
			}
		})
	}
}

// Each check is in a group and at a station, and the stations are in the order in which the checks come.
func TestEachCheckHasItsPlaceOnTheWay(t *testing.T) {
	at := make(map[check.ID]int)
	for _, c := range check.All() {
		if at[c.ID] = slices.Index(check.Stations(), c.At); at[c.ID] < 0 || !slices.Contains(check.Groups(), c.Group()) {
			t.Errorf("%s is at %q, in %q", c.ID, c.At, c.Group())
		}
	}
	order := []check.ID{check.IDEntries, check.IDReachable, check.IDKey, check.IDOrganization, check.IDPeople}
	if !slices.IsSortedFunc(order, func(a, b check.ID) int { return at[a] - at[b] }) {
		t.Errorf("the stations are out of order: %v", at)
	}
}

// While checks run, the way shows where they are.
func TestTheWayWhileChecksRun(t *testing.T) {
	var ways []string
	results := make(map[check.ID]check.Result)
	newValidator(newServer(t)).Validate(t.Context(), with(jumpcloudtest.SampleKey), func(r check.Result) {
		results[r.Check] = r
		var all []check.Result
		for _, result := range results {
			all = append(all, result)
		}
		way := ""
		for _, state := range check.Way(all) {
			way += state.String()[:1]
		}
		if len(ways) == 0 || ways[len(ways)-1] != way {
			ways = append(ways, way)
		}
	})
	if first, last := ways[0], ways[len(ways)-1]; first != "rwwwww" || last != "pppppp" || !slices.Contains(ways, "prwwww") || !slices.Contains(ways, "pppppr") {
		t.Errorf("the way goes %v", ways)
	}
}
