// Package wire is what the clients of all services share: retries, a limit for each key, the system's proxy, traces for support,
// reading answers, and lists whose pages are requested ahead. Every failure is an [*Error] with a kind.
//
// A client makes its HTTP client with [NewHTTPClient]. Each call starts with [Begin]. Without an answer it ends with [NoAnswer],
// with an answer that reports a failure it ends with [Failed], and otherwise with [Decode].
package wire

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewHTTPClient returns a client with TLS 1.2 or newer, HTTP/2 if the server offers it, the system's proxy, time limits for each
// phase, a limit for headers, and retries (see [Retry]). It follows no redirect, because a redirect could send the key to a host
// that nobody chose.
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
