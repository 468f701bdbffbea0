package wire

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	// mostAtOnce is how many requests with the same key run at once.
	mostAtOnce = 16
	// raisedAfter is how many requests in a row have to pass before one more may run at once.
	raisedAfter = 10
	// limitedTries is how often a request is sent if the service refuses it for too many requests.
	limitedTries = 6
	// remembered is how long a refusal counts. A later one is the first one again.
	remembered = time.Minute
)

// Limits has requests adapt to how many of them a service allows. Those with the same key to the same host share a limit. It may be used
// from any goroutine.
type Limits struct {
	mu    sync.Mutex
	gates map[[sha256.Size]byte]*gate
}

type limitsKey struct{}

// NewLimits makes limits that know of no refusal yet.
func NewLimits() *Limits { return &Limits{gates: make(map[[sha256.Size]byte]*gate)} }

// In returns a copy of ctx, whose requests keep to these limits. Where l is nil they keep to new ones.
func (l *Limits) In(ctx context.Context) context.Context {
	if l == nil {
		l = NewLimits()
	}
	return context.WithValue(ctx, limitsKey{}, l)
}

// gateOf returns the gate of a request, or nil if the context has no limits.
func gateOf(req *http.Request) *gate {
	l, ok := req.Context().Value(limitsKey{}).(*Limits)
	if !ok {
		return nil
	}
	id := sha256.Sum256([]byte(req.URL.Host + "\n" + req.Header.Get("X-Api-Key") + "\n" + req.Header.Get("Authorization")))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gates[id] == nil {
		l.gates[id] = &gate{atOnce: mostAtOnce}
	}
	return l.gates[id]
}

// gate lets a number of requests through at once. A refusal halves the number and holds all requests for a while. Ten requests
// that pass raise it by one. Requests wait in a queue. A refused request goes to the head of the queue, so it is not refused for
// ever while others pass. A nil gate lets everything through.
type gate struct {
	mu       sync.Mutex
	atOnce   int
	underWay int
	queue    []chan struct{} // closed when it is the request's turn
	held     time.Time       // nothing is sent before this time
	round    int             // how often the number was halved
	refusals int             // rounds in a row with a refusal
	refused  time.Time       // when the last refusal came
	passed   int             // requests in a row without a refusal
}

// enter waits for the request's turn.
func (g *gate) enter(ctx context.Context) error {
	if g == nil {
		return nil
	}
	g.mu.Lock()
	if g.underWay < g.atOnce {
		g.underWay++
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.queue = append(g.queue, turn)
	g.mu.Unlock()
	return g.await(ctx, turn)
}

// reenter returns the turn of a refused request if too many are under way now, and waits for another turn.
func (g *gate) reenter(ctx context.Context) error {
	g.mu.Lock()
	if g.underWay <= g.atOnce {
		g.mu.Unlock()
		return nil
	}
	g.underWay--
	turn := make(chan struct{})
	g.queue = slices.Insert(g.queue, 0, turn)
	g.mu.Unlock()
	return g.await(ctx, turn)
}

// await waits for a turn in the queue. If it fails, the request has no turn.
func (g *gate) await(ctx context.Context, turn chan struct{}) error {
	resume := watchOf(ctx).hold()
	defer resume()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	if i := slices.Index(g.queue, turn); i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
	} else {
		g.underWay--
		g.admit()
	}
	g.mu.Unlock()
	return g.ended(ctx)
}

// leave ends the request's turn.
func (g *gate) leave() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.underWay--
	g.admit()
}

// admit lets requests of the queue through, with g.mu locked.
func (g *gate) admit() {
	for g.underWay < g.atOnce && len(g.queue) > 0 {
		close(g.queue[0])
		g.queue = g.queue[1:]
		g.underWay++
	}
}

// pass waits until requests are no longer held, and returns the round in which this request is sent. It fails if that takes too
// long.
func (g *gate) pass(ctx context.Context, wait func(context.Context, time.Duration) error) (round int, err error) {
	if g == nil {
		return 0, nil
	}
	for waited := (time.Time{}); ; {
		g.mu.Lock()
		held, round := g.held, g.round
		g.mu.Unlock()
		left := time.Until(held)
		if left <= 0 || held.Equal(waited) {
			return round, nil
		}
		if !affordable(ctx, left) {
			return 0, &Error{Kind: ErrRateLimited, RetryAfter: left}
		}
		resume := watchOf(ctx).hold()
		err := wait(ctx, left)
		resume()
		if err != nil {
			return 0, g.ended(ctx)
		}
		waited = held
	}
}

// ended returns the error of a request whose context ended while it waited. If the time ran out, the limit is the reason.
func (g *gate) ended(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(g.refused) <= remembered {
		return &Error{Kind: ErrRateLimited, RetryAfter: max(0, time.Until(g.held))}
	}
	return ctx.Err()
}

// judge adapts the gate to an answer, and returns how often the request may be sent in all. Round is what pass returned.
func (g *gate) judge(resp *http.Response, round int, pause time.Duration) (most int) {
	if g == nil || resp == nil {
		return tries
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !limited(resp) {
		g.refusals = 0
		if g.passed++; g.passed >= raisedAfter && g.atOnce < mostAtOnce {
			g.passed = 0
			g.atOnce++
			g.admit()
		}
		return tries
	}
	g.passed = 0
	if time.Since(g.refused) > remembered {
		g.refusals = 0
	}
	g.refused = time.Now()
	if round == g.round { // otherwise another answer has halved the number since this request was sent
		g.round++
		g.refusals++
		g.atOnce = max(1, g.atOnce/2)
	}
	if g.refusals >= limitedTries {
		return 0 // the service lets nothing through
	}
	// If the pause is too long, only this request ends. The limit may not apply to other paths.
	if until := time.Now().Add(pause); until.After(g.held) && pause <= longestWait {
		g.held = until
	}
	return limitedTries
}

// limited reports whether the service refused a request because there were too many.
func limited(resp *http.Response) bool {
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable && retryAfter(resp) > 0
}
