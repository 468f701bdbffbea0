package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// stream is one request that came over HTTP/2.
type stream struct {
	*http2.Framer
	id uint32
}

// begin writes the header of an answer, and a part of it.
func (s stream) begin(end bool, body string) {
	var header bytes.Buffer
	e := hpack.NewEncoder(&header)
	_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	_ = e.WriteField(hpack.HeaderField{Name: "content-type", Value: "application/json"})
	_ = s.WriteHeaders(http2.HeadersFrameParam{StreamID: s.id, BlockFragment: header.Bytes(), EndHeaders: true})
	_ = s.WriteData(s.id, end, []byte(body))
}

// overHTTP2 starts a server. It passes each request to answer, with the number of requests before it. When answer returns false, the
// server ends the connection.
func overHTTP2(t *testing.T, answer func(stream, int32) bool) *http.Transport {
	t.Helper()
	certificate := jumpcloudtest.Certificate(nil)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var requests atomic.Int32
	serve := func(c net.Conn) {
		defer c.Close()
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		f := http2.NewFramer(c, c)
		_ = f.WriteSettings()
		for {
			frame, err := f.ReadFrame()
			if err != nil {
				return
			}
			if h, ok := frame.(*http2.HeadersFrame); ok && !answer(stream{f, h.StreamID}, requests.Add(1)-1) {
				_ = c.(*tls.Conn).CloseWrite()
				_, _ = io.Copy(io.Discard, c) // so that what was written arrives
				return
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport()
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(leaf)
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
	}
	return transport
}

// A request that breaks over HTTP/2 is tried again as over HTTP/1.1, wherever it breaks.
func TestHTTP2Breaks(t *testing.T) {
	reset := func(code http2.ErrCode) func(stream) bool {
		return func(s stream) bool { _ = s.WriteRSTStream(s.id, code); return true }
	}
	resetInBody := func(code http2.ErrCode) func(stream) bool {
		return func(s stream) bool {
			s.begin(false, `{"totalCount":`)
			_ = s.WriteRSTStream(s.id, code)
			return true
		}
	}
	goAway := func(code http2.ErrCode, begin bool) func(stream) bool {
		return func(s stream) bool {
			if begin {
				s.begin(false, `{"totalCount":`)
			}
			_ = s.WriteGoAway(s.id, code, []byte("see you")) // which covers the request
			return false
		}
	}
	for name, c := range map[string]struct {
		breaks func(stream) bool
		kind   error // if it goes on for ever
	}{
		"internal error":           {reset(http2.ErrCodeInternal), ErrBroken},
		"calm":                     {reset(http2.ErrCodeEnhanceYourCalm), ErrBroken},
		"cancel":                   {reset(http2.ErrCodeCancel), ErrBroken},
		"flow control":             {reset(http2.ErrCodeFlowControl), ErrBroken},
		"an unknown code":          {reset(http2.ErrCode(99)), ErrBroken},
		"no error, no answer":      {reset(http2.ErrCodeNo), ErrBroken},
		"in the body":              {resetInBody(http2.ErrCodeInternal), ErrBroken},
		"in the body: cancel":      {resetInBody(http2.ErrCodeCancel), ErrBroken},
		"go away":                  {goAway(http2.ErrCodeInternal, false), ErrBroken},
		"go away, gracefully":      {goAway(http2.ErrCodeNo, false), ErrBroken},
		"go away, calm":            {goAway(http2.ErrCodeEnhanceYourCalm, false), ErrBroken},
		"go away in the body":      {goAway(http2.ErrCodeInternal, true), ErrBroken},
		"a frame that must not be": {func(s stream) bool { _ = s.WriteContinuation(s.id, true, nil); return true }, ErrBroken},
		"a header that must not be": {func(s stream) bool {
			_ = s.WriteRawFrame(http2.FrameHeaders, http2.FlagHeadersEndHeaders, s.id, []byte{0xff, 0xff, 0xff, 0xff})
			return true
		}, ErrBroken},
	} {
		if kept, sent := tried(t, c.breaks, 99); !errors.Is(kept, c.kind) || sent != 3 {
			t.Errorf("%s, for ever: %v after %d requests, want %v after 3", name, kept, sent, c.kind)
		} else if e := new(*Error); errors.As(kept, e) && (*e).Tries != 3 {
			t.Errorf("%s: %d tries are told", name, (*e).Tries)
		}
		if passed, sent := tried(t, c.breaks, 2); passed != nil || sent != 3 {
			t.Errorf("%s, twice: %v after %d requests", name, passed, sent)
		}
	}
}

// tried makes a call whose first requests break, and returns its error and the number of requests.
func tried(t *testing.T, breaks func(stream) bool, often int32) (error, int32) {
	t.Helper()
	var sent atomic.Int32
	transport := overHTTP2(t, func(s stream, n int32) bool {
		sent.Add(1)
		if n < often {
			return breaks(s)
		}
		s.begin(true, `{"totalCount":1,"results":[{"_id":"1"}]}`)
		return true
	})
	h := impatient(transport)
	defer h.CloseIdleConnections()
	body, err := get(t.Context(), h, "https://127.0.0.1")
	if err == nil && !strings.HasPrefix(body, `{"totalCount":1,`) {
		t.Errorf("the answer is %s", body)
	}
	return err, sent.Load()
}

// After some breaks net/http repeats the request by itself: with growing pauses, or without any pause and without end.
func TestHTTP2BreaksThatAreRepeatedBelow(t *testing.T) {
	for _, code := range []http2.ErrCode{http2.ErrCodeRefusedStream, http2.ErrCodeProtocol} {
		refuse := func(s stream) bool { _ = s.WriteRSTStream(s.id, code); return true }
		if err, sent := tried(t, refuse, 1); err != nil || sent != 2 {
			t.Errorf("%s, once: %v after %d requests", code, err, sent)
		}
		err, sent := tried(t, refuse, 99)
		if e := new(*Error); !errors.As(err, e) || (*e).Kind != ErrBroken || (*e).Tries != int(sent) || sent > tries*mostSent {
			t.Errorf("%s, for ever: %v after %d requests", code, err, sent)
		}
	}
}

// A request that takes too long is no break, and is not sent again.
func TestHTTP2Hangs(t *testing.T) {
	transport := overHTTP2(t, func(s stream, _ int32) bool { s.begin(false, `{`); return true })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	h := &http.Client{Transport: &Retry{Base: transport}}
	defer h.CloseIdleConnections()
	_, err := get(ctx, h, "https://127.0.0.1")
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrTimeout || e.Tries > 1 {
		t.Errorf("got %v", err)
	}
	if strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("the host is in %v", err)
	}
}
