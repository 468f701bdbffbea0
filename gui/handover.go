package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// handOver is the screen on which the user takes the key and the Organization ID of a connection to ControlMap, step by step.
type handOver struct {
	w       *window
	c       connector.Connection // the one that is handed over; without an ID before the first
	isNew   bool                 // its key has just taken the place of another one
	marking string               // the ID of the connection of which is being kept that it was handed over; "" for none
	inTurn  bool                 // it was chosen in the list of those to hand over
	turns   []string             // the IDs of the others in that list: first those after this one, then those before

	*handOverSteps // nil before build
	title          *widget.Label
	way            *widgets.Stepper // from the key to the hand-over
	state          *widgets.Status
	doubt          *widget.Label // that it could not be checked since it worked
	ends           *widget.Label // when ControlMap needs another key
	mark           *widgets.Button
	another        *widgets.Button // hands over the next one
	upcoming       *widget.Label   // says which one that is
	later          *widgets.Button
	form           *fyne.Container // the steps, and what is about them
	mend           *fyne.Container // what stands in their place if the connection cannot be handed over
	why            *widgets.Status
	back           *widgets.Button
	box            *container.Scroll // nil before build
}

// newHandOverScreen makes the screen without its content, so that the start does not wait for it.
func newHandOverScreen(w *window) screen { return &handOver{w: w} }

// build makes what is on the screen.
func (h *handOver) build() {
	if h.box != nil {
		return
	}
	h.title, h.ends, h.doubt = widgets.Heading("", theme.SizeNameHeadingText), widgets.Small(""), widgets.Wrapped("", widget.WarningImportance)
	h.way, h.state, h.why = newSteps(), widgets.NewStatus(), widgets.NewStatus()
	h.handOverSteps = newHandOverSteps(h)
	h.mark = widgets.NewButton(words.Text("handover.mark"), theme.ConfirmIcon(), h.markDone)
	h.another = widgets.NewButton(words.Text("handovers.next"), theme.MailForwardIcon(), nil)
	h.upcoming = widgets.Small("")
	h.later = widgets.NewButton("", nil, h.leave)
	h.back = widgets.NewButton("", theme.NavigateBackIcon(), h.leave)
	h.back.Importance = widget.HighImportance
	h.mend = container.NewVBox(h.why.Box, container.NewHBox(h.back))
	h.form = container.NewVBox(h.way, h.state.Box, h.doubt, h.handOverSteps.box, h.ends, h.upcoming,
		container.New(layout.NewCustomPaddedLayout(6, 0, 0, 0), widgets.NewFlow(h.mark, h.another, h.later)))
	h.box = h.w.newScroll(container.NewVBox(widgets.Card(container.NewVBox(h.title, h.form, h.mend))))
}

// start shows the screen for a connection. What was done and typed for it stays, unless it has another key. That may have just been
// replaced.
func (h *handOver) start(c connector.Connection, isNew, inTurn bool) {
	h.build()
	same := c.ID == h.c.ID && c.KeyID == h.c.KeyID
	h.isNew, h.inTurn, h.turns, h.c = isNew, inTurn, nil, c
	if todo := connector.NotHandedOver(h.w.connections.all, h.w.work.now()).All(); len(todo) > 1 {
		at := rowOf(todo, c.ID)
		for _, other := range slices.Concat(todo[at+1:], todo[:max(0, at)]) {
			h.turns = append(h.turns, other.ID)
		}
	}
	h.turn(c)
	if !same {
		h.opened, h.keyCopied, h.idCopied = false, false, false
		h.tenant.SetText(c.HandOver.Tenant)
	}
	h.set(c)
	h.w.show(h)
}

// set shows what is known of the connection now.
func (h *handOver) set(c connector.Connection) {
	h.c = c
	h.title.SetText(words.Text("handover.title", words.Facts{"Name": c.Name}))
	now := h.w.work.now()
	end := c.Report.KeyEnd(now)
	widgets.SetVisible(h.ends, end.Cause == check.CauseKeyEnd || end.Cause == check.CauseKeyExpires)
	h.ends.SetText(words.Text("handover.ends", words.OutcomeFacts(end, now)))
	ready, why := c.Readiness(now), ""
	if ready == connector.ReadyUnchecked {
		why = words.Former(c.Report) + ". " + words.Text("handover.unclear")
	}
	setText(h.doubt, why)
	widgets.SetVisible(h.form, ready.CanHandOver())
	widgets.SetVisible(h.mend, !ready.CanHandOver())
	if !ready.CanHandOver() {
		h.sayWhyNot(ready)
	}
	h.settle()
}

// sayWhyNot says why the connection cannot be handed over.
func (h *handOver) sayWhyNot(ready connector.Readiness) {
	now := h.w.work.now()
	report := h.c.Report.AsOf(now)
	blocker, blocked := report.Blocker()
	if end := report.KeyEnd(now); end.Cause == check.CauseKeyEnded { // whatever else is in the way
		blocker = check.Result{Check: check.IDKeyEnd, Outcome: end}
	}
	state := check.Failed
	if ready == connector.UnreadyUnknown {
		state = check.Skipped
	}
	switch {
	case h.c.Trouble != "":
		h.why.Set(state, words.Cause(h.c.Trouble))
	case !blocked:
		h.why.Set(state, words.Text("handover.unchecked"))
	default:
		h.why.Set(state, words.Verdict(blocker, report.Results, now)+". "+words.Remedy(blocker.Outcome, words.InConnection, now))
	}
}

