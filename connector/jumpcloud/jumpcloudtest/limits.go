package jumpcloudtest

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// EveryNth refuses every n-th request, and gives the right answer to the others.
func EveryNth(n int, refusal *Fault) *Fault {
	var count atomic.Int64
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		if count.Add(1)%int64(n) == 0 {
			refusal.answer(s, w, r)
			return
		}
		s.serve(w, r)
	})
}

// AtMost takes some time for each right answer, and refuses what arrives while n requests are being answered.
func AtMost(n int, each time.Duration, refusal *Fault) *Fault {
	var underWay atomic.Int64
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		defer underWay.Add(-1)
		if underWay.Add(1) > int64(n) {
			refusal.answer(s, w, r)
			return
		}
		if s.pause(r, each) {
			s.serve(w, r)
		}
	})
}

// PerPeriod refuses what comes after the first n requests in each period. [Server.LimitRate] does so with Retry-After.
func PerPeriod(n int, period time.Duration, refusal *Fault) *Fault {
	var mu sync.Mutex
	limit := rate{limit: n, period: period}
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		exceeded := limit.exceeded(time.Now()) > 0
		mu.Unlock()
		if exceeded {
			refusal.answer(s, w, r)
			return
		}
		s.serve(w, r)
	})
}
