package wire

import (
	"bufio"
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
	"runtime"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/wire/wiretest"
)

const (
	proxyPassword = "TESTproxyPassword"
	proxiedKey    = "jca_TESTproxied00000000000000000000000000001"
)

// setProxies sets the environment's variables for proxies, and clears the others.
func setProxies(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range append([]string{"HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"}, proxyVariables...) {
		t.Setenv(name, "")
	}
	for name, value := range values { // afterwards, for on Windows both spellings are one variable
		t.Setenv(name, value)
	}
}

// twice reports whether a variable is set in both spellings. On Windows they are the same variable.
func twice(values map[string]string) bool {
	for name := range values {
		if _, other := values[strings.ToLower(name)]; other && name != strings.ToLower(name) {
			return true
		}
	}
	return false
}

// sameVariable compares the names of variables in the way of this system.
func sameVariable(a, b string) bool {
	return a == b || runtime.GOOS == "windows" && strings.EqualFold(a, b)
}

// byProxy makes a call with the environment's proxy, to a host that no resolver knows, trying once.
func byProxy(t *testing.T, change func(*http.Transport)) *Error {
	t.Helper()
	transport := newTransport()
	if change != nil {
		change(transport)
	}
	h := impatient(transport)
	defer h.CloseIdleConnections()
	_, err := get(t.Context(), h, "https://service.invalid")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", err, *e, *e), e.Proxy, e.Setting, fmt.Sprint(e.Err)} {
		if strings.Contains(text, proxyPassword) || strings.Contains(text, proxiedKey) {
			t.Errorf("the password or the key is in %s", text)
		}
	}
	return e
}

// A setting that cannot be read stops the request. Nothing is sent without the proxy.
func TestAProxyThatCannotBeRead(t *testing.T) {
	for _, value := range []string{
		"http://user:p%zz" + proxyPassword + "@proxy.example:3128", "user:p%zz" + proxyPassword + "@proxy.example:3128",
		"http://[::1", "[::1:3128", "://x", "http://", "http:///", "http://:3128", "http://proxy.example:", "http://proxy.example:99999",
		"http://proxy.example:x", "http:proxy.example:3128", "http:/proxy.example:3128", "https:proxy.example", "ftp://proxy.example:21",
		"socks://proxy.example:1080", "socks4://proxy.example:1080", "socks4a://proxy.example:1080", "quic://proxy.example",
		"http://proxy example:3128", "http://proxy.example\n:3128", "http://a\nhttp://b", "http://user:" + proxyPassword + "/x@proxy.example:3128",
		"http://user:3128#" + proxyPassword + "@proxy.example:3128", "http://user:3128?" + proxyPassword + "@proxy.example:3128",
		"CORP\\user:" + proxyPassword + "@proxy.example:3128", "http://proxy.example,http://other.example", "DIRECT;", "\"http://proxy.example\"",
		"=", "%", "http://http://proxy.example:3128", "proxy.example;3128",
	} {
		setProxies(t, map[string]string{"HTTPS_PROXY": value})
		dialled := false
		e := byProxy(t, func(h *http.Transport) {
			h.DialContext = func(context.Context, string, string) (net.Conn, error) {
				dialled = true
				return nil, errors.New("dialled")
			}
		})
		if e.Kind != ErrProxyUnreadable || e.Setting != "HTTPS_PROXY" || e.Tries != 1 || dialled {
			t.Errorf("%q: %v of %q after %d tries; a connection was tried: %v", value, e.Kind, e.Setting, e.Tries, dialled)
		}
	}
}

