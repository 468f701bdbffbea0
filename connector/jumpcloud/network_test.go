package jumpcloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// What the network itself can do wrong cannot all be had on loopback: the errors are those that package net and
// crypto/tls make, put in where they come from.
func TestNetworkKinds(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	verify := func(err error) error {
		return &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{{}}, Err: err}
	}
	for name, c := range map[string]struct{ err, want error }{
		"no network":             {dial(os.NewSyscallError("connect", noRoute[0])), ErrNoRoute},
		"no host":                {dial(os.NewSyscallError("connect", noRoute[1])), ErrNoRoute},
		"no name":                {dial(&net.DNSError{IsNotFound: true}), ErrNameNotFound},
		"a resolver that hangs":  {dial(&net.DNSError{IsTimeout: true}), ErrTimeout},
		"a proxy without a name": {&net.OpError{Op: "proxyconnect", Err: dial(&net.DNSError{IsNotFound: true})}, ErrProxyUnreachable},
		"an unknown authority":   {verify(x509.UnknownAuthorityError{}), ErrCertificate},
		"another host":           {verify(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"other.example"}}}), ErrCertificateName},
		"expired":                {verify(x509.CertificateInvalidError{Reason: x509.Expired}), ErrCertificateTime},
		"too many constraints":   {verify(x509.CertificateInvalidError{Reason: x509.TooManyConstraints}), ErrCertificate},
		"the system's own words": {verify(errors.New("SecTrustEvaluate: bad")), ErrCertificate},
		"no deadline kept":       {context.DeadlineExceeded, ErrTimeout},
		"something else":         {errors.New("odd"), ErrUnknown},
	} {
		if got := networkKind(t.Context(), fmt.Errorf("around: %w", c.err)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAServerThatDoesNotEncrypt(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, err := (&Client{BaseURL: "https://" + plain.Listener.Addr().String()}).CountApplications(t.Context())
	if !errors.Is(err, ErrNotTLS) {
		t.Errorf("got %v", err)
	}
}

func TestRequestIDsAreNothingElse(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef01234567"
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("x-api-key", key)
	req.Header.Set("x-org-id", "5f0000000000000000000001")
	for id, want := range map[string]string{
		"51311a7e-0000-4000-8000-000000000001": "51311a7e-0000-4000-8000-000000000001",
		key:                                    "", // sent back by the server
		"ff" + key:                             "",
		key[4:30]:                              "", // a part of it
		strings.ToUpper(key):                   "",
		"5F0000000000000000000001":             "", // the organization's
		"Larkspur Robotics":                    "",
		"dana@example.com":                     "",
		"abc":                                  "", // too short to be one
		"":                                     "",
	} {
		if got := requestID(req, http.Header{"X-Request-Id": {id}}); got != want {
			t.Errorf("%q becomes %q, want %q", id, got, want)
		}
	}
}

func TestPathsInTracesHaveNoIDs(t *testing.T) {
	for path, want := range map[string]string{
		"/api/organizations/5f0000000000000000000001":         "/api/organizations/{id}",
		"/api/v2/usergroups/5f0000000000000000000001/members": "/api/v2/usergroups/{id}/members",
		"/our/own/place/api/systems":                          "/api/systems",
	} {
		if got := pathOf(httptest.NewRequest(http.MethodGet, path, nil)); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}
