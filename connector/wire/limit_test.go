package wire

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func answerWith(status int, header http.Header) *http.Response {
	return &http.Response{StatusCode: status, Header: header}
}

// A refusal counts once for all requests that were under way together. One after which nothing has passed says nothing about the pace.
func TestAGateLearns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{atOnce: mostAtOnce}
		pace := func() float64 { return g.pace.at(time.Now()) }
		tooMany := func(round int) int { return g.judge(answerWith(http.StatusTooManyRequests, nil), round, 0) }
		for range 3 {
			if most := tooMany(0); most != limitedTries {
				t.Errorf("it may be sent %d times", most)
			}
		}
		first := pace()
		if g.round != 1 || first != usualPace {
			t.Errorf("after a refusal the pace is %v, in round %d", first, g.round)
		}
		g.judge(answerWith(http.StatusOK, nil), 0, 0) // sent before the refusal
		for range limitedTries - 2 {
			if most := tooMany(g.round); most != limitedTries || pace() != first {
				t.Errorf("it may be sent %d times, at the pace %v", most, pace())
			}
		}
		if g.atOnce != 1 {
			t.Errorf("%d are let through at once", g.atOnce)
		}
		if most := tooMany(g.round); most != 0 {
			t.Errorf("nothing passes, and it may be sent %d times", most)
		}
		for name, other := range map[string]*http.Response{"an answer": answerWith(http.StatusForbidden, nil),
			"a failure": answerWith(http.StatusServiceUnavailable, nil)} {
			g.judge(other, g.round, 0)
			if g.refusals != 0 || pace() != first {
				t.Errorf("%s is taken for a refusal", name)
			}
		}
		g.judge(answerWith(http.StatusServiceUnavailable, http.Header{"Retry-After": {"1"}}), g.round, time.Second)
		if pace() >= first || !g.held.After(time.Now()) {
			t.Error("a server that asks to wait is not waited for")
		}
		for range 100 * raisedAfter {
			g.judge(answerWith(http.StatusOK, nil), g.round, 0)
		}
		g.judge(answerWith(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}), g.round, time.Second)
		if g.atOnce != mostAtOnce {
			t.Errorf("after many that passed, and a limit by time, %d are let through at once", g.atOnce)
		}
	})
}

// Until there is a refusal, nothing but the number at once holds requests up.
func TestNoRefusalNoPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, began := &gate{atOnce: mostAtOnce}, time.Now()
		for n := range 10 * mostAtOnce {
			if _, err := g.enter(t.Context(), false, (&Retry{}).wait); err != nil {
				t.Fatal(err)
			}
			g.judge(answerWith(http.StatusOK, nil), 0, 0)
			if n >= mostAtOnce-1 {
				g.leave()
			}
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("they waited for %v", took)
		}
	})
}

// Requests go in the order in which they came, but a refused one goes first. A request that gives up holds up no other.
func TestTheQueue(t *testing.T) {
	for name, fill := range map[string]func(*gate){
		"full": func(g *gate) { g.underWay = mostAtOnce },
		"held": func(g *gate) { g.judge(answerWith(http.StatusTooManyRequests, nil), 0, time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, order := &gate{atOnce: mostAtOnce}, make(chan string, 4)
				fill(g)
				join := func(name string, ctx context.Context, sentBefore bool) {
					go func() {
						if _, err := g.enter(ctx, sentBefore, (&Retry{}).wait); err != nil {
							name += ": " + err.Error()
						} else {
							defer g.leave()
						}
						order <- name
					}()
					synctest.Wait()
				}
				ctx, cancel := context.WithCancel(t.Context())
				join("given up", ctx, false)
				join("second", t.Context(), false)
				join("third", t.Context(), false)
				cancel()
				synctest.Wait()
				join("refused", t.Context(), true)
				if name == "full" {
					g.leave()
				}
				for _, want := range []string{"given up: context canceled", "refused", "second", "third"} {
					if got := <-order; got != want {
						t.Errorf("%q goes, want %q", got, want)
					}
				}
			})
		})
	}
}

// However requests come, go and give up, none is forgotten in the queue, and none keeps its turn.
func TestNoneIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, random := &gate{atOnce: mostAtOnce}, rand.New(rand.NewPCG(1, 2))
		var all sync.WaitGroup
		most := 0
		for range 3000 {
			patience, takes := time.Duration(random.IntN(3000))*time.Millisecond, time.Duration(random.IntN(200))*time.Millisecond
			sentBefore, status := random.IntN(8) == 0, http.StatusOK
			if random.IntN(50) == 0 {
				status = http.StatusTooManyRequests
			}
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				round, err := g.enter(ctx, sentBefore, (&Retry{}).wait)
				if err != nil {
					return
				}
				defer g.leave()
				g.mu.Lock()
				most = max(most, g.underWay)
				g.mu.Unlock()
				time.Sleep(takes)
				g.judge(answerWith(status, nil), round, 100*time.Millisecond)
			})
			time.Sleep(time.Duration(random.IntN(10)) * time.Millisecond)
		}
		all.Wait()
		if len(g.queue) != 0 || g.underWay != 0 || most != mostAtOnce {
			t.Errorf("%d are in the queue and %d under way; at most there were %d", len(g.queue), g.underWay, most)
		}
	})
}

// A request that would have to wait for too long is not sent.
func TestHeldForTooLong(t *testing.T) {
	g := &gate{atOnce: mostAtOnce}
	g.judge(answerWith(http.StatusTooManyRequests, nil), 0, 20*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := g.enter(ctx, false, func(context.Context, time.Duration) error { t.Error("it is waited for"); return nil })
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrRateLimited || e.RetryAfter < 15*time.Second {
		t.Errorf("it ends with %v", err)
	}
	waits := 0
	_, err = g.enter(t.Context(), false, func(context.Context, time.Duration) error { waits++; return nil })
	if err != nil || waits != 1 || len(g.queue) != 0 {
		t.Errorf("one with more time waits %d times and ends with %v; %d are in the queue", waits, err, len(g.queue))
	}
}

// If the time of a request runs out in the queue, the limit is the reason only if there was a refusal.
func TestTimeRunsOutInTheQueue(t *testing.T) {
	for name, refused := range map[string]bool{"after a refusal": true, "without one": false} {
		synctest.Test(t, func(t *testing.T) {
			g := &gate{atOnce: mostAtOnce, underWay: mostAtOnce}
			if refused {
				g.judge(answerWith(http.StatusTooManyRequests, nil), 0, 0)
			}
			for _, limit := range []time.Duration{time.Second, 0} {
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				_, err := g.enter(ctx, false, (&Retry{}).wait)
				if errors.Is(err, ErrRateLimited) != refused || errors.Is(err, context.DeadlineExceeded) == refused {
					t.Errorf("%s, with %v: it ends with %v", name, limit, err)
				}
			}
		})
	}
}

// A long pause for one list does not hold up the requests for others.
func TestALongPauseIsOfOneRequest(t *testing.T) {
	g := &gate{atOnce: mostAtOnce}
	g.judge(answerWith(http.StatusServiceUnavailable, http.Header{"Retry-After": {"3600"}}), 0, time.Hour)
	if _, err := g.enter(t.Context(), false, func(context.Context, time.Duration) error { t.Error("it is waited for"); return nil }); err != nil {
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
