package jumpcloud

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	tries       = 3
	firstWait   = 300 * time.Millisecond
	longestWait = 30 * time.Second
)

// Retry is a transport that repeats a GET after a temporary failure: three tries in all, six where there were too many
// requests (see [WithLimits]). Between them it waits for a time that grows, or for what Retry-After asks if that is longer.
// An answer that breaks off is a temporary failure too: a successful answer is read before it is returned, as far as an
// answer may reach. Retry never waits past the request's deadline, nor longer than 30 s: then it returns the failure.
type Retry struct {
	// Base sends the requests.
	Base http.RoundTripper
	// Wait pauses for d or until the context ends, whose error it then returns. Nil means the real clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// RoundTrip implements [http.RoundTripper].
func (r *Retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, gate := req.Context(), gateOf(req)
	if err := gate.enter(ctx); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		round, err := gate.pass(ctx, r.wait)
		if err != nil {
			gate.leave()
			return nil, err
		}
		began := time.Now()
		resp, err := r.once(req)
		watchOf(ctx).exchanged(req, resp, began)
		failure := failureOf(resp, err)
		asked := retryAfter(resp)
		pause := max(asked, backoff(try))
		again := try < gate.judge(resp, round, pause) && temporary(ctx, resp, failure) && req.Method == http.MethodGet
		if !again || !affordable(ctx, pause) {
			gate.leave()
			return resp, err
		}
		if asked == pause {
			watchOf(ctx).waiting(pause)
		}
		if err := r.pause(ctx, gate, resp, pause); err != nil {
			return nil, err
		}
	}
}

// pause waits before a request is sent again. A refused one then waits for its turn. If it fails, the request has no turn.
func (r *Retry) pause(ctx context.Context, g *gate, resp *http.Response, pause time.Duration) error {
	refused := g != nil && resp != nil && limited(resp)
	if resp != nil {
		drain(resp)
	}
	if refused {
		defer watchOf(ctx).hold()()
	}
	if err := r.wait(ctx, pause); err != nil {
		g.leave()
		return err
	}
	if refused {
		return g.reenter(ctx)
	}
	return nil
}

// mostSent is how often net/http may send a request within one try.
const mostSent = 2

var errRepeated = errors.New("sent again and again")

// once tries a request once. Net/http repeats some requests by itself, such as those that an HTTP/2 server does not want to
// look at: with long pauses, or even without any and without end. That is ended here.
func (r *Retry) once(req *http.Request) (*http.Response, error) {
	ctx, end := context.WithCancelCause(req.Context()) // the answer is read with it, so it ends with the request's
	sent := 0
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if sent++; sent > mostSent {
			end(errRepeated)
			return
		}
		routeOf(ctx).countSent()
	}})
	resp, err := r.Base.RoundTrip(req.WithContext(ctx))
	if err != nil && errors.Is(context.Cause(ctx), errRepeated) {
		err = errRepeated
	}
	return resp, err
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

// failureOf is why there is no whole answer: err, or what breaks the body of a success off.
func failureOf(resp *http.Response, err error) error {
	if err != nil || resp.StatusCode != http.StatusOK {
		return err
	}
	return readAhead(resp)
}

// readAhead reads the body of an answer, up to a little more than an answer may have, and returns what broke it off. The
// answer's body then gives what was read, and after it the rest or that error.
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

// temporary tells failures that may pass by themselves. A refused connection is not one of them: whoever refuses
// now refuses in a second, and the person waits for the word.
func temporary(ctx context.Context, resp *http.Response, err error) bool {
	if err != nil {
		kind := networkKind(ctx, err)
		return kind == ErrBroken || kind == ErrProxyBroke || kind == ErrProxyFailed
	}
	return temporaryStatus(resp.StatusCode)
}

// temporaryStatus tells the statuses that may pass by themselves. All of 5xx do, those of Cloudflare's own (520 to 529)
// too, but for three that say what the server never does, or what the network asks of a person.
func temporaryStatus(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	}
	return status/100 == 5
}

// backoff is between a half and one and a half of 300 ms, 600 ms, …: spread so that many clients do not return at once.
func backoff(try int) time.Duration {
	base := firstWait << (try - 1)
	return base/2 + rand.N(base)
}

// longestAsked bounds the wait that a server is taken to ask for.
const longestAsked = 365 * 24 * time.Hour

var inSeconds = regexp.MustCompile(`^\d+(\.\d*)?$`)

// retryAfter reads the header Retry-After: seconds, or a date, which is compared with the server's own time where it tells
// that. It returns 0 where nothing, nothing readable, or a time that is over is asked for.
func retryAfter(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	text := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if inSeconds.MatchString(text) {
		seconds, _ := strconv.ParseFloat(text, 64) // infinite where there are too many digits
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

func affordable(ctx context.Context, pause time.Duration) bool {
	if pause > longestWait {
		return false
	}
	deadline, ok := ctx.Deadline()
	return !ok || time.Now().Add(pause).Before(deadline)
}

// drain reads what little a failure's body holds, so that its connection can be used again.
func drain(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
	resp.Body.Close()
}
