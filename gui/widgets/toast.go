package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// toastWidth is the width of a toast's text, in the window's units.
const toastWidth = 300

// Toast says for a while what has happened, at the bottom of the window and over its content, so that nothing moves.
type Toast struct {
	// Box is to be laid over all that is in the window.
	Box    *fyne.Container
	timer  func(time.Duration, func()) (stop func())
	stop   func()
	text   *fyne.Container
	button *fyne.Container
}

// NewToast makes a toast that is not shown. Timer calls a function after a time.
func NewToast(timer func(time.Duration, func()) (stop func())) *Toast {
	t := &Toast{timer: timer, stop: func() {}, text: container.New(Width(toastWidth)), button: container.NewCenter()}
	card := Card(container.NewHBox(t.text, t.button))
	t.Box = container.NewVBox(layout.NewSpacer(), container.NewHBox(layout.NewSpacer(), card, layout.NewSpacer()))
	t.Box.Hide()
	return t
}

// Show shows a text for a time, in place of the former one. Its buttons hide it.
func (t *Toast) Show(text string, during time.Duration, actions ...Action) {
	t.stop()
	t.text.Objects = []fyne.CanvasObject{Wrapped(text, 0)}
	t.button.RemoveAll()
	for _, a := range actions {
		t.button.Add(NewButton(a.Label, a.Icon, func() { t.Hide(); a.Do() }))
	}
	t.Box.Show()
	t.Box.Refresh()
	t.stop = t.timer(during, t.Hide)
}

// Hide hides the toast.
func (t *Toast) Hide() {
	t.stop()
	t.Box.Hide()
}
