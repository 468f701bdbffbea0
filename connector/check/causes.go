package check

import (
	"context"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/wire"
)

// Cause says why a check ended as it did. Its words are in the translation files: cause.<name>.seen says what was observed,
// cause.<name>.remedy what to do. The facts of an [Outcome] fill their places.
type Cause string

// What the checks can observe.
const (
	CauseEntriesGood           Cause = "entries_good"
	CauseEntriesRepaired       Cause = "entries_repaired"
	CauseEntriesLeftOut        Cause = "entries_left_out"
	CauseKeyMissing            Cause = "key_missing"
	CauseKeySeveral            Cause = "key_several"
	CauseKeyIsText             Cause = "key_is_text"
	CauseKeyUnusual            Cause = "key_unusual"
	CauseKeyUnreadable         Cause = "key_unreadable"
	CauseKeyTooLong            Cause = "key_too_long"
	CauseKeyIsOrganizationID   Cause = "key_is_organization_id"
	CauseKeyIsControlMap       Cause = "key_is_controlmap"
	CauseKeyIsOther            Cause = "key_is_other"
	CauseSwapped               Cause = "swapped"
	CauseOrganizationIsKey     Cause = "organization_is_key"
	CauseOrganizationMalformed Cause = "organization_malformed"
	CauseOrganizationDiffers   Cause = "organization_differs"

	CauseReachable          Cause = "reachable"
	CauseRegionUnknown      Cause = "region_unknown"
	CauseWaiting            Cause = "waiting"
	CauseNameNotFound       Cause = "name_not_found"
	CauseNoRoute            Cause = "no_route"
	CauseUnreachable        Cause = "unreachable"
	CauseBroken             Cause = "broken"
	CauseNotPermitted       Cause = "not_permitted"
	CauseExhausted          Cause = "exhausted"
	CauseCertificate        Cause = "certificate"
	CauseCertificateName    Cause = "certificate_name"
	CauseCertificateForm    Cause = "certificate_form"
	CauseCertificateExpired Cause = "certificate_expired"
	CauseCertificateBroken  Cause = "certificate_unreadable"
	CauseClockBehind        Cause = "clock_behind"
	CauseNotTLS             Cause = "not_tls"
	CauseTLSRefused         Cause = "tls_refused"
	CauseProxyUnreadable    Cause = "proxy_unreadable"
	CauseProxyLogin         Cause = "proxy_login"
	CauseProxyRefused       Cause = "proxy_refused"
	CauseProxyFailed        Cause = "proxy_failed"
	CauseProxyBroke         Cause = "proxy_broke"
	CauseProxyCertificate   Cause = "proxy_certificate"
	CauseProxyUnreachable   Cause = "proxy_unreachable"
	CauseTimeout            Cause = "timeout"
	CauseSignIn             Cause = "sign_in"
	CauseFiltered           Cause = "filtered"
	CauseProtected          Cause = "protected"
	CauseNotJumpCloud       Cause = "not_jumpcloud"
	CauseKeyRemoved         Cause = "key_removed"
	CauseRedirected         Cause = "redirected"
	CauseMoved              Cause = "moved"
	CauseServer             Cause = "server"
	CauseSubscription       Cause = "subscription"
	CauseRateLimited        Cause = "rate_limited"
	CauseBlocked            Cause = "blocked"
	CauseContract           Cause = "contract"
	CauseUnreadable         Cause = "unreadable"
	CauseInsecure           Cause = "insecure"
	CauseUnexpected         Cause = "unexpected"
	CauseUnknown            Cause = "unknown"

	CauseClock        Cause = "clock"
	CauseClockOff     Cause = "clock_off"
	CauseClockUnknown Cause = "clock_unknown"

	CauseKeyAccepted      Cause = "key_accepted"
	CauseKeyElsewhere     Cause = "key_elsewhere"
	CauseKeyUnknown       Cause = "key_unknown"
	CauseKeyUnknownHere   Cause = "key_unknown_here"
	CauseKeyUnknownPartly Cause = "key_unknown_partly"
	CauseKeyStopped       Cause = "key_stopped"
	CauseRoleRefused      Cause = "role_refused"
	CauseCommandRunner    Cause = "command_runner"
	CauseBillingOnly      Cause = "billing_only"
	CauseAPIAccessOff     Cause = "api_access_off"
	CauseSuspended        Cause = "suspended"

	CauseOrganization        Cause = "organization"
	CauseChoose              Cause = "organization_choose"
	CauseNeeded              Cause = "organization_needed"
	CauseOrganizationUnnamed Cause = "organization_unnamed"
	CauseOrganizationUntold  Cause = "organization_untold"
	CauseNotListed           Cause = "organization_not_listed"
	CauseNotOpened           Cause = "organization_not_opened"
	CauseNoOrganization      Cause = "organization_none"

	CauseCounted         Cause = "counted"
	CausePeople          Cause = "people"
	CauseDevices         Cause = "devices"
	CauseAdministrators  Cause = "administrators"
	CauseDatasetRefused  Cause = "dataset_refused"
	CauseDatasetWithheld Cause = "dataset_withheld"
	CauseDatasetDenied   Cause = "dataset_denied"
	CauseDatasetMissing  Cause = "dataset_missing"
	CauseDatasetUntold   Cause = "dataset_untold"
	CauseNotLicensed     Cause = "not_licensed"

	CauseRole           Cause = "role"
	CauseRoleCustom     Cause = "role_custom"
	CauseRoleUnreadable Cause = "role_unreadable"
	CauseNotTold        Cause = "not_told"
	CauseRolePrivileged Cause = "role_privileged"
	CauseMFA            Cause = "mfa"
	CauseMFAOff         Cause = "mfa_off"
	CauseMFAUnknown     Cause = "mfa_unknown"
	CauseKeyAge         Cause = "key_age"
	CauseKeyFromFuture  Cause = "key_from_future"
	CauseKeyOld         Cause = "key_old"
	CauseKeyEnd         Cause = "key_end"
	CauseKeyExpires     Cause = "key_expires"
	CauseKeyEnded       Cause = "key_ended"
	CauseKeyEndless     Cause = "key_endless"
	CauseKeyEndUnknown  Cause = "key_end_unknown"
	CauseKeyAgeUnknown  Cause = "key_age_unknown"

	CauseDependency Cause = "dependency"
	CauseCancelled  Cause = "cancelled"

	CauseNoService            Cause = "keychain_no_service"
	CauseNoProvider           Cause = "keychain_no_provider"
	CauseNoKeyring            Cause = "keychain_no_keyring"
	CauseKeychainNotPermitted Cause = "keychain_not_permitted"
	CauseKeychainLocked       Cause = "keychain_locked"
	CauseKeychainTimeout      Cause = "keychain_timeout"
	CauseKeychainDamaged      Cause = "keychain_damaged"
	CauseKeychainNewer        Cause = "keychain_newer"
	CauseKeychainGone         Cause = "keychain_gone"             // the key of a connection
	CauseConnectionsGone      Cause = "keychain_connections_gone" // connections that share a record
	CauseKeychainIncomplete   Cause = "keychain_incomplete"
	CauseKeychainBusy         Cause = "keychain_busy"
	CauseKeychainTooBig       Cause = "keychain_too_big"
	CauseKeychainNotKept      Cause = "keychain_not_kept"
	CauseKeychainFailed       Cause = "keychain_failed"
)

