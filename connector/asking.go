package connector

import (
	"context"
	"errors"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
)

// News says what is new about a connection that was checked again.
type News int

const (
	// NoNews: it is as it was.
	NoNews News = iota
	// Undecided: the network, a server or a limit was in the way.
	Undecided
	// Doubtful: it worked, and was refused. That may be a mistake, so it is asked about again before it counts.
	Doubtful
	// Changed: other checks pass than before, or for another reason they do not.
	Changed
)

// ErrDoubtful is the error of a check in which a connection that worked is refused. That may be a mistake, so nothing is kept. Whoever asked
// asks again after [SureAfter].
var ErrDoubtful = errors.New("the connection worked before, and was refused once")

// SureAfter is how long to wait before a connection that was refused once is asked about again.
const SureAfter = time.Minute

// question is a kept connection with its last report, to be asked about.
type question struct {
	Connection
	key   secret.Secret
	again bool // it was refused before: the answer counts
}

// ask validates a kept connection again. It says what is new about it, or [NoNews] if ctx has ended, but for [Doubtful]: that must be said, or
// the refusal would count. Before a refusal counts, it is asked about again, in the other regions too, and other keys are asked why.
func (c *Connector) ask(ctx context.Context, batch *check.Batch, why *inquiry, q question, watch func(check.Result)) (check.Report, News) {
	last := q.Report
	entered := check.Credentials{Region: q.Region, APIKey: q.key, OrganizationID: secret.New(q.Organization.ID)}
	report := batch.Validate(ctx, q.keyInRegion(), last, entered, watch)
	if q.again && report.Result(check.IDKey).Cause == check.CauseKeyStopped {
		report = elsewhere(ctx, batch, q.KeyID, last, entered, report, watch)
	}
	switch {
	case !report.Complete():
		return report, NoNews
	case !q.again && !report.Undecided() && report.RefusedSince(last):
		return report, Doubtful
	case ctx.Err() != nil:
		return report, NoNews
	case report.Undecided():
		return report, Undecided
	}
	report = why.explain(ctx, q.Connection, q.key, report)
	if report.ChangedSince(last) {
		return report, Changed
	}
	return report, NoNews
}

// elsewhere asks all regions about a key that the region of its connection does not know. The answer counts if one of them accepts the key, or
// if none knows it, else what the connection's region said: here.
func elsewhere(ctx context.Context, batch *check.Batch, keyID string, last check.Report, entered check.Credentials, here check.Report, watch func(check.Result)) check.Report {
	entered.Region = ""
	report := batch.Validate(ctx, check.KeyInRegion{KeyID: keyID}, last, entered, watch)
	if report.AcceptsKey() || report.Result(check.IDKey).Cause == check.CauseKeyUnknown {
		return report
	}
	return here
}
