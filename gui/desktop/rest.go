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
	// idleBeforeRest is how long nothing must have happened before the window rests.
	idleBeforeRest = 5 * time.Second
	// The first nap is short and each later one twice as long: what Fyne has begun with the last event, such as a button that
	// fades, is then not held up for long. Fyne's loop gets a turn between two naps.
	shortNap    = 80 * time.Millisecond
	longNap     = time.Second
	betweenNaps = 20 * time.Millisecond
)

// Rest lets the window's thread sleep while nothing happens. Fyne's loop polls for events 60 times a second, which costs more
// than a hundredth of a processor. GLFW can wait for events instead: it wakes for each one and handles it, so nobody at the
// keyboard notices. What Fyne starts by itself, such as a change of the system's colours, waits until the end of a nap.
//
// Rest uses the GLFW that Fyne has started. If Fyne changes to another one, this one is never started, and Rest does nothing.
type Rest struct {
	clock Clock
	sleep func(time.Duration) // blocks the window's thread until there is an event, or for that long
	wake  func()              // ends sleep; any goroutine may call it

	mu     sync.Mutex
	busy   int       // how many pieces of work run beside the window
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

// WithGLFW calls f if GLFW is started. Fyne ends GLFW before it stops running functions.
func WithGLFW(f func()) {
	if isStarted() {
		f()
	}
}

// isStarted reports whether GLFW is started: GetTime panics if it is not. Only that panic is caught. While the window sleeps, GLFW calls
// the window's own code, and its panics must become crash reports.
func isStarted() (started bool) {
	defer func() { started = recover() == nil }()
	glfw.GetTime()
	return
}

// Begin says that work has begun for which something may move in the window, such as a spinner. End says that it has ended.
func (r *Rest) Begin() { r.count(1) }

// End is the counterpart of Begin.
func (r *Rest) End() { r.count(-1) }

// Busy reports whether work has begun that has not ended.
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

// Stir wakes the window's thread, because there is something for it to do.
func (r *Rest) Stir() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = r.clock.Now()
	if r.asleep {
		r.wake() // with the lock, so that GLFW cannot end meanwhile
	}
}

// Run lets the window's thread rest until ctx ends. It runs in a goroutine of its own.
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

// pause waits for d and reports false if ctx ends before.
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

// nap sleeps on the window's thread if the window is idle. It reports whether it slept to the end.
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
	undisturbed = now.Sub(began) >= length-betweenNaps // Windows' timers are no more exact
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
