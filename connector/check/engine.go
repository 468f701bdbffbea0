package check

import (
	"context"
	"slices"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/wire"
)

// engine runs checks at the same time. Its methods are called from one goroutine.
type engine struct {
	checks  []Check
	kept    []Result // of checks that do not run again
	results []Result // one for each check, in the same order
	watch   func(Result)
	changes chan Result // from the checks that run; the last one of a check has its final state
	running int         // how many checks
}

// runAll runs each check when the checks that it waits for have ended, and returns when all have ended. A check whose result is in
// kept does not run again.
func runAll(ctx context.Context, v *validation, checks []Check, kept []Result, watch func(Result)) []Result {
	e := engine{checks: checks, kept: kept, results: make([]Result, len(checks)), watch: watch, changes: make(chan Result)}
	for i, c := range checks {
		e.results[i].Check = c.ID
	}
	for {
		for i, c := range checks { // each comes behind the checks that it waits for, so once is enough
			if e.results[i].State == Waiting && e.haveEnded(c.After) {
				e.start(ctx, v, c)
			}
		}
		if e.running == 0 {
			return e.results
		}
		r := <-e.changes
		if r.State.Final() {
			e.running--
		}
		e.set(r)
	}
}

func (e *engine) haveEnded(ids []ID) bool {
	return !slices.ContainsFunc(ids, func(id ID) bool { return !resultOf(e.results, id).State.Final() })
}

// set notes a result, and turns the failure of an optional check into a warning.
func (e *engine) set(r Result) {
	i := slices.IndexFunc(e.checks, func(c Check) bool { return c.ID == r.Check })
	if e.checks[i].Optional && r.State == Failed && r.Cause.Meaning().Softens {
		r.State = Warning
	}
	e.results[i] = r
	e.watch(r)
}

// start runs a check, or ends it at once if its result is known or it cannot run.
func (e *engine) start(ctx context.Context, v *validation, c Check) {
	hindrance := e.hindrance(ctx, c)
	kept := resultOf(e.kept, c.ID)
	switch {
	case kept.State.Final() && hindrance != CauseDependency:
		e.set(kept)
	case hindrance != "":
		e.set(Result{Check: c.ID, Outcome: outcome(hindrance, Facts{})})
	default:
		e.set(Result{Check: c.ID, Outcome: Outcome{State: Running}})
		e.running++
		go runOne(ctx, v, c, e.changes)
	}
}

// hindrance says why a check must not run although all checks in its After have ended. It is empty if the check may run.
func (e *engine) hindrance(ctx context.Context, c Check) Cause {
	for _, id := range c.After {
		if r := resultOf(e.results, id); r.Cause == CauseCancelled {
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

// runOne runs one check. It sends a change for each wait of its requests, and at the end its outcome.
func runOne(ctx context.Context, v *validation, c Check, changes chan<- Result) {
	limit, cancel := withPatience(ctx, v.validator.checkLimit())
	defer cancel()
	var (
		mu        sync.Mutex // a check may make several requests at the same time
		exchanges []wire.Exchange
	)
	ctx = wire.WithWatch(limit, wire.Watch{
		Exchanged: func(e wire.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			exchanges = append(exchanges, e)
		},
		Held: limit.hold,
		Waiting: func(end time.Time) {
			changes <- Result{Check: c.ID, Outcome: Outcome{State: Running, Cause: CauseWaiting, Facts: Facts{"Until": until(end)}}}
		},
	})
	began := time.Now()
	r := Result{Check: c.ID, Outcome: c.run(ctx, v), Took: time.Since(began)}
	mu.Lock()
	r.Exchanges = exchanges[:len(exchanges):len(exchanges)] // requests that were given up may end later
	mu.Unlock()
	changes <- r
}
