package check

import (
	"context"
	"errors"
	"strconv"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// readTally reads a list, and counts its rows and those that have some property.
type readTally = func(*jumpcloud.Client, context.Context) (jumpcloud.Tally, error)

// tallied makes a check that passes if a list can be read. Its facts say how many rows the list has. With, if not empty, names the fact
// for the number of rows that have the property that ControlMap looks for.
func tallied(read readTally, cause Cause, with string) checkFunc {
	return func(ctx context.Context, v *validation) Outcome {
		t, err := read(v.client, ctx)
		if err != nil {
			return v.datasetFailure(ctx, err)
		}
		return outcome(cause, tallyFacts(t, with))
	}
}

// tallyFacts returns the facts about a list.
func tallyFacts(t jumpcloud.Tally, with string) Facts {
	facts := Facts{"Count": t.Total.String()}
	if with != "" {
		facts[with] = t.With.String()
	}
	if t.With.Known() && t.NotTold.Min() > 0 {
		facts["NotTold"] = t.NotTold.String()
	}
	if t.Unread.Min() > 0 {
		facts["Unread"] = t.Unread.String()
	}
	return facts
}

// counted makes a check that passes if a list can be read. Its facts say how many rows the list has.
func counted(read readTally) checkFunc { return tallied(read, CauseCounted, "") }

// datasetFailure is the outcome if a list cannot be read although the key is good.
func (v *validation) datasetFailure(ctx context.Context, err error) Outcome {
	o := v.failure(err)
	switch {
	case errors.Is(err, jumpcloud.ErrForbidden):
		return outcome(v.refusal(ctx), o.Facts)
	case errors.Is(err, jumpcloud.ErrUnauthorized):
		return outcome(CauseDatasetDenied, o.Facts)
	case errors.Is(err, jumpcloud.ErrNotFound), errors.Is(err, jumpcloud.ErrBadRequest):
		return outcome(CauseDatasetMissing, o.Facts)
	}
	return o
}

// refusal is the cause if the role may not read a list. It waits for the check of the role, which runs at the same time: if the key has
// the role that we recommend already, another role is no remedy.
func (v *validation) refusal(ctx context.Context) Cause {
	select {
	case <-v.roleAsked:
		if isRole(v.report.Administrator.Role, roleReadOnly) {
			return CauseDatasetWithheld
		}
	case <-ctx.Done():
	}
	return CauseDatasetRefused
}

// checkAdministrators counts the administrators and those with MFA.
func checkAdministrators(ctx context.Context, v *validation) Outcome {
	t, err := v.client.AdministratorsWithMFA(ctx)
	switch noAdministrator := errors.Is(v.first.err, errNotListed); {
	// The list is not in JumpCloud's public contract. A key that belongs to no administrator may not be allowed to read it.
	case notOffered(err), webPage(err), noAdministrator && refusesCall(err):
		return outcome(CauseDatasetUntold, Facts{})
	case err != nil:
		return v.datasetFailure(ctx, err)
	}
	facts := tallyFacts(t, "MFA")
	if without := without(t); without > 0 {
		facts["Without"] = strconv.Itoa(without)
		return outcome(CauseAdministratorsMFA, facts)
	}
	return outcome(CauseAdministrators, facts)
}

// without is how many rows certainly lack the property.
func without(t jumpcloud.Tally) int {
	total, exact := t.Total.Exact()
	with, known := t.With.Exact()
	if !exact || !known {
		return 0
	}
	return total - with - t.NotTold.Min() - t.Unread.Min()
}
