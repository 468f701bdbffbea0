// Package jumpcloudtest simulates JumpCloud, for tests and for the demo: a real HTTP or HTTPS server on loopback. It answers the
// program's calls with made-up data, as JumpCloud documents, or as it has been seen to answer.
//
// To add a list, add its path to listAt (rows.go) and a function that makes its rows (directory.go); the number of its rows is a
// field of [Organization]. A [Fault] replaces right answers: JumpCloud's refusals and pages of others (refusals.go), broken and
// hostile answers (broken.go), and right answers with changes (changes.go). Keys are rotated as in JumpCloud (rotation.go). [NewMSP] makes a
// large world of which some is going to break (msp.go).
package jumpcloudtest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// Server is one region of a simulated JumpCloud. Its methods may be called while it serves.
type Server struct {
	// URL is the address in place of a region's console, like http://127.0.0.1:40001.
	URL string

	matches sync.Map // see matchesIn

	http   *httptest.Server
	pipes  *pipes // nil unless [NewPiped] started it
	closed chan struct{}

	mu            sync.Mutex
	seed          uint64
	ignoreFilters bool
	contractOnly  bool
	organizations map[string]Organization
	order         []string // the organizations' ids, sorted
	keys          map[string]Key
	faults        []*Fault
	latency       time.Duration
	clock         time.Duration // how far the clock is ahead
	rate          rate
	arrived       int // requests since the start
	released      chan struct{}
	requests      []Request
	connections   map[net.Conn]bool
}

// Request is a request that arrived.
type Request struct {
	Method, Path   string
	Query          string        // as sent
	OrganizationID string        // the header x-org-id
	Key            secret.Secret // the header x-api-key
}

// New starts a server with http. Close it in the end.
func New(w World) *Server {
	s := newServer(w)
	s.http.Start()
	s.URL = s.http.URL
	return s
}

// NewTLS starts a server with https and HTTP/2, and its own certificate for 127.0.0.1, see [Server.Certificate].
func NewTLS(w World) *Server {
	s := newServer(w)
	s.http.EnableHTTP2 = true
	s.http.TLS = &tls.Config{Certificates: []tls.Certificate{Certificate(nil)}}
	s.http.StartTLS()
	s.URL = s.http.URL
	return s
}

func newServer(w World) *Server {
	s := &Server{
		closed:        make(chan struct{}),
		released:      make(chan struct{}),
		seed:          w.Seed,
		ignoreFilters: w.IgnoresFilters,
		contractOnly:  w.ContractOnly,
		organizations: make(map[string]Organization),
		keys:          make(map[string]Key),
		connections:   make(map[net.Conn]bool),
	}
	for _, o := range w.Organizations {
		s.organizations[o.ID] = o
	}
	s.order = slices.Sorted(maps.Keys(s.organizations))
	for _, k := range w.Keys {
		s.keys[k.Value] = k
	}
	s.http = httptest.NewUnstartedServer(s)
	s.http.Config.ConnState = s.countConnection
	return s
}

// Close ends the server and all its requests.
func (s *Server) Close() {
	close(s.closed)
	// Under Wine, writing an answer that nobody reads only ends when its connection is closed.
	s.http.CloseClientConnections()
	s.http.Close()
}

// Certificate returns the certificate of a server that [NewTLS] started.
func (s *Server) Certificate() *x509.Certificate { return s.http.Certificate() }

// Client returns an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client { return s.http.Client() }

// SetKey adds a key, or replaces the key with the same value, for example to revoke it.
func (s *Server) SetKey(k Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[k.Value] = k
}

// SetLatency delays every answer by d.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetClock puts the server's clock ahead by d. A negative d puts it behind. The header Date is by it, and keys end by it.
func (s *Server) SetClock(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = d
}

// LimitRate answers requests beyond the first n of each period with 429 and Retry-After. An n of 0 means no limit.
func (s *Server) LimitRate(n int, period time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate = rate{limit: n, period: period}
}

// Requests returns the requests since the start or the last [Server.ResetRequests], in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ResetRequests clears the list of requests.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Connections returns how many connections are open.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.connections)
}

func (s *Server) countConnection(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.connections[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(s.connections, c)
	}
}

// ServeHTTP answers a request after the latency: with a fault if there is one, with 429 if the rate is exceeded, or else as
// JumpCloud would.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.arrive(r)
	if !s.pause(r, a.wait) {
		return
	}
	w.Header().Set("X-Request-Id", fmt.Sprintf("51311a7e-0000-4000-8000-%012x", a.number))
	w.Header().Set("Date", time.Now().Add(a.clock).UTC().Format(http.TimeFormat))
	switch {
	case a.fault != nil:
		a.fault.answer(s, w, r)
	case a.retryAfter > 0:
		tooManyRequests(w, a.retryAfter)
	default:
		s.serve(w, r)
	}
}

// arrival says how to answer a request. It is decided when the request arrives.
type arrival struct {
	number      int
	wait, clock time.Duration
	fault       *Fault
	retryAfter  time.Duration // 0 unless the rate is exceeded
}

// arrive notes a request, and decides how to answer it.
func (s *Server) arrive(r *http.Request) arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("x-api-key")
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		OrganizationID: r.Header.Get("x-org-id"), Key: secret.New(key)})
	s.arrived++
	a := arrival{number: s.arrived, wait: s.latency, clock: s.clock, fault: s.nextFault(r.URL.Path, r.Header.Get("x-org-id"), s.keys[key].Fault)}
	if a.fault == nil {
		a.retryAfter = s.rate.exceeded(time.Now())
	}
	return a
}

// pause waits for d. It returns false if the request or the server ended before.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// rate limits the requests of each period.
type rate struct {
	limit, count int
	period       time.Duration
	ends         time.Time
}

// exceeded counts a request. If there were too many, it returns the time until the period ends, otherwise 0.
func (r *rate) exceeded(now time.Time) time.Duration {
	if r.limit == 0 {
		return 0
	}
	if !now.Before(r.ends) {
		r.ends, r.count = now.Add(r.period), 0
	}
	r.count++
	if r.count <= r.limit {
		return 0
	}
	return r.ends.Sub(now)
}

// tooManyRequests answers 429, with Retry-After in whole seconds unless wait is 0.
func tooManyRequests(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	refuse(w, &refusal{http.StatusTooManyRequests, "Too many requests"})
}
