package gui

import (
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func (h *handOver) busy() bool { return h.marking != "" }

// topic implements [screen].
func (h *handOver) topic() topic {
	switch {
	case !h.c.Readiness(h.w.work.now()).CanHandOver():
		return topicFor(h.c.Report.AsOf(h.w.work.now()))
	case h.c.HandOver.Done():
		return "hand_over/reminder"
	case h.opened || h.keyCopied || h.idCopied:
		return "hand_over/paste"
	}
	return "hand_over/integrations"
}

// content implements [screen].
func (h *handOver) content() *container.Scroll {
	h.build()
	return h.box
}

// entered implements [screen].
func (h *handOver) entered() {
	if _, ok := h.w.connections.find(h.c.ID); !ok { // it was removed while another screen was shown
		h.w.tell(homeWanted{})
		return
	}
	h.w.connections.setCurrent(h.c.ID)
	if h.mend.Visible() {
		h.w.win.Canvas().Focus(h.back)
		return
	}
	h.w.win.Canvas().Focus(h.next())
}

// left implements [screen].
func (h *handOver) left() {
	h.w.banner.Hide(ownerDetails)
	h.w.connections.setCurrent("")
}

// actions implements [screen].
func (h *handOver) actions() actions {
	if h.box == nil || h.mend.Visible() {
		return actions{region: h.region}
	}
	return actions{reveal: h.key.flip, copyKey: h.key.toClipboard, copyID: h.organization.toClipboard, region: h.region}
}

func (h *handOver) region() string { return h.c.Region }

// carryOver implements [carrier].
func (h *handOver) carryOver(from screen) {
	former := from.(*handOver)
	if former.c.ID == "" {
		return
	}
	h.build()
	h.turn(former.c)
	h.set(former.c)
	h.isNew, h.opened, h.keyCopied, h.idCopied = former.isNew, former.opened, former.keyCopied, former.idCopied
	h.inTurn, h.turns = former.inTurn, former.turns
	h.tenant.SetText(former.tenant.Text)
	h.settle()
}

// fields implements [typist].
func (h *handOver) fields() []*widgets.Field { return []*widgets.Field{h.tenant} }

// hear takes over what happened in the window.
func (h *handOver) hear(e event) {
	switch e := e.(type) {
	case handOverWanted:
		h.start(e.Connection, false, false)
	case handOverInTurn:
		h.start(e.Connection, false, true)
	case replaced:
		h.start(e.Connection, true, false)
	case changed:
		if e.ID == h.c.ID {
			h.set(e.Connection)
		}
	case moved:
		if e.from.ID == h.c.ID {
			h.turn(e.to)
			h.set(e.to)
			if h.w.shows(h) {
				h.w.connections.setCurrent(e.to.ID)
			}
		}
	case removed:
		if e.id == h.c.ID && h.w.shows(h) {
			h.w.tell(homeWanted{})
		}
	case connectionsChanged:
		if c, ok := h.w.connections.find(h.c.ID); ok {
			h.follow(c)
		}
	case connectionsRead:
		if _, ok := h.w.connections.find(h.c.ID); !ok && e.all && h.w.shows(h) {
			h.w.tell(homeWanted{})
		}
	case reported:
		if e.id == h.c.ID {
			h.c.Report = e.report
			h.set(h.c)
		}
	case occupied:
		if e.id == h.c.ID {
			h.settle()
		}
	case windowClosed:
		if h.box != nil {
			h.key.hide()
			h.organization.hide()
		}
	}
}

// follow takes over what is kept of the connection now. Something else may have given it another key.
func (h *handOver) follow(c connector.Connection) {
	if c.KeyID == h.c.KeyID {
		h.set(c)
		return
	}
	h.turn(c)
	h.isNew, h.keyCopied, h.idCopied = false, false, false
	h.set(c)
	h.state.Set(check.Warning, words.Text("status.replaced"))
}