// jumpCloudCauses says which cause each kind of failure of a request has, whatever the check.
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
	{wire.ErrRateLimited, CauseRateLimited},
	{wire.ErrServer, CauseServer},
	{wire.ErrRedirected, CauseRedirected},
	{wire.ErrMoved, CauseMoved},
	{jumpcloud.ErrKeyRemoved, CauseKeyRemoved},
	{wire.ErrSignIn, CauseSignIn},
	{wire.ErrFiltered, CauseFiltered},
	{wire.ErrProtected, CauseProtected},
	{jumpcloud.ErrNotJumpCloud, CauseNotJumpCloud},
	{wire.ErrContract, CauseContract},
	{wire.ErrTooLarge, CauseContract},
	{wire.ErrUnreadable, CauseUnreadable},
	{wire.ErrNameNotFound, CauseNameNotFound},
	{wire.ErrNoRoute, CauseNoRoute},
	{wire.ErrUnreachable, CauseUnreachable},
	{wire.ErrBroken, CauseBroken},
	{wire.ErrNotPermitted, CauseNotPermitted},
	{wire.ErrExhausted, CauseExhausted},
	{wire.ErrCertificate, CauseCertificate},
	{wire.ErrCertificateName, CauseCertificateName},
	{wire.ErrCertificateForm, CauseCertificateForm},
	{wire.ErrCertificateTime, CauseCertificateExpired},
	{wire.ErrCertificateUnreadable, CauseCertificateBroken},
	{wire.ErrNotTLS, CauseNotTLS},
	{wire.ErrTLS, CauseTLSRefused},
	{wire.ErrProxyUnreadable, CauseProxyUnreadable},
	{wire.ErrProxyLogin, CauseProxyLogin},
	{wire.ErrProxyRefused, CauseProxyRefused},
	{wire.ErrProxyFailed, CauseProxyFailed},
	{wire.ErrProxyBroke, CauseProxyBroke},
	{wire.ErrProxyCertificate, CauseProxyCertificate},
	{wire.ErrProxyUnreachable, CauseProxyUnreachable},
	{wire.ErrTimeout, CauseTimeout},
	{wire.ErrInsecure, CauseInsecure},
	{wire.ErrUnknown, CauseUnknown},
	{context.DeadlineExceeded, CauseTimeout},
	{context.Canceled, CauseCancelled},
}

// UnmarshalText reads a stored cause. One without words is shown by its name.
func (c *Cause) UnmarshalText(text []byte) error {
	*c = Cause(printable.Line(string(text)))
	return nil
}
