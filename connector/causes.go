package connector

import (
	"context"
	"errors"
	"fmt"
	"math"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/keychain"
)

// Cause names what was observed. Its words (what it means, and the remedy) are in the translation files under
// cause.<name>.seen and cause.<name>.remedy; the facts of an [Outcome] fill their places.
type Cause string

// What the checks can observe.
const (
	CauseEntriesGood           Cause = "entries_good"
	CauseEntriesRepaired       Cause = "entries_repaired"
	CauseKeyMissing            Cause = "key_missing"
	CauseKeyUnusual            Cause = "key_unusual"
	CauseKeyUnreadable         Cause = "key_unreadable"
	CauseKeyIsOrganizationID   Cause = "key_is_organization_id"
	CauseKeyIsControlMap       Cause = "key_is_controlmap"
	CauseSwapped               Cause = "swapped"
	CauseOrganizationMalformed Cause = "organization_malformed"

	CauseReachable    Cause = "reachable"
	CauseNameNotFound Cause = "name_not_found"
	CauseUnreachable  Cause = "unreachable"
	CauseCertificate  Cause = "certificate"
	CauseProxy        Cause = "proxy"
	CauseTimeout      Cause = "timeout"
	CauseNotJumpCloud Cause = "not_jumpcloud"
	CauseRedirected   Cause = "redirected"
	CauseServer       Cause = "server"
	CauseRateLimited  Cause = "rate_limited"
	CauseBlocked      Cause = "blocked"
	CauseContract     Cause = "contract"
	CauseInsecure     Cause = "insecure"
	CauseUnexpected   Cause = "unexpected"

	CauseKeyAccepted     Cause = "key_accepted"
	CauseKeyUnknown      Cause = "key_unknown"
	CauseKeyUnknownHere  Cause = "key_unknown_here"
	CauseRoleRefused     Cause = "role_refused"
	CauseOrganization    Cause = "organization"
	CauseChoose          Cause = "organization_choose"
	CauseNeeded          Cause = "organization_needed"
	CauseNotOpened       Cause = "organization_not_opened"
	CauseNoOrganization  Cause = "organization_none"
	CauseCounted         Cause = "counted"
	CauseDatasetRefused  Cause = "dataset_refused"
	CauseDatasetMissing  Cause = "dataset_missing"
	CauseNotLicensed     Cause = "not_licensed"
	CauseRole            Cause = "role"
	CauseRoleUnreadable  Cause = "role_unreadable"
	CauseRolePrivileged  Cause = "role_privileged"
	CauseMFA             Cause = "mfa"
	CauseMFAOff          Cause = "mfa_off"
	CauseAdministrators  Cause = "administrators"
	CauseDependency      Cause = "dependency"
	CauseCancelled       Cause = "cancelled"
	CauseNoService       Cause = "keychain_no_service"
	CauseNoProvider      Cause = "keychain_no_provider"
	CauseKeychainLocked  Cause = "keychain_locked"
	CauseKeychainTimeout Cause = "keychain_timeout"
	CauseKeychainDamaged Cause = "keychain_damaged"
	CauseKeychainNewer   Cause = "keychain_newer"
	CauseKeychainGone    Cause = "keychain_gone"
	CauseKeychainFailed  Cause = "keychain_failed"
)

// states says which state each cause ends a check in. A cause that is not here is no end of a check.
var states = map[Cause]State{
	CauseEntriesGood: Passed, CauseEntriesRepaired: Passed, CauseKeyUnusual: Warning,
	CauseKeyMissing: Failed, CauseKeyUnreadable: Failed, CauseKeyIsOrganizationID: Failed,
	CauseKeyIsControlMap: Failed, CauseSwapped: Failed, CauseOrganizationMalformed: Failed,

	CauseReachable: Passed, CauseNameNotFound: Failed, CauseUnreachable: Failed, CauseCertificate: Failed,
	CauseProxy: Failed, CauseTimeout: Failed, CauseNotJumpCloud: Failed, CauseRedirected: Failed,
	CauseServer: Failed, CauseRateLimited: Failed, CauseBlocked: Failed, CauseContract: Failed,
	CauseInsecure: Failed, CauseUnexpected: Failed,

	CauseKeyAccepted: Passed, CauseKeyUnknown: Failed, CauseKeyUnknownHere: Failed, CauseRoleRefused: Failed,
	CauseOrganization: Passed, CauseChoose: Warning, CauseNeeded: Warning, CauseNotOpened: Failed, CauseNoOrganization: Failed,
	CauseCounted: Passed, CauseAdministrators: Passed, CauseDatasetRefused: Failed, CauseDatasetMissing: Failed,
	CauseNotLicensed: Skipped,
	CauseRole:        Passed, CauseRoleUnreadable: Skipped, CauseRolePrivileged: Warning,
	CauseMFA: Passed, CauseMFAOff: Warning,
	CauseDependency: Skipped, CauseCancelled: Skipped,
}

