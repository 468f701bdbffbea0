package wire

import (
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// service answers after a latency, or refuses: unless refuses returns a negative number, it refuses, with so many seconds in Retry-After
// or, for 0, without it.
type service struct {
	latency time.Duration
	refusal time.Duration // the latency of a refusal, where a gateway is faster; 0 for the same
	refuses func(now time.Time) (seconds int)

	mu                sync.Mutex
	answered, tooMany int
}

func (s *service) RoundTrip(*http.Request) (*http.Response, error) {
	s.mu.Lock()
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
	switch seconds := s.refuses(time.Now()); {
	case seconds < 0:
		s.answered++
	case seconds > 0:
		resp.Header.Set("Retry-After", strconv.Itoa(seconds))
		fallthrough
	default:
		s.tooMany++
		resp.StatusCode = http.StatusTooManyRequests
	}
	s.mu.Unlock()
	if s.refusal > 0 && resp.StatusCode != http.StatusOK {
		time.Sleep(s.refusal)
	} else {
		time.Sleep(s.latency)
	}
	return resp, nil
}

// inPeriods lets n requests through in each period, which begins with a request.
func inPeriods(n int, period time.Duration, timed bool) func(time.Time) int {
	var ends time.Time
	count := 0
	return func(now time.Time) int {
		if !now.Before(ends) {
			ends, count = now.Add(period), 0
		}
		if count++; count <= n {
			return -1
		}
		return secondsIf(timed, ends.Sub(now))
	}
}

// ofABucket lets burst requests through, and perSecond more each second.
func ofABucket(burst, perSecond float64, timed bool) func(time.Time) int {
	tokens, last := burst, time.Now()
	return func(now time.Time) int {
		tokens, last = min(burst, tokens+perSecond*now.Sub(last).Seconds()), now
		if tokens < 1 {
			return secondsIf(timed, time.Duration((1-tokens)/perSecond*float64(time.Second)))
		}
		tokens--
		return -1
	}
}

func secondsIf(timed bool, d time.Duration) int {
	if !timed {
		return 0
	}
	return int(math.Ceil(d.Seconds()))
}

// ask sends n requests as 48 callers would, and returns how long that takes.
func ask(ctx context.Context, t *testing.T, s *service, n int) time.Duration {
	client, began := &http.Client{Transport: &Retry{Base: s}}, time.Now()
	todo := make(chan struct{}, n)
	for range n {
		todo <- struct{}{}
	}
	close(todo)
	var callers sync.WaitGroup
	for range 48 {
		callers.Go(func() {
			for range todo {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://console.example/", nil)
				if err != nil {
					t.Error(err)
					return
				}
				resp, err := client.Do(req)
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Errorf("it ends with %v", err)
					continue
				}
				resp.Body.Close()
			}
		})
	}
	callers.Wait()
	return time.Since(began)
}

// Many requests take little longer than the limit alone needs, and few are refused, whatever the limit, the latency and the way in which the
// service counts. Limits that lie far below or above the usual pace take a while to be learned. The time is that of the bubble, so the
// machine does not count.
func TestThePaceOfALimit(t *testing.T) {
	for name, c := range map[string]struct {
		perSecond float64
		most      float64 // times as long as the limit alone needs
		refuses   func() func(time.Time) int
	}{
		"2 a second":                   {2, 1.35, func() func(time.Time) int { return inPeriods(2, time.Second, true) }},
		"5 a second":                   {5, 1.2, func() func(time.Time) int { return inPeriods(5, time.Second, true) }},
		"5 a second, without a time":   {5, 1.2, func() func(time.Time) int { return inPeriods(5, time.Second, false) }},
		"20 a second":                  {20, 1.2, func() func(time.Time) int { return inPeriods(20, time.Second, true) }},
		"50 a second":                  {50, 1.2, func() func(time.Time) int { return inPeriods(50, time.Second, true) }},
		"50 a second, without a time":  {50, 1.2, func() func(time.Time) int { return inPeriods(50, time.Second, false) }},
		"50 in five seconds":           {10, 1.2, func() func(time.Time) int { return inPeriods(50, 5*time.Second, true) }},
		"a bucket of 50":               {50, 1.2, func() func(time.Time) int { return ofABucket(50, 50, true) }},
		"a bucket of 5":                {50, 1.3, func() func(time.Time) int { return ofABucket(5, 50, true) }},
		"a bucket of 300":              {20, 1.2, func() func(time.Time) int { return ofABucket(300, 20, true) }},
		"a bucket of 50, without time": {50, 1.2, func() func(time.Time) int { return ofABucket(50, 50, false) }},
	} {
		for _, latency := range []time.Duration{80 * time.Millisecond, 300 * time.Millisecond} {
			t.Run(name+" at "+latency.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, minutes := &service{latency: latency, refuses: c.refuses()}, 4
					n := int(c.perSecond * 60 * float64(minutes))
					took := ask(NewLimits().In(t.Context()), t, s, n)
					ratio := took.Minutes() / float64(minutes)
					t.Logf("%d requests in %v, %.2f times what the limit needs; %d more were refused", n, took.Round(time.Second), ratio, s.tooMany)
					if s.answered != n || ratio > c.most || s.tooMany > 120 {
						t.Errorf("%d of %d are answered, %.2f times what the limit needs; %d were refused", s.answered, n, ratio, s.tooMany)
					}
				})
			})
		}
	}
}

