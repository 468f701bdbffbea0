package check_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// regional lists the ways in which a region can answer. The key opens no organization, so that the checks end with the key.
var regional = []struct {
	name  string
	knows bool
	fault func() *jumpcloudtest.Fault
	cause check.Cause // if nothing better comes from another region
}{
	{"accepts", true, nil, check.CauseKeyAccepted},
	{"accepts, with an organization to select", true, jumpcloudtest.NoOrganizationSelected, check.CauseKeyAccepted},
	{"refuses", false, nil, check.CauseKeyUnknown},
	{"forbids", true, jumpcloudtest.Forbidden, check.CauseRoleRefused},
	{"has a portal", false, jumpcloudtest.CaptivePortal, check.CauseSignIn},
	{"is down", false, func() *jumpcloudtest.Fault { return jumpcloudtest.Status(503) }, check.CauseServer},
	{"drops", false, jumpcloudtest.Drop, check.CauseBroken},
	{"is silent", true, jumpcloudtest.Hang, check.CauseTimeout},
}

const regionalKey = "jca_TESTregions000000000000000000000000001"

// regionalServers starts three piped servers that behave as the lines of [regional] say, and answer in any order.
func regionalServers(t *testing.T, of [3]int) (servers []*jumpcloudtest.Server) {
	for _, behaviour := range of {
		s := jumpcloudtest.NewPiped(jumpcloudtest.World{})
		t.Cleanup(s.Close)
		if regional[behaviour].knows {
			s.SetKey(jumpcloudtest.Key{Value: regionalKey, Role: jumpcloudtest.RoleReadOnly})
		}
		if f := regional[behaviour].fault; f != nil {
			s.Fail(f())
		}
		s.SetLatency(rand.N(20 * time.Millisecond))
		servers = append(servers, s)
	}
	return servers
}

// expected says what follows from the answers of three regions: the check, its cause, and the region that it is about.
func expected(of [3]int) (check.ID, check.Cause, string) {
	first := func(which ...int) int {
		for i, behaviour := range of {
			for _, w := range which {
				if behaviour == w {
					return i
				}
			}
		}
		return -1
	}
	if i := first(0, 1); i >= 0 {
		return check.IDKey, check.CauseKeyAccepted, fmt.Sprint("r", i)
	}
	if i := first(3); i >= 0 {
		return check.IDKey, check.CauseRoleRefused, fmt.Sprint("r", i)
	}
	switch {
	case of == [3]int{2, 2, 2}:
		return check.IDKey, check.CauseKeyUnknown, ""
	case first(2) >= 0:
		return check.IDKey, check.CauseKeyUnknownPartly, ""
	}
	i := max(first(4, 5), 0) // an answer says more than none
	return check.IDReachable, regional[of[i]].cause, fmt.Sprint("r", i)
}

// Every combination of answers has one result, in whatever order they come.
func TestTheAnswersOfAllRegionsTogether(t *testing.T) {
	n := len(regional) - 1 // a silent region has its own test
	for i := range n * n * n {
		of := [3]int{i / n / n, i / n % n, i % n}
		id, cause, region := expected(of)
		for range 3 {
			synctest.Test(t, func(t *testing.T) {
				r := patient(regionalServers(t, of)...).Validate(t.Context(), with(regionalKey), ignore).Result(id)
				if r.Cause != cause || region != "" && r.Facts["Region"] != region {
					t.Errorf("%s, %s, %s: %s in %q, want %s in %q", regional[of[0]].name, regional[of[1]].name, regional[of[2]].name,
						r.Cause, r.Facts["Region"], cause, region)
				}
				if cause == check.CauseKeyUnknownPartly {
					allAreNamed(t, of, r)
				}
			})
		}
	}
}

