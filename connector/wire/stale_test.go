package wire

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/wire/wiretest"
)

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

// onceEach starts a server that answers the first request of each connection. When a second one comes, it ends the connection, as if
// it had closed the idle connection meanwhile. It answers the first n requests when all of them have come. It returns its address,
// and counts the requests.
func onceEach(t *testing.T, n int) (address string, requests *atomic.Int32) {
	t.Helper()
	requests = new(atomic.Int32)
	var together sync.WaitGroup
	together.Add(n)
	return wiretest.Answer(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		if _, err := http.ReadRequest(in); err != nil {
			return
		}
		if int(requests.Add(1)) <= n {
			together.Done()
			together.Wait()
		}
		_, _ = io.WriteString(c, okAnswer)
		if _, err := http.ReadRequest(in); err == nil {
			requests.Add(1)
		}
	}), requests
}

// However many idle connections the server has closed meanwhile, the next request is answered.
func TestIdleConnectionsThatTheServerClosed(t *testing.T) {
	for _, idle := range []int{1, 2, 3, 6, 8} {
		address, requests := onceEach(t, idle)
		h := NewHTTPClient()
		h.Transport.(*Retry).Wait = func(context.Context, time.Duration) error { t.Error("it was tried again"); return nil }
		var together sync.WaitGroup
		for range idle {
			together.Go(func() {
				if _, err := get(t.Context(), h, "http://"+address); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
		if _, err := get(t.Context(), h, "http://"+address); err != nil {
			t.Errorf("%d idle connections: %v", idle, err)
		}
		if n := int(requests.Load()); n < idle+2 || n > idle+mostSent+2 { // one more may be on its way when it is ended
			t.Errorf("%d idle connections: %d requests", idle, n)
		}
		h.CloseIdleConnections()
	}
}

// A POST may have been carried out: it is not sent again.
func TestAPostIsNotSentOnANewConnection(t *testing.T) {
	sent := 0
	r := &Retry{Base: roundTripper(func(*http.Request) (*http.Response, error) { sent++; return nil, io.EOF })}
	req, err := http.NewRequest(http.MethodPost, "https://service.invalid", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.RoundTrip(req); !errors.Is(err, io.EOF) || sent != 1 {
		t.Errorf("%v after %d requests", err, sent)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A proxy is not blamed for what happens on a connection that the request has got, even if a tunnel is still being opened for it.
func TestAConnectedRequestIsNotTheProxys(t *testing.T) {
	proxy := &url.URL{Scheme: "http", Host: "proxy.example:3128"}
	ctx := Begin(t.Context(), "/")
	call := callOf(ctx)
	call.connecting()
	if _, err := tunnelAsked(ctx, proxy, ""); err != nil {
		t.Fatal(err)
	}
	if got := networkKind(ctx, io.EOF); got != ErrProxyBroke {
		t.Errorf("while the tunnel is opened: %v", got)
	}
	call.connected.Store(true) // it got a connection that has become free
	if got := networkKind(ctx, io.EOF); got != ErrBroken {
		t.Errorf("on another connection: %v", got)
	}
	call.connecting() // and needs another one
	if got := networkKind(ctx, io.EOF); got != ErrBroken {
		t.Errorf("before a tunnel is asked for: %v", got)
	}
	if _, err := tunnelAsked(ctx, proxy, ""); err != nil {
		t.Fatal(err)
	}
	if got := networkKind(ctx, io.EOF); got != ErrProxyBroke {
		t.Errorf("while the next tunnel is opened: %v", got)
	}
}
