package connector_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
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
func validateWith(t *testing.T, k jumpcloudtest.Key, organization string, faults ...*jumpcloudtest.Fault) connector.Report {
	t.Helper()
	s := newServer(t)
	s.SetKey(k)
	for _, f := range faults {
		s.Fail(f)
	}
	return newConnector(keychain.Memory(), s).Validate(t.Context(),
		connector.Credentials{APIKey: secret.New(k.Value), OrganizationID: secret.New(organization)}, ignore)
}

// passes fails unless the connection can be saved as usual, and every check passed but for those that are not told.
func passes(t *testing.T, report connector.Report, notTold ...connector.CheckID) {
	t.Helper()
	if report.Worst() != connector.Passed || !report.Usable() {
		t.Errorf("it is %s, usable: %v", report.Worst(), report.Usable())
	}
	for _, r := range report.Results {
		if want := slices.Contains(notTold, r.Check); want != (r.State == connector.Skipped) || r.State != connector.Passed && !want {
			t.Errorf("%s is %s: %s", r.Check, r.State, r.Cause)
		}
	}
}

var aboutTheOwner = []connector.CheckID{connector.CheckRole, connector.CheckMFA, connector.CheckKeyAge, connector.CheckKeyEnd}

// What a service account may ask is not documented: however its questions are refused, all else is checked.
func TestServiceAccounts(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	for _, status := range []int{400, 401, 403, 404, 405, 410, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			k := serviceAccount(func(k *jumpcloudtest.Key) { k.RefusedAs = status })
			report := validateWith(t, k, own)
			passes(t, report, aboutTheOwner...)
			if r := report.Result(connector.CheckOrganization); r.Cause != connector.CauseOrganizationUnnamed || report.Organization.ID != own {
				t.Errorf("the organization is %s: %+v", r.Cause, report.Organization)
			}
			report = validateWith(t, k, "")
			if r := report.Result(connector.CheckOrganization); r.Cause != connector.CauseOrganizationUntold || report.Organization.ID != "" ||
				report.Result(connector.CheckKey).Cause != connector.CauseKeyAccepted || report.Worst() != connector.Warning {
				t.Errorf("without an Organization ID it is %s: %s, %+v", report.Worst(), r.Cause, report.Organization)
			}
			report = validateWith(t, k, jumpcloudtest.OrganizationID(2))
			if r := report.Result(connector.CheckOrganization); r.Cause != connector.CauseNotOpened || report.Organization.ID != "" {
				t.Errorf("with another organization's: %s, %+v", r.Cause, report.Organization)
			}
		})
	}
}

// A service account may not be allowed the list of administrators either. An administrator who is not is told so.
func TestAServiceAccountMayNotSeeAdministrators(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	for _, status := range []int{400, 401, 403, 404} {
		k := serviceAccount(func(k *jumpcloudtest.Key) { k.Refused, k.RefusedAs = []string{"/api/users"}, status })
		passes(t, validateWith(t, k, own), append(aboutTheOwner, connector.CheckAdministrators)...)
	}
	k := serviceAccount(func(k *jumpcloudtest.Key) { k.ServiceAccount, k.Refused = false, []string{"/api/users"} })
	if r := validateWith(t, k, own).Result(connector.CheckAdministrators); r.State != connector.Failed {
		t.Errorf("an administrator's key: %s, %s", r.State, r.Cause)
	}
}

// Only what was refused is missing.
func TestPartsRefused(t *testing.T) {
	own, list := jumpcloudtest.OrganizationID(1), "/api/organizations"
	for name, c := range map[string]struct {
		refused      []string
		organization string
		cause        connector.Cause
		notTold      []connector.CheckID
	}{
		"whose it is":          {[]string{"/api/users/getSelf"}, "", connector.CauseOrganization, aboutTheOwner},
		"its organizations":    {[]string{list}, own, connector.CauseOrganizationUnnamed, nil},
		"and not the one":      {nil, own, connector.CauseOrganization, nil},
		"both":                 {[]string{list, "/api/users/getSelf"}, own, connector.CauseOrganizationUnnamed, aboutTheOwner},
		"in capitals, refused": {[]string{list}, strings.ToUpper(own), connector.CauseOrganizationUnnamed, nil},
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
			if r := report.Result(connector.CheckOrganization); r.Cause != c.cause {
				t.Errorf("the organization is %s", r.Cause)
			}
		})
	}
}

