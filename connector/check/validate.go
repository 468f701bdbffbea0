// Package check finds out what an API key and an Organization ID can be used for.
//
// A [Validator] runs the checks that [All] lists. Each check ends with a [Cause]. The table in outcomes.go says what follows from a
// cause. The [Report] holds the results of all checks.
//
// docs/architecture.md says how to add a check. It is a line in [All], and if it does more than count a list, a file of its own.
package check

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/wire"
)

// Validator runs the checks. The zero value asks JumpCloud's own regions.
type Validator struct {
	// JumpCloud makes the clients that ask the questions.
	JumpCloud jumpcloud.Factory
	// Now tells the time of reports. Nil means [time.Now].
	Now func() time.Time
	// Limits has the requests of all validations adapt to how many JumpCloud allows. If it is nil, each validation has its own.
	Limits *wire.Limits
	// CheckLimit is how long one check may take, without the time in which its requests wait for their turn. Zero means 20 s.
	CheckLimit time.Duration
	// Limit is how long all checks together may take. Zero means 60 s.
	Limit time.Duration
}

func (v Validator) now() time.Time {
	if v.Now == nil {
		return time.Now()
	}
	return v.Now()
}

func (v Validator) checkLimit() time.Duration { return cmp.Or(v.CheckLimit, 20*time.Second) }
func (v Validator) limit() time.Duration      { return cmp.Or(v.Limit, 60*time.Second) }

// validation is one run of the checks. The engine starts a check after the checks that it waits for, so it may read what these have
// written. Checks that run at the same time write different fields.
type validation struct {
	validator   Validator
	entered     Credentials
	credentials Credentials // what was entered, cleaned
	http        *http.Client
	client      *jumpcloud.Client // for the region and, once it is known, the organization
	first       firstAnswer
	mfa         jumpcloud.Flag // of the key's administrator
	roleErr     error          // of the request for that administrator
	asked       time.Time      // when JumpCloud was asked about the key
	whyRefused  Outcome        // why the key is refused, as its administrator shows it
	roleAsked   chan struct{}  // is closed when the check of the role has ended
	report      Report
}

// Validate runs all checks on credentials. It calls watch with each change of each check: one call at a time, in order, from the
// calling goroutine. If ctx or the time limit ends, the checks that have not ended are skipped. When Validate returns, all its
// requests have ended.
func (v Validator) Validate(ctx context.Context, credentials Credentials, watch func(Result)) Report {
	return v.validate(ctx, &validation{entered: credentials}, nil, watch)
}

// validate runs the checks whose result is not in kept.
func (v Validator) validate(ctx context.Context, run *validation, kept []Result, watch func(Result)) Report {
	ctx, cancel := context.WithTimeout(v.Limits.In(ctx), v.limit())
	defer cancel()
	run.validator, run.http = v, v.JumpCloud.HTTPClient()
	defer run.http.CloseIdleConnections()
	run.credentials = run.entered.Cleaned()
	if len(kept) > 0 { // the client of the run before uses an HTTP client that is closed
		run.client = run.clientFor(run.first.region, run.report.Organization.ID)
	}
	run.roleAsked = make(chan struct{})
	if resultOf(kept, IDRole).State.Final() {
		close(run.roleAsked)
	}
	began := time.Now()
	run.report.At = v.now()
	run.report.Results = runAll(ctx, run, All(), kept, watch)
	run.report.Took = time.Since(began)
	report := run.report
	report.run = run
	return report
}

// clientFor makes a client for a region, and for an organization unless its id is empty.
func (v *validation) clientFor(r jumpcloud.Region, organizationID string) *jumpcloud.Client {
	return v.validator.JumpCloud.Client(r, v.credentials.APIKey, organizationID, v.http)
}

// clientForOrganization makes a client for an organization in the region that the key was found in.
func (v *validation) clientForOrganization(id string) *jumpcloud.Client {
	return v.clientFor(v.first.region, id)
}
