package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	tries       = 3
	firstWait   = 300 * time.Millisecond
	longestWait = 30 * time.Second
	// maxAnswer is how many bytes an answer has at most, after decompression.
	maxAnswer = 4 << 20
)

// Retry is a transport that repeats a GET after a temporary failure: three tries in all. Refusals because of too many requests
// are counted apart: three of them, or six with [Limits]. Between tries it waits for a growing time, or as long as Retry-After
// asks if that is longer. It reads a successful answer, up to maxAnswer, before it returns it, because an answer that breaks off
// is a temporary failure too. If it had to wait past the request's deadline, or longer than 30 s, it returns the failure instead.
type Retry struct {
	// Base sends the requests.
	Base http.RoundTripper
	// Wait waits for d. If the context ends first, it returns the context's error. Nil means the real clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// RoundTrip implements [http.RoundTripper].
func (r *Retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, gate := req.Context(), gateOf(req)
	refusals := 0 // because of too many requests
	for try := 1; ; try++ {
		round, err := gate.enter(ctx, try > 1, r.wait)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		resp, err := r.once(req)
		callOf(ctx).tried.Add(1)
		watchOf(ctx).exchanged(req, resp, began)
		failure := failureOf(resp, err)
		asked := retryAfter(resp)
		pause := max(asked, backoff(try))
		isLimited := resp != nil && limited(resp)
		counted := try - refusals // each kind of failure has tries of its own
		if isLimited {
			refusals++
			counted = refusals
		}
		again := counted < gate.judge(resp, round, pause) && temporary(ctx, resp, failure) && req.Method == http.MethodGet
		gate.leave()
		if !again || !affordable(ctx, pause) {
			return resp, err
		}
		if asked == pause {
			watchOf(ctx).waiting(pause)
		}
		heldByGate := gate != nil && isLimited
		if resp != nil {
			drain(resp)
		}
		if heldByGate {
			continue // the request waits in the gate's queue
		}
		if err := r.wait(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// mostSent is how often net/http may send a request within one try.
const mostSent = 2

var errRepeated = errors.New("sent again and again")

// once tries a request once. The server may have closed idle connections. If the request was sent only on such connections, it
// closes them and sends the request on a new one. That counts as the same try.
func (r *Retry) once(req *http.Request) (*http.Response, error) {
	resp, stale, err := r.send(req)
	if stale && req.Method == http.MethodGet && req.Context().Err() == nil {
		r.CloseIdleConnections()
		resp, _, err = r.send(req)
	}
	return resp, err
}

// send sends a request. Net/http repeats some requests by itself, such as those that an HTTP/2 server refuses: with long pauses,
// or without pauses and without end. Send ends that after [mostSent] times. Stale reports whether the request was only sent on
// connections that had been used before, and got no byte of an answer.
func (r *Retry) send(req *http.Request) (resp *http.Response, stale bool, err error) {
	ctx, end := context.WithCancelCause(req.Context()) // not cancelled on return: the body is read with it
	var sent, reused, answered atomic.Int32
	call := callOf(ctx)
	resp, err = r.Base.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { call.connecting() },
		GotConn: func(c httptrace.GotConnInfo) {
			call.connected.Store(true)
			if sent.Add(1) > mostSent {
				end(errRepeated)
				return
			}
			if c.Reused && !isHTTP2(c.Conn) { // an HTTP/2 server says when it closes a connection
				reused.Add(1)
			}
			call.sent.Add(1)
		},
		GotFirstResponseByte: func() { answered.Add(1) },
	})))
	if err == nil {
		return resp, false, nil
	}
	if errors.Is(context.Cause(ctx), errRepeated) {
		err = errRepeated
	}
	counted := min(sent.Load(), mostSent)
	return resp, counted > 0 && reused.Load() == counted && answered.Load() == 0 && isBroken(err), err
}

func isHTTP2(c net.Conn) bool {
	encrypted, ok := c.(*tls.Conn)
	return ok && encrypted.ConnectionState().NegotiatedProtocol == "h2"
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] reach the transport below.
func (r *Retry) CloseIdleConnections() {
	if c, ok := r.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (r *Retry) wait(ctx context.Context, d time.Duration) error {
	if r.Wait != nil {
		return r.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// failureOf returns why there is no whole answer, or nil. It reads the body of a success.
func failureOf(resp *http.Response, err error) error {
	if err != nil || resp.StatusCode != http.StatusOK {
		return err
	}
	return readAhead(resp)
}

// readAhead reads the body of an answer, up to one byte more than maxAnswer, and returns the error that ended it early. The
// answer's body can be read again afterwards; it returns the same error.
func readAhead(resp *http.Response) error {
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	var rest io.Reader = resp.Body
	if err != nil {
		rest = failingReader{err}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(data), rest), resp.Body}
	return err
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// temporary reports whether the next try may succeed. A refused connection does not count: a server that refuses now still refuses
// in a second, and the person waits.
func temporary(ctx context.Context, resp *http.Response, err error) bool {
	if err != nil {
		kind := networkKind(ctx, err)
		return kind == ErrBroken || kind == ErrProxyBroke || kind == ErrProxyFailed
	}
	return temporaryStatus(resp.StatusCode)
}

// temporaryStatus reports whether the next try may succeed after this status. All of 5xx count, also Cloudflare's (520 to 529),
// but three: two say what the server never does, and one asks a person to sign in.
func temporaryStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	}
	return status/100 == 5
}

// backoff returns 300 ms, 600 ms, …, each times a random number from 0.5 to 1.5, so that many clients do not return at once.
func backoff(try int) time.Duration {
	base := firstWait << (try - 1)
	return base/2 + rand.N(base)
}

// longestAsked is the longest wait that retryAfter returns.
const longestAsked = 365 * 24 * time.Hour

var inSeconds = regexp.MustCompile(`^\d+(\.\d*)?$`)

// retryAfter reads the header Retry-After: seconds, or a date. It compares a date with the header Date, or else with this
// computer's time. It returns 0 if resp is nil, if the header is missing or malformed, and if the date has passed.
func retryAfter(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	text := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if inSeconds.MatchString(text) {
		seconds, _ := strconv.ParseFloat(text, 64) // infinite if there are too many digits
		return time.Duration(min(math.Ceil(seconds), longestAsked.Seconds())) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(0, at.Sub(now)), longestAsked)
}

// affordable reports whether a pause is short enough and ends before the context's deadline.
func affordable(ctx context.Context, pause time.Duration) bool {
	if pause > longestWait {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Now().Add(pause).Before(deadline)
}

// drain reads the short body of a failure, so that its connection can be used again.
func drain(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
	resp.Body.Close()
}
