package widgets

import "time"

// Concealer hides secrets that are on the screen: each after a time, and all of them when the window loses the focus. While the window
// has no focus, no secret is shown.
type Concealer struct {
	timer func(time.Duration, func()) (stop func())
	after func() time.Duration
	shown map[any]concealed
	away  bool // the window has no focus
}

type concealed struct {
	hide func()
	stop func()
}

// NewConcealer makes a concealer. Timer calls a function later; after says how long a secret is shown.
func NewConcealer(timer func(time.Duration, func()) (stop func()), after func() time.Duration) *Concealer {
	return &Concealer{timer: timer, after: after, shown: make(map[any]concealed)}
}

// Later calls hide once for what is now shown: after the time, or at once if nobody looks at the window.
func (c *Concealer) Later(what any, hide func()) {
	c.Forget(what)
	if c.away {
		hide()
		return
	}
	c.shown[what] = concealed{hide: hide, stop: c.timer(c.after(), hide)}
}

// Forget says that it is hidden already.
func (c *Concealer) Forget(what any) {
	if s, ok := c.shown[what]; ok {
		s.stop()
		delete(c.shown, what)
	}
}

// All hides everything that is shown.
func (c *Concealer) All() {
	for _, s := range c.shown {
		s.hide()
	}
}

// Left says that the window has lost the focus.
func (c *Concealer) Left() { c.away = true; c.All() }

// Back says that the window has the focus again.
func (c *Concealer) Back() { c.away = false }
