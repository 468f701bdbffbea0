package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// action is a button of a banner.
type action struct {
	label string
	icon  fyne.Resource
	do    func()
}

// banner is a message above the screen, about the keychain, with what can be done about it.
type banner struct {
	message *widget.Label
	buttons *fyne.Container
	waiting *fyne.Container
	trouble *fyne.Container
	box     *fyne.Container
}

// newBanner makes a banner that is not shown yet. Cancel ends what waits for the keychain.
func newBanner(cancel func()) *banner {
	b := &banner{message: wrapped("", widget.MediumImportance), buttons: container.NewHBox()}
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	b.trouble = card(container.NewBorder(nil, b.buttons, icon, nil, b.message))
	stop := container.NewCenter(widget.NewButtonWithIcon(text("form.cancel"), theme.CancelIcon(), cancel))
	b.waiting = card(container.NewBorder(nil, nil, widget.NewIcon(theme.NewWarningThemedResource(theme.InfoIcon())), stop,
		wrapped(text("keychain.waiting"), widget.MediumImportance)))
	b.trouble.Hide()
	b.waiting.Hide()
	b.box = container.NewVBox(b.waiting, b.trouble)
	b.box.Hide()
	return b
}

// show puts a message up until one of its buttons is pressed.
func (b *banner) show(message string, actions ...action) {
	b.message.SetText(message)
	b.buttons.RemoveAll()
	for _, a := range actions {
		b.buttons.Add(widget.NewButtonWithIcon(a.label, a.icon, func() {
			b.hide()
			a.do()
		}))
	}
	b.trouble.Show()
	b.settle()
}

func (b *banner) hide() {
	b.trouble.Hide()
	b.settle()
}

// wait says that the keychain waits for the user, until it does not.
func (b *banner) wait(waiting bool) {
	if waiting {
		b.waiting.Show()
	} else {
		b.waiting.Hide()
	}
	b.settle()
}

func (b *banner) settle() {
	if b.trouble.Visible() || b.waiting.Visible() {
		b.box.Show()
	} else {
		b.box.Hide()
	}
	b.box.Refresh()
}
