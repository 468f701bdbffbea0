//go:build !windows

package instance

import (
	"net"
	"os"
	"path/filepath"
	"time"
)

// bell is a socket in the folder. To be called is enough: nothing goes through it.
type bell struct{ socket net.Listener }

func socketIn(folder string) string { return filepath.Join(folder, "front") }

// newBell makes the bell of the folder's first instance.
func newBell(folder string) (*bell, error) {
	_ = os.Remove(socketIn(folder)) // of one that has died: whoever lives holds the lock
	socket, err := net.Listen("unix", socketIn(folder))
	if err != nil {
		return nil, err
	}
	return &bell{socket}, nil
}

// rung waits until somebody rings, and reports false once it is silenced.
func (b *bell) rung() bool {
	conn, err := b.socket.Accept()
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// silence ends waiting.
func (b *bell) silence() { b.socket.Close() }

// close is called when nobody waits any more.
func (b *bell) close() {}

// ring rings the bell of the folder's first instance, and reports whether there is one.
func ring(folder string) bool {
	conn, err := net.DialTimeout("unix", socketIn(folder), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
