package gui

import "sync"

// arrivals collects what comes in beside the window until the window's thread takes it. So the thread has one job at a time to do, however
// much comes in.
type arrivals[T any] struct {
	mu   sync.Mutex
	some []T
}

// put adds one, and reports whether it is the first since take: then take has to be called.
func (a *arrivals[T]) put(one T) (first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.some = append(a.some, one)
	return len(a.some) == 1
}

// take returns what has come in since the last call.
func (a *arrivals[T]) take() []T {
	a.mu.Lock()
	defer a.mu.Unlock()
	some := a.some
	a.some = nil
	return some
}