// The variable that counts, and the address in it.
func TestProxies(t *testing.T) {
	const unreadable = "http://[::1"
	for name, c := range map[string]struct {
		set   map[string]string
		to    string
		proxy string // "" means none
		bad   string // the variable that is told
	}{
		"none":                       {nil, "https://console.example", "", ""},
		"host and port":              {map[string]string{"HTTPS_PROXY": "proxy.example:3128"}, "https://console.example", "http://proxy.example:3128", ""},
		"a host":                     {map[string]string{"HTTPS_PROXY": "proxy.example"}, "https://console.example", "http://proxy.example", ""},
		"an address":                 {map[string]string{"HTTPS_PROXY": "10.0.0.1:3128"}, "https://console.example", "http://10.0.0.1:3128", ""},
		"IPv6":                       {map[string]string{"HTTPS_PROXY": "[::1]:3128"}, "https://console.example", "http://[::1]:3128", ""},
		"user and password":          {map[string]string{"HTTPS_PROXY": "u:p@proxy.example:3128"}, "https://console.example", "http://u:p@proxy.example:3128", ""},
		"an @ in the password":       {map[string]string{"HTTPS_PROXY": "http://u:p%40p@proxy.example"}, "https://console.example", "http://u:p%40p@proxy.example", ""},
		"https":                      {map[string]string{"https_proxy": "HTTPS://Proxy.Example/"}, "https://console.example", "https://proxy.example/", ""},
		"socks5":                     {map[string]string{"https_proxy": "socks5://proxy.example"}, "https://console.example", "socks5://proxy.example", ""},
		"socks5h":                    {map[string]string{"ALL_PROXY": "socks5h://proxy.example:1"}, "https://console.example", "socks5h://proxy.example:1", ""},
		"blanks around":              {map[string]string{"HTTPS_PROXY": " \thttp://proxy.example:3128\r\n"}, "https://console.example", "http://proxy.example:3128", ""},
		"blank is none":              {map[string]string{"HTTPS_PROXY": "  ", "https_proxy": "proxy.example"}, "https://console.example", "http://proxy.example", ""},
		"two that differ":            {map[string]string{"HTTPS_PROXY": "first.example", "https_proxy": "second.example"}, "https://console.example", "http://first.example", ""},
		"the first is unreadable":    {map[string]string{"HTTPS_PROXY": unreadable, "https_proxy": "second.example"}, "https://console.example", "", "HTTPS_PROXY"},
		"small letters":              {map[string]string{"https_proxy": unreadable}, "https://console.example", "", "https_proxy"},
		"for all":                    {map[string]string{"all_proxy": unreadable}, "https://console.example", "", "all_proxy"},
		"for https before for all":   {map[string]string{"ALL_PROXY": unreadable, "https_proxy": "proxy.example"}, "https://console.example", "http://proxy.example", ""},
		"for http only":              {map[string]string{"HTTP_PROXY": "proxy.example"}, "https://console.example", "", ""},
		"excepted":                   {map[string]string{"HTTPS_PROXY": "proxy.example", "NO_PROXY": "other.example, .example"}, "https://console.example", "", ""},
		"excepted and unreadable":    {map[string]string{"HTTPS_PROXY": unreadable, "no_proxy": "console.example"}, "https://console.example", "", ""},
		"not excepted":               {map[string]string{"HTTPS_PROXY": unreadable, "NO_PROXY": "sole.example"}, "https://console.example", "", "HTTPS_PROXY"},
		"everything excepted":        {map[string]string{"HTTPS_PROXY": unreadable, "NO_PROXY": "*"}, "https://console.example", "", ""},
		"this computer":              {map[string]string{"HTTPS_PROXY": unreadable}, "https://127.0.0.1:8443", "", ""},
		"this computer, unprotected": {map[string]string{"HTTP_PROXY": "proxy.example", "ALL_PROXY": "proxy.example"}, "http://LOCALHOST:8080", "", ""},
	} {
		if runtime.GOOS == "windows" && twice(c.set) {
			continue
		}
		setProxies(t, c.set)
		got, err := systemProxy()(httptest.NewRequest(http.MethodGet, c.to, nil))
		var bad *unreadableProxy
		if errors.As(err, &bad) != (c.bad != "") || bad != nil && !sameVariable(bad.setting, c.bad) {
			t.Errorf("%s: error %v, want one about %q", name, err, c.bad)
		}
		if got == nil && c.proxy != "" || got != nil && got.String() != c.proxy {
			t.Errorf("%s: by %v, want %q", name, got, c.proxy)
		}
	}
}

func TestTheProxyOfTheSettings(t *testing.T) {
	for want, protocols := range map[string]map[string]string{
		"":                          {"http": "other.example:1"},
		"proxy.example:3128":        {"": " proxy.example:3128 ", "http": "other.example:1"},
		"secure.example:3128":       {"": "proxy.example:3128", "https": "secure.example:3128"},
		"socks4://sox.example:1080": {"socks": "sox.example:1080", "http": "other.example:1"},
	} {
		if got := fixedProxy(protocols); got != want {
			t.Errorf("%v: %q, want %q", protocols, got, want)
		}
	}
	setProxies(t, nil)
	if _, err := parseProxy(fixedProxy(map[string]string{"socks": "sox.example:1080"})); err == nil {
		t.Error("a proxy of a kind that is not supported is passed by")
	}
}