// allAreNamed fails unless each region is named, and the reason why the first one could not be asked.
func allAreNamed(t *testing.T, of [3]int, r check.Result) {
	t.Helper()
	var refused, unasked []string
	var why check.Cause
	for i, behaviour := range of {
		if behaviour == 2 {
			refused = append(refused, fmt.Sprint("r", i))
			continue
		}
		if unasked = append(unasked, fmt.Sprint("r", i)); why == "" {
			why = regional[behaviour].cause
		}
	}
	if r.Facts["Refused"] != strings.Join(refused, ",") || r.Facts["Unasked"] != strings.Join(unasked, ",") || r.Facts["Why"] != string(why) {
		t.Errorf("%v: refused by %s, not asked %s because of %s", of, r.Facts["Refused"], r.Facts["Unasked"], r.Facts["Why"])
	}
}

// Once a region has answered clearly, a silent one does not hold up the result until the time limit.
func TestASilentRegion(t *testing.T) {
	const accepts, refuses, forbids, silent = 0, 2, 3, 7
	for name, c := range map[string]struct {
		of     [3]int // see [regional]
		cause  check.Cause
		region string
	}{
		"two refuse, the last is silent":  {[3]int{refuses, refuses, silent}, check.CauseKeyUnknownPartly, ""},
		"two refuse, the first is silent": {[3]int{silent, refuses, refuses}, check.CauseKeyUnknownPartly, ""},
		"one refuses, two are silent":     {[3]int{silent, refuses, silent}, check.CauseKeyUnknownPartly, ""},
		"one forbids, two are silent":     {[3]int{silent, forbids, silent}, check.CauseRoleRefused, "r1"},
		"one accepts, two are silent":     {[3]int{silent, accepts, silent}, check.CauseKeyAccepted, "r1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				r := patient(regionalServers(t, c.of)...).Validate(t.Context(), with(regionalKey), ignore).Result(check.IDKey)
				if took := time.Since(began); took > 4*time.Second { // a silent region alone takes 15 s
					t.Errorf("the result comes after %s", took)
				}
				if r.Cause != c.cause || r.Facts["Region"] != c.region {
					t.Errorf("%s in %q: %v", r.Cause, r.Facts["Region"], r.Facts)
				}
				if c.cause == check.CauseKeyUnknownPartly && r.Facts["Why"] != string(check.CauseTimeout) {
					t.Errorf("why: %s", r.Facts["Why"])
				}
			})
		})
	}
}

// A region whose name is not found, or that refuses connections, is named in the outcome.
func TestARegionThatCannotBeReached(t *testing.T) {
	knowsNot := newServer(t)
	for address, why := range map[string]check.Cause{
		"https://jumpcloud.invalid": check.CauseNameNotFound, "https://127.0.0.1:1": check.CauseUnreachable,
	} {
		c := validatorOf(knowsNot.URL, address)
		report := c.Validate(t.Context(), with(jumpcloudtest.SampleRevokedKey), ignore)
		r := report.Result(check.IDKey)
		if r.Cause != check.CauseKeyUnknownPartly || r.Facts["Unasked"] != "r1" || r.Facts["Why"] != string(why) || r.Facts["Host"] != address {
			t.Errorf("%s: %s %v", address, r.Cause, r.Facts)
		}
		if report.Result(check.IDReachable).State != check.Passed {
			t.Errorf("%s: JumpCloud is called unreachable", address)
		}
	}
}

// A chosen region is the only one that is asked, unless the others may be asked too.
func TestAChosenRegion(t *testing.T) {
	first, second, down := newServer(t), newServer(t), newServer(t)
	first.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	second.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	down.Fail(jumpcloudtest.Status(503))
	c := newValidator(first, second, down)
	credentials := with(jumpcloudtest.SampleKey)
	credentials.Region = "r1"
	if r := c.Validate(t.Context(), credentials, ignore).Result(check.IDKey); r.Cause != check.CauseKeyUnknownHere || r.Facts["Region"] != "r1" {
		t.Errorf("in the chosen region: %s %v", r.Cause, r.Facts)
	}
	if len(first.Requests())+len(down.Requests()) > 0 {
		t.Error("the key was sent to another region")
	}
	credentials.AnyRegion = true
	if r := c.Validate(t.Context(), credentials, ignore).Result(check.IDKey); r.Cause != check.CauseKeyUnknownPartly || r.Facts["Refused"] != "r0,r1" || r.Facts["Unasked"] != "r2" {
		t.Errorf("everywhere: %s %v", r.Cause, r.Facts)
	}
}
