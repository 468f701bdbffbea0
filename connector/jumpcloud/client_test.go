package jumpcloud_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// noWait retries at once.
func noWait(context.Context, time.Duration) error { return nil }

// newClient reads from s as the owner of the sample key, retrying at once.
func newClient(t *testing.T, s *jumpcloudtest.Server) *jumpcloud.Client {
	t.Helper()
	h := wire.NewHTTPClient()
	h.Transport.(*wire.Retry).Wait = noWait
	t.Cleanup(h.CloseIdleConnections)
	return &jumpcloud.Client{BaseURL: s.URL, Key: secret.New(jumpcloudtest.SampleKey), HTTP: h, UserAgent: "test/1"}
}

func newServer(t *testing.T, w jumpcloudtest.World) *jumpcloudtest.Server {
	t.Helper()
	s := jumpcloudtest.New(w)
	t.Cleanup(s.Close)
	return s
}

func TestEachFailureHasItsKind(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed, with the key: %v", r.Header.Get("x-api-key") != "")
	}))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		fault    *jumpcloudtest.Fault
		kind     error
		requests int // how often it is tried
	}{
		"401":                      {jumpcloudtest.Unauthorized(), jumpcloud.ErrUnauthorized, 1},
		"401 as text":              {jumpcloudtest.UnauthorizedText(), jumpcloud.ErrUnauthorized, 1},
		"401 no organization":      {jumpcloudtest.NoOrganizationSelected(), jumpcloud.ErrNoOrganizationSelected, 1},
		"403":                      {jumpcloudtest.Forbidden(), jumpcloud.ErrForbidden, 1},
		"403 selection":            {jumpcloudtest.SelectionNotAllowed(), jumpcloud.ErrSelectionNotAllowed, 1},
		"403 blocked":              {jumpcloudtest.Blocked(), jumpcloud.ErrBlocked, 1},
		"400":                      {jumpcloudtest.Status(400), jumpcloud.ErrBadRequest, 1},
		"402":                      {jumpcloudtest.NotLicensed(), jumpcloud.ErrNotLicensed, 1},
		"404":                      {jumpcloudtest.Status(404), jumpcloud.ErrNotFound, 1},
		"418":                      {jumpcloudtest.Status(418), wire.ErrStatus, 1},
		"429":                      {jumpcloudtest.RateLimited(0), wire.ErrRateLimited, 3},
		"429, too long":            {jumpcloudtest.RateLimited(time.Hour), wire.ErrRateLimited, 1},
		"500":                      {jumpcloudtest.Status(500), wire.ErrServer, 3},
		"502":                      {jumpcloudtest.Status(502), wire.ErrServer, 3},
		"503":                      {jumpcloudtest.Status(503), wire.ErrServer, 3},
		"504":                      {jumpcloudtest.Status(504), wire.ErrServer, 3},
		"a web page":               {jumpcloudtest.CaptivePortal(), wire.ErrSignIn, 1},
		"a redirect":               {jumpcloudtest.Redirect(elsewhere.URL), wire.ErrRedirected, 1},
		"garbage":                  {jumpcloudtest.Garbage(), wire.ErrContract, 1},
		"another type":             {jumpcloudtest.WrongType(), wire.ErrContract, 1},
		"a dropped connection":     {jumpcloudtest.Drop(), wire.ErrBroken, 3},
		"half an answer":           {jumpcloudtest.DropBody(), wire.ErrUnreadable, 3},
		"an answer without end":    {jumpcloudtest.Endless(), wire.ErrTooLarge, 1},
		"a bomb":                   {jumpcloudtest.Bomb(), wire.ErrTooLarge, 1},
		"too deep":                 {jumpcloudtest.Deep(), wire.ErrContract, 1},
		"another charset":          {jumpcloudtest.WrongCharset(), wire.ErrContract, 1},
		"a header beyond all size": {jumpcloudtest.OversizeHeader(), wire.ErrUnreadable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, jumpcloudtest.SampleWorld())
			s.Fail(c.fault)
			_, err := newClient(t, s).CountApplications(t.Context())
			var e *wire.Error
			if !errors.Is(err, c.kind) || !errors.As(err, &e) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			if text := fmt.Sprintf("%v %+v %#v", err, e, e); strings.Contains(text, jumpcloudtest.SampleKey) {
				t.Error("the error holds the key")
			}
			if n := len(s.Requests()); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
		})
	}
}

func TestErrorSaysWhichFieldAndHowLong(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	s.Fail(jumpcloudtest.WrongType().On("/api/users"))
	s.Fail(jumpcloudtest.RateLimited(90 * time.Second).On("/api/applications"))
	client := newClient(t, s)
	var e *wire.Error
	for _, err := range client.Administrators(t.Context()) {
		if !errors.As(err, &e) || e.Field != "results" {
			t.Errorf("the wrong type is said to be of field %q", e.Field)
		}
	}
	if _, err := client.CountApplications(t.Context()); !errors.As(err, &e) || e.RetryAfter != 90*time.Second || e.RequestID == "" {
		t.Errorf("after 429 the error is %+v", e)
	}
}

