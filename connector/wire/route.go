package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// Call is one call of a service's API, and how its requests go. It travels with their context, because the errors of net/http
// do not say that they are about a proxy.
type Call struct {
	path      string
	proxy     atomic.Pointer[string] // the host of the proxy; nil without one
	asked     atomic.Bool            // the proxy was asked for a tunnel and has not answered
	connected atomic.Bool            // the request has got a connection
	tried     atomic.Int32           // how often Retry tried
	sent      atomic.Int32           // how often a request was sent; net/http may send it more than once in a try
}

type callKey struct{}

// Begin returns a copy of ctx for the requests of one call. Path is the path below the service's address; traces and errors
// show it.
func Begin(ctx context.Context, path string) (context.Context, *Call) {
	c := &Call{path: path}
	return context.WithValue(ctx, callKey{}, c), c
}

// callOf returns the call of a context. Without one it returns a call that nobody looks at.
func callOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return new(Call)
}

// Tries is how often the request was sent, or was tried to be sent. It is 1 at least.
func (c *Call) Tries() int { return int(max(1, c.tried.Load(), c.sent.Load())) }

// Proxy is the host of the proxy that the request took, or was to take. It is empty without a proxy.
func (c *Call) Proxy() string {
	if host := c.proxy.Load(); host != nil {
		return *host
	}
	return ""
}

func (c *Call) through(proxy *url.URL) {
	host := proxy.Host
	c.proxy.Store(&host)
}

// connecting notes that the request needs a connection.
func (c *Call) connecting() {
	c.asked.Store(false)
	c.connected.Store(false)
}

// waitsForTunnel reports whether a proxy was asked for a tunnel and has not answered. A request that has got a connection does
// not wait: net/http may open a tunnel for it, and then give it another connection that has become free.
func (c *Call) waitsForTunnel() bool { return c.asked.Load() && !c.connected.Load() }

// tunnelAsked notes that a proxy is asked for a tunnel. It is for [http.Transport.GetProxyConnectHeader].
func tunnelAsked(ctx context.Context, proxy *url.URL, _ string) (http.Header, error) {
	c := callOf(ctx)
	c.through(proxy)
	c.asked.Store(true)
	return nil, nil
}

// proxyAnswer is an answer of a proxy other than a tunnel.
type proxyAnswer struct {
	kind   error
	status int
}

func (e *proxyAnswer) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy answered %d %s", e.status, http.StatusText(e.status)))
}
func (e *proxyAnswer) Unwrap() error { return e.kind }

// tunnelAnswered looks at a proxy's answer to the request for a tunnel. The error of net/http is only the text of the status;
// it does not mention a proxy. It is for [http.Transport.OnProxyConnectResponse].
func tunnelAnswered(ctx context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	callOf(ctx).asked.Store(false)
	kind := ErrProxyRefused
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusProxyAuthRequired:
		kind = ErrProxyLogin
	case status/100 == 3, status == http.StatusNetworkAuthenticationRequired:
		kind = ErrSignIn // the user of this computer has to sign in on a page
	case status/100 == 5, status == http.StatusTooManyRequests:
		kind = ErrProxyFailed
	case status/100 == 2:
		kind = ErrProxyBroke
	}
	return &proxyAnswer{kind, answer.StatusCode}
}

// proxyKind says what a proxy did, or why it cannot be reached. It returns nil if err is not about a proxy.
func proxyKind(ctx context.Context, err error) error {
	var (
		unread *unreadableProxy
		answer *proxyAnswer
		op     *net.OpError
	)
	switch {
	case errors.As(err, &unread):
		return ErrProxyUnreadable
	case errors.As(err, &answer):
		return answer.kind
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return reachingKind(op.Err)
	case op != nil && strings.HasPrefix(op.Op, "socks "):
		return socksKind(op.Err)
	case callOf(ctx).waitsForTunnel() && !isTimeout(err):
		return ErrProxyBroke
	}
	return nil
}

// reachingKind says why there is no connection to a proxy.
func reachingKind(err error) error {
	var record tls.RecordHeaderError
	switch kind := encryptionKind(err); {
	case exhausted(err) != "":
		return ErrExhausted
	case isAny(err, notPermitted):
		return ErrNotPermitted
	case kind == ErrTLS, kind == ErrNotTLS, errors.As(err, &record), isBroken(err):
		return ErrProxyBroke
	case kind != nil:
		return ErrProxyCertificate
	}
	return ErrProxyUnreachable
}

// socksKind says what a SOCKS proxy answered. The errors of net/http differ in their texts only. Those are the texts of RFC
// 1928.
func socksKind(err error) error {
	text := err.Error()
	switch {
	case isTimeout(err):
		return ErrTimeout
	case strings.Contains(text, "authentication"), strings.Contains(text, "username/password"):
		return ErrProxyLogin
	case strings.Contains(text, "not allowed by ruleset"):
		return ErrProxyRefused
	case strings.HasPrefix(text, "unknown error "): // and then the reason: no host, refused, …
		return ErrProxyFailed
	}
	return ErrProxyBroke
}
