package check

import (
	"context"
	"errors"
	"slices"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// ID names a check, in reports and in the translation files (check.<id>.title).
type ID string

// The checks.
const (
	IDEntries        ID = "entries"
	IDReachable      ID = "reachable"
	IDClock          ID = "clock"
	IDKey            ID = "key"
	IDOrganization   ID = "organization"
	IDPeople         ID = "people"
	IDDevices        ID = "devices"
	IDAdministrators ID = "administrators"
	IDRole           ID = "role"
	IDMFA            ID = "mfa"
	IDKeyAge         ID = "key_age"
	IDKeyEnd         ID = "key_end"
	IDGroups         ID = "groups"
	IDPolicies       ID = "policies"
	IDApplications   ID = "applications"
	IDDiskEncryption ID = "disk_encryption"
)

// Check is one question that validation answers.
type Check struct {
	ID ID
	// After lists the checks that this one waits for. It is asked only if each of them goes on, see [Meaning].
	After []ID
	// Of is the check whose answer from JumpCloud this one reads, where it makes no request of its own. To repeat this check is to
	// repeat that one.
	Of ID
	// OfKey says that the question is about the key: the answer is the same for every organization that it opens.
	OfKey bool
	// Optional says that the connection works without it. A failure is then a warning.
	Optional bool
	run      func(context.Context, *validation) Outcome
}

// All lists all checks, in the order in which a screen shows them. Each comes behind those that it waits for. A new check is an entry
// here, and its words in the translation files.
func All() []Check {
	entries, reachable, key := []ID{IDEntries}, []ID{IDReachable}, []ID{IDKey}
	organization, role := []ID{IDOrganization}, []ID{IDRole}
	return []Check{
		{ID: IDEntries, run: checkEntries},
		{ID: IDReachable, OfKey: true, After: entries, run: checkReachable},
		{ID: IDClock, OfKey: true, After: reachable, Of: IDReachable, Optional: true, run: checkClock},
		{ID: IDKey, OfKey: true, After: reachable, Of: IDReachable, run: checkKey},
		{ID: IDOrganization, After: key, Of: IDReachable, run: checkOrganization},
		{ID: IDPeople, After: organization, run: tallied((*jumpcloud.Client).SystemUsersWithMFA, CausePeople, "MFA")},
		{ID: IDDevices, After: organization, run: tallied((*jumpcloud.Client).SystemsEncrypted, CauseDevices, "Encrypted")},
		{ID: IDAdministrators, After: organization, run: checkAdministrators},
		{ID: IDRole, OfKey: true, After: organization, Optional: true, run: checkRole},
		{ID: IDMFA, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkMFA},
		{ID: IDKeyAge, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkKeyAge},
		{ID: IDKeyEnd, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkKeyEnd},
		{ID: IDGroups, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountGroups)},
		{ID: IDPolicies, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountPolicies)},
		{ID: IDApplications, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountApplications)},
		{ID: IDDiskEncryption, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountDiskEncryption)},
	}
}

func checkEntries(_ context.Context, v *validation) Outcome { return v.entered.Shape() }

// checkReachable makes the first request. The key check reads its answer too, so that one request serves both.
func checkReachable(ctx context.Context, v *validation) Outcome {
	if _, known := v.validator.JumpCloud.Region(v.credentials.Region); v.credentials.Region != "" && !known {
		return outcome(CauseRegionUnknown, Facts{"Region": v.credentials.Region}) // nothing is sent
	}
	v.asked = v.validator.now()
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

// firstRequestFailure is the outcome where a request has failed on which all other checks depend.
func (v *validation) firstRequestFailure(err error) Outcome {
	return v.firstRequestFailureIn(v.first.region, err)
}

// firstRequestFailureIn is the same for a request to a region. Elsewhere a missing licence costs one check. Here it ends all of
// them.
func (v *validation) firstRequestFailureIn(r jumpcloud.Region, err error) Outcome {
	o := v.failureIn(r, err)
	if o.Cause == CauseNotLicensed {
		return outcome(CauseSubscription, o.Facts)
	}
	return o
}

// failure is the outcome of a check whose request failed.
func (v *validation) failure(err error) Outcome { return v.failureIn(v.first.region, err) }

// failureIn is the outcome of a check whose request to a region failed.
func (v *validation) failureIn(r jumpcloud.Region, err error) Outcome {
	o := failure(err, v.validator.now())
	o.Facts["Host"], o.Facts["Region"] = r.Console, r.ID
	return o
}

// answersOfTheKey reports whether an answer is JumpCloud's and about the key: it may refuse the key. Else the way to JumpCloud
// failed.
func answersOfTheKey(err error) bool {
	return accepts(err) || isAny(err, jumpcloud.ErrUnauthorized, jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed)
}

// isAny reports whether an error is of one of these kinds.
func isAny(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
}
