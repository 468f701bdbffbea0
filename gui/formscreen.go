package gui

import (
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

func (f *form) content() *container.Scroll { return f.box }
func (f *form) busy() bool                 { return f.checking.running || f.saver.running }
func (f *form) topic() topic               { return guideKey }

// entered implements [screen].
func (f *form) entered() {
	back := !f.shown
	f.shown = true
	f.focus()
	if back && f.waiting {
		f.wait()
	}
}

// left implements [screen]. It ends the checks, but not saving.
func (f *form) left() {
	f.shown = false
	f.w.clipboard.reading.drop()
	if !f.saver.running {
		f.interrupt()
	}
}

// actions implements [screen].
func (f *form) actions() actions {
	return actions{check: f.start, again: f.again, cancel: f.stop, reveal: f.key.Flip,
		report: func() check.Report { return f.report }, note: f.results.tell, region: f.regionShown}
}

// atClose implements [keeper].
func (f *form) atClose() closeQuestion {
	switch {
	case f.saver.running:
		return stillSaving
	case f.holdsKey():
		return keyIsEntered
	}
	return noQuestion
}

// hear takes over what happened in the window.
func (f *form) hear(e event) {
	switch e := e.(type) {
	case firstFrameShown:
		f.results.fill()
	case windowClosed:
		f.reset()
	case newWanted:
		f.open()
	case sampleWanted:
		f.useSample()
	case keyWanted:
		f.openFor(e.Connection)
	case wiping:
		f.reset()
		f.w.show(f)
	case moved:
		if f.replaces.ID == e.from.ID {
			f.setReplaces(e.to)
		}
	case removed:
		if f.replaces.ID == e.id {
			f.forget()
		}
	case connectionsRead:
		if _, known := f.w.connections.find(f.replaces.ID); e.all && f.replacing() && !known {
			f.forget()
		}
	}
}

// open shows the form. It is emptied only if it is on the screen already, or is about another connection: what was typed must not be
// lost by a look at something else.
func (f *form) open() {
	if !f.saver.running && (f.shown || f.replacing()) {
		f.discarding(f.reset)
		return
	}
	f.w.show(f)
}

// openFor shows the form for a new key of a connection.
func (f *form) openFor(c connector.Connection) {
	switch {
	case f.w.writer.occupied[c.ID]:
	case f.saver.running, f.replaces.ID == c.ID:
		f.w.show(f)
	default:
		f.discarding(func() { f.fill(c) })
	}
}

// discarding fills the form anew and shows it. It asks first where a key is entered that is kept nowhere yet.
func (f *form) discarding(fill func()) {
	then := func() { fill(); f.w.tell(homeWanted{}) }
	if !f.holdsKey() {
		then()
		return
	}
	f.w.ask("discard", nil, then)
}

// carryOver implements [carrier].
func (f *form) carryOver(from screen) {
	former := from.(*form)
	f.fill(former.replaces)
	f.copyFrom(former.entries)
	f.validated, f.nameChecked, f.stopped = former.validated, former.nameChecked, former.stopped
	if len(f.report.Results) > 0 {
		f.results.setReport(f.report)
		f.present()
	} else if f.filled() && !f.typed().Plausible() {
		f.showShape()
	}
}
