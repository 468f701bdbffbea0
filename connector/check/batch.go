package check

import (
	"context"
	"sync"
	"time"
)

// Batch validates several connections. Those with the same key in the same region share the answers about the key, and each of
// them only asks about its organization. Its methods may be called by several goroutines at once.
type Batch struct {
	validator Validator
	mu        sync.Mutex
	keys      map[KeyInRegion]keyAnswers
}

// KeyInRegion identifies a kept API key. KeyID is the same for connections that have the same key, and shows nothing of it.
type KeyInRegion struct{ Region, KeyID string }

// keyAnswers holds the answers about one key.
type keyAnswers struct {
	run        *validation // the validation with the most answers so far; nil while there is none
	whyRefused Outcome     // why the key is refused
	refusedAt  time.Time   // when JumpCloud said so
}

// NewBatch makes a batch that knows no answers yet.
func (v Validator) NewBatch() *Batch {
	return &Batch{validator: v, keys: make(map[KeyInRegion]keyAnswers)}
}

// Validate validates credentials that have been validated before. Key identifies their API key. Validate takes from their last report
// when the key worked, whose it is and when it ends, and what it does not find out now: the figures of lists, and how its checks ended. The
// new report has the results of all checks, and no key. Validate uses the answers about the key from earlier calls. Connections of one key
// that start at the same time each ask about it.
func (b *Batch) Validate(ctx context.Context, key KeyInRegion, last Report, credentials Credentials, watch func(Result)) Report {
	run := &validation{entered: credentials}
	run.report.Worked, run.report.Administrator = last.Worked, last.Administrator
	kept := b.answers(key, run)
	report := b.validator.validate(ctx, run, kept, watch)
	b.keep(key, run)
	report.Former = last.rememberedBy(report)
	report.remember(last)
	return report.WithoutKey()
}

// Knows reports whether earlier calls of Validate have got answers about the key.
func (b *Batch) Knows(key KeyInRegion) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	known := b.keys[key]
	return known.run != nil || known.whyRefused.State.Final()
}

// answers hands the known answers about the key to run, and returns the results of the checks that need not run again. It returns none
// if the answers are older than [keepsFor].
func (b *Batch) answers(key KeyInRegion, run *validation) []Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	known, now := b.keys[key], b.validator.now()
	if now.Sub(known.refusedAt) <= keepsFor {
		run.whyRefused = known.whyRefused
	}
	if known.run == nil || now.Sub(known.run.asked) > keepsFor {
		return nil
	}
	run.adopt(known.run)
	return known.run.answersOfKey()
}

// keep keeps the answers of a validation if they are newer or more than the known ones.
func (b *Batch) keep(key KeyInRegion, run *validation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	known := b.keys[key]
	if run.whyRefused.State.Final() && run.asked.Sub(known.refusedAt) > keepsFor {
		known.whyRefused, known.refusedAt = run.whyRefused, run.asked
	}
	answers, isNewer := len(run.answersOfKey()), known.run == nil || run.asked.After(known.run.asked)
	if answers > 0 && (isNewer || answers > len(known.run.answersOfKey()) || run.first.complete && !known.run.first.complete) {
		known.run = run
	}
	b.keys[key] = known
}

// answersOfKey returns the results of the checks that asked JumpCloud about the key. It leaves out checks that only read the answer of
// another one: they cost nothing, and their results may depend on the connection's last report.
func (v *validation) answersOfKey() []Result {
	var answers []Result
	for _, c := range All() {
		if r := resultOf(v.report.Results, c.ID); c.OfKey && c.Of == "" && v.holds(r) {
			r.Took, r.Exchanges = 0, nil // these belong to the connection that asked
			answers = append(answers, r)
		}
	}
	return answers
}

// holds reports whether a result about the key is the same for every connection of the key. For example, if a guest network answered
// with its own page in place of the role, that holds for one connection only.
func (v *validation) holds(r Result) bool {
	roleHolds := v.roleErr == nil || refusesCall(v.roleErr)
	return r.State.Final() && !r.Cause.Meaning().Repeats && v.first.ofKey && (r.Check != IDRole || roleHolds)
}

// adopt takes over what another validation found out about the same key.
func (v *validation) adopt(other *validation) {
	v.first, v.asked, v.mfa = other.first, other.asked, other.mfa
	v.report.ClockAhead = other.report.ClockAhead
	switch known := resultOf(other.answersOfKey(), IDRole).State.Final(); {
	case known && other.roleErr != nil:
		v.roleErr, v.report.Administrator = other.roleErr, v.report.Administrator.keyDates()
	case known:
		v.report.Administrator = other.report.Administrator
	}
}
