package connector

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// validation is one run of the checks. A check may read what those before it have written: the engine starts it
// after them. Checks that run side by side write different fields.
type validation struct {
	connector   *Connector
	entered     Credentials
	credentials Credentials // the entered ones, cleaned
	http        *http.Client
	client      *jumpcloud.Client // for the region and, once it is known, the organization
	first       firstAnswer
	report      Report
}

// Validate runs all checks on the credentials and reports. Watch is called with each change of each check, one
// call at a time and in order, from the calling goroutine. Where ctx ends, or the time limit for all, the checks
// that have not ended are skipped; nothing runs on after Validate has returned.
func (c *Connector) Validate(ctx context.Context, credentials Credentials, watch func(Result)) Report {
	ctx, cancel := context.WithTimeout(ctx, c.allLimit)
	defer cancel()
	v := &validation{connector: c, http: c.newHTTP(), entered: credentials}
	defer v.http.CloseIdleConnections()
	v.credentials, _ = credentials.Cleaned()
	v.report.At = c.now()
	results := run(ctx, Checks(), v, watch)
	v.report.Results = results
	v.report.Took = c.now().Sub(v.report.At)
	return v.report
}

func (v *validation) clientFor(r jumpcloud.Region) *jumpcloud.Client {
	return &jumpcloud.Client{
		BaseURL:   r.Console,
		Auth:      jumpcloud.APIKey(v.credentials.APIKey),
		HTTP:      v.http,
		UserAgent: v.connector.userAgent,
	}
}

func (v *validation) clientForOrganization(id string) *jumpcloud.Client {
	client := *v.client
	client.OrganizationID = id
	return &client
}

// run starts every check whose dependencies hold, side by side, until all have ended.
func run(ctx context.Context, checks []Check, v *validation, watch func(Result)) []Result {
	results := make([]Result, len(checks))
	for i, check := range checks {
		results[i] = Result{Check: check.ID}
	}
	set := func(i int, r Result) {
		results[i] = r
		watch(r)
	}
	type end struct {
		check  int
		result Result
	}
	ends, running := make(chan end), 0
	for {
		for i, ok := ready(checks, results); ok; i, ok = ready(checks, results) {
			check := checks[i]
			if cause := hindered(ctx, check, results); cause != "" {
				set(i, Result{Check: check.ID, Outcome: outcome(cause, Facts{})})
				continue
			}
			set(i, Result{Check: check.ID, Outcome: Outcome{State: Running}})
			running++
			go func() { ends <- end{i, runOne(ctx, check, v)} }()
		}
		if running == 0 {
			return results
		}
		e := <-ends
		running--
		set(e.check, e.result)
	}
}

// ready finds a check that waits for nothing any more.
func ready(checks []Check, results []Result) (int, bool) {
	for i, check := range checks {
		if results[i].State == Waiting && !slices.ContainsFunc(check.After, func(id CheckID) bool {
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
		} else if !r.opens() {
			return CauseDependency
		}
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return CauseTimeout
	case ctx.Err() != nil:
		return CauseCancelled
	}
	return ""
}

func runOne(ctx context.Context, check Check, v *validation) Result {
	ctx, cancel := context.WithTimeout(ctx, v.connector.checkLimit)
	defer cancel()
	start := time.Now()
	o := check.run(ctx, v)
	if check.Optional && o.State == Failed {
		o.State = Warning
	}
	return Result{Check: check.ID, Outcome: o, Took: time.Since(start)}
}
