package check

import (
	"context"
	"slices"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/wire"
)

// event is a change of a check. The last event of a check has its final state.
type event struct {
	check  int
	result Result
}

// engine runs checks at the same time. Its methods are called from one goroutine.
type engine struct {
	checks  []Check
	kept    []Result // of checks that do not run again
	results []Result
	watch   func(Result)
	events  chan event
	running int // how many checks
}

// runAll runs each check when the checks that it waits for have ended, and returns when all have ended. A check whose result is in
// kept does not run again.
func runAll(ctx context.Context, v *validation, checks []Check, kept []Result, watch func(Result)) []Result {
	e := engine{checks: checks, kept: kept, results: make([]Result, len(checks)), watch: watch, events: make(chan event)}
	for i, c := range checks {
		e.results[i] = Result{Check: c.ID}
	}
	for {
		for i, ok := e.ready(); ok; i, ok = e.ready() {
			e.start(ctx, v, i)
		}
		if e.running == 0 {
			return e.results
		}
		event := <-e.events
		if event.result.State.Final() {
			e.running--
		}
		e.set(event.check, event.result)
	}
}

// set notes a result, and turns the failure of an optional check into a warning.
func (e *engine) set(i int, r Result) {
	if e.checks[i].Optional && r.State == Failed && r.Cause.Meaning().Softens {
		r.State = Warning
	}
	e.results[i] = r
	e.watch(r)
}

// ready finds a check whose wait for other checks is over.
func (e *engine) ready() (int, bool) {
	for i, c := range e.checks {
		if e.results[i].State == Waiting && !slices.ContainsFunc(c.After, func(id ID) bool {
			return !resultOf(e.results, id).State.Final()
		}) {
			return i, true
		}
	}
	return 0, false
}

// start runs a check, or ends it at once if its result is known or it cannot run.
func (e *engine) start(ctx context.Context, v *validation, i int) {
	c := e.checks[i]
	hindrance := e.hindrance(ctx, c)
	kept := resultOf(e.kept, c.ID)
	switch {
	case kept.State.Final() && hindrance != CauseDependency:
		e.set(i, kept)
	case hindrance != "":
		e.set(i, Result{Check: c.ID, Outcome: outcome(hindrance, Facts{})})
	default:
		e.set(i, Result{Check: c.ID, Outcome: Outcome{State: Running}})
		e.running++
		go runOne(ctx, v, c, func(r Result) { e.events <- event{i, r} })
	}
}

// hindrance says why a check that is ready cannot run. It is empty if the check can run.
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

// runOne runs one check. It reports each wait of its requests, and at the end its outcome.
func runOne(ctx context.Context, v *validation, c Check, report func(Result)) {
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
		Waiting: func(until time.Time) {
			report(Result{Check: c.ID, Outcome: Outcome{State: Running, Cause: CauseWaiting, Facts: Facts{"Until": moment(until)}}})
		},
	})
	began := time.Now()
	r := Result{Check: c.ID, Outcome: c.run(ctx, v), Took: time.Since(began)}
	mu.Lock()
	r.Exchanges = exchanges[:len(exchanges):len(exchanges)] // requests that were given up may end later
	mu.Unlock()
	report(r)
}
