package jumpcloud

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/mattn/go-ieproxy"
)

// NewHTTPClient makes the client that requests to JumpCloud travel through: TLS 1.2 or newer, HTTP/2 where it is
// offered, the system's proxy settings, time limits on each phase, bounded headers, retries (see [Retry]), and no
// redirect ever followed, since a redirect could carry the key to a host that nobody chose.
func NewHTTPClient() *http.Client {
	return &http.Client{
		Transport:     &Retry{Base: newTransport()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  ieproxy.GetProxyFunc(),
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxResponseHeaderBytes: 64 << 10,
		OnProxyConnectResponse: refusedByProxy,
	}
}

// refusedByProxy says what a proxy answered to the request for a tunnel. net/http's own error for it is the bare
// status text, which says nothing of a proxy.
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case answer.StatusCode == http.StatusProxyAuthRequired:
		return ErrProxyLogin
	}
	return ErrProxyRefused
}
