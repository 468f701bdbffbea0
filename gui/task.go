package gui

import "context"

// task is work beside the window of which only the latest run counts. Results of an earlier run are dropped. It belongs to the window's
// thread.
type task struct {
	work    *worker
	begin   func(func(context.Context)) context.CancelFunc // worker.start or worker.startOnKeychain
	late    func()                                         // called when a run ends that was dropped; nil for nothing
	running bool
	runs    int // increases at each start and drop; results of another number are dropped
	end     context.CancelFunc
}

// start drops the run under way and begins another one. It runs f beside the window. What f passes to show is done on the window's thread,
// and so is done, once f has returned it.
func (t *task) start(f func(ctx context.Context, show func(func())) (done func())) {
	t.drop()
	run := t.runs
	t.running = true
	t.end = t.begin(func(ctx context.Context) {
		done := f(ctx, func(result func()) {
			t.work.do(func() {
				if run == t.runs {
					result()
				}
			})
		})
		t.work.do(func() {
			if run == t.runs {
				t.running = false
				done()
			} else if t.late != nil {
				t.late()
			}
		})
	})
}

// cancel cancels the run under way. Its results still count.
func (t *task) cancel() {
	if t.running {
		t.end()
	}
}

// drop cancels the run under way, and drops its results.
func (t *task) drop() {
	t.cancel()
	t.runs++
	t.running = false
}
