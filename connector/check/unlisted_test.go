package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

const serviceKey = "jca_TESTservice000000000000000000000000000001"

// serviceAccount is the key of a service account in the sample's first organization.
func serviceAccount(change func(*jumpcloudtest.Key)) jumpcloudtest.Key {
	k := jumpcloudtest.Key{Value: serviceKey, ServiceAccount: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	if change != nil {
		change(&k)
	}
	return k
}

// validateWith validates a key that JumpCloud knows, with an Organization ID or without.
func validateWith(t *testing.T, k jumpcloudtest.Key, organization string, faults ...*jumpcloudtest.Fault) check.Report {
	t.Helper()
	s := newServer(t)
	s.SetKey(k)
	for _, f := range faults {
		s.Fail(f)
	}
	return newValidator(s).Validate(t.Context(),
		check.Credentials{APIKey: secret.New(k.Value), OrganizationID: secret.New(organization)}, ignore)
}

// passes fails unless the connection can be saved and every check has passed. The checks in notTold are skipped instead.
func passes(t *testing.T, report check.Report, notTold ...check.ID) {
	t.Helper()
	if report.Worst() != check.Passed || !report.Usable() {
		t.Errorf("it is %s, usable: %v", report.Worst(), report.Usable())
	}
	for _, r := range report.Results {
		if want := slices.Contains(notTold, r.Check); want != (r.State == check.Skipped) || r.State != check.Passed && !want {
			t.Errorf("%s is %s: %s", r.Check, r.State, r.Cause)
		}
	}
}

var aboutTheOwner = []check.ID{check.IDRole, check.IDMFA, check.IDKeyAge, check.IDKeyEnd}

// JumpCloud does not document what a service account may ask. Whatever it is refused, everything else is checked.
func TestServiceAccounts(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	for _, status := range []int{400, 401, 403, 404, 405, 410, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			k := serviceAccount(func(k *jumpcloudtest.Key) { k.RefusedAs = status })
			report := validateWith(t, k, own)
			passes(t, report, aboutTheOwner...)
			if r := report.Result(check.IDOrganization); r.Cause != check.CauseOrganizationUnnamed || report.Organization.ID != own {
				t.Errorf("the organization is %s: %+v", r.Cause, report.Organization)
			}
			report = validateWith(t, k, "")
			if r := report.Result(check.IDOrganization); r.Cause != check.CauseOrganizationUntold || report.Organization.ID != "" ||
				report.Result(check.IDKey).Cause != check.CauseKeyAccepted || report.Worst() != check.Warning {
				t.Errorf("without an Organization ID it is %s: %s, %+v", report.Worst(), r.Cause, report.Organization)
			}
			report = validateWith(t, k, jumpcloudtest.OrganizationID(2))
			if r := report.Result(check.IDOrganization); r.Cause != check.CauseNotOpened || report.Organization.ID != "" {
				t.Errorf("with another organization's: %s, %+v", r.Cause, report.Organization)
			}
		})
	}
}

// A service account may not read the administrators either: that is no failure. For an administrator it is one.
func TestAServiceAccountMayNotSeeAdministrators(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	for _, status := range []int{400, 401, 403, 404} {
		k := serviceAccount(func(k *jumpcloudtest.Key) { k.Refused, k.RefusedAs = []string{"/api/users"}, status })
		passes(t, validateWith(t, k, own), append(aboutTheOwner, check.IDAdministrators)...)
	}
	k := serviceAccount(func(k *jumpcloudtest.Key) { k.ServiceAccount, k.Refused = false, []string{"/api/users"} })
	if r := validateWith(t, k, own).Result(check.IDAdministrators); r.State != check.Failed {
		t.Errorf("an administrator's key: %s, %s", r.State, r.Cause)
	}
}

// Only what was refused is missing.
func TestPartsRefused(t *testing.T) {
	own, list := jumpcloudtest.OrganizationID(1), "/api/organizations"
	for name, c := range map[string]struct {
		refused      []string
		organization string
		cause        check.Cause
		notTold      []check.ID
	}{
		"whose it is":          {[]string{"/api/users/getSelf"}, "", check.CauseOrganization, aboutTheOwner},
		"its organizations":    {[]string{list}, own, check.CauseOrganizationUnnamed, nil},
		"and not the one":      {nil, own, check.CauseOrganization, nil},
		"both":                 {[]string{list, "/api/users/getSelf"}, own, check.CauseOrganizationUnnamed, aboutTheOwner},
		"in capitals, refused": {[]string{list}, strings.ToUpper(own), check.CauseOrganizationUnnamed, nil},
	} {
		t.Run(name, func(t *testing.T) {
			k := jumpcloudtest.Key{Value: serviceKey, Role: jumpcloudtest.RoleReadOnly, Email: "dana@larkspur.example", MFA: true, Created: noon.AddDate(0, -1, 0), TellsNoEnd: true,
				Organizations: []string{own}, Refused: c.refused}
			var fault *jumpcloudtest.Fault
			if name == "and not the one" {
				fault = jumpcloudtest.Forbidden().On(list).Times(1)
			} else {
				fault = jumpcloudtest.Right()
			}
			report := validateWith(t, k, c.organization, fault)
			passes(t, report, c.notTold...)
			if r := report.Result(check.IDOrganization); r.Cause != c.cause {
				t.Errorf("the organization is %s", r.Cause)
			}
		})
	}
}

