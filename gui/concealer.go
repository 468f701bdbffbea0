package gui

import "time"

// concealer hides secrets that are on the screen: each after a time, and all at once when the window loses
// the focus. While it has none, nothing is shown at all.
type concealer struct {
	work  *worker
	after func() time.Duration
	shown map[any]concealed
	away  bool // the window has not got the focus
}

type concealed struct {
	hide func()
	stop func()
}

// newConcealer makes a concealer. After says how long a secret is shown.
func newConcealer(w *worker, after func() time.Duration) *concealer {
	return &concealer{work: w, after: after, shown: make(map[any]concealed)}
}

// later has hide called, once, for what is now shown: at once if nobody looks at the window.
func (c *concealer) later(what any, hide func()) {
	c.forget(what)
	if c.away {
		hide()
		return
	}
	c.shown[what] = concealed{hide: hide, stop: c.work.after(c.after(), hide)}
}

// forget says that what is hidden already.
func (c *concealer) forget(what any) {
	if s, ok := c.shown[what]; ok {
		s.stop()
		delete(c.shown, what)
	}
}

// all hides everything that is shown.
func (c *concealer) all() {
	for _, s := range c.shown {
		s.hide()
	}
}

// left is the loss of the focus, and back its return.
func (c *concealer) left() { c.away = true; c.all() }
func (c *concealer) back() { c.away = false }
