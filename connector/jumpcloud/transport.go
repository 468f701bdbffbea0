package jumpcloud

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
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
