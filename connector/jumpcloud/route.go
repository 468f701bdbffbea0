package jumpcloud

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

// route is the way that a request takes: by which proxy, and how far it has come. It travels with the request's context,
// since net/http's own errors do not say that they are about a proxy.
type route struct {
	proxy   atomic.Pointer[string] // its host
	opening atomic.Bool            // it was asked for a tunnel and has not opened one
	sent    atomic.Int32           // how often the request was sent
}

type routeKey struct{}

// withRoute returns a copy of ctx whose requests note in the route how they went.
func withRoute(ctx context.Context) (context.Context, *route) {
	r := new(route)
	return context.WithValue(ctx, routeKey{}, r), r
}

func routeOf(ctx context.Context) *route {
	r, _ := ctx.Value(routeKey{}).(*route)
	return r
}

func (r *route) through(proxy *url.URL) {
	if r != nil {
		host := proxy.Host
		r.proxy.Store(&host)
	}
}

func (r *route) proxyHost() string {
	if r == nil || r.proxy.Load() == nil {
		return ""
	}
	return *r.proxy.Load()
}

func (r *route) countSent() {
	if r != nil {
		r.sent.Add(1)
	}
}

func (r *route) isOpening() bool { return r != nil && r.opening.Load() }

// tunnelAsked notes that a proxy is asked for a tunnel. It is made for [http.Transport.GetProxyConnectHeader].
func tunnelAsked(ctx context.Context, proxy *url.URL, _ string) (http.Header, error) {
	if r := routeOf(ctx); r != nil {
		r.through(proxy)
		r.opening.Store(true)
	}
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

// tunnelAnswered looks at what a proxy answered to the request for a tunnel. Net/http's own error for it is the bare status
// text, which says nothing of a proxy. It is made for [http.Transport.OnProxyConnectResponse].
func tunnelAnswered(ctx context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if r := routeOf(ctx); r != nil {
		r.opening.Store(false)
	}
	kind := ErrProxyRefused
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusProxyAuthRequired:
		kind = ErrProxyLogin
	case status/100 == 3, status == http.StatusNetworkAuthenticationRequired:
		kind = ErrSignIn // to a page where the user of this computer is to sign in
	case status/100 == 5, status == http.StatusTooManyRequests:
		kind = ErrProxyFailed
	case status/100 == 2:
		kind = ErrProxyBroke
	}
	return &proxyAnswer{kind, answer.StatusCode}
}

// proxyKind says what a proxy did, or why it cannot be reached; nil if err is not about one.
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
	case routeOf(ctx).isOpening() && !isTimeout(err):
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

// socksKind says what a SOCKS proxy answered. Net/http tells the answers apart by their texts only, which are those of
// RFC 1928.
func socksKind(err error) error {
	text := err.Error()
	switch {
	case isTimeout(err):
		return ErrTimeout
	case strings.Contains(text, "authentication"), strings.Contains(text, "username/password"):
		return ErrProxyLogin
	case strings.Contains(text, "not allowed by ruleset"):
		return ErrProxyRefused
	case strings.HasPrefix(text, "unknown error "): // and what it is: no host, refused, …
		return ErrProxyFailed
	}
	return ErrProxyBroke
}