// Causes lists every cause that a check can end with, in no order, and the state that it ends in.
func Causes() map[Cause]State {
	all := make(map[Cause]State, len(states))
	for c, s := range states {
		all[c] = s
	}
	return all
}

// jumpCloudCauses maps what the client reports to what it means for a person, in whatever check it happens.
var jumpCloudCauses = []struct {
	kind  error
	cause Cause
}{
	{jumpcloud.ErrUnauthorized, CauseKeyUnknownHere},
	{jumpcloud.ErrNoOrganizationSelected, CauseNeeded},
	{jumpcloud.ErrForbidden, CauseRoleRefused},
	{jumpcloud.ErrSelectionNotAllowed, CauseNotOpened},
	{jumpcloud.ErrBlocked, CauseBlocked},
	{jumpcloud.ErrNotLicensed, CauseNotLicensed},
	{jumpcloud.ErrRateLimited, CauseRateLimited},
	{jumpcloud.ErrServer, CauseServer},
	{jumpcloud.ErrRedirected, CauseRedirected},
	{jumpcloud.ErrNotJumpCloud, CauseNotJumpCloud},
	{jumpcloud.ErrContract, CauseContract},
	{jumpcloud.ErrTooLarge, CauseContract},
	{jumpcloud.ErrNameNotFound, CauseNameNotFound},
	{jumpcloud.ErrUnreachable, CauseUnreachable},
	{jumpcloud.ErrCertificate, CauseCertificate},
	{jumpcloud.ErrProxy, CauseProxy},
	{jumpcloud.ErrTimeout, CauseTimeout},
	{jumpcloud.ErrInsecure, CauseInsecure},
	{context.DeadlineExceeded, CauseTimeout},
	{context.Canceled, CauseCancelled},
}

// keychainCauses does the same for the keychain.
var keychainCauses = []struct {
	kind  error
	cause Cause
}{
	{keychain.ErrNoService, CauseNoService},
	{keychain.ErrNoProvider, CauseNoProvider},
	{keychain.ErrLocked, CauseKeychainLocked},
	{keychain.ErrTimeout, CauseKeychainTimeout},
	{keychain.ErrDamaged, CauseKeychainDamaged},
	{keychain.ErrNewer, CauseKeychainNewer},
	{keychain.ErrNotFound, CauseKeychainGone},
	{context.Canceled, CauseCancelled},
}

// KeychainCause names why a call that uses the keychain failed.
func KeychainCause(err error) Cause {
	for _, k := range keychainCauses {
		if errors.Is(err, k.kind) {
			return k.cause
		}
	}
	return CauseKeychainFailed
}

// failure is the outcome of a check whose request failed.
func failure(err error) Outcome {
	o := outcome(CauseUnexpected, Facts{})
	for _, k := range jumpCloudCauses {
		if errors.Is(err, k.kind) {
			o = outcome(k.cause, Facts{})
			break
		}
	}
	var e *jumpcloud.Error
	if !errors.As(err, &e) {
		return o
	}
	o.Facts["Field"], o.Facts["RequestID"] = e.Field, e.RequestID
	if e.Status != 0 {
		o.Facts["Status"] = fmt.Sprint(e.Status)
	}
	if e.RetryAfter > 0 {
		o.Facts["Seconds"] = fmt.Sprint(math.Ceil(e.RetryAfter.Seconds()))
	}
	return o
}

// InConsole reports whether the remedy is to be done in JumpCloud's Admin Portal, so that a link to it helps.
func (c Cause) InConsole() bool {
	switch c {
	case CauseKeyUnknown, CauseKeyUnknownHere, CauseKeyIsControlMap, CauseRoleRefused, CauseNeeded, CauseNoOrganization,
		CauseDatasetRefused, CauseRolePrivileged, CauseMFAOff:
		return true
	}
	return false
}
