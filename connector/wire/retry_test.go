package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
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
	if now.header == nil {
		now.header = http.Header{}
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
		{name: "each kind of failure has its tries", steps: []step{{status: 429}, {status: 429}, {status: 503}, {err: io.EOF}, {status: 200}}, asked: 5, status: 200},
		{name: "server error stays under a limit", steps: []step{{status: 429}, {status: 503}, {status: 429}, {status: 503}, {status: 500}, {status: 200}}, asked: 5, status: 500},
		{name: "rate limit too long to wait", steps: []step{{status: 429, header: after("3600")}}, asked: 1, status: 429},
		{name: "a client error is final", steps: []step{{status: 403}}, asked: 1, status: 403},
		{name: "not implemented is final", steps: []step{{status: 501}}, asked: 1, status: 501},
		{name: "a certificate is final", steps: []step{{err: errors.New("x509")}}, asked: 1},
		{name: "only GET is repeated", method: http.MethodPost, steps: []step{{status: 503}}, asked: 1, status: 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{steps: c.steps}
			var waits []time.Duration
			r := &Retry{Base: s, Wait: func(_ context.Context, d time.Duration) error {
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

// A temporary failure is tried three times, any other once.
func TestWhichStatusesAreTemporary(t *testing.T) {
	temporary := []int{408, 425, 429}
	for status := 500; status < 600; status++ {
		if status != 501 && status != 505 && status != 511 {
			temporary = append(temporary, status)
		}
	}
	for status := 201; status < 600; status++ {
		s := &script{steps: []step{{status: status}}}
		req, _ := http.NewRequest(http.MethodGet, "https://example.invalid/", nil)
		resp, err := impatient(s).Transport.RoundTrip(req)
		want := 1
		if slices.Contains(temporary, status) {
			want = 3
		}
		if err != nil || resp.StatusCode != status || s.asked != want {
			t.Errorf("%d: %v, %v after %d requests, want %d", status, resp, err, s.asked, want)
		}
	}
}

// How long Retry waits, and what the error says, for each value of the header Retry-After.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2031, time.May, 1, 12, 0, 0, 0, time.UTC) // by the server's clock
	for asks, want := range map[string]time.Duration{          // 0: nothing is asked for, and the backoff counts
		"":                              0,
		"0":                             0,
		"-5":                            0,
		"soon":                          0,
		"1e3":                           0,
		"0x10":                          0,
		"NaN":                           0,
		"Infinity":                      0,
		"5 seconds":                     0,
		".":                             0,
		"Thu, 01 Jan 1970 00:00:00 GMT": 0,
		now.Add(-time.Hour).Format(http.TimeFormat): 0,
		"7":   7 * time.Second,
		" 7 ": 7 * time.Second,
		"007": 7 * time.Second,
		"6.2": 7 * time.Second,
		now.Add(9 * time.Second).Format(http.TimeFormat): 9 * time.Second,
		now.Add(9 * time.Second).Format(time.RFC850):     9 * time.Second,
		"30":                            30 * time.Second,
		"31":                            31 * time.Second, // from here on it is too long to wait for
		"3600":                          time.Hour,
		"86399":                         86399 * time.Second,
		"86400":                         24 * time.Hour,
		"604800":                        7 * 24 * time.Hour,
		"99999999999999999999":          365 * 24 * time.Hour,
		strings.Repeat("9", 400):        365 * 24 * time.Hour,
		"Fri, 31 Dec 9999 23:59:59 GMT": 365 * 24 * time.Hour,
	} {
		for _, status := range []int{429, 503} {
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", now.Format(http.TimeFormat))
				w.Header().Set("Retry-After", asks)
				w.WriteHeader(status)
			}))
			var waits []time.Duration
			client := NewHTTPClient()
			client.Transport.(*Retry).Wait = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
			_, err := get(t.Context(), client, h.URL)
			client.CloseIdleConnections()
			h.Close()
			var e *Error
			if !errors.As(err, &e) || e.RetryAfter != want {
				t.Errorf("%d, %.40q: told to wait %v, want %v: %v", status, asks, e.RetryAfter, want, err)
			}
			if want > 30*time.Second {
				if len(waits) != 0 || e.Tries != 1 {
					t.Errorf("%d, %.40q: %d tries with waits %v, want 1", status, asks, e.Tries, waits)
				}
				continue
			}
			if len(waits) != 2 || e.Tries != 3 || waits[0] < max(want, 150*time.Millisecond) || waits[0] > max(want, 450*time.Millisecond) ||
				waits[1] < max(want, 300*time.Millisecond) || waits[1] > max(want, 900*time.Millisecond) {
				t.Errorf("%d, %.40q: %d tries with waits %v", status, asks, e.Tries, waits)
			}
		}
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &script{steps: []step{{status: 503}}}
	r := &Retry{Base: s, Wait: func(ctx context.Context, _ time.Duration) error {
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
	resp, err := (&Retry{Base: s, Wait: func(context.Context, time.Duration) error {
		t.Error("waited for what cannot come in time")
		return nil
	}}).RoundTrip(req)
	if err != nil || resp.StatusCode != 429 {
		t.Errorf("got %v, %v; want the 429 itself", resp, err)
	}
}