// The second request makes no refused key good, and no good key refused.
func TestRefusedKeysStayRefused(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	many := func(k *jumpcloudtest.Key) {
		k.MultiTenant, k.Organizations = true, []string{jumpcloudtest.OrganizationID(100), jumpcloudtest.OrganizationID(101)}
	}
	for name, c := range map[string]struct {
		key          jumpcloudtest.Key
		organization string
		fault        *jumpcloudtest.Fault
		check        check.ID
		cause        check.Cause
	}{
		"command runner":                {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }), check: check.IDKey, cause: check.CauseRoleRefused},
		"command runner, with an id":    {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }), organization: own, check: check.IDKey, cause: check.CauseRoleRefused},
		"billing only":                  {key: jumpcloudtest.Key{Value: serviceKey, Role: jumpcloudtest.RoleBillingOnly, TellsSelf: true}, check: check.IDKey, cause: check.CauseBillingOnly},
		"revoked":                       {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Revoked = true }), organization: own, check: check.IDKey, cause: check.CauseKeyUnknown},
		"no list, unknown elsewhere":    {key: serviceAccount(nil), fault: jumpcloudtest.Unauthorized().On("/api/systemusers"), check: check.IDKey, cause: check.CauseRoleRefused},
		"404 for the list, then 401":    {key: serviceAccount(func(k *jumpcloudtest.Key) { k.RefusedAs = 404 }), fault: jumpcloudtest.Unauthorized().On("/api/systemusers"), check: check.IDKey, cause: check.CauseKeyUnknown},
		"no list, a portal then":        {key: serviceAccount(nil), fault: jumpcloudtest.CaptivePortal().On("/api/systemusers"), check: check.IDReachable, cause: check.CauseSignIn},
		"no list, no data then":         {key: serviceAccount(nil), fault: jumpcloudtest.WrongType().On("/api/systemusers"), check: check.IDReachable, cause: check.CauseContract},
		"no list, a failure then":       {key: serviceAccount(nil), fault: jumpcloudtest.Status(500).On("/api/systemusers"), check: check.IDReachable, cause: check.CauseServer},
		"no list, too many then":        {key: serviceAccount(nil), fault: jumpcloudtest.RateLimited(0).On("/api/systemusers"), check: check.IDReachable, cause: check.CauseRateLimited},
		"no list, another plan then":    {key: serviceAccount(nil), fault: jumpcloudtest.NotLicensed().On("/api/systemusers"), check: check.IDReachable, cause: check.CauseSubscription},
		"401 for the list, a failure":   {key: serviceAccount(func(k *jumpcloudtest.Key) { k.RefusedAs = 401 }), organization: own, fault: jumpcloudtest.Status(500).On("/api/systemusers"), check: check.IDReachable, cause: check.CauseServer},
		"no list and no people":         {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/systemusers"} }), check: check.IDKey, cause: check.CauseKeyAccepted},
		"an MSP's":                      {key: serviceAccount(many), check: check.IDOrganization, cause: check.CauseNeeded},
		"an MSP's, with one of its own": {key: serviceAccount(many), organization: jumpcloudtest.OrganizationID(101), check: check.IDOrganization, cause: check.CauseOrganizationUnnamed},
		"an MSP's, with another's":      {key: serviceAccount(many), organization: own, check: check.IDOrganization, cause: check.CauseNotOpened},
	} {
		t.Run(name, func(t *testing.T) {
			if c.fault == nil {
				c.fault = jumpcloudtest.Right()
			}
			report := validateWith(t, c.key, c.organization, c.fault)
			if r := report.Result(c.check); r.Cause != c.cause {
				t.Errorf("%s is %s: %s", c.check, r.State, r.Cause)
			}
			if c.cause != check.CauseOrganizationUnnamed && report.Organization.ID != "" {
				t.Errorf("the organization is %+v", report.Organization)
			}
		})
	}
}

// A server may ignore the Organization ID. The rows tell which organization they are of.
func TestAnIgnoredOrganizationIsNotConfirmed(t *testing.T) {
	s, k := newServer(t), serviceAccount(nil)
	k.IgnoresSelection = true
	s.SetKey(k)
	c := newValidator(s)
	entered := check.Credentials{APIKey: secret.New(k.Value), OrganizationID: secret.New(jumpcloudtest.OrganizationID(2))}
	report := c.Validate(t.Context(), entered, ignore)
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseNotOpened || report.Usable() {
		t.Errorf("it is %s: %+v", r.Cause, report.Organization)
	}
	entered.OrganizationID = secret.New(jumpcloudtest.OrganizationID(1))
	if report = c.Again(t.Context(), report, entered, ignore); report.Worst() != check.Passed {
		t.Errorf("with the right one it is %s", report.Worst())
	}
}
