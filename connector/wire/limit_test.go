package wire

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func answerWith(status int, header http.Header) *http.Response {
	return &http.Response{StatusCode: status, Header: header}
}

// A refusal halves the number of requests at once: one time for all requests that were under way together. The number grows again
// slowly.
func TestAGateAdapts(t *testing.T) {
	g := &gate{atOnce: mostAtOnce}
	for _, want := range []int{8, 4, 2, 1, 1} {
		round := g.round
		for range 3 {
			g.judge(answerWith(http.StatusTooManyRequests, nil), round, 0)
		}
		if g.atOnce != want {
			t.Errorf("after a round of refusals %d are let through, want %d", g.atOnce, want)
		}
	}
	for range raisedAfter {
		g.judge(answerWith(http.StatusOK, nil), g.round, 0)
	}
	if g.atOnce != 2 || g.refusals != 0 {
		t.Errorf("after %d that passed it is %d", raisedAfter, g.atOnce)
	}
	for range 100 * raisedAfter {
		g.judge(answerWith(http.StatusForbidden, nil), g.round, 0) // an answer, too
	}
	if g.atOnce != mostAtOnce {
		t.Errorf("in the end it is %d", g.atOnce)
	}
	g.judge(answerWith(http.StatusServiceUnavailable, nil), g.round, 0) // a failure, but no limit
	if g.atOnce != mostAtOnce {
		t.Error("a failure of the server halves it")
	}
	g.judge(answerWith(http.StatusServiceUnavailable, http.Header{"Retry-After": {"1"}}), g.round, time.Second)
	if g.atOnce != mostAtOnce/2 || !g.held.After(time.Now()) {
		t.Error("a server that asks to wait is not waited for")
	}
}

// Requests go in the order in which they came, but a refused one goes first. A request that gives up holds up no other.
func TestTheQueue(t *testing.T) {
	g := &gate{atOnce: 1}
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	order := make(chan string, 3)
	queued := func(n int) {
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
			g.mu.Lock()
			all := len(g.queue)
			g.mu.Unlock()
			if all == n || time.Now().After(deadline) {
				return
			}
		}
	}
	join := func(name string, ctx context.Context, enter func(context.Context) error) {
		go func() {
			if err := enter(ctx); err != nil {
				order <- name + ": " + err.Error()
				return
			}
			order <- name
			g.leave()
		}()
	}
	ctx, cancel := context.WithCancel(t.Context())
	join("given up", ctx, g.enter)
	queued(1)
	join("second", t.Context(), g.enter)
	queued(2)
	cancel()
	if got := <-order; got != "given up: context canceled" {
		t.Errorf("first ended %q", got)
	}
	g.mu.Lock()
	g.underWay++ // one more than is let through, which was refused
	g.mu.Unlock()
	join("refused", t.Context(), g.reenter)
	queued(2)
	g.leave()
	for _, want := range []string{"refused", "second"} {
		if got := <-order; got != want {
			t.Errorf("%q goes, want %q", got, want)
		}
	}
}

// A request that would have to wait for too long is not sent.
func TestHeldForTooLong(t *testing.T) {
	g := &gate{atOnce: mostAtOnce}
	g.judge(answerWith(http.StatusTooManyRequests, nil), 0, 20*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := g.pass(ctx, func(context.Context, time.Duration) error { t.Error("it is waited for"); return nil })
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrRateLimited || e.RetryAfter < 15*time.Second {
		t.Errorf("it ends with %v", err)
	}
}

// A long pause for one list does not hold up the requests for others.
func TestALongPauseIsOfOneRequest(t *testing.T) {
	g := &gate{atOnce: mostAtOnce}
	g.judge(answerWith(http.StatusServiceUnavailable, http.Header{"Retry-After": {"3600"}}), 0, time.Hour)
	if _, err := g.pass(t.Context(), func(context.Context, time.Duration) error { t.Error("it is waited for"); return nil }); err != nil {
		t.Errorf("another request ends with %v", err)
	}
}

// Requests share a gate if they have the same key and the same host.
func TestWhoSharesAGate(t *testing.T) {
	ctx := NewLimits().In(t.Context())
	request := func(ctx context.Context, url, key string) *http.Request {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("x-api-key", key)
		return req
	}
	one := gateOf(request(ctx, "https://console.example/a", "TESTone"))
	other, cancel := context.WithCancel(ctx)
	defer cancel()
	if one != gateOf(request(other, "https://console.example/b", "TESTone")) {
		t.Error("two requests with a key have two gates")
	}
	if one == gateOf(request(ctx, "https://console.example/a", "TESTother")) || one == gateOf(request(ctx, "https://console.eu.example/a", "TESTone")) ||
		one == gateOf(request(NewLimits().In(t.Context()), "https://console.example/a", "TESTone")) {
		t.Error("another key, region or program has the same gate")
	}
	if gateOf(request(t.Context(), "https://console.example/a", "TESTone")) != nil {
		t.Error("without limits there is a gate")
	}
}
