// Package check asks JumpCloud, one question at a time, what can be done with an API key and an Organization ID.
//
// [All] lists the checks. A [Validator] runs them. A check ends with a [Cause]; the table in outcomes.go says what follows
// from each one. The [Report] holds what all checks found.
package check

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// Validator runs the checks. The zero value asks JumpCloud's own regions.
type Validator struct {
	// JumpCloud makes the clients that ask the questions.
	JumpCloud jumpcloud.Factory
	// Now is the clock that reports are dated by. Nil means [time.Now].
	Now func() time.Time
	// CheckLimit is how long one check may take. The time in which its requests wait for their turn does not count. Zero means
	// 20 s.
	CheckLimit time.Duration
	// Limit is how long all checks together may take. Zero means 60 s.
	Limit time.Duration
}

func (c Validator) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c Validator) checkLimit() time.Duration { return cmp.Or(c.CheckLimit, 20*time.Second) }
func (c Validator) limit() time.Duration      { return cmp.Or(c.Limit, 60*time.Second) }

// validation is one run of the checks. A check may read what those before it have written: the engine starts it
// after them. Checks that run side by side write different fields.
type validation struct {
	by          Validator
	entered     Credentials
	credentials Credentials // the entered ones, cleaned
	http        *http.Client
	client      *jumpcloud.Client // for the region and, once it is known, the organization
	first       firstAnswer
	mfa         jumpcloud.Flag // of the key's administrator
	asked       time.Time      // when JumpCloud was asked for the key
	told        chan struct{}  // closed once it is known whose key it is, or that it is not told
	report      Report
}

// Validate runs all checks on the credentials and reports. Watch is called with each change of each check, one
// call at a time and in order, from the calling goroutine. Where ctx ends, or the time limit for all, the checks
// that have not ended are skipped; nothing runs on after Validate has returned.
func (c Validator) Validate(ctx context.Context, credentials Credentials, watch func(Result)) Report {
	return c.validate(ctx, &validation{entered: credentials}, nil, watch)
}

// validate runs the checks, but for those whose result is already in kept.
func (c Validator) validate(ctx context.Context, v *validation, kept []Result, watch func(Result)) Report {
	ctx, cancel := context.WithTimeout(wire.WithLimits(ctx), c.limit())
	defer cancel()
	v.by, v.http = c, c.JumpCloud.HTTPClient()
	defer v.http.CloseIdleConnections()
	v.credentials = v.entered.Cleaned()
	if len(kept) > 0 { // it goes on from another run, whose HTTP client is closed
		v.client = v.clientFor(v.first.region, v.report.Organization.ID)
	}
	v.told = make(chan struct{})
	if resultOf(kept, IDRole).State.Final() {
		close(v.told)
	}
	began := time.Now()
	v.report.At = c.now()
	v.report.Results = run(ctx, All(), v, kept, watch)
	v.report.Took = time.Since(began)
	report := v.report
	report.run = v
	return report
}

// clientFor makes a client for a region, and for an organization where its id is not empty.
func (v *validation) clientFor(r jumpcloud.Region, organizationID string) *jumpcloud.Client {
	return v.by.JumpCloud.Client(r, v.credentials.APIKey, organizationID, v.http)
}

// clientForOrganization makes a client for an organization in the region that the key was found in.
func (v *validation) clientForOrganization(id string) *jumpcloud.Client {
	return v.clientFor(v.first.region, id)
}

// event is a change of a check. The last one of a check that was started is its end.
type event struct {
	check  int
	result Result
}

// run starts every check whose dependencies hold, side by side, until all have ended. A check whose result is
// in kept is not asked again.
func run(ctx context.Context, checks []Check, v *validation, kept []Result, watch func(Result)) []Result {
	results := make([]Result, len(checks))
	set := func(i int, r Result) {
		if checks[i].Optional && r.State == Failed && r.Cause.Meaning().Softens {
			r.State = Warning
		}
		results[i] = r
		watch(r)
	}
	for i, check := range checks {
		results[i] = Result{Check: check.ID}
	}
	events, running := make(chan event), 0
	for {
		for i, ok := ready(checks, results); ok; i, ok = ready(checks, results) {
			check := checks[i]
			cause := hindered(ctx, check, results)
			if r := resultOf(kept, check.ID); r.State.Final() && cause != CauseDependency {
				set(i, r)
				continue
			}
			if cause != "" {
				set(i, Result{Check: check.ID, Outcome: outcome(cause, Facts{})})
				continue
			}
			set(i, Result{Check: check.ID, Outcome: Outcome{State: Running}})
			running++
			go runOne(ctx, check, v, func(r Result) { events <- event{i, r} })
		}
		if running == 0 {
			return results
		}
		e := <-events
		if e.result.State.Final() {
			running--
		}
		set(e.check, e.result)
	}
}

// ready finds a check that waits for nothing any more.
func ready(checks []Check, results []Result) (int, bool) {
	for i, check := range checks {
		if results[i].State == Waiting && !slices.ContainsFunc(check.After, func(id ID) bool {
			return !resultOf(results, id).State.Final()
		}) {
			return i, true
		}
	}
	return 0, false
}

// hindered says why a check that is ready cannot be asked, or nothing.
func hindered(ctx context.Context, check Check, results []Result) Cause {
	for _, id := range check.After {
		if r := resultOf(results, id); r.Cause == CauseCancelled {
			return CauseCancelled
		} else if !r.goesOn() {
			return CauseDependency
		}
	}
	switch ctx.Err() {
	case nil:
		return ""
	case context.DeadlineExceeded:
		return CauseTimeout
	}
	return CauseCancelled
}

// runOne runs one check, and tells of its waits and of its end, which is the last that it tells.
func runOne(ctx context.Context, check Check, v *validation, tell func(Result)) {
	limit, cancel := withPatience(ctx, v.by.checkLimit())
	defer cancel()
	var requests exchanges
	ctx = wire.WithWatch(limit, wire.Watch{
		Exchanged: requests.add,
		Held:      limit.hold,
		Waiting: func(until time.Time) {
			tell(Result{Check: check.ID, Outcome: Outcome{State: Running, Cause: CauseWaiting, Facts: Facts{"Until": moment(until)}}})
		},
	})
	began := time.Now()
	o := check.run(ctx, v)
	tell(Result{Check: check.ID, Outcome: o, Took: time.Since(began), Exchanges: requests.all()})
}
