package check_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/wire"
)

// roundTrips is how many round trips a report takes at least: TCP, TLS, the request that accepts the key, and all others at once.
const roundTrips = 4

// BenchmarkValidate measures a whole validation over HTTP/2 and TLS, on a network that delays every packet. It compares the time with
// the shortest possible one: that of the round trips alone (of-path), and that of two requests with bare net/http (of-bare). It also
// compares it with the same requests one after another on one connection (of-sequence). With three regions, all of them are asked
// about the key.
func BenchmarkValidate(b *testing.B) {
	for _, latency := range []time.Duration{20 * time.Millisecond, 50 * time.Millisecond, 80 * time.Millisecond, 200 * time.Millisecond} {
		for _, regions := range []int{1, 3} {
			b.Run(fmt.Sprintf("latency=%s/regions=%d", latency, regions), func(b *testing.B) { benchmarkValidate(b, latency, regions) })
		}
	}
}

func benchmarkValidate(b *testing.B, latency time.Duration, count int) {
	trusted := x509.NewCertPool()
	var servers []*jumpcloudtest.Server
	var regions []jumpcloud.Region
	for i := range count {
		w := jumpcloudtest.SampleWorld()
		if i > 0 {
			w.Keys = nil // the key is known in the first region only
		}
		s := jumpcloudtest.NewTLS(w)
		b.Cleanup(s.Close)
		trusted.AddCert(s.Certificate())
		servers = append(servers, s)
		regions = append(regions, jumpcloud.Region{ID: fmt.Sprint("r", i), Console: s.URL})
	}
	newHTTP := func() *http.Client {
		h := wire.NewHTTPClient()
		transport := h.Transport.(*wire.Retry).Base.(*http.Transport)
		transport.TLSClientConfig.RootCAs = trusted
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialFarAway(ctx, network, address, latency)
		}
		return h
	}
	c := check.Validator{JumpCloud: jumpcloud.Factory{Regions: regions, NewHTTP: newHTTP}}
	var whole, sequence, bare time.Duration
	for b.Loop() {
		servers[0].ResetRequests()
		began := time.Now()
		report := c.Validate(b.Context(), with(jumpcloudtest.SampleKey), ignore)
		whole += time.Since(began)
		if report.Worst() != check.Passed {
			b.Fatal(report.Results)
		}
		requests := servers[0].Requests()
		sequence += oneAfterAnother(b, newHTTP(), servers[0], requests)
		bare += oneAfterAnother(b, newHTTP(), servers[0], requests[:2])
	}
	b.ReportMetric(float64(whole)/float64(b.N)/float64(roundTrips*latency), "of-path")
	b.ReportMetric(float64(whole)/float64(bare), "of-bare")
	b.ReportMetric(float64(whole)/float64(sequence), "of-sequence")
	b.ReportMetric(float64(whole.Milliseconds())/float64(b.N), "ms/validation")
}

// oneAfterAnother makes requests, one at a time, and returns how long that takes.
func oneAfterAnother(b *testing.B, h *http.Client, s *jumpcloudtest.Server, requests []jumpcloudtest.Request) time.Duration {
	defer h.CloseIdleConnections()
	began := time.Now()
	for _, r := range requests {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+r.Path+"?"+r.Query, nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("x-api-key", jumpcloudtest.SampleKey)
		resp, err := h.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %v", r.Path, err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	return time.Since(began)
}

// dialFarAway connects to a server as if it were far away. Data arrives half the latency later, in both directions. To connect takes
// the whole latency.
func dialFarAway(ctx context.Context, network, address string, latency time.Duration) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(latency):
	case <-ctx.Done():
		conn.Close()
		return nil, ctx.Err()
	}
	f := &farConn{Conn: conn, latency: latency, out: make(chan packet, 1000), in: make(chan packet, 1000), closed: make(chan struct{})}
	go f.send()
	go f.receive()
	return f, nil
}

// farConn is a connection that delays its packets.
type farConn struct {
	net.Conn
	latency time.Duration
	out, in chan packet
	rest    []byte // of the packet that is being read
	closed  chan struct{}
}

type packet struct {
	data []byte
	due  time.Time
	err  error
}

func (f *farConn) Write(data []byte) (int, error) {
	f.out <- packet{data: slices.Clone(data), due: time.Now().Add(f.latency / 2)}
	return len(data), nil
}

func (f *farConn) send() {
	for {
		select {
		case p := <-f.out:
			time.Sleep(time.Until(p.due))
			if _, err := f.Conn.Write(p.data); err != nil {
				return
			}
		case <-f.closed:
			return
		}
	}
}

func (f *farConn) receive() {
	for {
		buffer := make([]byte, 32<<10)
		n, err := f.Conn.Read(buffer)
		f.in <- packet{data: buffer[:n], due: time.Now().Add(f.latency / 2), err: err}
		if err != nil {
			return
		}
	}
}

func (f *farConn) Read(into []byte) (int, error) {
	if len(f.rest) == 0 {
		p := <-f.in
		time.Sleep(time.Until(p.due))
		if len(p.data) == 0 {
			return 0, p.err
		}
		f.rest = p.data
	}
	n := copy(into, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (f *farConn) Close() error {
	close(f.closed)
	return f.Conn.Close()
}
