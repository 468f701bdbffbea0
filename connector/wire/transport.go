// Package wire sends the requests of clients, whatever their service: with retries, a limit for each key, the system's proxy, traces
// for support, and pages asked for ahead. What goes wrong on the way ends in an [*Error] with a kind.
//
// A client makes its HTTP client with [NewHTTPClient]. Each call begins with [Begin] and, where no answer comes, ends with
// [NoAnswer].
package wire

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewHTTPClient makes the client that sends all requests. It speaks TLS 1.2 or newer, and HTTP/2 where the server offers it. It
// uses the system's proxy, has time limits for each phase and a limit for headers, and retries (see [Retry]). It follows no
// redirect, because a redirect could carry the key to a host that nobody chose.
func NewHTTPClient() *http.Client {
	return &http.Client{
		Transport:     &Retry{Base: newTransport()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  systemProxy(),
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxResponseHeaderBytes: 64 << 10,
		GetProxyConnectHeader:  tunnelAsked,
		OnProxyConnectResponse: tunnelAnswered,
	}
}
