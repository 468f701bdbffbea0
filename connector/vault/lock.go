package vault

import "context"

// Lock is a mutex. Waiting for it ends with the context.
type Lock chan struct{}

// NewLock returns an unlocked Lock.
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
