package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// homeScreen is the list of all connections, with room for its columns: what a person sees first as soon as there is a connection. The list is
// the one that is otherwise beside the screen.
type homeScreen struct {
	w     *window
	place *fyne.Container // has the list
	box   *container.Scroll
}

func newHomeScreen(w *window) screen {
	h := &homeScreen{w: w, place: container.NewStack()}
	height := canvas.NewRectangle(color.Transparent) // a list has no height of its own
	height.SetMinSize(fyne.NewSize(0, leastHome))
	h.box = w.newScroll(container.NewStack(height, h.place))
	return h
}

// leastHome is the least height of the home, in the window's units: a lower window scrolls.
const leastHome = 360

// isHome implements [home].
func (h *homeScreen) isHome() bool { return h.w.hasHome() }

func (h *homeScreen) content() *container.Scroll { return h.box }
func (h *homeScreen) busy() bool                 { return false }
func (h *homeScreen) topic() topic               { return "" }

// actions implements [screen].
func (h *homeScreen) actions() (a actions) {
	if h.w.checks.running {
		a.cancel = h.w.checks.cancel
	}
	return a
}

// entered implements [screen].
func (h *homeScreen) entered() {
	h.w.columns.SetWide(true)
	h.w.list.moveTo(h.place)
	h.w.listing.arrange() // what was checked meanwhile may have another place now
	h.w.list.arranged()
	if !h.w.list.hasFocus() {
		h.w.list.focus()
	}
}

// left implements [screen].
func (h *homeScreen) left() {
	h.w.list.moveTo(h.w.beside)
	h.w.columns.SetWide(false)
}

// hear takes over what happened in the window. Another program may have removed the connections.
func (h *homeScreen) hear(e event) {
	if read, ok := e.(connectionsRead); ok && read.all && h.w.shows(h) && !h.w.hasHome() {
		h.w.tell(homeWanted{})
	}
}

// hasHome reports whether there is a connection, and so a home.
func (w *window) hasHome() bool { return len(w.connections.all) > 0 }
