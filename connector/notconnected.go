package connector

import (
	"errors"
	"slices"

	"controlmap-jumpcloud/connector/check"
)

// NotConnected are organizations that could not be connected for the same cause.
type NotConnected struct {
	// Why is how the check ended that keeps the first of them from working. It has no cause if another key is kept for them.
	Why check.Outcome
	// Checks are the checks that ended so, each once.
	Checks        []check.ID
	Organizations []check.Organization
	// Usable are those of them that can be saved all the same, see [Connector.ConnectAnyway]: where the cause is nothing that passes.
	Usable []Connected
}

// OtherKey reports whether another key is kept for the organizations, and stays.
func (n NotConnected) OtherKey() bool { return n.Why.Cause == "" }

// GroupNotConnected groups what [Connector.ConnectEach] could not connect by the cause. The largest group comes first.
func GroupNotConnected(all []Connected) []NotConnected {
	failed := slices.DeleteFunc(slices.Clone(all), func(one Connected) bool { return one.Err == nil })
	var groups []NotConnected
	for _, alike := range byCause(failed, func(one Connected) check.Cause { return one.Why().Cause }) {
		group := NotConnected{Why: alike[0].Why()}
		for _, one := range alike {
			group.Organizations = append(group.Organizations, one.Organization)
			if one.isUsable() {
				group.Usable = append(group.Usable, one)
			}
			if blocker, ok := one.Report.Blocker(); ok && !slices.Contains(group.Checks, blocker.Check) {
				group.Checks = append(group.Checks, blocker.Check)
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// isUsable reports whether the organization can be saved although a check has failed.
func (c Connected) isUsable() bool {
	return errors.Is(c.Err, ErrNotWorking) && c.Report.Suffices()
}

// Brief returns how it ended without most of the report, which needs memory: [Connected.Why] and [GroupNotConnected] do not need that, but
// [Connector.ConnectAnyway] does.
func (c Connected) Brief() Connected {
	if c.isUsable() {
		return c
	}
	blocker, ok := c.Report.Blocker()
	c.Report = check.Report{}
	if ok {
		c.Report.Results = []check.Result{blocker}
	}
	return c
}

// Why is how the check ended that kept an organization from being connected. It has no cause if something was saved, or if another key is
// kept for the organization.
func (c Connected) Why() check.Outcome {
	if !errors.Is(c.Err, ErrNotWorking) {
		return check.Outcome{}
	}
	blocker, _ := c.Report.Blocker()
	return blocker.Outcome
}
