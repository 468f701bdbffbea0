package connector

import (
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// NotWorking are connections that do not work for the same cause, or could not be checked for it.
type NotWorking struct {
	// Why is how the check ended that keeps the first of them from working. For a connection that the keychain gives no key for, it has the
	// keychain's cause.
	Why check.Outcome
	// Checks are the checks that ended so, each once.
	Checks      []check.ID
	Connections []Connection
	// Unclear says that they could not be checked: the network, a server or a limit was in the way. They may work.
	Unclear bool
}

// GroupNotWorking groups the connections that do not work at this time by the cause, the largest group first. After them come those that could
// not be checked.
func GroupNotWorking(all []Connection, now time.Time) (groups []NotWorking) {
	failed := make(map[check.Health][]blocked)
	for i := range all {
		if health := all[i].Health(now); health == check.HealthBroken || health == check.HealthUnchecked {
			failed[health] = append(failed[health], blocked{&all[i], all[i].blocker(now)})
		}
	}
	for _, health := range []check.Health{check.HealthBroken, check.HealthUnchecked} {
		for _, some := range byCause(failed[health], func(b blocked) check.Cause { return b.by.Cause }) {
			group := NotWorking{Why: some[0].by.Outcome, Unclear: health == check.HealthUnchecked}
			for _, b := range some {
				group.Connections = append(group.Connections, *b.Connection)
				if b.by.Check != "" && !slices.Contains(group.Checks, b.by.Check) {
					group.Checks = append(group.Checks, b.by.Check)
				}
			}
			groups = append(groups, group)
		}
	}
	return groups
}

// blocked is a connection with what keeps it from working.
type blocked struct {
	*Connection
	by check.Result
}

// blocker is the result that keeps the connection from working. It is about no check if the reason is in the keychain.
func (c Connection) blocker(now time.Time) check.Result {
	if c.Trouble != "" {
		return check.Result{Outcome: check.Outcome{State: check.Failed, Cause: c.Trouble}}
	}
	blocker, _ := c.Report.AsOf(now).Blocker()
	return blocker
}