func TestAProxyThatDoesNotOpenATunnel(t *testing.T) {
	for answer, want := range map[string]struct {
		kind  error
		tries int
	}{
		"HTTP/1.1 200 OK\r\n\r\n":                                                            {ErrBroken, 3}, // and then nothing: what broke is beyond the proxy
		"HTTP/1.1 204 No Content\r\n\r\n":                                                    {ErrProxyBroke, 3},
		"HTTP/1.1 301 Moved\r\nLocation: http://login.example/\r\n\r\n":                      {ErrSignIn, 1},
		"HTTP/1.1 302 Found\r\nLocation: http://login.example/?k=" + proxiedKey + "\r\n\r\n": {ErrSignIn, 1},
		"HTTP/1.1 400 Bad Request\r\n\r\n":                                                   {ErrProxyRefused, 1},
		"HTTP/1.1 403 Forbidden\r\n\r\n":                                                     {ErrProxyRefused, 1},
		"HTTP/1.1 405 Method Not Allowed\r\n\r\n":                                            {ErrProxyRefused, 1},
		"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n":                                 {ErrProxyLogin, 1},
		"HTTP/1.1 502 Bad Gateway\r\n\r\n":                                                   {ErrProxyFailed, 3},
		"HTTP/1.1 503 Service Unavailable\r\n\r\n":                                           {ErrProxyFailed, 3},
		"HTTP/1.1 504 Gateway Timeout\r\n\r\n":                                               {ErrProxyFailed, 3},
		"HTTP/1.1 511 Network Authentication Required\r\n\r\n":                               {ErrSignIn, 1},
		"HTTP/1.1 999 " + proxyPassword + "\r\n\r\n":                                         {ErrProxyRefused, 1},
		"": {ErrProxyBroke, 3},
		"SSH-2.0-OpenSSH_9.9 " + proxyPassword + "\r\n":         {ErrProxyBroke, 3},
		"HTTP/new 200 OK\r\n\r\n":                               {ErrProxyBroke, 3},
		"HTTP/1.1 200 OK\r\nwhat " + proxyPassword + "\r\n\r\n": {ErrProxyBroke, 3},
		"HTTP/1.1 20": {ErrProxyBroke, 3},
	} {
		address := wiretest.Answer(t, func(c net.Conn) {
			wiretest.SkipHeader(c)
			_, _ = io.WriteString(c, answer)
		})
		setProxies(t, map[string]string{"HTTPS_PROXY": "http://dana:" + proxyPassword + "@" + address})
		e := byProxy(t, nil)
		if e.Kind != want.kind || e.Tries != want.tries || e.Proxy != address {
			t.Errorf("%q: %v after %d tries by %q, want %v after %d", answer, e.Kind, e.Tries, e.Proxy, want.kind, want.tries)
		}
		if strings.Contains(fmt.Sprint(e.Err), "127.0.0.1") {
			t.Errorf("the text names an address: %v", e.Err)
		}
	}
}

func TestAProxyThatIsNotThere(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, address := range []string{closed.URL, "http://proxxy.invalid:3128", strings.Replace(closed.URL, "http:", "https:", 1), "socks5://proxxy.invalid",
		strings.Replace(closed.URL, "http:", "socks5:", 1)} {
		setProxies(t, map[string]string{"HTTPS_PROXY": strings.Replace(address, "//", "//dana:"+proxyPassword+"@", 1)})
		u, _ := url.Parse(address)
		if e := byProxy(t, nil); e.Kind != ErrProxyUnreachable || e.Proxy != u.Host {
			t.Errorf("%s: %v by %q", address, e, e.Proxy)
		}
	}
}

