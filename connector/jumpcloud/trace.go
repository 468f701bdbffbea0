package jumpcloud

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Exchange is one request that was sent and what came back, as support wants to know it. It holds nothing secret or
// personal: no host, no query, no id but the one that JumpCloud gave the request.
type Exchange struct {
	// Path is the call's path, with {id} in place of ids.
	Path string `json:"path"`
	// Status is the HTTP status, 0 where there was no answer.
	Status int `json:"status"`
	// RequestID is JumpCloud's name for the request, where it gave one.
	RequestID string `json:"requestId,omitempty"`
	// Protocol is HTTP/1.1 or HTTP/2.0.
	Protocol string `json:"protocol,omitempty"`
	// Took is the time until the header of the answer was there.
	Took time.Duration `json:"took"`
	// Date is the time by the server's clock, zero where it did not tell a plausible one.
	Date time.Time `json:"-"`
}

// Watch is told what happens to the requests of a context. Its functions are called from the goroutines that make
// the requests, several at once; each may be nil.
type Watch struct {
	// Exchanged is called after each try of a request.
	Exchanged func(Exchange)
	// Waiting is called when a request will be tried again, but not before that time, as JumpCloud asked.
	Waiting func(until time.Time)
	// Held is called with true when a request begins to wait because there were too many, and with false when it goes on.
	Held func(bool)
}

type watchKey struct{}

// WithWatch returns a copy of ctx. Requests made with it are reported to w, after any watcher already in ctx.
func WithWatch(ctx context.Context, w Watch) context.Context {
	outer := watchOf(ctx)
	return context.WithValue(ctx, watchKey{}, Watch{Exchanged: both(outer.Exchanged, w.Exchanged), Waiting: both(outer.Waiting, w.Waiting),
		Held: both(outer.Held, w.Held)})
}

// both calls two functions, as far as they are there.
func both[T any](first, second func(T)) func(T) {
	if first == nil {
		return second
	}
	if second == nil {
		return first
	}
	return func(v T) { first(v); second(v) }
}

func watchOf(ctx context.Context) Watch {
	w, _ := ctx.Value(watchKey{}).(Watch)
	return w
}

func (w Watch) exchanged(req *http.Request, resp *http.Response, began time.Time) {
	if w.Exchanged == nil {
		return
	}
	e := Exchange{Path: pathOf(req), Took: time.Since(began)}
	if resp != nil {
		e.Status, e.Protocol, e.RequestID = resp.StatusCode, resp.Proto, requestID(req, resp.Header)
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && Plausible(date) {
			e.Date = date
		}
	}
	w.Exchanged(e)
}

// hold says that a request waits, until the returned function is called.
func (w Watch) hold() (goOn func()) {
	if w.Held == nil {
		return func() {}
	}
	w.Held(true)
	return func() { w.Held(false) }
}

func (w Watch) waiting(pause time.Duration) {
	if w.Waiting != nil {
		w.Waiting(time.Now().Add(pause))
	}
}

var idInPath = regexp.MustCompile(`/[0-9a-fA-F]{24}(/|$)`)

// pathOf is a request's path from /api on: what is before it belongs to an address that a person gave.
func pathOf(req *http.Request) string {
	path := req.URL.Path
	if i := strings.Index(path, "/api/"); i > 0 {
		path = path[i:]
	}
	return idInPath.ReplaceAllString(path, "/{id}$1")
}

// requestIDs is what a name of a request may look like: a UUID, or hexadecimal digits. All else is left out, for a
// hostile server could put anything there, and these ids are passed on to support.
var requestIDs = regexp.MustCompile(`^[0-9a-fA-F-]{8,64}$`)

// requestID returns JumpCloud's name for a request, empty where it gave none or repeats what was sent.
func requestID(req *http.Request, h http.Header) string {
	id := h.Get("X-Request-Id")
	if !requestIDs.MatchString(id) {
		return ""
	}
	if req == nil {
		return id
	}
	for _, value := range sentBy(req) {
		sent, got := strings.ToLower(value), strings.ToLower(id)
		if strings.Contains(got, sent) || strings.Contains(sent, got) {
			return ""
		}
	}
	return id
}
