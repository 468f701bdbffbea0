// Package wiretest has servers for tests that send raw bytes instead of HTTP, or nothing.
package wiretest

import (
	"bufio"
	"net"
	"testing"
)

// Answer starts a server on loopback that calls answer with each connection, and then closes it. It returns the address.
func Answer(t *testing.T, answer func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); answer(c) }()
		}
	}()
	return l.Addr().String()
}

// SkipHeader reads the header of a request. Without it, the system would reset the connection when it is closed.
func SkipHeader(c net.Conn) {
	for r := bufio.NewReader(c); ; {
		if line, err := r.ReadString('\n'); err != nil || line == "\r\n" {
			return
		}
	}
}
