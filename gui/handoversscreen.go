package gui

import (
	"fyne.io/fyne/v2/container"
)

func (h *handOvers) busy() bool       { return false }
func (h *handOvers) actions() actions { return actions{} }
func (h *handOvers) topic() topic     { return "hand_over/integrations" }

// content implements [screen].
func (h *handOvers) content() *container.Scroll {
	h.build()
	return h.box
}

// entered implements [screen].
func (h *handOvers) entered() {
	h.fill()
	if h.next.Visible() {
		h.w.win.Canvas().Focus(h.next)
		return
	}
	h.w.win.Canvas().Focus(h.back)
}

// left implements [screen].
func (h *handOvers) left() {}

// carryOver implements [carrier].
func (h *handOvers) carryOver(from screen) { h.group = from.(*handOvers).group }

// hear takes over what happened in the window.
func (h *handOvers) hear(e event) {
	switch e.(type) {
	case handOversWanted:
		h.w.show(h)
	case connectionsChanged, minutePassed: // and not each report, for several thousand may come one after the other
		if h.w.shows(h) {
			h.fill()
		}
	}
}
