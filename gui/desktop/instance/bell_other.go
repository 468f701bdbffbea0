//go:build !windows

package instance

import (
	"net"
	"os"
	"path/filepath"
	"time"
)

// bell is a socket in the folder. A connection to it is the signal; no data is sent.
type bell struct{ socket net.Listener }

func socketIn(folder string) string { return filepath.Join(folder, "front") }

// newBell makes the bell of the folder's first instance.
func newBell(folder string) (*bell, error) {
	_ = os.Remove(socketIn(folder)) // from an instance that has crashed: a running one would hold the lock
	socket, err := net.Listen("unix", socketIn(folder))
	if err != nil {
		return nil, err
	}
	return &bell{socket}, nil
}

// rung waits for a ring. It returns false after silence.
func (b *bell) rung() bool {
	conn, err := b.socket.Accept()
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// silence makes rung return.
func (b *bell) silence() { b.socket.Close() }

// close frees the bell, once rung has returned.
func (b *bell) close() {}

// ring rings the bell of the folder's first instance. It reports whether there is one.
func ring(folder string) bool {
	conn, err := net.DialTimeout("unix", socketIn(folder), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
