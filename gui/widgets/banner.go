package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Action is a button of a message.
type Action struct {
	Label  string
	Icon   fyne.Resource
	Do     func()
	Stores bool // it changes what is kept
}

// Owner is the part of the program that a message is from. Each owner has at most one message, and does not hide another's.
type Owner int

// Banner shows messages with buttons above the screen, most of them about the keychain.
type Banner struct {
	waiting  *fyne.Container
	messages []*message // by owner
	shown    func()     // called when a message or the text waiting is shown
	Box      *fyne.Container
}

type message struct {
	icon    *widget.Icon
	label   *widget.Label
	buttons *fyne.Container
	box     *fyne.Container
}

// NewBanner makes an empty banner for this many owners. Wait shows the text waiting, beside a button that calls cancel. Shown is called
// each time when something is shown.
func NewBanner(owners Owner, waiting, cancelLabel string, cancel, shown func()) *Banner {
	b := &Banner{Box: container.NewVBox(), shown: shown}
	stop := container.NewCenter(NewButton(cancelLabel, theme.CancelIcon(), cancel))
	b.waiting = b.add(widget.NewIcon(theme.NewWarningThemedResource(theme.InfoIcon())), nil, stop, Wrapped(waiting, widget.MediumImportance))
	for range owners {
		m := &message{icon: widget.NewIcon(nil), label: Wrapped("", widget.MediumImportance), buttons: NewFlow()}
		m.box = b.add(m.icon, m.buttons, nil, m.label)
		b.messages = append(b.messages, m)
	}
	b.Box.Hide()
	return b
}

// add adds a hidden card.
func (b *Banner) add(icon, bottom, right, text fyne.CanvasObject) *fyne.Container {
	card := Card(container.NewBorder(nil, bottom, icon, right, text))
	card.Hide()
	b.Box.Add(card)
	return card
}

// Show shows an owner's message, in place of its former one, until a button is pressed or Hide is called.
func (b *Banner) Show(of Owner, text string, actions ...Action) { b.show(of, true, text, actions) }

// Tell does the same with a message that warns of nothing.
func (b *Banner) Tell(of Owner, text string, actions ...Action) { b.show(of, false, text, actions) }

// Update changes the text of an owner's message, if it is shown.
func (b *Banner) Update(of Owner, text string) {
	if m := b.messages[of]; m.box.Visible() {
		m.label.SetText(text)
	}
}

func bannerIcon(warns bool) fyne.Resource {
	if warns {
		return theme.NewWarningThemedResource(theme.WarningIcon())
	}
	return theme.NewPrimaryThemedResource(theme.InfoIcon())
}

func (b *Banner) show(of Owner, warns bool, text string, actions []Action) {
	m := b.messages[of]
	m.icon.SetResource(bannerIcon(warns))
	m.label.SetText(text)
	m.buttons.RemoveAll()
	for _, a := range actions {
		button := NewButton(a.Label, a.Icon, nil)
		button.OnTapped = func() {
			button.Hide() // it may keep the focus, and what comes next sees by this that the focus is out of sight
			b.Hide(of)
			a.Do()
		}
		m.buttons.Add(button)
	}
	m.box.Show()
	b.settle()
	b.shown()
}

// Hide hides an owner's message.
func (b *Banner) Hide(of Owner) {
	b.messages[of].box.Hide()
	b.settle()
}

// Wait shows or hides the text waiting.
func (b *Banner) Wait(waiting bool) {
	SetVisible(b.waiting, waiting)
	b.settle()
	if waiting {
		b.shown()
	}
}

// ShowsBut reports whether somebody else than these owners has a message.
func (b *Banner) ShowsBut(these ...Owner) bool {
	for of, m := range b.messages {
		if !slices.Contains(these, Owner(of)) && m.box.Visible() {
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
