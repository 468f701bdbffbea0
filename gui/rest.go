package gui

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

const (
	// restAfter is how long nothing must have happened before the window rests.
	restAfter = 5 * time.Second
	// nap is how long the window's thread sleeps at most before Fyne's loop gets a turn.
	nap  = time.Second
	turn = 20 * time.Millisecond
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
	last   time.Time // when something was last brought back to it, that may still move there
	asleep bool
}

func newRest() *rest {
	sleep := func(d time.Duration) {
		if started() {
			glfw.WaitEventsTimeout(d.Seconds())
		}
	}
	return &rest{sleep: sleep, wake: glfw.PostEmptyEvent, now: time.Now}
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

// nap takes one, on the window's thread, and reports whether nothing has happened meanwhile, nor lately.
func (r *rest) nap() bool {
	if !r.lieDown() {
		return false
	}
	began := r.now()
	r.sleep(nap)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asleep = false
	return r.now().Sub(began) >= nap*9/10 // Windows is less exact
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
		for w.pause(restAfter) {
			for w.naps() && w.pause(turn) {
			}
		}
	})
}

// naps has the window's thread take a nap, and reports whether it was undisturbed.
func (w *worker) naps() (undisturbed bool) {
	fyne.DoAndWait(func() { undisturbed = w.ctx.Err() == nil && w.rest.nap() })
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
