package check

import (
	"context"
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

// checkFunc answers the question of a check.
type checkFunc func(context.Context, *validation) Outcome

// Check is one question that validation answers.
type Check struct {
	ID ID
	// At is the station of the way that the check is about. A cause can move it on, see [Meaning.Answered].
	At Station
	// After lists the checks that this one waits for. It runs only if each of them goes on, see [Meaning].
	After []ID
	// Of is the check whose answer from JumpCloud this one reads, if it makes no request of its own. Repeating this check
	// repeats that one.
	Of ID
	// OfKey says that the question is about the key: its answer is the same for every organization that the key opens.
	OfKey bool
	// Optional says that the connection works even if this check fails. The failure is then a warning.
	Optional bool
	run      checkFunc
}

// OfKey reports whether the check with this id asks about the key, see [Check].
func (id ID) OfKey() bool {
	return slices.ContainsFunc(All(), func(c Check) bool { return c.ID == id && c.OfKey })
}

// All lists all checks, in the order in which a screen shows them. Each check comes behind the checks that it waits for.
func All() []Check {
	entries, reachable, key := []ID{IDEntries}, []ID{IDReachable}, []ID{IDKey}
	organization, role := []ID{IDOrganization}, []ID{IDRole}
	return []Check{
		{ID: IDEntries, At: AtYou, run: func(_ context.Context, v *validation) Outcome { return v.entered.Shape() }},
		{ID: IDReachable, At: AtNetwork, OfKey: true, After: entries, run: checkReachable},
		{ID: IDClock, At: AtYou, OfKey: true, After: reachable, Of: IDReachable, Optional: true, run: checkClock},
		{ID: IDKey, At: AtKey, OfKey: true, After: reachable, Of: IDReachable, run: checkKey},
		{ID: IDOrganization, At: AtOrganization, After: key, Of: IDReachable, run: checkOrganization},
		{ID: IDPeople, At: AtData, After: organization, run: tallied((*jumpcloud.Client).SystemUsersWithMFA, CausePeople, "MFA")},
		{ID: IDDevices, At: AtData, After: organization, run: tallied((*jumpcloud.Client).SystemsEncrypted, CauseDevices, "Encrypted")},
		{ID: IDAdministrators, At: AtData, After: organization, run: checkAdministrators},
		{ID: IDRole, At: AtKey, OfKey: true, After: organization, Optional: true, run: checkRole},
		{ID: IDMFA, At: AtKey, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkMFA},
		{ID: IDKeyAge, At: AtKey, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkKeyAge},
		{ID: IDKeyEnd, At: AtKey, OfKey: true, After: role, Of: IDRole, Optional: true, run: checkKeyEnd},
		{ID: IDGroups, At: AtData, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountGroups)},
		{ID: IDPolicies, At: AtData, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountPolicies)},
		{ID: IDApplications, At: AtData, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountApplications)},
		{ID: IDDiskEncryption, At: AtData, After: organization, Optional: true, run: counted((*jumpcloud.Client).CountDiskEncryption)},
	}
}
