package check_test

import (
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
)

const manyKey = "jca_TESTmany0000000000000000000000000000001"

// manyOrganizations starts a piped simulator with a key that opens n organizations.
func manyOrganizations(t *testing.T, n int) *jumpcloudtest.Server {
	t.Helper()
	var w jumpcloudtest.World
	key := jumpcloudtest.Key{Value: manyKey, Role: jumpcloudtest.RoleReadOnly, MFA: true, MultiTenant: true, Created: noon.AddDate(0, -1, 0)}
	for i := range n {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(i), Name: "Client " + strconv.Itoa(i), People: 1, Systems: 1}
		w.Organizations = append(w.Organizations, o)
		key.Organizations = append(key.Organizations, o.ID)
	}
	w.Organizations = append(w.Organizations, jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(n), Name: "Not theirs"})
	w.Keys = []jumpcloudtest.Key{key}
	return atNoon(t, jumpcloudtest.NewPiped(w))
}

// Where the list does not come to its end, the organizations that came are offered, and it is said that there may be more. An
// Organization ID that is not among them is asked for by itself. It is never said that the key does not open it.
func TestAListThatDoesNotComeToItsEnd(t *testing.T) {
	const all = 2000
	one := func(n int) string { return "/api/organizations/" + jumpcloudtest.OrganizationID(n) }
	for name, c := range map[string]struct {
		fault *jumpcloudtest.Fault
		limit time.Duration
		fewer int // at least so many come
	}{
		"slow":            {jumpcloudtest.SlowBody(150 * time.Millisecond), 5 * time.Second, 100},
		"silent":          {jumpcloudtest.BeyondTheFirst(jumpcloudtest.Hang()), 4 * time.Second, 100},
		"down":            {jumpcloudtest.BeyondTheFirst(jumpcloudtest.Status(503)), 20 * time.Second, 100},
		"refused":         {jumpcloudtest.BeyondTheFirst(jumpcloudtest.Forbidden()), 20 * time.Second, 100},
		"limited":         {jumpcloudtest.BeyondTheFirst(jumpcloudtest.RateLimited(time.Hour)), 20 * time.Second, 100},
		"another's page":  {jumpcloudtest.BeyondTheFirst(jumpcloudtest.CaptivePortal()), 20 * time.Second, 100},
		"another's bytes": {jumpcloudtest.BeyondTheFirst(jumpcloudtest.Garbage()), 20 * time.Second, 100},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := manyOrganizations(t, all)
				s.Fail(jumpcloudtest.Right().On(one(all - 1)))
				s.Fail(jumpcloudtest.Right().On(one(all)))
				s.Fail(c.fault.On("/api/organizations"))
				con := withLimits(patient(s), c.limit, time.Minute)
				report := con.Validate(t.Context(), with(manyKey), ignore)
				came := len(report.Choices)
				if r := report.Result(check.IDOrganization); r.Cause != check.CauseChoose || !report.MoreChoices || came < c.fewer || came >= all ||
					r.Facts["Count"] != jumpcloud.AtLeast(came).String() || r.Facts["More"] == "" {
					t.Fatalf("%s with %d to choose from, more: %v, %v", r.Cause, came, report.MoreChoices, r.Facts)
				}
				ids := make(map[string]bool)
				for _, o := range report.Choices {
					ids[o.ID] = true
				}
				if len(ids) != came {
					t.Errorf("%d of %d are offered twice", came-len(ids), came)
				}

				typed := check.Credentials{APIKey: secret.New(manyKey), OrganizationID: secret.New(jumpcloudtest.OrganizationID(all - 1))}
				after := con.Again(t.Context(), report, typed, ignore)
				if after.Organization.ID != typed.OrganizationID.Reveal() || after.MoreChoices || !after.Usable() {
					t.Errorf("one that did not come: %s", after.Result(check.IDOrganization).Cause)
				}
				typed.OrganizationID = secret.New(jumpcloudtest.OrganizationID(all))
				after = con.Validate(t.Context(), typed, ignore)
				if r := after.Result(check.IDOrganization); r.Cause != check.CauseNotListed || len(after.Choices) < c.fewer || !after.MoreChoices {
					t.Errorf("one that is not theirs: %s with %d to choose from", r.Cause, len(after.Choices))
				}

				s.Heal()
				after = con.Again(t.Context(), report, with(manyKey), ignore)
				if r := after.Result(check.IDOrganization); len(after.Choices) != all || after.MoreChoices || r.Facts["Count"] != strconv.Itoa(all) {
					t.Errorf("once it works %d are offered, more: %v, %v", len(after.Choices), after.MoreChoices, r.Facts)
				}
				if r := con.Validate(t.Context(), typed, ignore).Result(check.IDOrganization); r.Cause != check.CauseNotOpened {
					t.Errorf("once it works the one that is not theirs is %s", r.Cause)
				}
			})
		})
	}
}

// JumpCloud counts as reachable after the first page, however long the list is.
func TestTheFirstPageIsEnoughForTheKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := manyOrganizations(t, 300)
		s.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Hang()).On("/api/organizations"))
		con := withLimits(patient(s), time.Second, time.Minute)
		var passed []check.ID
		con.Validate(t.Context(), with(manyKey), func(r check.Result) {
			if r.State == check.Passed {
				passed = append(passed, r.Check)
			}
		})
		if !slices.Contains(passed, check.IDReachable) || !slices.Contains(passed, check.IDKey) {
			t.Errorf("only %v passed", passed)
		}
	})
}
