package check_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

func TestAGoodKeyPassesEveryCheck(t *testing.T) {
	s := newServer(t)
	c := newValidator(s)
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	for _, one := range check.All() {
		if r := report.Result(one.ID); r.State != check.Passed {
			t.Errorf("%s is %s: %s", one.ID, r.State, r.Cause)
		}
	}
	if report.Region != "r0" || report.Organization.Name != "Larkspur Robotics" || report.Administrator.Role != jumpcloudtest.RoleReadOnly ||
		!report.Administrator.MFA || !report.At.Equal(noon) {
		t.Errorf("the report says %+v", report)
	}
	for id, want := range map[check.ID]string{check.IDPeople: "412", check.IDDevices: "388",
		check.IDApplications: "31", check.IDGroups: "24"} {
		if got := report.Result(id).Facts["Count"]; got != want {
			t.Errorf("%s counts %s, want %s", id, got, want)
		}
	}
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
}

// Every known way in which JumpCloud and the network fail has a cause of its own, at the check that it concerns.
func TestEachFailureHasItsCause(t *testing.T) {
	elsewhere := "http://127.0.0.1:1/"
	for name, c := range map[string]struct {
		key    string
		org    string
		region string
		fault  *jumpcloudtest.Fault
		check  check.ID
		cause  check.Cause
		state  check.State
	}{
		"revoked key":             {key: jumpcloudtest.SampleRevokedKey, check: check.IDKey, cause: check.CauseKeyUnknown, state: check.Failed},
		"revoked key, one region": {key: jumpcloudtest.SampleRevokedKey, region: "r0", check: check.IDKey, cause: check.CauseKeyUnknownHere, state: check.Failed},
		"command runner":          {key: jumpcloudtest.SampleCommandRunnerKey, check: check.IDKey, cause: check.CauseRoleRefused, state: check.Failed},
		"several organizations":   {key: jumpcloudtest.SampleMultiTenantKey, check: check.IDOrganization, cause: check.CauseChoose, state: check.Warning},
		"another organization":    {org: jumpcloudtest.OrganizationID(2), check: check.IDOrganization, cause: check.CauseNotOpened, state: check.Failed},
		"administrator":           {key: jumpcloudtest.SampleAdministratorKey, check: check.IDRole, cause: check.CauseRolePrivileged, state: check.Warning},
		"without MFA":             {key: jumpcloudtest.SampleAdministratorKey, check: check.IDMFA, cause: check.CauseMFAOff, state: check.Warning},
		"administrators, no MFA":  {key: jumpcloudtest.SampleAdministratorKey, check: check.IDAdministrators, cause: check.CauseAdministratorsMFA, state: check.Warning},
		"plan":                    {key: jumpcloudtest.SampleAdministratorKey, check: check.IDDiskEncryption, cause: check.CauseNotLicensed, state: check.Skipped},

		"401":                      {fault: jumpcloudtest.Unauthorized(), check: check.IDKey, cause: check.CauseKeyUnknown, state: check.Failed},
		"401 as text":              {fault: jumpcloudtest.UnauthorizedText(), check: check.IDKey, cause: check.CauseKeyUnknown, state: check.Failed},
		"401 no organization":      {fault: jumpcloudtest.NoOrganizationSelected(), check: check.IDOrganization, cause: check.CauseNeeded, state: check.Warning},
		"403":                      {fault: jumpcloudtest.Forbidden(), check: check.IDKey, cause: check.CauseRoleRefused, state: check.Failed},
		"403 blocked":              {fault: jumpcloudtest.Blocked(), check: check.IDReachable, cause: check.CauseBlocked, state: check.Failed},
		"402 at the door":          {fault: jumpcloudtest.NotLicensed().On("/api/systems"), check: check.IDDevices, cause: check.CauseNotLicensed, state: check.Skipped},
		"429":                      {fault: jumpcloudtest.RateLimited(0), check: check.IDReachable, cause: check.CauseRateLimited, state: check.Failed},
		"500":                      {fault: jumpcloudtest.Status(500), check: check.IDReachable, cause: check.CauseServer, state: check.Failed},
		"504":                      {fault: jumpcloudtest.Status(504), check: check.IDReachable, cause: check.CauseServer, state: check.Failed},
		"captive portal":           {fault: jumpcloudtest.CaptivePortal(), check: check.IDReachable, cause: check.CauseSignIn, state: check.Failed},
		"redirect":                 {fault: jumpcloudtest.Redirect(elsewhere), check: check.IDReachable, cause: check.CauseRedirected, state: check.Failed},
		"dropped":                  {fault: jumpcloudtest.Drop(), check: check.IDReachable, cause: check.CauseBroken, state: check.Failed},
		"garbage":                  {fault: jumpcloudtest.Garbage(), check: check.IDReachable, cause: check.CauseContract, state: check.Failed},
		"wrong type":               {fault: jumpcloudtest.WrongType(), check: check.IDReachable, cause: check.CauseContract, state: check.Failed},
		"teapot":                   {fault: jumpcloudtest.Status(418), check: check.IDReachable, cause: check.CauseUnexpected, state: check.Failed},
		"people refused":           {fault: jumpcloudtest.Forbidden().On("/api/systemusers"), check: check.IDPeople, cause: check.CauseDatasetWithheld, state: check.Failed},
		"devices missing":          {fault: jumpcloudtest.Status(404).On("/api/systems"), check: check.IDDevices, cause: check.CauseDatasetMissing, state: check.Failed},
		"administrators refused":   {fault: jumpcloudtest.Unauthorized().On("/api/users"), check: check.IDAdministrators, cause: check.CauseDatasetDenied, state: check.Failed},
		"groups refused":           {fault: jumpcloudtest.Forbidden().On("/api/v2/usergroups"), check: check.IDGroups, cause: check.CauseDatasetWithheld, state: check.Warning},
		"MFA after a failed role":  {fault: jumpcloudtest.Status(500).On("/api/users/getSelf"), check: check.IDMFA, cause: check.CauseNotTold, state: check.Skipped},
		"a filter's page, 403":     {fault: jumpcloudtest.FilterPage(), check: check.IDReachable, cause: check.CauseFiltered, state: check.Failed},
		"401 as text, called html": {fault: jumpcloudtest.Page(401, "text/html; charset=utf-8", "Unauthorized"), check: check.IDKey, cause: check.CauseKeyUnknown, state: check.Failed},
		"402 on everything":        {fault: jumpcloudtest.NotLicensed(), check: check.IDReachable, cause: check.CauseSubscription, state: check.Failed},
		"role not told":            {fault: jumpcloudtest.Forbidden().On("/api/users/getSelf"), check: check.IDRole, cause: check.CauseRoleUnreadable, state: check.Skipped},
		"MFA after no role":        {fault: jumpcloudtest.Forbidden().On("/api/users/getSelf"), check: check.IDMFA, cause: check.CauseNotTold, state: check.Skipped},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			if c.fault != nil {
				s.Fail(c.fault)
			}
			if c.key == "" {
				c.key = jumpcloudtest.SampleKey
			}
			report := newValidator(s).Validate(t.Context(),
				check.Credentials{Region: c.region, APIKey: secret.New(c.key), OrganizationID: secret.New(c.org)}, ignore)
			if r := report.Result(c.check); r.Cause != c.cause || r.State != c.state {
				t.Errorf("%s is %s: %q, want %s: %q", c.check, r.State, r.Cause, c.state, c.cause)
			}
			if data, err := json.Marshal(report); err != nil || strings.Contains(string(data), c.key) {
				t.Errorf("the report holds the key, or cannot be written: %v", err)
			}
		})
	}
}

