package gui

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/gui/desktop"
)

// worker runs what may block beside the window, and brings results back to the window's thread.
type worker struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	ending  sync.WaitGroup             // work that must end before the program does, see finish
	jobs    map[int]context.CancelFunc // cancels the work that may wait for the keychain; belongs to the window's thread
	last    int
	do      func(func()) // runs a function on the window's thread, and draws the window
	draw    func()       // draws the window anew
	clock   desktop.Clock
	rest    *desktop.Rest
}

func newWorker(clock desktop.Clock) *worker {
	ctx, cancel := context.WithCancel(context.Background())
	w := &worker{ctx: ctx, cancel: cancel, jobs: make(map[int]context.CancelFunc), clock: clock, draw: func() {}, rest: desktop.NewRest(clock)}
	w.do = func(f func()) {
		fyne.Do(func() {
			f()
			w.draw()
		})
		w.rest.Stir()
	}
	return w
}

// now is the time by the worker's clock.
func (w *worker) now() time.Time { return w.clock.Now() }

// after calls f on the window's thread after d, unless the window has closed by then, or stop was called. Stop belongs to that thread, too.
func (w *worker) after(d time.Duration, f func()) (stop func()) {
	stopped := false // belongs to the window's thread, as f does
	stopTimer := w.clock.AfterFunc(d, func() {
		w.do(func() {
			if !stopped && w.ctx.Err() == nil {
				f()
			}
		})
	})
	return func() { stopped = true; stopTimer() }
}

// limit returns a copy of ctx that ends after d by the worker's clock.
func (w *worker) limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	limited, cancel := context.WithCancel(ctx)
	stop := w.clock.AfterFunc(d, cancel)
	return limited, func() { stop(); cancel() }
}

// start runs f beside the window. Its context ends with the returned cancel or with the window. The window does not rest meanwhile: the
// user waits for the result, and a spinner may move.
func (w *worker) start(f func(context.Context)) context.CancelFunc {
	w.rest.Begin()
	return w.watch(func(ctx context.Context) {
		defer w.rest.End()
		f(ctx)
	})
}

// watch runs f in the same way, but lets the window rest meanwhile. It is for work that nobody waits for.
func (w *worker) watch(f func(context.Context)) context.CancelFunc {
	ctx, cancel := context.WithCancel(w.ctx)
	w.running.Go(func() {
		defer cancel()
		f(ctx)
	})
	return cancel
}

// startOnKeychain is start for work that may wait for the keychain. cancelOnKeychain ends it, too.
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

// cancelOnKeychain cancels the work that may wait for the keychain.
func (w *worker) cancelOnKeychain() {
	for _, cancel := range w.jobs {
		cancel()
	}
}

// endWait is how long the program waits at its end for work that must not be cut off.
const endWait = 2 * time.Second

// finish runs f beside the window. The end of the window does not cancel it.
func (w *worker) finish(f func(context.Context)) {
	w.ending.Go(func() {
		limited, cancel := w.limit(context.Background(), endWait)
		defer cancel()
		f(limited)
	})
}

// end waits until what finish runs is done: once the window is out of sight.
func (w *worker) end() {
	waiting, stop := w.limit(context.Background(), endWait)
	defer stop()
	go func() {
		w.ending.Wait()
		stop()
	}()
	<-waiting.Done()
}

// stop cancels everything that runs beside the window, but for what finish runs.
func (w *worker) stop() { w.cancel() }
