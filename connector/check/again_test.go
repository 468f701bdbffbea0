package check_test

import (
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

// paths lists the paths that a server was asked for, each once, sorted.
func paths(s *jumpcloudtest.Server) []string {
	var all []string
	for _, r := range s.Requests() {
		all = append(all, r.Path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestAgainRepeatsOnlyWhatItHasTo(t *testing.T) {
	everything := []string{"/api/applications", "/api/organizations", "/api/systems", "/api/systemusers", "/api/users", "/api/users/getSelf",
		"/api/v2/policies", "/api/v2/systeminsights/disk_encryption", "/api/v2/usergroups"}
	perOrganization := slices.DeleteFunc(slices.Clone(everything), func(path string) bool { return path == "/api/organizations" })
	multi := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey)}
	chosen := multi
	chosen.OrganizationID = secret.New(jumpcloudtest.OrganizationID(101))
	malformed := multi
	malformed.OrganizationID = secret.New("Larkspur")
	inRegion := with(jumpcloudtest.SampleKey)
	inRegion.Region = "r0"
	for name, c := range map[string]struct {
		fault         *jumpcloudtest.Fault // the first time
		first, second check.Credentials
		asked         []string // the second time
		worst         check.State
	}{
		"all passed":                       {first: with(jumpcloudtest.SampleKey), second: with(jumpcloudtest.SampleKey), worst: check.Passed},
		"a list refused":                   {jumpcloudtest.Forbidden().On("/api/systems"), with(jumpcloudtest.SampleKey), with(jumpcloudtest.SampleKey), []string{"/api/systems"}, check.Passed},
		"the role not told":                {jumpcloudtest.Status(500).On("/api/users/getSelf"), with(jumpcloudtest.SampleKey), with(jumpcloudtest.SampleKey), []string{"/api/users/getSelf"}, check.Passed},
		"the first request failed":         {jumpcloudtest.Status(500), with(jumpcloudtest.SampleKey), with(jumpcloudtest.SampleKey), everything, check.Passed},
		"an organization chosen":           {nil, multi, chosen, perOrganization, check.Passed},
		"another organization":             {nil, chosen, check.Credentials{APIKey: multi.APIKey, OrganizationID: secret.New(jumpcloudtest.OrganizationID(102))}, perOrganization, check.Passed},
		"an organization of another shape": {nil, chosen, malformed, nil, check.Failed},
		"another key":                      {nil, chosen, with(jumpcloudtest.SampleKey), everything, check.Passed},
		"another region":                   {nil, with(jumpcloudtest.SampleKey), inRegion, everything, check.Passed},
		"not opened, and still not": {nil, check.Credentials{APIKey: inRegion.APIKey, OrganizationID: secret.New(jumpcloudtest.OrganizationID(2))},
			check.Credentials{APIKey: inRegion.APIKey, OrganizationID: secret.New(jumpcloudtest.OrganizationID(2))}, []string{"/api/organizations"}, check.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			con := newValidator(s)
			if c.fault != nil {
				s.Fail(c.fault)
			}
			before := con.Validate(t.Context(), c.first, ignore)
			s.Heal()
			s.ResetRequests()
			seen := make(map[check.ID]bool)
			after := con.Again(t.Context(), before, c.second, func(r check.Result) { seen[r.Check] = true })
			if got := paths(s); !slices.Equal(got, c.asked) {
				t.Errorf("asked for %v, want %v", got, c.asked)
			}
			if after.Worst() != c.worst || len(seen) != len(check.All()) {
				t.Errorf("it is %s, and %d checks were told of", after.Worst(), len(seen))
			}
			if r := after.Result(check.IDMFA); c.worst == check.Passed && r.Cause != check.CauseMFA {
				t.Errorf("MFA is %s", r.Cause)
			}
			if c.worst == check.Passed && !c.second.OrganizationID.Empty() && after.Organization.ID != c.second.OrganizationID.Reveal() {
				t.Errorf("the organization is %s", after.Organization.ID)
			}
		})
	}
}

// The answers about a key hold for two minutes, even if the checks are run again meanwhile.
func TestAgainAsksForTheKeyAnewAfterAWhile(t *testing.T) {
	s := newServer(t)
	now := noon
	c := atTime(newValidator(s), func() time.Time { return now })
	s.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	for range 2 {
		now = now.Add(90 * time.Second)
		report = c.Again(t.Context(), report, with(jumpcloudtest.SampleKey), ignore)
	}
	if r := report.Result(check.IDKey); r.State != check.Failed || report.Usable() {
		t.Errorf("the revoked key is %s: %s", r.State, r.Cause)
	}
}
