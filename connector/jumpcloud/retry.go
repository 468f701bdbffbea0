package jumpcloud

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

const (
	tries       = 3
	firstWait   = 300 * time.Millisecond
	longestWait = 30 * time.Second
)

// Retry is a transport that repeats a GET after a temporary failure, three tries in all: 429 after the time that
// Retry-After gives, else 5xx and broken connections with exponential backoff and jitter. It never waits past the
// request's deadline, nor longer than 30 s: then the failure is returned as it is.
type Retry struct {
	// Base sends the requests.
	Base http.RoundTripper
	// Wait pauses for d or until the context ends, whose error it then returns. Nil means the real clock.
	Wait func(ctx context.Context, d time.Duration) error
}

// RoundTrip implements [http.RoundTripper].
func (r *Retry) RoundTrip(req *http.Request) (*http.Response, error) {
	watch := watchOf(req.Context())
	for try := 1; ; try++ {
		began := time.Now()
		resp, err := r.Base.RoundTrip(req)
		watch.exchanged(req, resp, began)
		if try == tries || req.Method != http.MethodGet || !temporary(resp, err) {
			return resp, err
		}
		pause := backoff(try)
		asked, told := retryAfter(resp)
		if told {
			pause = asked
		}
		if !affordable(req.Context(), pause) {
			return resp, err
		}
		if told {
			watch.waiting(pause)
		}
		if resp != nil {
			drain(resp)
		}
		if err := r.wait(req.Context(), pause); err != nil {
			return nil, err
		}
	}
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

// temporary tells failures that may pass by themselves. A refused connection is not one of them: whoever refuses
// now refuses in a second, and the person waits for the word.
func temporary(resp *http.Response, err error) bool {
	if err != nil {
		var op *net.OpError
		broken := errors.As(err, &op) && op.Op != "dial" && op.Op != "proxyconnect"
		return broken || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// backoff is between a half and one and a half of 300 ms, 600 ms, …: spread so that many clients do not return at once.
func backoff(try int) time.Duration {
	base := firstWait << (try - 1)
	return base/2 + rand.N(base)
}

// retryAfter reads the header Retry-After: seconds, or a date.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 && seconds < int(24*time.Hour/time.Second) {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at)), true
	}
	return 0, false
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