func TestTheNetworkFailsToo(t *testing.T) {
	closed := jumpcloudtest.New(jumpcloudtest.World{})
	closed.Close()
	tls := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
	t.Cleanup(tls.Close)
	for address, want := range map[string]check.Cause{
		closed.URL:                     check.CauseUnreachable,
		tls.URL:                        check.CauseCertificate,
		"https://jumpcloud.invalid":    check.CauseNameNotFound,
		"http://jumpcloud.example.com": check.CauseInsecure,
	} {
		c := validatorOf(address)
		r := c.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore).Result(check.IDReachable)
		if r.Cause != want || r.Facts["Host"] != address {
			t.Errorf("%s: %s %v, want %s", address, r.Cause, r.Facts, want)
		}
	}
}

func TestTheRegionIsFound(t *testing.T) {
	elsewhere, here, slow := newServer(t), newServer(t), newServer(t)
	for _, s := range []*jumpcloudtest.Server{elsewhere, slow} {
		s.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	}
	slow.Fail(jumpcloudtest.Hang()) // must not keep the others waiting
	report := newValidator(elsewhere, here, slow).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
	if report.Region != "r1" || !report.Usable() {
		t.Errorf("found in %q: %+v", report.Region, report.Results)
	}
	for _, r := range elsewhere.Requests() { // the first may not even have arrived when the right one answered
		if r.Path != "/api/organizations" && r.Path != "/api/systemusers" {
			t.Errorf("%s went to a region that does not know the key", r.Path)
		}
	}
}

