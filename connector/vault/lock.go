package vault

import "context"

// Lock is a mutex for which nobody waits longer than their context.
type Lock chan struct{}

// NewLock returns a lock that nobody holds.
func NewLock() Lock { return make(Lock, 1) }

// Take waits for the lock. The error is the context's.
func (l Lock) Take(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Leave releases the lock.
func (l Lock) Leave() { <-l }
