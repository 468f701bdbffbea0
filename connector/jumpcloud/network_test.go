package jumpcloud

import (
	"compress/gzip"
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
	"time"

	"controlmap-jumpcloud/connector/secret"
)

// What the network itself can do wrong cannot all be had on loopback: the errors are those that package net and
// crypto/tls make, put in where they come from.
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
		if got := transportError(t.Context(), req, "/", os.NewSyscallError("connect", err)); !errors.As(got, &e) || e.Resource != want {
			t.Errorf("%v: %+v, want %s", err, got, want)
		}
	}
}

// Servers that speak no TLS, each in its way.
func TestAServerThatDoesNotEncrypt(t *testing.T) {
	for _, greeting := range []string{"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n", "220 mail.example ESMTP\r\n", "\x05\xff and more"} {
		address := answering(t, func(c net.Conn) {
			_, _ = io.WriteString(c, greeting)
			_, _ = io.Copy(io.Discard, c)
		})
		_, err := (&Client{BaseURL: "https://" + address}).CountApplications(t.Context())
		if !errors.Is(err, ErrNotTLS) {
			t.Errorf("%q: %v", greeting, err)
		}
	}
}

// Answers as servers must not give them, each with a piece of what was sent where it can be.
func TestAnswersThatBreakTheRules(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for answer, want := range map[string]struct {
		kind  error
		tries int
	}{
		"":                         {ErrBroken, 3},
		"HTTP/1.1 200 OK\r\n":      {ErrBroken, 3},
		"SSH-2.0-OpenSSH_9.9\r\n":  {ErrUnreadable, 1},
		"HTTP/nine 200 OK\r\n\r\n": {ErrUnreadable, 1},
		"HTTP/1.1 OK\r\n\r\n":      {ErrUnreadable, 1},
		"HTTP/1.1 2000 OK\r\n\r\n": {ErrUnreadable, 1},
		proxiedKey + "\r\n\r\n":    {ErrUnreadable, 1},
		"HTTP/1.1 " + proxiedKey[:20] + "\r\n\r\n":                                                  {ErrUnreadable, 1},
		head + "no colon " + proxiedKey + "\r\n\r\n":                                                {ErrUnreadable, 1},
		head + proxiedKey + " : x\r\n\r\n":                                                          {ErrUnreadable, 1},
		head + "Content-Length: " + proxiedKey + "\r\n\r\n":                                         {ErrUnreadable, 1},
		head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}":                                   {ErrUnreadable, 1},
		head + "Transfer-Encoding: " + proxiedKey + "\r\n\r\n":                                      {ErrUnreadable, 1},
		head + "X-Long: " + strings.Repeat("x", 1<<20) + "\r\n\r\n":                                 {ErrUnreadable, 1},
		strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 1000)+"\r\n\r\n", 500): {ErrUnreadable, 1},
		head + "Content-Length: 0\r\n\r\n":                                                          {ErrUnreadable, 1},
		head + "Content-Length: 5\r\n\r\n \r\n\t ":                                                  {ErrUnreadable, 1},
		head + "Content-Length: 99\r\n\r\n{\"totalCount\":":                                         {ErrUnreadable, 3},
		head + "Content-Length: 99\r\n\r\n{\"totalCount\":1,\"results\":[]}":                        {ErrUnreadable, 3},
		head + "Content-Length: 9\r\n\r\n{\"totalCount\":1}":                                        {ErrUnreadable, 1},
		head + "Content-Encoding: gzip\r\n\r\n{\"totalCount\":1}":                                   {ErrUnreadable, 1},
		head + "Content-Encoding: br\r\n\r\n\x8b\x00\x80":                                           {ErrUnreadable, 1},
		head + "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00":                                     {ErrUnreadable, 3},
		head + "Content-Encoding: gzip\r\n\r\n" + damagedGzip(t):                                    {ErrUnreadable, 1},
		head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n":                                           {ErrUnreadable, 1},
		head + "Transfer-Encoding: chunked\r\n\r\n40\r\n{":                                          {ErrUnreadable, 3},
		"HTTP/1.1 204 No Content\r\n\r\n":                                                           {ErrUnreadable, 1},
		"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\n{}":                               {ErrUnreadable, 1},
		"HTTP/1.1 304 Not Modified\r\n\r\n":                                                         {ErrStatus, 1},
		"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n":                                           {ErrStatus, 1},
		head + "Content-Length: 9\r\n\r\n\"" + proxiedKey[:7] + "\"":                                {ErrContract, 1},
		head + "Content-Length: 13\r\n\r\n{\"results\":7}":                                          {ErrContract, 1},
	} {
		name := answer[:min(len(answer), 120)]
		address := answering(t, func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, answer)
		})
		h := &http.Client{Transport: &Retry{Base: newTransport(), Wait: func(context.Context, time.Duration) error { return nil }}}
		_, err := (&Client{BaseURL: "http://" + address, HTTP: h, Key: secret.New(proxiedKey)}).CountApplications(t.Context())
		h.CloseIdleConnections()
		var e *Error
		if !errors.As(err, &e) || e.Kind != want.kind || e.Tries != want.tries {
			t.Errorf("%q: %v after %d tries, want %v after %d", name, err, e.Tries, want.kind, want.tries)
			continue
		}
		for part := 0; part+8 <= len(proxiedKey); part++ {
			if text := fmt.Sprintf("%v %+v %#v %+v", e, *e, *e, e.Err); strings.Contains(text, proxiedKey[part:part+8]) {
				t.Errorf("%q: a piece of the key is in %s", name, text)
			}
		}
		if text := fmt.Sprint(e.Err); strings.Contains(text, "127.0.0.1") || len([]rune(text)) > longestDetail+1 {
			t.Errorf("%q: the text is %q", name, text)
		}
	}
}

// damagedGzip is packed data with a wrong checksum.
func damagedGzip(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, `{"totalCount":1,"results":[]}`); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed := []byte(b.String())
	packed[len(packed)-6] ^= 0xff
	return string(packed)
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
		if got := described(c.err, req).Error(); got != c.want {
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
		"/api/organizations/5f0000000000000000000001":         "/api/organizations/{id}",
		"/api/v2/usergroups/5f0000000000000000000001/members": "/api/v2/usergroups/{id}/members",
		"/our/own/place/api/systems":                          "/api/systems",
	} {
		if got := pathOf(httptest.NewRequest(http.MethodGet, path, nil)); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}
