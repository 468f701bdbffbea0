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

// Limits has requests adapt to how many of them a service allows in a time. Those with the same key to the same host share a limit. It may
// be used from any goroutine.
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

// gate lets requests through at a pace, and a number of them at once. A refusal for too many requests holds all of them for as long as the
// service asks, and slows the pace down. If the service does not say how long, it may count requests at once, so the number is halved too; ten
// requests that pass raise it by one. Requests wait in a queue. A refused request goes to its head, so it is not refused for ever while
// others pass. A nil gate lets everything through.
type gate struct {
	mu       sync.Mutex
	atOnce   int
	underWay int
	passed   int // requests in a row without a refusal
	queue    []place
	again    int       // so many at the head of the queue were sent before
	held     time.Time // nothing is sent before this time, because of a refusal
	next     time.Time // nothing is sent before this time, because of the pace
	pace     pace
	round    int       // how often requests were held
	refusals int       // rounds in a row in which nothing passed
	refused  time.Time // when the last refusal came
}

// place is a request's place in the queue. It gets a value when the request at the head should look whether it can be sent.
type place chan struct{}

// enter waits for the request's turn, and returns the round in which it is sent. Requests that were sent before go first. It fails if the
// context ends, or would end while requests are held.
func (g *gate) enter(ctx context.Context, sentBefore bool, wait func(context.Context, time.Duration) error) (round int, err error) {
	if g == nil {
		return 0, nil
	}
	mine := g.join(sentBefore)
	for waited := (time.Time{}); ; {
		round, due, ok := g.take(mine, waited)
		if ok {
			return round, nil
		}
		if left := g.heldFor(); left > 0 && !affordable(ctx, left) {
			g.quit(mine)
			return 0, &Error{Kind: ErrRateLimited, RetryAfter: left}
		}
		if err := mine.await(ctx, due, wait); err != nil {
			g.quit(mine)
			return 0, g.ended(ctx)
		}
		waited = due
	}
}

// join puts a request into the queue.
func (g *gate) join(first bool) place {
	g.mu.Lock()
	defer g.mu.Unlock()
	mine := make(place, 1)
	if first {
		g.queue = slices.Insert(g.queue, g.again, mine)
		g.again++
	} else {
		g.queue = append(g.queue, mine)
	}
	return mine
}

// take gives the request its turn if it can be sent now. If it only has to wait for a time, take returns that time as due. Once it has
// waited until then, it can be sent, whatever the clock says.
func (g *gate) take(mine place, waited time.Time) (round int, due time.Time, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.queue[0] != mine || g.underWay >= g.atOnce {
		return 0, time.Time{}, false
	}
	due = later(g.held, g.next)
	now := time.Now()
	if due.After(now) && !due.Equal(waited) {
		return 0, due, false
	}
	g.drop(0)
	g.underWay++
	g.next = now.Add(g.pace.interval(now))
	g.call()
	return g.round, due, true
}

// await waits until the request is due or, if that is zero, until it is called.
func (p place) await(ctx context.Context, due time.Time, wait func(context.Context, time.Duration) error) error {
	defer watchOf(ctx).hold()()
	if !due.IsZero() {
		return wait(ctx, time.Until(due))
	}
	select {
	case <-p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// call has the first request of the queue look whether it can be sent, with g.mu locked.
func (g *gate) call() {
	if len(g.queue) > 0 {
		select {
		case g.queue[0] <- struct{}{}:
		default: // it will look
		}
	}
}

// quit takes a request out of the queue.
func (g *gate) quit(mine place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(slices.Index(g.queue, mine))
	g.call()
}

// drop takes the request at a place out of the queue, with g.mu locked.
func (g *gate) drop(at int) {
	g.queue = slices.Delete(g.queue, at, at+1)
	if at < g.again {
		g.again--
	}
}

// leave ends the request's turn.
func (g *gate) leave() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.underWay--
	g.call()
}

// heldFor returns for how long nothing is sent because of a refusal.
func (g *gate) heldFor() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(0, time.Until(g.held))
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

// judge learns from an answer, and returns how often the request may be sent in all. Round is what enter returned.
func (g *gate) judge(resp *http.Response, round int, pause time.Duration) (most int) {
	if g == nil || resp == nil {
		return tries
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if !limited(resp) {
		g.pace.passed(now)
		if g.passed++; g.passed%raisedAfter == 0 && g.atOnce < mostAtOnce {
			g.atOnce++
			g.call()
		}
		if round == g.round { // otherwise it was sent before the last refusal
			g.refusals = 0
		}
		return tries
	}
	if now.Sub(g.refused) > remembered {
		g.refusals = 0
	}
	g.refused, g.passed = now, 0
	// If the pause is too long, only this request ends. The limit may not apply to other paths.
	if until := now.Add(pause); until.After(g.held) && pause <= longestWait {
		g.held = until
	}
	if round == g.round { // otherwise another answer has counted for all that were under way
		g.slowDown(now, retryAfter(resp) > 0)
	}
	if g.refusals >= limitedTries {
		return 0 // the service lets nothing through
	}
	return limitedTries
}

// slowDown adapts to a refusal, with g.mu locked. Timed says that the service asked for a pause.
func (g *gate) slowDown(now time.Time, timed bool) {
	g.round++
	g.refusals++
	if !timed {
		g.atOnce = max(1, g.atOnce/2)
	}
	if g.refusals == 1 { // otherwise nothing has passed: the pause was too short, and says nothing about the pace
		g.pace.refused(now, later(now, g.held), timed)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// limited reports whether the service refused a request because there were too many.
func limited(resp *http.Response) bool {
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable && retryAfter(resp) > 0
}
