package wire

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Exchange describes one request and its answer to support. It holds nothing secret or personal: no host, no query, and no id but
// the service's id for the request.
type Exchange struct {
	// Path is the call's path, with {id} in place of ids.
	Path string `json:"path"`
	// Status is the HTTP status, 0 without an answer.
	Status int `json:"status"`
	// RequestID is the service's id for the request, empty if it gave none.
	RequestID string `json:"requestId,omitempty"`
	// Protocol is HTTP/1.1 or HTTP/2.0.
	Protocol string `json:"protocol,omitempty"`
	// Took is the time until the header of the answer came.
	Took time.Duration `json:"took"`
	// Date is the time of the server's clock. It is zero if the server sent none, or an impossible one.
	Date time.Time `json:"-"`
}

// Watch reports what happens to the requests of a context. Its functions are called by the goroutines that make the requests,
// several at once. Each may be nil.
type Watch struct {
	// Exchanged is called after each try of a request.
	Exchanged func(Exchange)
	// Waiting is called when the service asked to wait before the next try.
	Waiting func(until time.Time)
	// Held is called with true when a request starts to wait because of too many requests, and with false when it goes on.
	Held func(bool)
}

type watchKey struct{}

// WithWatch returns a copy of ctx. Requests made with it are reported to w, after any watcher already in ctx.
func WithWatch(ctx context.Context, w Watch) context.Context {
	outer := watchOf(ctx)
	return context.WithValue(ctx, watchKey{}, Watch{Exchanged: both(outer.Exchanged, w.Exchanged), Waiting: both(outer.Waiting, w.Waiting),
		Held: both(outer.Held, w.Held)})
}

// both returns a function that calls first and second. Either may be nil.
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
		if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil && 2012 <= date.Year() && date.Year() < 2100 {
			e.Date = date
		}
	}
	w.Exchanged(e)
}

// hold reports that a request waits. The returned function reports that it goes on.
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

// idInPath matches ids of services: 24 hexadecimal digits, or a UUID.
var idInPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`/(?:[0-9a-fA-F]{24}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(/|$)`)
})

// pathOf returns the path of a request's call, without ids. The request's own path may begin with something that a person entered.
func pathOf(req *http.Request) string {
	return idInPath().ReplaceAllString(callOf(req.Context()).path, "/{id}$1")
}

// requestIDs matches UUIDs and hexadecimal digits. Other ids are left out, because they are passed on to support, and a hostile
// server could put anything there.
var requestIDs = regexp.MustCompile(`^[0-9a-fA-F-]{8,64}$`)

// requestID returns the service's id for a request. It is empty if the service gave none, or repeats what was sent.
func requestID(req *http.Request, h http.Header) string {
	id := h.Get("X-Request-Id")
	if !requestIDs.MatchString(id) {
		return ""
	}
	for _, value := range sentBy(req) {
		sent, got := strings.ToLower(value), strings.ToLower(id)
		if strings.Contains(got, sent) || strings.Contains(sent, got) {
			return ""
		}
	}
	return id
}
