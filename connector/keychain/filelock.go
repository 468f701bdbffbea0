package keychain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// FileLock lets one process at a time do what takes several operations of a keychain. It is a lock on an empty file, which
// the system releases when its holder ends, however it ends.
type FileLock struct {
	path string
	wait time.Duration
}

// NewFileLock returns a lock on the file path, which is made when it is first locked. It waits up to a minute for another
// process, as long as that may wait for the keychain to be unlocked.
func NewFileLock(path string) *FileLock { return &FileLock{path: path, wait: time.Minute} }

// Lock waits for the lock, and returns what releases it. The error is [ErrBusy] if another process held it for too long,
// or the context's. Where the file cannot be made, nothing is locked: to lose a race is unlikely then, and to refuse to
// save would be certain.
func (l *FileLock) Lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return func() {}, nil
	}
	limited, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	f := flock.New(l.path, flock.SetPermissions(0o600))
	switch _, err := f.TryLockContext(limited, 10*time.Millisecond); {
	case err == nil:
		return func() { _ = f.Unlock() }, nil // closing the file releases it in any case
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("lock %s: %w", filepath.Base(l.path), ErrBusy)
	default:
		return func() {}, nil
	}
}
