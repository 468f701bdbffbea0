// Package instance makes sure that a user has only one window of the program. A second start brings the first window to the front.
package instance

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Instance is the user's running window.
type Instance struct {
	lock      *flock.Flock
	bell      *bell // nil if it could not be made; then a second start cannot reach this one
	listening sync.WaitGroup
	closing   sync.Once
}

// askFor is how long a second start tries to reach the first one, which may still be starting.
const askFor = 3 * time.Second

// First reports whether this start is the first one that uses the folder. If another instance has the folder, First asks it to come to
// the front, unless quietly, and returns false. It returns true if that fails, or on any other error: two windows are better than none, and
// the keychain has its own lock. The Instance may be nil.
func First(folder string, quietly bool) (*Instance, bool) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return &Instance{}, true
	}
	lock := flock.New(filepath.Join(folder, "window.lock"), flock.SetPermissions(0o600))
	if ours, err := lock.TryLock(); err == nil && !ours {
		return nil, !quietly && !askToFront(folder)
	} else if err != nil {
		return &Instance{}, true
	}
	i := &Instance{lock: lock}
	i.bell, _ = newBell(folder)
	return i, true
}

// askToFront asks the first instance to come to the front. It reports whether the first instance was reached.
func askToFront(folder string) bool {
	for end := time.Now().Add(askFor); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if ring(folder) {
			return true
		}
	}
	return false
}

// OnSecond calls front, from another goroutine, at each further start.
func (i *Instance) OnSecond(front func()) {
	if i == nil || i.bell == nil {
		return
	}
	i.listening.Go(func() {
		for i.bell.rung() {
			front()
		}
	})
}

// Close lets another start be the first. It may be called again.
func (i *Instance) Close() {
	if i != nil {
		i.closing.Do(i.close)
	}
}

func (i *Instance) close() {
	if i.bell != nil {
		i.bell.silence()
		i.listening.Wait()
		i.bell.close()
	}
	if i.lock != nil {
		_ = i.lock.Unlock()
	}
}
