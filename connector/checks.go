package connector

import (
	"context"
	"errors"
	"slices"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// CheckID names a check, in reports and in the translation files (check.<id>.title).
type CheckID string

// The checks.
const (
	CheckEntries        CheckID = "entries"
	CheckReachable      CheckID = "reachable"
	CheckClock          CheckID = "clock"
	CheckKey            CheckID = "key"
	CheckOrganization   CheckID = "organization"
	CheckPeople         CheckID = "people"
	CheckDevices        CheckID = "devices"
	CheckAdministrators CheckID = "administrators"
	CheckRole           CheckID = "role"
	CheckMFA            CheckID = "mfa"
	CheckKeyAge         CheckID = "key_age"
	CheckKeyEnd         CheckID = "key_end"
	CheckGroups         CheckID = "groups"
	CheckPolicies       CheckID = "policies"
	CheckApplications   CheckID = "applications"
	CheckDiskEncryption CheckID = "disk_encryption"
)

// Check is one question that validation answers.
type Check struct {
	ID CheckID
	// After lists the checks that must have passed, or passed with a warning, before this one can be asked.
	After []CheckID
	// Of is the check whose answer from JumpCloud this one reads, if it makes no request of its own: to ask this one
	// again is to ask that one.
	Of CheckID
	// Optional says that the connection works without it: what would be a failure is a warning.
	Optional bool
	run      func(context.Context, *validation) Outcome
}

// Checks lists all checks in the order in which a screen shows them. To add a check is to add an entry here, and
// its words to the translation files.
func Checks() []Check {
	entries, reachable, key := []CheckID{CheckEntries}, []CheckID{CheckReachable}, []CheckID{CheckKey}
	organization, role := []CheckID{CheckOrganization}, []CheckID{CheckRole}
	return []Check{
		{ID: CheckEntries, run: checkEntries},
		{ID: CheckReachable, After: entries, run: checkReachable},
		{ID: CheckClock, After: reachable, Of: CheckReachable, Optional: true, run: checkClock},
		{ID: CheckKey, After: reachable, Of: CheckReachable, run: checkKey},
		{ID: CheckOrganization, After: key, Of: CheckReachable, run: checkOrganization},
		{ID: CheckPeople, After: organization, run: tallied((*jumpcloud.Client).SystemUsersWithMFA, CausePeople, "MFA")},
		{ID: CheckDevices, After: organization, run: tallied((*jumpcloud.Client).SystemsEncrypted, CauseDevices, "Encrypted")},
		{ID: CheckAdministrators, After: organization, run: checkAdministrators},
		{ID: CheckRole, After: organization, Optional: true, run: checkRole},
		{ID: CheckMFA, After: role, Of: CheckRole, Optional: true, run: checkMFA},
		{ID: CheckKeyAge, After: role, Of: CheckRole, Optional: true, run: checkKeyAge},
		{ID: CheckKeyEnd, After: role, Of: CheckRole, Optional: true, run: checkKeyEnd},
		{ID: CheckGroups, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountGroups)},
		{ID: CheckPolicies, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountPolicies)},
		{ID: CheckApplications, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountApplications)},
		{ID: CheckDiskEncryption, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountDiskEncryption)},
	}
}

func checkEntries(_ context.Context, v *validation) Outcome { return v.entered.Shape() }

// checkReachable makes the first request. The key check reads its answer too, so that one request serves both.
func checkReachable(ctx context.Context, v *validation) Outcome {
	if _, known := v.by.JumpCloud.Region(v.credentials.Region); v.credentials.Region != "" && !known {
		return outcome(CauseRegionUnknown, Facts{"Region": v.credentials.Region}) // and nothing is sent anywhere
	}
	v.asked = v.by.now()
	v.probe(ctx)
	v.report.ClockAhead = 0
	if v.first.dated && v.first.ahead.Abs() > tolerable {
		v.report.ClockAhead = v.first.ahead
	}
	switch err := v.first.err; {
	case answersOfTheKey(err):
		return outcome(CauseReachable, Facts{"Host": v.first.region.Console})
	default:
		return v.firstRequestFailure(err)
	}
}

// firstRequestFailure is the outcome of a failed request that all other checks depend on.
func (v *validation) firstRequestFailure(err error) Outcome {
	return v.firstRequestFailureIn(v.first.region, err)
}

// firstRequestFailureIn does the same for a request to this region. What is not licensed elsewhere costs one check; here it
// ends all of them.
func (v *validation) firstRequestFailureIn(r jumpcloud.Region, err error) Outcome {
	o := v.failureIn(r, err)
	if o.Cause == CauseNotLicensed {
		return outcome(CauseSubscription, o.Facts)
	}
	return o
}

// failure is the outcome of a check whose request failed.
func (v *validation) failure(err error) Outcome { return v.failureIn(v.first.region, err) }

// failureIn is the outcome of a failed request to this region.
func (v *validation) failureIn(r jumpcloud.Region, err error) Outcome {
	o := failure(err, v.by.now())
	o.Facts["Host"], o.Facts["Region"] = r.Console, r.ID
	return o
}

// answersOfTheKey reports whether an answer speaks of the key, and not of the way to JumpCloud.
func answersOfTheKey(err error) bool {
	return accepts(err) || isAny(err, jumpcloud.ErrUnauthorized, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed)
}

// isAny reports whether an error is of one of these kinds.
func isAny(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
}
