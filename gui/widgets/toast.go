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
	Box   *fyne.Container
	timer func(time.Duration, func()) (stop func())
}

// NewToast makes a toast that says nothing. Timer calls a function after a time.
func NewToast(timer func(time.Duration, func()) (stop func())) *Toast {
	return &Toast{timer: timer, Box: container.NewVBox(layout.NewSpacer())}
}

// Show shows a text for a time, below those that are shown already. Its buttons hide it, and so does the returned function.
func (t *Toast) Show(text string, during time.Duration, actions ...Action) (hide func()) {
	buttons, stop := container.NewHBox(), func() {}
	card := Card(container.NewHBox(container.New(Width(toastWidth), Wrapped(text, 0)), container.NewCenter(buttons)))
	row := container.NewHBox(layout.NewSpacer(), card, layout.NewSpacer())
	hide = func() {
		stop()
		for _, b := range buttons.Objects {
			b.Hide() // it may still have the focus
		}
		t.Box.Remove(row)
	}
	for _, a := range actions {
		buttons.Add(NewButton(a.Label, a.Icon, func() { hide(); a.Do() }))
	}
	t.Box.Add(row)
	stop = t.timer(during, hide)
	return hide
}
