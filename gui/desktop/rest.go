//go:build !headless

package desktop

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

const (
	// idleBeforeRest is how long the window has to be idle before it rests.
	idleBeforeRest = 5 * time.Second
	// The first nap is short, and each later nap is twice as long. So a nap delays what Fyne still does after the last event, such
	// as fading a button, only a little. Fyne's loop runs between two naps.
	shortNap    = 80 * time.Millisecond
	longNap     = time.Second
	betweenNaps = 20 * time.Millisecond
)

// Rest lets the window's thread sleep while nothing happens. Fyne's loop polls for events 60 times a second, which costs more than
// 1 % of a processor. Rest makes GLFW wait for events instead. GLFW wakes for each event and handles it, so users notice nothing.
// What Fyne starts by itself, such as a change of the system's colours, waits until the end of a nap.
//
// Rest uses the same GLFW as Fyne. If Fyne changes to another version, this one is never started, and Rest does nothing.
type Rest struct {
	clock Clock
	sleep func(time.Duration) // blocks the window's thread until an event comes or the time is over
	wake  func()              // ends sleep; any goroutine may call it

	mu     sync.Mutex
	busy   int       // calls of Begin without End
	last   time.Time // when the window last had something to do
	asleep bool
}

// NewRest makes a Rest that does nothing until Run is called.
func NewRest(clock Clock) *Rest {
	return &Rest{
		clock: clock,
		sleep: func(d time.Duration) { WithGLFW(func() { glfw.WaitEventsTimeout(d.Seconds()) }) },
		wake:  func() { WithGLFW(glfw.PostEmptyEvent) },
	}
}

// WithGLFW calls f if GLFW is started. Fyne ends GLFW before it stops calling functions.
func WithGLFW(f func()) {
	if isStarted() {
		f()
	}
}

// isStarted reports whether GLFW is started. If it is not, GetTime panics. No other panic is caught: while the window sleeps, GLFW
// calls the window's own code, and panics of that code must become crash reports.
func isStarted() (started bool) {
	defer func() { started = recover() == nil }()
	glfw.GetTime()
	return
}

// Begin keeps the window from resting until End, for work that moves something in the window, such as a spinner.
func (r *Rest) Begin() { r.count(1) }

// End ends what Begin began.
func (r *Rest) End() { r.count(-1) }

// Busy reports whether there was a Begin without its End.
func (r *Rest) Busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy > 0
}

func (r *Rest) count(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy += n
}

// Stir wakes the window's thread.
func (r *Rest) Stir() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = r.clock.Now()
	if r.asleep {
		r.wake() // under the lock, so that GLFW cannot end before
	}
}

// Run lets the window's thread rest until ctx ends. Call it in its own goroutine.
func (r *Rest) Run(ctx context.Context) {
	for r.pause(ctx, longNap) {
		for length := shortNap; r.napOnThread(ctx, length) && r.pause(ctx, betweenNaps); length = min(2*length, longNap) {
		}
	}
}

func (r *Rest) napOnThread(ctx context.Context, length time.Duration) (undisturbed bool) {
	fyne.DoAndWait(func() { undisturbed = ctx.Err() == nil && r.nap(length) })
	return undisturbed
}

// pause waits for d. It returns false if ctx ends first.
func (r *Rest) pause(ctx context.Context, d time.Duration) bool {
	over := make(chan struct{})
	stop := r.clock.AfterFunc(d, func() { close(over) })
	select {
	case <-ctx.Done():
		stop()
		return false
	case <-over:
		return true
	}
}

// nap sleeps on the window's thread if the window is idle. It reports whether it slept for the whole length.
func (r *Rest) nap(length time.Duration) (undisturbed bool) {
	if !r.fallAsleep() {
		return false
	}
	began := r.clock.Now()
	r.sleep(length)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = false
	now := r.clock.Now()
	undisturbed = now.Sub(began) >= length-betweenNaps // Windows' timers are not more exact
	if !undisturbed {
		r.last = now
	}
	return undisturbed
}

func (r *Rest) fallAsleep() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = r.busy == 0 && r.clock.Now().Sub(r.last) >= idleBeforeRest
	return r.asleep
}
