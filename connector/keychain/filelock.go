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

// FileLock lets one process at a time make a change that takes several operations. It is a lock on an empty file. The system
// releases it when its process ends, even after a crash.
type FileLock struct {
	path string
	wait time.Duration
}

// NewFileLock returns a lock on the file path. The first Lock creates the file. Lock waits up to a minute for another process,
// because that process may wait so long for an unlock prompt.
func NewFileLock(path string) *FileLock { return &FileLock{path: path, wait: time.Minute} }

// Lock waits for the lock, and returns a function that releases it. The error is [ErrBusy] if another process holds it for too
// long, or the context's. If the file cannot be created, Lock locks nothing. A conflict is unlikely. If Lock failed here, nothing
// could ever be saved.
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
