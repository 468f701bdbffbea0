package gui

import "time"

// debounce calls a function once nothing has happened for a while. It belongs to the window's thread.
type debounce struct {
	work    *worker
	pause   time.Duration
	call    func()
	waiting bool   // the call is due, also after halt
	halt    func() // stops the clock; start begins the pause again
}

func newDebounce(work *worker, pause time.Duration, call func()) *debounce {
	return &debounce{work: work, pause: pause, call: call, halt: func() {}}
}

// start begins the pause, from now on.
func (d *debounce) start() {
	d.halt()
	d.waiting = true
	d.halt = d.work.after(d.pause, func() {
		d.waiting = false
		d.call()
	})
}

// drop forgets the call that is due.
func (d *debounce) drop() {
	d.halt()
	d.waiting = false
}