// A proxy that speaks https has a certificate of its own.
func TestACertificateOfTheProxy(t *testing.T) {
	other := jumpcloudtest.Certificate(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} })
	nameless := jumpcloudtest.Certificate(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames, c.Subject.CommonName = nil, nil, "127.0.0.1" })
	old := jumpcloudtest.Certificate(func(c *x509.Certificate) { c.NotAfter = time.Unix(1, 0) })
	for name, c := range map[string]struct {
		certificate tls.Certificate
		trusted     bool
		max         uint16
		kind, flaw  error
	}{
		"not trusted":    {certificate: jumpcloudtest.Certificate(nil), kind: ErrProxyCertificate, flaw: ErrCertificate},
		"another name":   {certificate: other, trusted: true, kind: ErrProxyCertificate, flaw: ErrCertificateName},
		"only a CN":      {certificate: nameless, trusted: true, kind: ErrProxyCertificate, flaw: ErrCertificateForm},
		"expired":        {certificate: old, trusted: true, kind: ErrProxyCertificate, flaw: ErrCertificateTime},
		"unreadable":     {certificate: jumpcloudtest.IllegalCertificate(), kind: ErrProxyCertificate, flaw: ErrCertificateUnreadable},
		"too old a TLS":  {certificate: jumpcloudtest.Certificate(nil), max: tls.VersionTLS11, kind: ErrProxyBroke},
		"accepted, ends": {certificate: jumpcloudtest.Certificate(nil), trusted: true, kind: ErrProxyBroke},
	} {
		address, end := jumpcloudtest.Handshakes(&tls.Config{Certificates: []tls.Certificate{c.certificate}, MinVersion: tls.VersionTLS10, MaxVersion: c.max})
		setProxies(t, map[string]string{"HTTPS_PROXY": "https://dana:" + proxyPassword + "@" + address})
		e := byProxy(t, func(h *http.Transport) {
			h.TLSClientConfig.RootCAs = x509.NewCertPool()
			if leaf, err := x509.ParseCertificate(c.certificate.Certificate[0]); err == nil && c.trusted {
				h.TLSClientConfig.RootCAs.AddCert(leaf)
			}
		})
		if e.Kind != c.kind || e.Flaw != c.flaw || e.Proxy != address {
			t.Errorf("%s: %v (%v) by %q, want %v", name, e.Kind, e.Err, e.Proxy, c.kind)
		}
		if name == "not trusted" && (e.Certificate == nil || e.Certificate.Subject.CommonName != "Simulated JumpCloud") {
			t.Errorf("%s: the certificate is %v", name, e.Certificate)
		}
		end()
	}
	plain := wiretest.Answer(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	setProxies(t, map[string]string{"HTTPS_PROXY": "https://" + plain})
	if e := byProxy(t, nil); e.Kind != ErrProxyBroke {
		t.Errorf("a proxy without TLS: %v", e)
	}
}

func TestASocksProxy(t *testing.T) {
	greeting, login := "\x05\x00", "\x05\x02"
	refusal := func(code byte) string { return "\x05" + string(code) + "\x00\x01\x00\x00\x00\x00\x00\x00" }
	for name, c := range map[string]struct {
		answers []string
		kind    error
	}{
		"no method":          {[]string{"\x05\xff"}, ErrProxyLogin},
		"a wrong password":   {[]string{login, "\x01\x01"}, ErrProxyLogin},
		"a failure":          {[]string{greeting, refusal(1)}, ErrProxyFailed},
		"not allowed":        {[]string{greeting, refusal(2)}, ErrProxyRefused},
		"no network":         {[]string{greeting, refusal(3)}, ErrProxyFailed},
		"no host":            {[]string{greeting, refusal(4)}, ErrProxyFailed},
		"refused":            {[]string{greeting, refusal(5)}, ErrProxyFailed},
		"ended":              {[]string{greeting}, ErrProxyBroke},
		"ended at once":      {nil, ErrProxyBroke},
		"an HTTP proxy":      {[]string{"HTTP/1.1 400 Bad Request\r\n\r\n"}, ErrProxyBroke},
		"another SOCKS (v4)": {[]string{"\x00\x5b\x00\x00\x00\x00\x00\x00"}, ErrProxyBroke},
	} {
		address := wiretest.Answer(t, func(conn net.Conn) {
			for _, answer := range c.answers {
				_, _ = conn.Read(make([]byte, 512))
				_, _ = io.WriteString(conn, answer)
			}
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
		})
		setProxies(t, map[string]string{"ALL_PROXY": "socks5://dana:" + proxyPassword + "@" + address})
		if e := byProxy(t, nil); e.Kind != c.kind || e.Proxy != address {
			t.Errorf("%s: %v (%v) by %q, want %v", name, e.Kind, e.Err, e.Proxy, c.kind)
		}
	}
}

// The key goes through the tunnel, and the proxy sees nothing of it.
func TestTheProxyDoesNotGetTheKey(t *testing.T) {
	server := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	asked := make(chan string, 8)
	address := wiretest.Answer(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		asked <- fmt.Sprint(r.Method, " ", r.Header)
		to, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "https://"))
		if err != nil {
			return
		}
		defer to.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(to, c) }()
		_, _ = io.Copy(c, to)
	})
	setProxies(t, map[string]string{"https_proxy": address})
	transport := newTransport()
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	transport.TLSClientConfig.ServerName = "127.0.0.1"
	h := &http.Client{Transport: transport}
	defer h.CloseIdleConnections()
	if body, err := getWith(t.Context(), h, "https://service.invalid", jumpcloudtest.SampleKey); err != nil || !strings.Contains(body, `"totalCount":31`) {
		t.Errorf("by way of a proxy: %.100s, %v", body, err)
	}
	if got := <-asked; !strings.HasPrefix(got, "CONNECT ") || strings.Contains(got, jumpcloudtest.SampleKey) {
		t.Errorf("the proxy got %s", got)
	}
}
