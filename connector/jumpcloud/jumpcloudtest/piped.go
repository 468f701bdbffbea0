package jumpcloudtest

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// NewPiped starts a server whose connections are pipes within the process, see [Server.Dial]. It is for tests in a bubble of package
// testing/synctest. Close it in the end.
func NewPiped(w World) *Server {
	s := newServer(w)
	s.pipes = &pipes{Listener: s.http.Listener, dialled: make(chan net.Conn), closed: make(chan struct{})}
	s.http.Listener = s.pipes
	s.http.Start()
	s.URL = s.http.URL
	return s
}

// Dial connects to a server that [NewPiped] started.
func (s *Server) Dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case s.pipes.dialled <- there:
		return here, nil
	case <-s.pipes.closed:
		return nil, syscall.ECONNREFUSED
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipes is a listener whose connections are pipes. The listener in it only gives it an address that no other server has.
type pipes struct {
	net.Listener
	dialled chan net.Conn
	closing sync.Once
	closed  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.closing.Do(func() { close(p.closed) })
	return p.Listener.Close()
}
