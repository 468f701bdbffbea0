package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Action is a button of a message.
type Action struct {
	Label string
	Icon  fyne.Resource
	Do    func()
}

// Owner is the part of the program that a message is from. Each owner has at most one message, and does not hide another's.
type Owner int

// Banner shows messages with buttons above the screen, most of them about the keychain.
type Banner struct {
	Waiting  *fyne.Container
	Messages []*message // of the owners, in their order
	Box      *fyne.Container
}

// message is one message of the banner, with its buttons.
type message struct {
	Label   *widget.Label
	Buttons *fyne.Container
	Box     *fyne.Container
}

// NewBanner makes an empty banner for this many owners. Wait shows the text waiting, beside a button that calls cancel.
func NewBanner(owners Owner, waiting, cancelLabel string, cancel func()) *Banner {
	b := &Banner{Box: container.NewVBox()}
	stop := container.NewCenter(NewButton(cancelLabel, theme.CancelIcon(), cancel))
	b.Waiting = Card(container.NewBorder(nil, nil, widget.NewIcon(theme.NewWarningThemedResource(theme.InfoIcon())), stop,
		Wrapped(waiting, widget.MediumImportance)))
	b.Waiting.Hide()
	b.Box.Add(b.Waiting)
	for range owners {
		m := &message{Label: Wrapped("", widget.MediumImportance), Buttons: NewFlow()}
		icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
		m.Box = Card(container.NewBorder(nil, m.Buttons, icon, nil, m.Label))
		m.Box.Hide()
		b.Messages = append(b.Messages, m)
		b.Box.Add(m.Box)
	}
	b.Box.Hide()
	return b
}

// Show shows an owner's message, in place of its former one, until a button is pressed or Hide is called.
func (b *Banner) Show(of Owner, text string, actions ...Action) {
	m := b.Messages[of]
	m.Label.SetText(text)
	m.Buttons.RemoveAll()
	for _, a := range actions {
		m.Buttons.Add(NewButton(a.Label, a.Icon, func() {
			b.Hide(of)
			a.Do()
		}))
	}
	m.Box.Show()
	b.settle()
}

// Hide hides an owner's message.
func (b *Banner) Hide(of Owner) {
	b.Messages[of].Box.Hide()
	b.settle()
}

// Wait shows or hides the text waiting.
func (b *Banner) Wait(waiting bool) {
	if waiting {
		b.Waiting.Show()
	} else {
		b.Waiting.Hide()
	}
	b.settle()
}

// ShowsBut reports whether another owner has a message.
func (b *Banner) ShowsBut(one Owner) bool {
	for of, m := range b.Messages {
		if Owner(of) != one && m.Box.Visible() {
			return true
		}
	}
	return false
}

// settle hides the banner if it is empty, and shows it otherwise.
func (b *Banner) settle() {
	b.Box.Hide()
	for _, o := range b.Box.Objects {
		if o.Visible() {
			b.Box.Show()
		}
	}
	b.Box.Refresh()
}
