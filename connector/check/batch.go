package check

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

// Batch validates several connections. Those with the same key in the same region share the answers about the key, and each of
// them only asks about its organization. Its methods may be called by several goroutines at once.
type Batch struct {
	validator Validator
	mu        sync.Mutex
	keys      map[[sha256.Size]byte]*sharedKey
}

// NewBatch makes a batch of which nothing has been validated yet.
func (v Validator) NewBatch() *Batch {
	return &Batch{validator: v, keys: make(map[[sha256.Size]byte]*sharedKey)}
}

// sharedKey holds the answers to the questions about one key.
type sharedKey struct {
	mu  sync.Mutex
	run *validation // the validation that answered most of them; nil while none has

	whyRefused Outcome   // why the key is refused
	refusedAt  time.Time // when JumpCloud said so
}

// Validate validates credentials that have been validated before. It takes over from the last report when the key worked,
// whose it is and when it ends. The report holds all checks, also those that another connection has asked, and no key. Validate
// uses the answers that are there when it is called: connections of one key that start at the same time each ask about it.
func (b *Batch) Validate(ctx context.Context, last Report, credentials Credentials, watch func(Result)) Report {
	key := b.key(credentials)
	run := &validation{entered: credentials}
	run.report.Worked, run.report.Administrator = last.Worked, last.Administrator
	kept := key.answers(b.validator, run)
	report := b.validator.validate(ctx, run, kept, watch)
	key.keep(run)
	return report.WithoutKey()
}

// key returns what is known of the key.
func (b *Batch) key(credentials Credentials) *sharedKey {
	id := credentials.keyInRegion()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.keys[id] == nil {
		b.keys[id] = &sharedKey{}
	}
	return b.keys[id]
}

// answers returns the results that need not be asked again, and hands the answers to run. It returns none where the
// answers are older than [keepsFor].
func (k *sharedKey) answers(v Validator, run *validation) []Result {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v.now().Sub(k.refusedAt) <= keepsFor {
		run.whyRefused = k.whyRefused
	}
	if k.run == nil || v.now().Sub(k.run.asked) > keepsFor {
		return nil
	}
	run.adopt(k.run)
	return k.run.answersOfKey()
}

// keep keeps the answers of a validation, if it brought more than is known.
func (k *sharedKey) keep(run *validation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if run.whyRefused.State.Final() && run.asked.Sub(k.refusedAt) > keepsFor {
		k.whyRefused, k.refusedAt = run.whyRefused, run.asked
	}
	answers, isNewer := len(run.answersOfKey()), k.run == nil || run.asked.After(k.run.asked)
	if answers > 0 && (isNewer || answers > len(k.run.answersOfKey()) || run.first.complete && !k.run.first.complete) {
		k.run = run
	}
}

// answersOfKey are the results of checks that asked JumpCloud about the key. A check that only reads another one's answer is
// not among them: it costs nothing, and what it says may depend on the connection's last report.
func (v *validation) answersOfKey() []Result {
	var answers []Result
	for _, c := range All() {
		if r := resultOf(v.report.Results, c.ID); c.OfKey && c.Of == "" && v.holds(r) {
			r.Took, r.Exchanges = 0, nil // these are of the connection that asked
			answers = append(answers, r)
		}
	}
	return answers
}

// holds reports whether a result about the key is the same for every connection of it. A page of a guest network in place of the
// role, for example, counts for the connection that met it.
func (v *validation) holds(r Result) bool {
	roleHolds := v.roleErr == nil || refusesCall(v.roleErr)
	return r.State.Final() && !r.Cause.Meaning().Repeats && v.first.ofKey && (r.Check != IDRole || roleHolds)
}

// adopt takes over what another validation was told of the same key.
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
