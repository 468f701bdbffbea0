package connector_test

import (
	"slices"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

// What does not work is grouped by the cause, the largest group first. What could not be checked comes after it, and is not called broken.
func TestWhatDoesNotWorkIsGrouped(t *testing.T) {
	all := working(9, noon)
	ends := func(i int, id check.ID, cause check.Cause) {
		all[i].Report.Results = append(all[i].Report.Results, check.Result{Check: id, Outcome: check.Outcome{State: check.Failed, Cause: cause}})
	}
	ends(1, check.IDReachable, check.CauseTimeout)
	ends(2, check.IDReachable, check.CauseTimeout)
	ends(3, check.IDReachable, check.CauseTimeout)
	ends(4, check.IDDevices, check.CauseDatasetRefused)
	ends(5, check.IDPeople, check.CauseDatasetRefused)
	all[6].Trouble = check.CauseKeychainGone
	all[7].HandOver.Outdated = true // it works
	groups := connector.GroupNotWorking(all, noon)
	if len(groups) != 3 {
		t.Fatalf("%d groups: %+v", len(groups), groups)
	}
	for i, want := range []struct {
		cause   check.Cause
		checks  []check.ID
		ids     []string
		unclear bool
	}{
		{check.CauseDatasetRefused, []check.ID{check.IDDevices, check.IDPeople}, []string{"c4", "c5"}, false},
		{check.CauseKeychainGone, nil, []string{"c6"}, false},
		{check.CauseTimeout, []check.ID{check.IDReachable}, []string{"c1", "c2", "c3"}, true},
	} {
		got := groups[i]
		if got.Why.Cause != want.cause || !slices.Equal(got.Checks, want.checks) || !slices.Equal(ids(got.Connections), want.ids) || got.Unclear != want.unclear {
			t.Errorf("group %d is %+v", i, got)
		}
	}
}
