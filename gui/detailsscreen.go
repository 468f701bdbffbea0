package gui

import (
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
)

// content implements [screen].
func (d *details) content() *container.Scroll {
	d.build()
	return d.box
}

// entered implements [screen].
func (d *details) entered() {
	c, ok := d.w.connections.find(d.c.ID)
	if !ok { // it was removed while another screen was shown
		d.w.tell(homeWanted{})
		return
	}
	d.follow(c)
	d.settle()
	d.w.connections.setCurrent(d.c.ID)
	if !d.focusStays {
		d.w.win.Canvas().Focus(d.check) // what had the focus is gone
	}
}

// left implements [screen].
func (d *details) left() {
	d.focusStays = false
	if d.checking.running {
		d.set(d.c) // the check was cancelled
	}
	d.w.banner.Hide(ownerDetails)
	d.w.connections.setCurrent("")
}

// busy implements [screen].
func (d *details) busy() bool { return d.checking.running }

// topic implements [screen].
func (d *details) topic() topic { return guideNext }

// actions implements [screen].
func (d *details) actions() actions {
	return actions{check: d.start, again: d.start, cancel: d.checking.cancel, reveal: func() { d.key.flip() },
		report: d.report, note: d.tell, region: d.region}
}

func (d *details) region() string { return d.c.Region }

// isShown reports whether the connection is on the screen.
func (d *details) isShown() bool { return d.c.ID != "" && d.w.connections.current == d.c.ID }

// show shows a connection.
func (d *details) show(c connector.Connection, focusStays bool) {
	d.build()
	d.set(c)
	d.focusStays = focusStays
	d.w.show(d)
}

// carryOver implements [carrier].
func (d *details) carryOver(from screen) {
	if former := from.(*details); former.c.ID != "" {
		d.build()
		d.set(former.c)
	}
}

// hear takes over what happened in the window.
func (d *details) hear(e event) {
	switch e := e.(type) {
	case opened:
		d.show(e.Connection, e.focusStays)
		return
	case saved:
		d.show(e.Connection, false)
		d.celebrate()
		return
	case moved:
		switch {
		case e.from.ID != d.c.ID:
		case d.isShown():
			d.show(e.to, false)
		default:
			d.set(e.to)
		}
	case occupied:
		if e.id == d.c.ID && d.box != nil {
			if d.w.writer.occupied[e.id] {
				d.set(d.c) // ends a check
				d.w.banner.Hide(ownerDetails)
			}
			d.settle()
		}
	}
	if !d.isShown() {
		return
	}
	switch e := e.(type) {
	case connectionsRead:
		if c, ok := d.w.connections.find(d.c.ID); ok {
			d.follow(c)
		} else if e.all {
			d.w.tell(homeWanted{})
		}
	case removed:
		if e.id == d.c.ID {
			d.w.tell(homeWanted{})
		}
	case reported:
		if e.id == d.c.ID {
			d.reported(e.report)
		}
	}
}