// The region that accepts the key counts, whatever the others answer.
func TestTheRegionThatAcceptsTheKeyCounts(t *testing.T) {
	for i, f := range behaviours() {
		if f == nil {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			other, good := pipedServer(t), pipedServer(t)
			other.Fail(f)
			good.SetLatency(5 * time.Millisecond) // it is not the first to answer
			report := patient(other, good).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
			if report.Region == "r0" && report.Result(check.IDKey).State == check.Passed {
				return // the other one did not refuse the key
			}
			if report.Region != "r1" || !report.Usable() {
				t.Errorf("behaviour %d: the region is %q, the key %s", i, report.Region, report.Result(check.IDKey).Cause)
			}
		})
	}
}

// A key opens more organizations than fit on a page. All of them are offered.
func TestAllOrganizationsAreOffered(t *testing.T) {
	s := newServer(t)
	c := newValidator(s)
	wrong := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(1))}
	report := c.Validate(t.Context(), wrong, ignore)
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseNotOpened || len(report.Choices) != 127 {
		t.Errorf("a wrong id: %s, with %d to choose from", r.Cause, len(report.Choices))
	}
	right := wrong
	right.OrganizationID = secret.New(jumpcloudtest.OrganizationID(100))
	report = c.Again(t.Context(), c.Validate(t.Context(), right, ignore), with(jumpcloudtest.SampleMultiTenantKey), ignore)
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseChoose || r.Facts["Count"] != "127" {
		t.Errorf("the id taken out again: %s, %v", r.Cause, r.Facts)
	}
	last := right
	last.OrganizationID = secret.New(jumpcloudtest.OrganizationID(226))
	for _, refusal := range []*jumpcloudtest.Fault{jumpcloudtest.Forbidden(), jumpcloudtest.SelectionNotAllowed(), jumpcloudtest.Status(404)} {
		s.Fail(refusal.On("/api/organizations/" + last.OrganizationID.Reveal()))
		if report := c.Validate(t.Context(), last, ignore); report.Organization.ID != last.OrganizationID.Reveal() || !report.Usable() {
			t.Errorf("the last one, which is refused by itself: %s", report.Result(check.IDOrganization).Cause)
		}
		s.Heal()
	}
	before := c.Validate(t.Context(), right, ignore)
	s.Fail(jumpcloudtest.Status(503))
	report = c.Again(t.Context(), before, with(jumpcloudtest.SampleMultiTenantKey), ignore)
	if r := report.Result(check.IDOrganization); r.Cause != check.CauseChoose || len(report.Choices) != 100 || !report.MoreChoices {
		t.Errorf("a list that cannot be read to its end: %s, with %d to choose from", r.Cause, len(report.Choices))
	}
}

func TestOneOfManyOrganizations(t *testing.T) {
	s := newServer(t)
	c := newValidator(s)
	report := c.Validate(t.Context(), with(jumpcloudtest.SampleMultiTenantKey), ignore)
	if len(report.Choices) != 127 || report.Usable() {
		t.Fatalf("%d choices, usable %v", len(report.Choices), report.Usable())
	}
	if r := report.Result(check.IDPeople); r.Cause != check.CauseDependency {
		t.Errorf("people were asked for without an organization: %s", r.Cause)
	}
	s.ResetRequests()
	chosen := report.Choices[126] // on the second page
	report = c.Validate(t.Context(), check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(chosen.ID)}, ignore)
	if !report.Usable() || report.Organization != chosen || report.Worst() != check.Passed {
		t.Errorf("%s: %+v", report.Worst(), report.Results)
	}
	for _, r := range s.Requests() {
		if r.OrganizationID != "" && r.OrganizationID != chosen.ID {
			t.Errorf("%s was asked about %s", r.Path, r.OrganizationID)
		}
	}
}

