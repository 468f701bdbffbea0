package gui

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

const (
	// restAfter is how long nothing must have happened before the window rests.
	restAfter = 5 * time.Second
	// The window's thread sleeps for a short nap first, and then for ever longer ones, so that what Fyne has begun with the last
	// event, such as a button that fades, is not held up for long. Between any two, Fyne's loop gets a turn.
	shortNap    = 80 * time.Millisecond
	longNap     = time.Second
	betweenNaps = 20 * time.Millisecond
)

// rest has the window's thread sleep while nothing happens. Fyne's loop looks for events 60 times a second, which takes more than
// a hundredth of a processor. GLFW, that it looks with, can wait for them too: it wakes for each one and handles it, so that
// nobody at the keyboard notices. What Fyne itself begins elsewhere, such as a change of the system's colours, waits for a nap's end.
type rest struct {
	sleep func(time.Duration) // on the window's thread, until there is an event
	wake  func()              // ends it, from any goroutine
	now   func() time.Time

	mu     sync.Mutex
	busy   int       // how much runs beside the window
	last   time.Time // when there was last something to do, that may still move there
	asleep bool
}

func newRest() *rest {
	sleep := func(d time.Duration) {
		if started() {
			glfw.WaitEventsTimeout(d.Seconds())
		}
	}
	wake := func() {
		if started() {
			glfw.PostEmptyEvent()
		}
	}
	return &rest{sleep: sleep, wake: wake, now: time.Now}
}

// started reports whether GLFW can be used. Once Fyne has ended it, what it is given to do on the window's thread is done at once,
// on any.
func started() (ok bool) {
	defer func() { ok = recover() == nil }()
	glfw.GetTime()
	return
}

// begun and ended say that something runs beside the window, for which something may move there.
func (r *rest) begun() { r.count(1) }
func (r *rest) ended() { r.count(-1) }

func (r *rest) count(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy += n
}

// stir says that the window's thread has something to do.
func (r *rest) stir() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = r.now()
	if r.asleep {
		r.wake() // with the lock, so that GLFW cannot end meanwhile
	}
}

// nap takes one of this length, on the window's thread, and reports whether nothing has happened meanwhile, nor lately.
func (r *rest) nap(length time.Duration) bool {
	if !r.lieDown() {
		return false
	}
	began := r.now()
	r.sleep(length)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = false
	now := r.now()
	undisturbed := now.Sub(began) >= length-betweenNaps // Windows is no more exact
	if !undisturbed {
		r.last = now
	}
	return undisturbed
}

func (r *rest) lieDown() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = r.busy == 0 && r.now().Sub(r.last) >= restAfter
	return r.asleep
}

// letRest has the window's thread rest from now on, until the window is closed.
func (w *worker) letRest() {
	w.under.Go(func() {
		for w.pause(longNap) {
			for length := shortNap; w.naps(length) && w.pause(betweenNaps); length = min(2*length, longNap) {
			}
		}
	})
}

// naps has the window's thread take a nap, and reports whether it was undisturbed.
func (w *worker) naps(length time.Duration) (undisturbed bool) {
	fyne.DoAndWait(func() { undisturbed = w.ctx.Err() == nil && w.rest.nap(length) })
	return undisturbed
}

// pause waits, and reports false once the window is closed.
func (w *worker) pause(d time.Duration) bool {
	select {
	case <-w.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
