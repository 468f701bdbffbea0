package jumpcloud_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

const fuzzKey = "jca_TESTfuzz0000000000000000000000000000001"

// FuzzAnswers has a server answer every call with the same: whatever it is, each call ends with a value, or with an
// error that has a kind and does not hold the key.
func FuzzAnswers(f *testing.F) {
	for _, status := range []int{200, 204, 302, 400, 401, 402, 403, 404, 407, 418, 429, 500, 503, 599} {
		for _, body := range []string{"", "null", "{}", "[]", "Unauthorized", `{"message":"Unauthorized: no organization selected"}`,
			`{"totalCount":3,"results":[{"_id":"1"}]}`, `{"totalCount":-1,"results":[]}`, `{"totalCount":1e99,"results":null}`, `{"results":[{}]}`,
			`[{"id":1},{"id":"2"}]`, `{"email":[],"apiKeyHash":7}`, "<html>", `{"totalCount":0,"results":[]}{}`, strings.Repeat("[", 20000), "\xff\xfe{"} {
			f.Add(status, "application/json", "0", "", body)
		}
	}
	f.Add(200, "text/html", "", `<x>; rel="next"`, "[]")
	f.Add(429, "", "Thu, 01 Jan 1970 00:00:00 GMT", "", fuzzKey)
	f.Add(403, "text/plain; charset=\xff", "99999999999999999999", "", "blocked "+fuzzKey)
	f.Fuzz(func(t *testing.T, status int, contentType, after, link, body string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Retry-After", after)
			w.Header().Set("Link", link)
			w.Header().Set("X-Request-Id", body)
			if status >= 200 && status < 600 {
				w.WriteHeader(status)
			}
			_, _ = w.Write([]byte(body))
		}))
		defer s.Close()
		h := wire.NewHTTPClient()
		defer h.CloseIdleConnections()
		h.Transport.(*wire.Retry).Wait = noWait
		client := &jumpcloud.Client{BaseURL: s.URL, Key: secret.New(fuzzKey), HTTP: h}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // pages may have no end
		defer cancel()
		for name, err := range callAll(ctx, client) {
			var e *wire.Error
			switch {
			case err == nil:
			case !errors.As(err, &e) || e.Kind == nil:
				t.Errorf("%s: an error without a kind: %v", name, err)
			case strings.Contains(err.Error(), fuzzKey) || strings.Contains(e.RequestID, fuzzKey):
				t.Errorf("%s: the error holds the key", name)
			}
		}
	})
}

// callAll makes every kind of call, and of the pages no more than a few.
func callAll(ctx context.Context, c *jumpcloud.Client) map[string]error {
	failures := make(map[string]error)
	_, failures["count v1"] = c.CountApplications(ctx)
	_, failures["count v2"] = c.CountPolicies(ctx)
	_, failures["share"] = c.SystemUsersWithMFA(ctx)
	_, failures["self"] = c.Self(ctx)
	_, failures["organization"] = c.Organization(ctx, "5f0000000000000000000001")
	n := 0
	for _, err := range c.Organizations(ctx) {
		if failures["organizations"] = err; err != nil {
			break
		}
		if n++; n > 300 {
			break
		}
	}
	return failures
}

// An address that is taken sends the key to a host over https, or to this computer.
func FuzzParseBaseURL(f *testing.F) {
	for _, text := range []string{"https://console.jumpcloud.com", "http://127.0.0.1:80/", "http://localhost", "http://[::1]:1", "https://user:pass@host",
		"http://127.0.0.1.example", "http://host", "https://host?x", "https://host#x", "//host", "HTTPS://HOST", "http://127.1", "https:///x", " https://host ", "http://localhost.example"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := jumpcloud.ParseBaseURL(text)
		if err != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host == "" || again.User != nil || again.RawQuery != "" || again.Fragment != "" {
			t.Fatalf("%q is taken as %q: %v", text, u, err)
		}
		local := again.Hostname() == "localhost" || again.Hostname() == "::1" || strings.HasPrefix(again.Hostname(), "127.") || strings.HasPrefix(again.Hostname(), "::ffff:127.")
		if again.Scheme != "https" && (again.Scheme != "http" || !local) {
			t.Errorf("%q would send the key to %s", text, again)
		}
	})
}