// Each check waits, runs and ends once. None starts before the checks that it waits for.
func TestEventsComeInOrder(t *testing.T) {
	states := make(map[check.ID]check.State)
	after := make(map[check.ID][]check.ID)
	for _, one := range check.All() {
		after[one.ID] = one.After
	}
	var ended []check.Result
	report := newValidator(newServer(t)).Validate(t.Context(), with(jumpcloudtest.SampleAdministratorKey), func(r check.Result) {
		if r.State == check.Running {
			for _, id := range after[r.Check] {
				if !states[id].Final() {
					t.Errorf("%s runs while %s is %s", r.Check, id, states[id])
				}
			}
		} else if before := states[r.Check]; !r.State.Final() || before.Final() {
			t.Errorf("%s went from %s to %s", r.Check, before, r.State)
		} else {
			ended = append(ended, r)
		}
		states[r.Check] = r.State
	})
	if len(ended) != len(check.All()) {
		t.Errorf("%d checks ended", len(ended))
	}
	for _, r := range ended {
		if got := report.Result(r.Check); got.Cause != r.Cause || got.State != r.State {
			t.Errorf("%s ended as %s, and the report says %s", r.Check, r.Cause, got.Cause)
		}
	}
}

func TestChecksRunSideBySide(t *testing.T) {
	s := newServer(t)
	for _, path := range []string{"/api/systemusers", "/api/systems", "/api/users", "/api/v2", "/api/applications"} {
		s.Fail(jumpcloudtest.Hang().On(path))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := 0
	newValidator(s).Validate(ctx, with(jumpcloudtest.SampleKey), func(r check.Result) {
		if r.State == check.Running && slices.Contains([]check.ID{check.IDPeople, check.IDDevices,
			check.IDAdministrators, check.IDRole, check.IDGroups}, r.Check) {
			if running++; running == 5 {
				cancel() // all five wait for an answer that never comes
			}
		}
	})
	if running != 5 {
		t.Errorf("%d of 5 ran side by side", running)
	}
}

func TestCancel(t *testing.T) {
	s := newServer(t)
	s.Fail(jumpcloudtest.Hang().On("/api/systems"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	report := newValidator(s).Validate(ctx, with(jumpcloudtest.SampleKey), func(r check.Result) {
		if r.Check == check.IDPeople && r.State == check.Passed {
			cancel()
		}
	})
	if r := report.Result(check.IDDevices); r.State != check.Skipped || r.Cause != check.CauseCancelled {
		t.Errorf("devices are %s: %s", r.State, r.Cause)
	}
	if r := report.Result(check.IDPeople); r.State != check.Passed {
		t.Errorf("what was found out before is lost: %s", r.State)
	}
	if report.Worst() != check.Skipped {
		t.Errorf("the report as a whole is %s", report.Worst())
	}
	eventually(t, "connections stay open", func() bool { return s.Connections() == 0 })
}

// eventually fails with the message if ok stays false.
func eventually(t *testing.T, message string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Error(message)
			return
		}
	}
}

func TestTimeLimits(t *testing.T) {
	for name, c := range map[string]struct{ one, all time.Duration }{
		"of a check": {2 * time.Second, time.Minute},
		"of all":     {time.Minute, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := pipedServer(t)
				s.Fail(jumpcloudtest.Hang().On("/api/systems"))
				k := withLimits(patient(s), c.one, c.all)
				report := k.Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
				if r := report.Result(check.IDDevices); r.Cause != check.CauseTimeout || r.State != check.Failed {
					t.Errorf("devices are %s: %s", r.State, r.Cause)
				}
				if r := report.Result(check.IDPeople); r.State != check.Passed {
					t.Errorf("people are %s: %s", r.State, r.Cause)
				}
			})
		})
	}
}

// A screen may take long to draw a result. Watch is called once at a time all the same, and with every result.
func TestWatchIsCalledOneAtATime(t *testing.T) {
	var inside atomic.Int32
	count := 0
	newValidator(newServer(t)).Validate(t.Context(), with(jumpcloudtest.SampleKey), func(check.Result) {
		if inside.Add(1) > 1 {
			t.Error("two calls at once")
		}
		count++
		inside.Add(-1)
	})
	if want := 2 * len(check.All()); count != want {
		t.Errorf("%d changes, want %d", count, want)
	}
}

func TestEntriesAreCleanedBeforeUse(t *testing.T) {
	s := newServer(t)
	report := newValidator(s).Validate(t.Context(), check.Credentials{
		APIKey:         secret.New("\u200b x-api-key: \"" + jumpcloudtest.SampleKey + "\"\r\n"),
		OrganizationID: secret.New(" " + strings.ToUpper(jumpcloudtest.OrganizationID(1)) + "\u00a0"),
	}, ignore)
	if r := report.Result(check.IDEntries); r.Cause != check.CauseEntriesRepaired || !report.Usable() {
		t.Errorf("%s, and usable %v", r.Cause, report.Usable())
	}
}