// What is learned of a limit is not lost in a break: the next burst begins with refusals, and when they come nothing has passed lately.
func TestABurstAfterABreak(t *testing.T) {
	for name, c := range map[string]struct {
		perSecond float64
		refuses   func() func(time.Time) int
	}{
		"5 a second":    {5, func() func(time.Time) int { return inPeriods(5, time.Second, true) }},
		"10 a second":   {10, func() func(time.Time) int { return inPeriods(10, time.Second, true) }},
		"50 a second":   {50, func() func(time.Time) int { return inPeriods(50, time.Second, true) }},
		"a bucket of 5": {50, func() func(time.Time) int { return ofABucket(5, 50, true) }},
	} {
		for _, refusal := range []time.Duration{5 * time.Millisecond, 200 * time.Millisecond} {
			t.Run(name+", refused after "+refusal.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, n := &service{latency: 200 * time.Millisecond, refusal: refusal, refuses: c.refuses()}, int(c.perSecond*60)
					ctx := NewLimits().In(t.Context())
					for burst := range 4 {
						ratio := ask(ctx, t, s, n).Minutes()
						t.Logf("burst %d: %.2f times what the limit needs", burst, ratio)
						if ratio > 1.3 && burst > 0 || ratio > 2 { // the first has to learn it
							t.Errorf("burst %d takes %.2f times what the limit needs", burst, ratio)
						}
						time.Sleep(5 * time.Minute)
					}
				})
			})
		}
	}
}

// A limit that changes is learned anew, and one that is gone is forgotten.
func TestALimitThatChanges(t *testing.T) {
	changes := func(first, then func(time.Time) int) func(time.Time) int {
		at := time.Now().Add(time.Minute)
		return func(now time.Time) int {
			if now.Before(at) {
				return first(now)
			}
			return then(now)
		}
	}
	none := func(time.Time) int { return -1 }
	for name, c := range map[string]struct {
		refuses  func() func(time.Time) int
		requests int
		most     time.Duration
	}{
		"it is gone": {func() func(time.Time) int { return changes(inPeriods(10, time.Second, true), none) }, 600 + 12000, 4 * time.Minute},
		"it falls": {func() func(time.Time) int {
			return changes(inPeriods(50, time.Second, true), inPeriods(10, time.Second, true))
		}, 3000 + 1800, 320 * time.Second},
		"it rises": {func() func(time.Time) int {
			return changes(inPeriods(10, time.Second, true), inPeriods(50, time.Second, true))
		}, 600 + 9000, 320 * time.Second},
		"it comes up": {func() func(time.Time) int { return changes(none, inPeriods(50, time.Second, true)) }, 12000 + 6000, 230 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{latency: 80 * time.Millisecond, refuses: c.refuses()}
				took := ask(NewLimits().In(t.Context()), t, s, c.requests)
				t.Logf("%d requests in %v, %d refused", c.requests, took, s.tooMany)
				if s.answered != c.requests || took > c.most || s.tooMany > 120 {
					t.Errorf("%d of %d are answered in %v; %d were refused", s.answered, c.requests, took, s.tooMany)
				}
			})
		})
	}
}
