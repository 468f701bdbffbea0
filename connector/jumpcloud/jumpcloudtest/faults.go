package jumpcloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Fault replaces the right answer. It happens on every request, unless On or Times say otherwise.
type Fault struct {
	path   string   // it happens at and below this path; empty means everywhere
	of     []string // it happens for these organizations; nil means for all
	left   int      // how many more times it happens; negative means always
	answer func(*Server, http.ResponseWriter, *http.Request)
}

func fault(answer func(*Server, http.ResponseWriter, *http.Request)) *Fault {
	return &Fault{left: -1, answer: answer}
}

// On limits the fault to requests at or below a path, like /api/systems.
func (f *Fault) On(path string) *Fault { f.path = path; return f }

// Of limits the fault to requests for organizations with these ids.
func (f *Fault) Of(ids ...string) *Fault { f.of = ids; return f }

// Times limits the fault to the next n requests.
func (f *Fault) Times(n int) *Fault { f.left = n; return f }

// Fail adds a fault. If several apply to a request, the one that was added first happens.
func (s *Server) Fail(f *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Heal removes all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// nextFault returns the fault for a request at this path for this organization, or nil. The key's own fault goes first.
func (s *Server) nextFault(path, organization string, ofKey *Fault) *Fault {
	for _, f := range append([]*Fault{ofKey}, s.faults...) {
		if f == nil || f.left == 0 || f.path != "" && path != f.path && !strings.HasPrefix(path, f.path+"/") {
			continue
		}
		if f.of != nil && !slices.Contains(f.of, organization) {
			continue
		}
		if f.left > 0 {
			f.left--
		}
		return f
	}
	return nil
}

// Page answers with a status and any text.
func Page(status int, contentType, body string) *Fault {
	return fault(func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	})
}

// Right gives the right answer. It keeps a fault that was added later from happening.
func Right() *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) { s.serve(w, r) })
}

// rightUnless gives the right answer, but f in its place if is returns true.
func rightUnless(f *Fault, is func(*http.Request) bool) *Fault {
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		if is(r) {
			f.answer(s, w, r)
			return
		}
		s.serve(w, r)
	})
}

// BeyondTheFirst happens on every page of a list but the first.
func BeyondTheFirst(f *Fault) *Fault {
	return rightUnless(f, func(r *http.Request) bool {
		skip := r.URL.Query().Get("skip")
		return skip != "" && skip != "0"
	})
}

// EveryNth happens on every n-th request.
func EveryNth(n int, f *Fault) *Fault {
	var count atomic.Int64
	return rightUnless(f, func(*http.Request) bool { return count.Add(1)%int64(n) == 0 })
}

// PerPeriod happens on requests beyond the first n of each period. [Server.LimitRate] does this with Retry-After.
func PerPeriod(n int, period time.Duration, f *Fault) *Fault {
	var mu sync.Mutex
	limit := rate{limit: n, period: period}
	return rightUnless(f, func(*http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		return limit.exceeded(time.Now()) > 0
	})
}

// AtMost happens on requests that arrive while n others are being answered. Each right answer takes the time each.
func AtMost(n int, each time.Duration, f *Fault) *Fault {
	var underWay atomic.Int64
	return fault(func(s *Server, w http.ResponseWriter, r *http.Request) {
		defer underWay.Add(-1)
		if underWay.Add(1) > int64(n) {
			f.answer(s, w, r)
			return
		}
		if s.pause(r, each) {
			s.serve(w, r)
		}
	})
}
