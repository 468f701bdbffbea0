package check_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// All checks pass, however JumpCloud limits the requests, as long as it lets enough of them through.
func TestALimitIsAdaptedTo(t *testing.T) {
	tooMany := func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(0) }
	for name, limit := range map[string]func(*jumpcloudtest.Server){
		"every second": func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.EveryNth(2, tooMany())) },
		"every third":  func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.EveryNth(3, tooMany())) },
		"every fourth, with a time": func(s *jumpcloudtest.Server) {
			s.Fail(jumpcloudtest.EveryNth(4, jumpcloudtest.RateLimited(time.Second)))
		},
		"one at a time":                func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.AtMost(1, 20*time.Millisecond, tooMany())) },
		"two at a time":                func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.AtMost(2, 30*time.Millisecond, tooMany())) },
		"three at a time, slow":        func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.AtMost(3, 300*time.Millisecond, tooMany())) },
		"five a second, with the time": func(s *jumpcloudtest.Server) { s.LimitRate(5, time.Second) },
		"four a second":                func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.PerPeriod(4, time.Second, tooMany())) },
		"one list, now and then":       func(s *jumpcloudtest.Server) { s.Fail(jumpcloudtest.EveryNth(2, tooMany()).On("/api/systems")) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := pipedServer(t)
				limit(s)
				report := patient(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
				for _, r := range report.Results {
					if r.State != check.Passed {
						t.Errorf("%s is %s: %s %v", r.Check, r.State, r.Cause, r.Facts)
					}
				}
			})
		})
	}
}

// If it lets too few through, the cause is that there were too many requests, and no other.
func TestALimitThatIsTooLow(t *testing.T) {
	perOrganization := []string{"/api/systemusers", "/api/systems", "/api/users", "/api/v2", "/api/applications"}
	for name, c := range map[string]struct {
		fault func() *jumpcloudtest.Fault
		paths []string // everywhere if there are none
		check check.ID
	}{
		"for ever":              {fault: func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(0) }, check: check.IDReachable},
		"for ever, with a time": {fault: func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(time.Second) }, check: check.IDReachable},
		"for an hour":           {fault: func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(time.Hour) }, check: check.IDReachable},
		"all but the first":     {fault: func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(0) }, paths: perOrganization, check: check.IDPeople},
		"one list":              {fault: func() *jumpcloudtest.Fault { return jumpcloudtest.RateLimited(0) }, paths: []string{"/api/systems"}, check: check.IDDevices},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := pipedServer(t)
				for _, path := range c.paths {
					s.Fail(c.fault().On(path))
				}
				if c.paths == nil {
					s.Fail(c.fault())
				}
				report := patient(s).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
				if r := report.Result(c.check); r.Cause != check.CauseRateLimited {
					t.Errorf("%s is %s: %s", c.check, r.State, r.Cause)
				}
				for _, r := range report.Results {
					if (r.State == check.Failed || r.State == check.Warning) && r.Cause != check.CauseRateLimited {
						t.Errorf("%s is %s: %s", r.Check, r.State, r.Cause)
					}
					if len(c.paths) == 1 && r.Check != c.check && r.State != check.Passed {
						t.Errorf("%s is %s, although another list is limited", r.Check, r.State)
					}
				}
			})
		})
	}
}

// The clock of a check stands still while other requests go first. The clock of all checks does not: when it runs out, the limit is the
// cause.
func TestTimeInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipedServer(t)
		s.Fail(jumpcloudtest.AtMost(1, 600*time.Millisecond, jumpcloudtest.RateLimited(0)))
		report := withLimits(patient(s), 5*time.Second, time.Minute).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
		if report.Worst() != check.Passed {
			t.Errorf("it is %s: %+v", report.Worst(), report.Results)
		}
		report = withLimits(patient(s), 20*time.Second, 4*time.Second).Validate(t.Context(), with(jumpcloudtest.SampleKey), ignore)
		limited := 0
		for _, r := range report.Results {
			if r.Cause == check.CauseRateLimited {
				limited++
			}
		}
		if limited == 0 {
			t.Errorf("no check says that there were too many requests: %+v", report.Results)
		}
	})
}

// Cancelling ends requests that wait for their turn.
func TestCancelInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipedServer(t)
		s.Fail(jumpcloudtest.RateLimited(5 * time.Second).On("/api/systems").Times(3))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		report := patient(s).Validate(ctx, with(jumpcloudtest.SampleKey), func(r check.Result) {
			if r.Cause == check.CauseWaiting {
				cancel()
			}
		})
		if r := report.Result(check.IDDevices); r.Cause != check.CauseCancelled {
			t.Errorf("devices are %s: %s", r.State, r.Cause)
		}
	})
}
