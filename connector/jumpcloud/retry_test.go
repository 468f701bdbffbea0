package jumpcloud_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// step is one answer of a scripted transport: a status with a header, or an error.
type step struct {
	status int
	header http.Header
	err    error
}

// script answers each request with the next step.
type script struct {
	steps []step
	asked int
}

func (s *script) RoundTrip(*http.Request) (*http.Response, error) {
	now := s.steps[min(s.asked, len(s.steps)-1)]
	s.asked++
	if now.err != nil {
		return nil, now.err
	}
	return &http.Response{StatusCode: now.status, Header: now.header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

func TestRetry(t *testing.T) {
	after := func(s string) http.Header { return http.Header{"Retry-After": {s}} }
	for _, c := range []struct {
		name   string
		method string
		steps  []step
		asked  int
		status int             // 0: an error
		waits  []time.Duration // where they are exact
	}{
		{name: "success at once", steps: []step{{status: 200}}, asked: 1, status: 200},
		{name: "server error passes", steps: []step{{status: 503}, {status: 200}}, asked: 2, status: 200},
		{name: "server error stays", steps: []step{{status: 500}}, asked: 3, status: 500},
		{name: "broken connection passes", steps: []step{{err: io.ErrUnexpectedEOF}, {status: 200}}, asked: 2, status: 200},
		{name: "broken connection stays", steps: []step{{err: io.EOF}}, asked: 3},
		{name: "rate limit is waited for", steps: []step{{status: 429, header: after("7")}, {status: 200}}, asked: 2, status: 200,
			waits: []time.Duration{7 * time.Second}},
		{name: "rate limit too long to wait", steps: []step{{status: 429, header: after("3600")}}, asked: 1, status: 429},
		{name: "a client error is final", steps: []step{{status: 403}}, asked: 1, status: 403},
		{name: "not implemented is final", steps: []step{{status: 501}}, asked: 1, status: 501},
		{name: "a certificate is final", steps: []step{{err: errors.New("x509")}}, asked: 1},
		{name: "only GET is repeated", method: http.MethodPost, steps: []step{{status: 503}}, asked: 1, status: 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{steps: c.steps}
			var waits []time.Duration
			r := &jumpcloud.Retry{Base: s, Wait: func(_ context.Context, d time.Duration) error {
				waits = append(waits, d)
				return nil
			}}
			req, err := http.NewRequest(c.method, "https://example.invalid/", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := r.RoundTrip(req)
			if s.asked != c.asked {
				t.Errorf("%d requests, want %d", s.asked, c.asked)
			}
			if c.status == 0 && err == nil || c.status != 0 && (err != nil || resp.StatusCode != c.status) {
				t.Errorf("got %v, %v; want status %d", resp, err, c.status)
			}
			if c.waits != nil && !slices.Equal(waits, c.waits) {
				t.Errorf("waited %v, want %v", waits, c.waits)
			}
			for i, w := range waits {
				if c.waits == nil && (w < 100*time.Millisecond || w > 1000*time.Millisecond<<i) {
					t.Errorf("wait %d is %v, out of the backoff's range", i, w)
				}
			}
		})
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &script{steps: []step{{status: 503}}}
	r := &jumpcloud.Retry{Base: s, Wait: func(ctx context.Context, _ time.Duration) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}}
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://example.invalid/", nil)
	if _, err := r.RoundTrip(req); !errors.Is(err, context.Canceled) || s.asked != 1 {
		t.Errorf("err %v after %d requests, want cancelled after 1", err, s.asked)
	}
}

func TestRetryDoesNotOutliveTheDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s := &script{steps: []step{{status: 429, header: http.Header{"Retry-After": {"20"}}}}}
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://example.invalid/", nil)
	resp, err := (&jumpcloud.Retry{Base: s, Wait: func(context.Context, time.Duration) error {
		t.Error("waited for what cannot come in time")
		return nil
	}}).RoundTrip(req)
	if err != nil || resp.StatusCode != 429 {
		t.Errorf("got %v, %v; want the 429 itself", resp, err)
	}
}
