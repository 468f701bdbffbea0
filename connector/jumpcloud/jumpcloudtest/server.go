// Package jumpcloudtest is a JumpCloud to test against and to show the program with: a real HTTP or HTTPS server on
// loopback that answers the calls which the program makes, with data from a seed, as the service documents and as
// it has been seen to. It can also go wrong, in every way that JumpCloud and the network between do.
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

	matches sync.Map // of filtered lists, see matchesIn

	http   *httptest.Server
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
	clock         time.Duration // how far it is off
	rate          rate
	arrived       int // requests since the start
	released      chan struct{}
	requests      []Request
	connections   map[net.Conn]bool
}

// Request is one that arrived.
type Request struct {
	Method, Path   string
	Query          string        // as sent
	OrganizationID string        // the header x-org-id
	Key            secret.Secret // the header x-api-key
}

// New starts a server that speaks http. Close it.
func New(w World) *Server {
	s := newServer(w)
	s.http.Start()
	s.URL = s.http.URL
	return s
}

// NewTLS starts a server that speaks https, with HTTP/2, and a certificate of its own for 127.0.0.1. See
// [Server.Certificate].
func NewTLS(w World) *Server {
	s := newServer(w)
	s.http.EnableHTTP2 = true
	s.http.TLS = &tls.Config{Certificates: []tls.Certificate{newCertificate()}}
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

// Close ends the server and every request that it still keeps waiting.
func (s *Server) Close() {
	close(s.closed)
	// Under Wine an answer that nobody reads any more is written for ever, unless its connection is closed.
	s.http.CloseClientConnections()
	s.http.Close()
}

// Certificate is the one that [NewTLS] serves with.
func (s *Server) Certificate() *x509.Certificate { return s.http.Certificate() }

// Client returns an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client { return s.http.Client() }

// SetKey adds a key, or replaces the one with its value: to revoke it while the program runs, for one.
func (s *Server) SetKey(k Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[k.Value] = k
}

// SetLatency has every answer wait for d before it begins.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// SetClock has the server's clock go wrong by d, as the header Date tells it: ahead, or behind where d is negative.
func (s *Server) SetClock(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = d
}

// LimitRate refuses, with 429 and Retry-After, what comes after the first n requests in each period. An n of 0
// lifts the limit.
func (s *Server) LimitRate(n int, period time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate = rate{limit: n, period: period}
}

// Requests returns those that arrived since the start or the last [Server.ResetRequests], in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ResetRequests forgets the requests that arrived.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Connections is how many connections are open.
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

// ServeHTTP answers one request: after the latency, unless there is a fault for it or the rate is exceeded, as
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

// arrival is what is decided about a request when it arrives.
type arrival struct {
	number      int
	wait, clock time.Duration
	fault       *Fault
	retryAfter  time.Duration // the rate is exceeded for so long
}

// arrive notes a request.
func (s *Server) arrive(r *http.Request) arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("x-api-key")
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		OrganizationID: r.Header.Get("x-org-id"), Key: secret.New(key)})
	s.arrived++
	a := arrival{number: s.arrived, wait: s.latency, clock: s.clock, fault: s.nextFault(r.URL.Path, s.keys[key].Fault)}
	if a.fault == nil {
		a.retryAfter = s.rate.exceeded(time.Now())
	}
	return a
}

// pause waits, and reports false if the request or the server ended meanwhile.
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

// rate counts the requests of a period.
type rate struct {
	limit, count int
	period       time.Duration
	ends         time.Time
}

// exceeded counts a request, and returns how long to wait if it is one too many.
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

// tooManyRequests answers 429, with the time to wait in whole seconds.
func tooManyRequests(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	refuse(w, http.StatusTooManyRequests, "Too many requests")
}
