package desktop

import "time"

// Clock tells the time and calls functions later. Tests pass in a clock that they move by hand.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f after d, in any goroutine. Stop prevents the call, unless it has begun.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// SystemClock is the computer's own clock.
type SystemClock struct{}

// Now implements [Clock].
func (SystemClock) Now() time.Time {
	return time.Now().Round(0) // without the monotonic clock, which stands still while the computer sleeps
}

// AfterFunc implements [Clock].
func (SystemClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	timer := time.AfterFunc(d, f)
	return func() { timer.Stop() }
}
