package gui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func (r *rotation) busy() bool     { return r.trying.running || r.replacing.running }
func (r *rotation) region() string { return r.of.Former.Region }

// topic implements [screen].
func (r *rotation) topic() topic {
	switch {
	case r.phase == phaseDone:
		return "hand_over/integrations"
	case r.of.Owner() == connector.OwnerServiceAccount:
		return "service"
	}
	return "need/mykey"
}

// content implements [screen].
func (r *rotation) content() *container.Scroll {
	r.build()
	return r.box
}

// entered implements [screen].
func (r *rotation) entered() {
	if r.phase != phaseDone {
		r.follow()
		if len(r.of.Connections) == 0 { // they were removed while another screen was shown
			r.w.tell(homeWanted{})
			return
		}
	}
	r.w.connections.setCurrent(r.from.ID)
	r.focusNext()
	if r.typing.waiting {
		r.typing.start()
	}
}

// refocus does the same when something has begun or ended, unless the user is elsewhere by then: a key that is meant for the list must not
// press a button here.
func (r *rotation) refocus() {
	if r.w.shows(r) && !r.w.list.hasFocus() {
		r.focusNext()
	}
}

// focusNext gives the focus to what the user needs next.
func (r *rotation) focusNext() {
	switch {
	case r.card.box.Visible() && r.card.first().Visible():
		r.w.win.Canvas().Focus(r.card.first())
		widgets.Reveal(r.box, r.card.box)
	default:
		r.w.win.Canvas().Focus(r.key.Field)
	}
}

// left implements [screen]. It ends a trial; replacing goes on.
func (r *rotation) left() {
	r.w.clipboard.reading.drop()
	r.typing.halt()
	r.trying.cancel()
	r.w.connections.setCurrent("")
}

// stop is called for Cancel and Esc. It stops what runs. Once the trial has ended, it leaves everything as it is; *Go on* takes that back.
func (r *rotation) stop() {
	r.typing.drop()
	r.trying.cancel()
	r.replacing.cancel()
	if r.rotationParts != nil && !r.busy() && r.verdict().cancel.Do != nil {
		r.err, r.phase = nil, phaseCancelled
		r.present()
	}
}

// escape is called for Esc in the field. Where there is nothing to stop or to lose, it does what it does everywhere.
func (r *rotation) escape() {
	if !r.busy() && r.key.Text == "" {
		r.w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
	r.stop()
}

// giveUp leaves everything as it is, and says so if nothing is changed.
func (r *rotation) giveUp() {
	unchanged := len(r.done) == 0
	r.forget()
	r.present()
	if unchanged {
		r.w.tell(noted{words.Text("rotate.left")})
	}
	r.showConnection()
}

// showConnection shows the connection at which the user has begun.
func (r *rotation) showConnection() {
	if c, ok := r.w.connections.find(r.from.ID); ok {
		r.w.tell(opened{Connection: c})
		return
	}
	r.w.tell(homeWanted{})
}

// actions implements [screen].
func (r *rotation) actions() actions {
	a := actions{region: r.region}
	if r.rotationParts == nil {
		return a
	}
	if r.busy() || r.w.shows(r) && r.card.box.Visible() && r.card.cancel.Visible() {
		a.cancel, a.cancelWords = r.stop, "form.cancel"
	}
	if !r.busy() && r.entry.Visible() && r.key.Text != "" {
		a.check, a.reveal = func() { r.try(connector.Trial{}) }, r.key.Flip
	}
	return a
}

// atClose implements [keeper].
func (r *rotation) atClose() closeQuestion {
	switch {
	case r.replacing.running:
		return stillSaving
	case r.rotationParts != nil && r.key.Text != "" && !r.w.opts.demo():
		return keyIsEntered
	}
	return noQuestion
}

// carryOver implements [carrier].
func (r *rotation) carryOver(from screen) {
	former := from.(*rotation)
	if former.rotationParts == nil || former.from.ID == "" {
		return
	}
	r.build()
	r.of, r.from = former.of, former.from
	r.key.SetText(former.key.Text)
	r.typing.drop()
	r.trial, r.err, r.leaving, r.done, r.phase = former.trial, former.err, former.leaving, former.done, former.phase
	r.fill()
	r.typing.waiting = former.typing.waiting
}

// fields implements [typist].
func (r *rotation) fields() []*widgets.Field {
	if r.rotationParts == nil || !r.entry.Visible() {
		return nil
	}
	return []*widgets.Field{r.key.Field}
}

// hear takes over what happened in the window.
func (r *rotation) hear(e event) {
	switch e := e.(type) {
	case keyWanted:
		if r.w.connections.sharesKey(e.Connection) && !r.w.writer.occupied[e.ID] {
			r.open(e.Connection)
		}
	case connectionsChanged:
		if r.w.shows(r) && !r.busy() && r.phase != phaseDone {
			r.follow()
		}
	case connectionsRead:
		if e.all && !r.busy() && r.phase != phaseDone && r.from.ID != "" {
			r.readAnew()
		}
	case windowClosed:
		r.forget()
	case windowHidden, wiping:
		if r.replacing.running { // it goes on
			return
		}
		r.forget()
		if r.rotationParts != nil {
			r.present()
		}
	}
}

// readAnew takes over that the connections were read anew. If none has the former key any more, there is nothing to replace.
func (r *rotation) readAnew() {
	r.follow()
	switch {
	case len(r.of.Connections) == 0:
		r.forget()
		if r.w.shows(r) {
			r.w.tell(noted{words.Text("status.replaced")})
			r.w.tell(homeWanted{})
		}
	case r.phase == phaseFailed && errors.Is(r.err, connector.ErrUncertain): // now it is certain that they have it
		r.err, r.phase = nil, phaseTried
		r.present()
	}
}

// open shows the screen for the key of a connection. It asks first if a key is entered for another one.
func (r *rotation) open(c connector.Connection) {
	switch {
	case r.replacing.running:
		r.w.show(r)
	case r.atClose() == keyIsEntered && keyOf(c) != r.of.Former:
		r.w.ask("discard", nil, func() { r.start(c) })
	default:
		r.start(c)
	}
}

// follow takes over which connections have the key now.
func (r *rotation) follow() {
	r.of = connector.RotationOf(r.w.connections.all, r.of.Former)
	r.fill()
}
