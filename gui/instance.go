package gui

import (
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Instance is the one running window of a user. A second start finds it and brings it to the front.
type Instance struct {
	lock   *flock.Flock
	socket net.Listener // nil where the system has none; then nobody can ask
}

// askFor is how long a second start tries to reach the first one, which may be just starting.
const askFor = 3 * time.Second

// FirstInstance reports whether no other one uses the folder. If there is another, it has been asked to come to the front.
// Where that cannot be found out, it is the first: two windows are better than none, and the keychain has its own lock.
func FirstInstance(folder string) (*Instance, bool) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return &Instance{}, true
	}
	lock := flock.New(filepath.Join(folder, "window.lock"), flock.SetPermissions(0o600))
	if ours, err := lock.TryLock(); err == nil && !ours {
		return nil, !askToFront(socketIn(folder))
	} else if err != nil {
		return &Instance{}, true
	}
	i := &Instance{lock: lock}
	_ = os.Remove(socketIn(folder)) // of one that has died: whoever lives holds the lock
	i.socket, _ = net.Listen("unix", socketIn(folder))
	return i, true
}

func socketIn(folder string) string { return filepath.Join(folder, "front") }

// askToFront asks the first instance to come to the front, and reports whether it was reached.
func askToFront(socket string) bool {
	for end := time.Now().Add(askFor); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.DialTimeout("unix", socket, time.Second); err == nil {
			conn.Close() // to be called is enough
			return true
		}
	}
	return false
}

// OnSecond has front called, from another goroutine, when there is a second start.
func (i *Instance) OnSecond(front func()) {
	if i == nil || i.socket == nil {
		return
	}
	go func() {
		for {
			conn, err := i.socket.Accept()
			if err != nil {
				return
			}
			conn.Close()
			front()
		}
	}()
}

// Close lets another one be the first.
func (i *Instance) Close() {
	if i == nil {
		return
	}
	if i.socket != nil {
		i.socket.Close()
	}
	if i.lock != nil {
		_ = i.lock.Unlock()
	}
}