func TestTemporaryFailuresPass(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	s.Fail(jumpcloudtest.Status(503).Times(1))
	s.Fail(jumpcloudtest.Drop().Times(1))
	s.Fail(jumpcloudtest.DropBody().Times(1))
	n, err := newClient(t, s).CountApplications(t.Context())
	if err != nil || n.Total != jumpcloud.Exactly(31) {
		t.Errorf("got %v, %v", n, err)
	}
}

func TestUnreachable(t *testing.T) {
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	client := newClient(t, s)
	s.Close()
	if _, err := client.CountApplications(t.Context()); !errors.Is(err, wire.ErrUnreachable) {
		t.Errorf("closed port: %v", err)
	}
}

func TestTimeLimitAndCancel(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	s.Fail(jumpcloudtest.Hang())
	client := newClient(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := client.CountApplications(ctx); !errors.Is(err, wire.ErrTimeout) {
		t.Errorf("no answer in time: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	arrived := len(s.Requests()) // none, where the time was over before the first one was sent
	go func() {
		for len(s.Requests()) == arrived {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	_, err := client.CountApplications(ctx)
	var e *wire.Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &e) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNothingIsSentUnprotected(t *testing.T) {
	client := &jumpcloud.Client{BaseURL: "http://console.jumpcloud.example", Key: secret.New("k"),
		HTTP: &http.Client{Transport: never{t}}}
	if _, err := client.CountApplications(t.Context()); !errors.Is(err, wire.ErrInsecure) {
		t.Errorf("got %v", err)
	}
}

// never is a transport that no request should reach.
type never struct{ t *testing.T }

func (n never) RoundTrip(*http.Request) (*http.Response, error) {
	n.t.Error("a request was sent")
	return nil, errors.New("unexpected")
}

func TestTLS(t *testing.T) {
	s := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
	t.Cleanup(s.Close)
	client := newClient(t, s)
	_, err := client.CountApplications(t.Context())
	var e *wire.Error
	if !errors.Is(err, wire.ErrCertificate) || !errors.As(err, &e) || e.Certificate == nil || !e.Certificate.Equal(s.Certificate()) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	if len(s.Requests()) != 0 {
		t.Error("the key was sent in spite of the certificate")
	}
	transport := client.HTTP.Transport.(*wire.Retry).Base.(*http.Transport)
	if transport.TLSClientConfig.MinVersion < tls.VersionTLS12 {
		t.Error("TLS older than 1.2 is accepted")
	}
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(s.Certificate())
	if n, err := client.CountApplications(t.Context()); err != nil || n.Total != jumpcloud.Exactly(31) {
		t.Errorf("a trusted certificate: %v, %v", n, err)
	}
}

func TestTheOrganizationIsSelectedByHeader(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	client := newClient(t, s)
	client.Key = secret.New(jumpcloudtest.SampleMultiTenantKey)
	client.OrganizationID = jumpcloudtest.OrganizationID(100)
	if _, err := client.CountApplications(t.Context()); err != nil {
		t.Error(err)
	}
	n := 0
	for _, err := range client.Organizations(t.Context()) { // refused if it were sent with the header
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 127 {
		t.Errorf("the key opens %d organizations", n)
	}
	for _, r := range s.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

func TestCounts(t *testing.T) {
	s := newServer(t, jumpcloudtest.World{Organizations: []jumpcloudtest.Organization{{ID: jumpcloudtest.OrganizationID(1), Name: "One",
		Applications: 5, Systems: 150, Groups: 120, Policies: 120}},
		Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleKey, Role: jumpcloudtest.RoleReadOnly, Organizations: []string{jumpcloudtest.OrganizationID(1)}}}})
	client := newClient(t, s)
	for name, c := range map[string]struct {
		count func(context.Context) (jumpcloud.Tally, error)
		want  string
	}{
		"the total is given":                 {client.CountApplications, "5"},
		"groups: in a header":                {client.CountGroups, "120"},
		"policies: only that there are more": {client.CountPolicies, "100+"},
		"insights: only a full page":         {client.CountDiskEncryption, "100+"},
	} {
		if n, err := c.count(t.Context()); err != nil || n.Total.String() != c.want {
			t.Errorf("%s: %v, %v", name, n, err)
		}
	}
}

func TestSelf(t *testing.T) {
	s := newServer(t, jumpcloudtest.SampleWorld())
	a, err := newClient(t, s).Self(t.Context())
	if err != nil || a.RoleName != jumpcloudtest.RoleReadOnly || a.MFA() != jumpcloud.Yes || a.APIKeyUpdatedAt.Year() != 2026 {
		t.Errorf("%+v, %v", a, err)
	}
}

// unreadableDates has what is no date where one is expected: no decision hangs on it, so it is no failure.
func TestUnreadableDates(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"email":"a@b.example","apiKeyUpdatedAt":"soon","apiKeyHash":{"createdAt":7},"unknown":[]}`)
	}))
	defer h.Close()
	a, err := (&jumpcloud.Client{BaseURL: h.URL}).Self(t.Context())
	if err != nil || a.Email != "a@b.example" || !a.APIKeyUpdatedAt.IsZero() {
		t.Errorf("%+v, %v", a, err)
	}
}
