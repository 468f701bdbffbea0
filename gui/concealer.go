package gui

// concealer hides secrets that are on the screen: each after [revealTime], and all at once when the window loses
// the focus.
type concealer struct {
	work  *worker
	shown map[any]concealed
}

type concealed struct {
	hide func()
	stop func()
}

func newConcealer(w *worker) *concealer {
	return &concealer{work: w, shown: make(map[any]concealed)}
}

// later has hide called, once, for what is now shown.
func (c *concealer) later(what any, hide func()) {
	c.forget(what)
	c.shown[what] = concealed{hide: hide, stop: c.work.after(revealTime, hide)}
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
