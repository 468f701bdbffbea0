package widgets

import "time"

// Concealer hides secrets on the screen: each after a time, and all of them when the window loses the focus.
type Concealer struct {
	timer func(time.Duration, func()) (stop func())
	after func() time.Duration
	shown map[any]concealed
	away  bool // the window does not have the focus
}

type concealed struct {
	hide func()
	stop func()
}

// NewConcealer makes a concealer. Timer calls a function after a time; after returns how long a secret is shown.
func NewConcealer(timer func(time.Duration, func()) (stop func()), after func() time.Duration) *Concealer {
	return &Concealer{timer: timer, after: after, shown: make(map[any]concealed)}
}

// Later calls hide for a shown secret: after the time, or at once if the window does not have the focus.
func (c *Concealer) Later(secret any, hide func()) {
	c.Forget(secret)
	if c.away {
		hide()
		return
	}
	c.shown[secret] = concealed{hide: hide, stop: c.timer(c.after(), hide)}
}

// Forget drops secret, which is hidden already.
func (c *Concealer) Forget(secret any) {
	if s, ok := c.shown[secret]; ok {
		s.stop()
		delete(c.shown, secret)
	}
}

// All hides everything that is shown.
func (c *Concealer) All() {
	for _, s := range c.shown {
		s.hide()
	}
}

// Left tells the concealer that the window has lost the focus.
func (c *Concealer) Left() { c.away = true; c.All() }

// Back tells the concealer that the window has the focus again.
func (c *Concealer) Back() { c.away = false }
