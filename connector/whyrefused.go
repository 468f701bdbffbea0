package connector

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
)

// mostAskers is how many other keys are tried to find out why one is refused.
const mostAskers = 2

// inquiry finds out why keys that worked are refused. Where a key cannot tell itself, the inquiry asks one of its organizations with another
// kept key, which works: once for each refused key. It never uses a key for an organization that no connection of it is kept for.
type inquiry struct {
	validator check.Validator
	kept      func() []Connection // all kept connections, as far as they can be read
	keyOf     func(context.Context, Connection) (secret.Secret, error)

	mu      sync.Mutex
	answers map[check.KeyInRegion]func() check.Outcome
}

func (c *Connector) newInquiry(kept func() []Connection, keyOf func(context.Context, Connection) (secret.Secret, error)) *inquiry {
	return &inquiry{validator: c.validator, kept: kept, keyOf: keyOf, answers: make(map[check.KeyInRegion]func() check.Outcome)}
}

// explain returns the report on a connection with why its key is refused. The connection has its last report.
func (q *inquiry) explain(ctx context.Context, one Connection, key secret.Secret, report check.Report) check.Report {
	if !report.Unexplained() || ctx.Err() != nil {
		return report
	}
	return report.Explained(q.answer(ctx, one, key, report), one.Report)
}

// answer asks about a key, unless that is done or under way. Then it waits for the answer.
func (q *inquiry) answer(ctx context.Context, one Connection, key secret.Secret, report check.Report) check.Outcome {
	q.mu.Lock()
	answer, known := q.answers[one.keyInRegion()]
	if !known {
		answer = sync.OnceValue(func() check.Outcome { return q.ask(ctx, one, key, report) })
		q.answers[one.keyInRegion()] = answer
	}
	q.mu.Unlock()
	return answer()
}

func (q *inquiry) ask(ctx context.Context, one Connection, key secret.Secret, report check.Report) check.Outcome {
	if report.Administrator.Email == "" {
		return check.NotAsked(check.OwnerUnknown)
	}
	askers, organizations := askersAbout(one, q.kept())
	refusal := check.Refusal{Key: key, Report: report, SeveralOrganizations: organizations > 1}
	why := check.NotAsked(check.NoOtherKey)
	for _, asker := range askers {
		email := asker.Report.Administrator.Email
		askersKey, err := q.keyOf(ctx, asker)
		if err != nil {
			why = check.NotAnswered(cmp.Or(email, asker.Name), check.Outcome{Cause: KeychainCause(err)})
			continue
		}
		credentials := check.Credentials{Region: asker.Region, APIKey: askersKey, OrganizationID: secret.New(asker.Organization.ID)}
		o, asked := q.validator.AskAbout(ctx, refusal, check.Asker{Credentials: credentials, Email: email, Organization: asker.Organization.Name})
		if asked {
			return o
		}
		why = check.NotAnswered(cmp.Or(email, asker.Name), o)
	}
	return why
}

// askersAbout returns connections with other keys that open an organization of the refused one, a connection a key: at most [mostAskers],
// those first that worked last. It also counts the organizations that are kept of the refused key.
func askersAbout(refused Connection, kept []Connection) (askers []Connection, organizations int) {
	open := map[string]bool{strings.ToLower(refused.Organization.ID): true}
	for _, c := range kept {
		if c.keyInRegion() == refused.keyInRegion() {
			open[strings.ToLower(c.Organization.ID)] = true
		}
	}
	for _, c := range kept {
		if c.Region == refused.Region && c.KeyID != refused.KeyID && open[strings.ToLower(c.Organization.ID)] && c.Trouble == "" && c.Report.Usable() {
			askers = append(askers, c)
		}
	}
	slices.SortStableFunc(askers, func(a, b Connection) int { return b.Report.Worked.Compare(a.Report.Worked) })
	seen := make(map[string]bool)
	askers = slices.DeleteFunc(askers, func(c Connection) bool {
		again := seen[c.KeyID]
		seen[c.KeyID] = true
		return again
	})
	return askers[:min(len(askers), mostAskers)], len(open)
}
