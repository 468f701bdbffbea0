package connector

import (
	"context"
	"errors"
	"fmt"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// CheckID names a check, in reports and in the translation files (check.<id>.title).
type CheckID string

// The checks.
const (
	CheckEntries        CheckID = "entries"
	CheckReachable      CheckID = "reachable"
	CheckKey            CheckID = "key"
	CheckOrganization   CheckID = "organization"
	CheckPeople         CheckID = "people"
	CheckDevices        CheckID = "devices"
	CheckAdministrators CheckID = "administrators"
	CheckRole           CheckID = "role"
	CheckMFA            CheckID = "mfa"
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
	// Optional says that the connection works without it: what would be a failure is a warning.
	Optional bool
	run      func(context.Context, *validation) Outcome
}

// Checks lists all checks in the order in which a screen shows them. To add a check is to add an entry here, and
// its words to the translation files.
func Checks() []Check {
	key, organization := []CheckID{CheckKey}, []CheckID{CheckOrganization}
	return []Check{
		{ID: CheckEntries, run: checkEntries},
		{ID: CheckReachable, After: []CheckID{CheckEntries}, run: checkReachable},
		{ID: CheckKey, After: []CheckID{CheckReachable}, run: checkKey},
		{ID: CheckOrganization, After: key, run: checkOrganization},
		{ID: CheckPeople, After: organization, run: counted((*jumpcloud.Client).CountSystemUsers)},
		{ID: CheckDevices, After: organization, run: counted((*jumpcloud.Client).CountSystems)},
		{ID: CheckAdministrators, After: organization, run: checkAdministrators},
		{ID: CheckRole, After: organization, Optional: true, run: checkRole},
		{ID: CheckMFA, After: []CheckID{CheckRole}, Optional: true, run: checkMFA},
		{ID: CheckGroups, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountGroups)},
		{ID: CheckPolicies, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountPolicies)},
		{ID: CheckApplications, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountApplications)},
		{ID: CheckDiskEncryption, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountDiskEncryption)},
	}
}

func checkEntries(_ context.Context, v *validation) Outcome { return v.entered.Shape() }

// checkReachable makes the first request. The key check reads its answer too, so that one request serves both.
func checkReachable(ctx context.Context, v *validation) Outcome {
	v.probe(ctx)
	switch err := v.first.err; {
	case err == nil, answersOfTheKey(err):
		return outcome(CauseReachable, Facts{"Host": v.first.region.Console})
	default:
		o := failure(err)
		o.Facts["Host"] = v.first.region.Console
		return o
	}
}

// answersOfTheKey tells the failures that speak of the key from those that speak of the way to JumpCloud.
func answersOfTheKey(err error) bool {
	for _, kind := range []error{jumpcloud.ErrUnauthorized, jumpcloud.ErrNoOrganizationSelected,
		jumpcloud.ErrForbidden, jumpcloud.ErrSelectionNotAllowed} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func checkKey(_ context.Context, v *validation) Outcome {
	switch err := v.first.err; {
	case err == nil, errors.Is(err, jumpcloud.ErrNoOrganizationSelected):
		v.report.Region = v.first.region.ID
		return outcome(CauseKeyAccepted, Facts{"Region": v.first.region.ID})
	case errors.Is(err, jumpcloud.ErrUnauthorized) && v.credentials.Region == "":
		return outcome(CauseKeyUnknown, Facts{})
	default:
		o := failure(err)
		o.Facts["Region"] = v.first.region.ID
		return o
	}
}

// counted is a check that passes when a list can be read, and says how long it is.
func counted(count func(*jumpcloud.Client, context.Context) (jumpcloud.Count, error)) func(context.Context, *validation) Outcome {
	return func(ctx context.Context, v *validation) Outcome {
		n, err := count(v.client, ctx)
		if err != nil {
			return datasetFailure(err)
		}
		return outcome(CauseCounted, Facts{"Count": n.String()})
	}
}

// datasetFailure is the outcome where one list cannot be read although the key is good.
func datasetFailure(err error) Outcome {
	o := failure(err)
	switch {
	case errors.Is(err, jumpcloud.ErrForbidden), errors.Is(err, jumpcloud.ErrUnauthorized):
		return outcome(CauseDatasetRefused, o.Facts)
	case errors.Is(err, jumpcloud.ErrNotFound), errors.Is(err, jumpcloud.ErrBadRequest):
		return outcome(CauseDatasetMissing, o.Facts)
	}
	return o
}

func checkAdministrators(ctx context.Context, v *validation) Outcome {
	total, withMFA := 0, 0
	for a, err := range v.client.Administrators(ctx) {
		if err != nil {
			return datasetFailure(err)
		}
		total++
		if a.MFA() {
			withMFA++
		}
	}
	return outcome(CauseAdministrators, Facts{"Count": fmt.Sprint(total), "MFA": fmt.Sprint(withMFA)})
}

// checkRole asks who the key belongs to. A refusal says nothing about the key: the call is not documented.
func checkRole(ctx context.Context, v *validation) Outcome {
	a, err := v.client.Self(ctx)
	if err != nil && !errors.Is(err, context.Canceled) || err == nil && a.RoleName == "" {
		return outcome(CauseRoleUnreadable, Facts{})
	}
	if err != nil {
		return failure(err)
	}
	v.report.Administrator = Administrator{Email: a.Email, Role: a.RoleName, MFA: a.MFA()}
	cause := CauseRole
	if a.RoleName != roleReadOnly {
		cause = CauseRolePrivileged
	}
	return outcome(cause, Facts{"Role": a.RoleName, "Email": a.Email})
}

// roleReadOnly is JumpCloud's name of the role that reads everything and changes nothing.
const roleReadOnly = "Read Only"

func checkMFA(_ context.Context, v *validation) Outcome {
	facts := Facts{"Email": v.report.Administrator.Email}
	if v.report.Administrator.MFA {
		return outcome(CauseMFA, facts)
	}
	return outcome(CauseMFAOff, facts)
}