// That something else is asked does not turn a refused key into a good one, nor the other way round.
func TestRefusedKeysStayRefused(t *testing.T) {
	own := jumpcloudtest.OrganizationID(1)
	many := func(k *jumpcloudtest.Key) {
		k.MultiTenant, k.Organizations = true, []string{jumpcloudtest.OrganizationID(100), jumpcloudtest.OrganizationID(101)}
	}
	for name, c := range map[string]struct {
		key          jumpcloudtest.Key
		organization string
		fault        *jumpcloudtest.Fault
		check        connector.CheckID
		cause        connector.Cause
	}{
		"command runner":                {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }), check: connector.CheckKey, cause: connector.CauseRoleRefused},
		"command runner, with an id":    {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Role = jumpcloudtest.RoleCommandRunner }), organization: own, check: connector.CheckKey, cause: connector.CauseRoleRefused},
		"billing only":                  {key: jumpcloudtest.Key{Value: serviceKey, Role: jumpcloudtest.RoleBillingOnly, TellsSelf: true}, check: connector.CheckKey, cause: connector.CauseBillingOnly},
		"revoked":                       {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Revoked = true }), organization: own, check: connector.CheckKey, cause: connector.CauseKeyUnknown},
		"no list, unknown elsewhere":    {key: serviceAccount(nil), fault: jumpcloudtest.Unauthorized().On("/api/systemusers"), check: connector.CheckKey, cause: connector.CauseRoleRefused},
		"404 for the list, then 401":    {key: serviceAccount(func(k *jumpcloudtest.Key) { k.RefusedAs = 404 }), fault: jumpcloudtest.Unauthorized().On("/api/systemusers"), check: connector.CheckKey, cause: connector.CauseKeyUnknown},
		"no list, a portal then":        {key: serviceAccount(nil), fault: jumpcloudtest.CaptivePortal().On("/api/systemusers"), check: connector.CheckKey, cause: connector.CauseRoleRefused},
		"no list, no data then":         {key: serviceAccount(nil), fault: jumpcloudtest.WrongType().On("/api/systemusers"), check: connector.CheckKey, cause: connector.CauseRoleRefused},
		"no list and no people":         {key: serviceAccount(func(k *jumpcloudtest.Key) { k.Refused = []string{"/api/systemusers"} }), check: connector.CheckKey, cause: connector.CauseKeyAccepted},
		"an MSP's":                      {key: serviceAccount(many), check: connector.CheckOrganization, cause: connector.CauseNeeded},
		"an MSP's, with one of its own": {key: serviceAccount(many), organization: jumpcloudtest.OrganizationID(101), check: connector.CheckOrganization, cause: connector.CauseOrganizationUnnamed},
		"an MSP's, with another's":      {key: serviceAccount(many), organization: own, check: connector.CheckOrganization, cause: connector.CauseNotOpened},
	} {
		t.Run(name, func(t *testing.T) {
			if c.fault == nil {
				c.fault = jumpcloudtest.Right()
			}
			report := validateWith(t, c.key, c.organization, c.fault)
			if r := report.Result(c.check); r.Cause != c.cause {
				t.Errorf("%s is %s: %s", c.check, r.State, r.Cause)
			}
			if c.cause != connector.CauseOrganizationUnnamed && report.Organization.ID != "" {
				t.Errorf("the organization is %+v", report.Organization)
			}
		})
	}
}

// A server that ignores the Organization ID does not confirm it: the rows tell whose they are.
func TestAnIgnoredOrganizationIsNotConfirmed(t *testing.T) {
	s, k := newServer(t), serviceAccount(nil)
	k.IgnoresSelection = true
	s.SetKey(k)
	c := newConnector(keychain.Memory(), s)
	entered := connector.Credentials{APIKey: secret.New(k.Value), OrganizationID: secret.New(jumpcloudtest.OrganizationID(2))}
	report := c.Validate(t.Context(), entered, ignore)
	if r := report.Result(connector.CheckOrganization); r.Cause != connector.CauseNotOpened || report.Usable() {
		t.Errorf("it is %s: %+v", r.Cause, report.Organization)
	}
	entered.OrganizationID = secret.New(jumpcloudtest.OrganizationID(1))
	if report = c.Again(t.Context(), report, entered, ignore); report.Worst() != connector.Passed {
		t.Errorf("with the right one it is %s", report.Worst())
	}
}

// A kept connection of a service account stays one, and its organization is asked for by id.
func TestAServiceAccountIsCheckedAgain(t *testing.T) {
	s := newServer(t)
	s.SetKey(serviceAccount(nil))
	c := newConnector(keychain.Memory(), s)
	saved := save(t, c, "", connector.Credentials{APIKey: secret.New(serviceKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(1))})
	if saved.Name != jumpcloudtest.OrganizationID(1) {
		t.Errorf("it is called %q", saved.Name)
	}
	s.ResetRequests()
	report, err := c.Check(t.Context(), saved.ID, ignore)
	if err != nil || report.Worst() != connector.Passed {
		t.Errorf("it is %s, %v", report.Worst(), err)
	}
}