// settle shows how far the hand-over is, and makes the button of the next step the prominent one.
func (h *handOver) settle() {
	when := words.Facts{"Date": words.Date(h.c.HandOver.At)}
	switch {
	case h.c.HandOver.Done():
		h.state.Set(check.Passed, words.Text("handover.state.done", when))
	case h.isNew:
		h.state.Set(check.Warning, words.Text("handover.state.replaced"))
	case h.c.HandOver.Outdated:
		h.state.Set(check.Warning, words.Text("handover.state.outdated", when))
	default:
		h.state.Set(check.Waiting, words.Text("handover.state.new"))
	}
	h.offerOthers()
	h.tick()
	h.sayAddress()
	widgets.SetVisible(h.mark, !h.c.HandOver.Done())
	occupied := h.w.writer.occupied[h.c.ID] // what is kept now would be lost
	h.key.setOff(occupied)
	setEnabled(h.address() != "" && !occupied, h.open)
	setEnabled(h.marking != h.c.ID && !occupied, h.mark)
	for _, b := range []*widgets.Button{h.open, h.key.copy, h.organization.copy, h.mark, h.another, h.later} {
		b.Importance = widget.MediumImportance
	}
	h.next().Importance = widget.HighImportance
	h.way.SetStep(stepHandOver)
	if h.c.HandOver.Done() {
		h.way.SetStep(stepHandOver + 1)
	}
	h.box.Refresh()
	h.w.tell(actionsChanged{})
}

// next returns the button of the next step.
func (h *handOver) next() *widgets.Button {
	switch step := h.nextStep(); {
	case h.c.HandOver.Done() && h.keyCopied == h.idCopied && h.another.Visible():
		return h.another
	case h.c.HandOver.Done() && h.keyCopied == h.idCopied:
		return h.later
	case step == nil:
		return h.mark
	default:
		return step
	}
}

// advance goes to the next step. The focus goes there from the given widgets, or from nowhere in sight, but not from where the user is by now.
func (h *handOver) advance(from ...fyne.Focusable) {
	h.settle()
	if !h.w.shows(h) {
		return
	}
	h.w.guide.show(h.topic())
	focused := h.w.win.Canvas().Focused()
	if o, ok := focused.(fyne.CanvasObject); !ok || !o.Visible() || slices.Contains(from, focused) {
		h.w.win.Canvas().Focus(h.next())
		widgets.Reveal(h.box, h.next())
	}
}

// openTenant opens the company's ControlMap in the browser, and keeps its address.
func (h *handOver) openTenant() {
	if h.open.Disabled() {
		return
	}
	address := h.address()
	h.tenant.SetText(address)
	if h.w.openPage(address); address != h.c.HandOver.Tenant {
		h.w.writer.keepTenant(h.c, address)
	}
	h.opened = true
	h.advance(h.open, h.tenant)
}

// markDone keeps that the connection was handed over.
func (h *handOver) markDone() {
	if address := h.address(); address != "" || h.tenant.Text == "" {
		h.c.HandOver.Tenant = address
	}
	id := h.c.ID
	h.marking = id
	h.settle()
	h.w.writer.markHandedOver(h.c, func() {
		if h.marking == id {
			h.marking = ""
		}
		if h.c.ID == id {
			h.advance(h.mark)
		}
	})
}

// offerOthers offers the one that is handed over after this one, and the way back.
func (h *handOver) offerOthers() {
	back := words.Text("handover.back")
	if h.inTurn {
		back = words.Text("handovers.back")
	}
	h.back.SetText(back)
	h.later.SetText(words.Text("handover.later"))
	upcoming, left := connector.Connection{}, 0
	if h.c.HandOver.Done() {
		h.later.SetText(back)
		upcoming, left = h.following()
	}
	h.another.OnTapped = func() { h.w.tell(handOverInTurn{upcoming}) }
	widgets.SetVisible(h.another, left > 0)
	widgets.SetVisible(h.upcoming, left > 0)
	h.upcoming.SetText(words.Text("handovers.upcoming", words.Facts{"Name": h.w.connections.nameOf(upcoming), "Count": strconv.Itoa(left)}))
}

// following returns the connection to hand over after this one, and how many there are: the next one of the list as it was when this one
// was begun, or else the first of what there is now.
func (h *handOver) following() (upcoming connector.Connection, left int) {
	todo := connector.NotHandedOver(h.w.connections.all, h.w.work.now()).All()
	todo = slices.DeleteFunc(todo, func(c connector.Connection) bool { return c.ID == h.c.ID })
	if len(todo) == 0 {
		return connector.Connection{}, 0
	}
	left, all := len(todo), byID(todo)
	for _, id := range h.turns {
		if c, still := all[id]; still {
			return c, left
		}
	}
	return todo[0], left
}

// leave goes back to the list, or else to the connection.
func (h *handOver) leave() {
	if h.inTurn {
		h.w.tell(handOversWanted{})
		return
	}
	if c, ok := h.w.connections.find(h.c.ID); ok {
		h.w.tell(opened{Connection: c})
		return
	}
	h.w.tell(homeWanted{})
}
