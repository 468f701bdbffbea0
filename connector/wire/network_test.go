package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/wire/wiretest"
)

// Loopback cannot show everything that can go wrong in a network. So these are errors as the packages net and crypto/tls make them.
func TestNetworkKinds(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	verify := func(err error) error {
		return &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{{}}, Err: err}
	}
	for name, c := range map[string]struct{ err, want error }{
		"no network":                   {dial(os.NewSyscallError("connect", noRoute[0])), ErrNoRoute},
		"no host":                      {dial(os.NewSyscallError("connect", noRoute[1])), ErrNoRoute},
		"no name":                      {dial(&net.DNSError{IsNotFound: true}), ErrNameNotFound},
		"a resolver that hangs":        {dial(&net.DNSError{IsTimeout: true}), ErrTimeout},
		"a proxy without a name":       {&net.OpError{Op: "proxyconnect", Err: dial(&net.DNSError{IsNotFound: true})}, ErrProxyUnreachable},
		"an unknown authority":         {verify(x509.UnknownAuthorityError{}), ErrCertificate},
		"another host":                 {verify(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"other.example"}}}), ErrCertificateName},
		"expired":                      {verify(x509.CertificateInvalidError{Reason: x509.Expired}), ErrCertificateTime},
		"too many constraints":         {verify(x509.CertificateInvalidError{Reason: x509.TooManyConstraints}), ErrCertificate},
		"the system's own words":       {verify(errors.New("SecTrustEvaluate: bad")), ErrCertificate},
		"no deadline kept":             {context.DeadlineExceeded, ErrTimeout},
		"an IPv6 address, here none":   {&net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv6loopback}, Err: noPorts[0]}, ErrNoRoute},
		"no ports":                     {&net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1)}, Err: os.NewSyscallError("connect", noPorts[0])}, ErrExhausted},
		"no files":                     {dial(os.NewSyscallError("socket", noFiles[0])), ErrExhausted},
		"no files for a look-up":       {dial(&net.DNSError{Err: "dial udp 10.0.0.1:53: socket: " + noFiles[0].Error()}), ErrExhausted},
		"no files in the whole system": {dial(os.NewSyscallError("socket", noFiles[1])), ErrExhausted},
		"no files for the roots":       {verify(x509.SystemRootsError{Err: noFiles[0]}), ErrExhausted},
		"no memory":                    {dial(os.NewSyscallError("socket", noMemory[0])), ErrExhausted},
		"no files for a proxy":         {&net.OpError{Op: "proxyconnect", Err: dial(os.NewSyscallError("socket", noFiles[0]))}, ErrExhausted},
		"not permitted":                {dial(os.NewSyscallError("connect", notPermitted[0])), ErrNotPermitted},
		"access denied":                {dial(os.NewSyscallError("connect", notPermitted[1])), ErrNotPermitted},
		"refused":                      {dial(os.NewSyscallError("connect", refused[0])), ErrUnreachable},
		"reset":                        {&net.OpError{Op: "read", Err: os.NewSyscallError("read", broken[0])}, ErrBroken},
		"reset while shaking hands":    {dial(os.NewSyscallError("read", broken[0])), ErrBroken},
		"something odd while reading":  {&net.OpError{Op: "read", Err: errors.New("odd")}, ErrBroken},
		"an alert":                     {&net.OpError{Op: "remote error", Err: errors.New("tls: internal error")}, ErrTLS},
		"something else":               {errors.New("odd"), ErrUnknown},
	} {
		if got := networkKind(t.Context(), fmt.Errorf("around: %w", c.err)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWhatHasRunOut(t *testing.T) {
	for want, err := range map[string]error{"files": noFiles[1], "memory": noMemory[1], "ports": noPorts[0]} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		var e *Error
		if got := NoAnswer(req, os.NewSyscallError("connect", err)); !errors.As(got, &e) || e.Resource != want {
			t.Errorf("%v: %+v, want %s", err, got, want)
		}
	}
}

// Servers that speak no TLS, each in its way.
func TestAServerThatDoesNotEncrypt(t *testing.T) {
	for _, greeting := range []string{"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n", "220 mail.example ESMTP\r\n", "\x05\xff and more"} {
		address := wiretest.Answer(t, func(c net.Conn) {
			_, _ = io.WriteString(c, greeting)
			_, _ = io.Copy(io.Discard, c)
		})
		_, err := get(t.Context(), NewHTTPClient(), "https://"+address)
		if !errors.Is(err, ErrNotTLS) {
			t.Errorf("%q: %v", greeting, err)
		}
	}
}

func TestTextsOfErrors(t *testing.T) {
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("x-api-key", proxiedKey)
	req.Header.Set("x-org-id", "5f0000000000000000000001")
	for _, c := range []struct {
		err  error
		want string
	}{
		{&url.Error{Op: "Get", URL: "https://host/" + proxiedKey, Err: io.EOF}, "EOF"},
		{&net.OpError{Op: "read", Source: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1)}, Err: errors.New("odd")}, "read: odd"},
		{errors.New("dial udp 10.1.2.3:53->[fe80::1%eth0]:99 and ::1, odd"), "dial udp …->… and …, odd"},
		{errors.New(`malformed "a \" b" c`), `malformed "…" c`},
		{errors.New(`malformed "a`), `malformed "…"`},
		{errors.New("a\x1b[31m\u202e\n b"), "a [31m b"},
		{errors.New("got " + strings.ToUpper(proxiedKey) + " back, and " + proxiedKey[5:15]), "got … back, and …"},
		{errors.New("of 5F0000000000000000000001!"), "of …!"},
		{errors.New(strings.Repeat("x", 500)), strings.Repeat("x", longestDetail) + "…"},
		{fmt.Errorf("around: %w", &net.DNSError{Err: "no such host", Name: "host.example", Server: "10.0.0.1:53"}), "lookup: no such host"},
		{x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a.example"}}, Host: "b.example"}, "x509: the certificate is for another name"},
	} {
		if got := detail(c.err, req).Error(); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.err, got, c.want)
		}
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
		"/v1/clients/51311a7e-0000-4000-8000-000000000001":    "/v1/clients/{id}",
		"/api/organizations/5f0000000000000000000001":         "/api/organizations/{id}",
		"/api/v2/usergroups/5f0000000000000000000001/members": "/api/v2/usergroups/{id}/members",
		"/api/systems": "/api/systems",
	} {
		ctx := Begin(t.Context(), path)
		if got := pathOf(httptest.NewRequestWithContext(ctx, http.MethodGet, "/our/own/place"+path, nil)); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}
