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

// call records how the requests of one call of an API go. It is in their context, because the errors of net/http do not say
// whether they are about a proxy.
type call struct {
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
func Begin(ctx context.Context, path string) context.Context {
	return context.WithValue(ctx, callKey{}, &call{path: path})
}

// callOf returns the call of a context, or an unused one.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return new(call)
}

// tries returns how often the program tried to send the request, at least 1.
func (c *call) tries() int { return int(max(1, c.tried.Load(), c.sent.Load())) }

// proxyHost returns the host of the request's proxy, "" without one.
func (c *call) proxyHost() string {
	if host := c.proxy.Load(); host != nil {
		return *host
	}
	return ""
}

func (c *call) through(proxy *url.URL) {
	host := proxy.Host
	c.proxy.Store(&host)
}

// connecting notes that the request needs a connection.
func (c *call) connecting() {
	c.asked.Store(false)
	c.connected.Store(false)
}

// waitsForTunnel reports whether the request waits for a proxy to open a tunnel. Net/http may ask for a tunnel and then give the
// request another connection that has become free. Then the request does not wait any more.
func (c *call) waitsForTunnel() bool { return c.asked.Load() && !c.connected.Load() }

// tunnelAsked notes that a proxy is asked for a tunnel, for [http.Transport.GetProxyConnectHeader].
func tunnelAsked(ctx context.Context, proxy *url.URL, _ string) (http.Header, error) {
	c := callOf(ctx)
	c.through(proxy)
	c.asked.Store(true)
	return nil, nil
}

// proxyAnswer is the error for a proxy that opened no tunnel.
type proxyAnswer struct {
	kind   error
	status int
}

func (e *proxyAnswer) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the proxy answered %d %s", e.status, http.StatusText(e.status)))
}
func (e *proxyAnswer) Unwrap() error { return e.kind }

// tunnelAnswered reads a proxy's answer, for [http.Transport.OnProxyConnectResponse]. Net/http's own error is only the text of the
// status; it does not mention a proxy.
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

// proxyKind says why a proxy failed. It returns nil if err is not about a proxy.
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

// reachingKind says why the connection to a proxy failed.
func reachingKind(err error) error {
	var record tls.RecordHeaderError
	switch kind := encryptionKind(err); {
	case exhausted(err) != "":
		return ErrExhausted
	case isAny(err, notPermitted...):
		return ErrNotPermitted
	case kind == ErrTLS, kind == ErrNotTLS, errors.As(err, &record), isBroken(err):
		return ErrProxyBroke
	case kind != nil:
		return ErrProxyCertificate
	}
	return ErrProxyUnreachable
}

// socksKind says why a SOCKS proxy failed. Net/http's errors differ only in their texts, which are those of RFC 1928.
func socksKind(err error) error {
	text := err.Error()
	switch {
	case isTimeout(err):
		return ErrTimeout
	case strings.Contains(text, "authentication"), strings.Contains(text, "username/password"):
		return ErrProxyLogin
	case strings.Contains(text, "not allowed by ruleset"):
		return ErrProxyRefused
	case strings.HasPrefix(text, "unknown error "): // followed by the reason: no host, refused, …
		return ErrProxyFailed
	}
	return ErrProxyBroke
}
