package gui

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// worker runs what may block beside the window, and brings its results back to the window's own thread.
type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
	under  sync.WaitGroup
	jobs   map[int]context.CancelFunc // of what waits for the keychain now; belongs to the window's thread
	last   int
	do     func(func())                              // runs a function on the window's thread
	after  func(time.Duration, func()) (stop func()) // calls a function on the window's thread later
	now    func() time.Time
	rest   *rest
}

func newWorker() *worker {
	ctx, cancel := context.WithCancel(context.Background())
	w := &worker{ctx: ctx, cancel: cancel, jobs: make(map[int]context.CancelFunc), now: time.Now, rest: newRest()}
	w.do = func(f func()) {
		fyne.Do(f)
		w.rest.stir()
	}
	w.after = func(d time.Duration, f func()) func() {
		stopped := false // belongs to the window's thread, as the function does
		t := time.AfterFunc(d, func() {
			w.do(func() {
				if !stopped {
					f()
				}
			})
		})
		return func() { stopped = true; t.Stop() }
	}
	return w
}

// start runs f beside the window with a context that ends with the returned cancel or with the window.
func (w *worker) start(f func(context.Context)) context.CancelFunc {
	ctx, cancel := context.WithCancel(w.ctx)
	w.rest.begun()
	w.under.Go(func() {
		defer w.rest.ended()
		defer cancel()
		f(ctx)
	})
	return cancel
}

// startOnKeychain does the same for what may wait for the keychain: it ends with cancelOnKeychain too.
func (w *worker) startOnKeychain(f func(context.Context)) context.CancelFunc {
	w.last++
	job := w.last
	cancel := w.start(func(ctx context.Context) {
		f(ctx)
		w.do(func() { delete(w.jobs, job) })
	})
	w.jobs[job] = cancel
	return cancel
}

// cancelOnKeychain cancels what waits for the keychain.
func (w *worker) cancelOnKeychain() {
	for _, cancel := range w.jobs {
		cancel()
	}
}

// stop cancels everything that runs beside the window.
func (w *worker) stop() { w.cancel() }
