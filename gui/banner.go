package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/words"
)

// action is a button of a banner.
type action struct {
	label string
	icon  fyne.Resource
	do    func()
}

// owner is whose message a banner shows: each has one at most, and none takes another's away.
type owner int

const (
	ownerList owner = iota
	ownerForm
	ownerDetails
	ownerWipe
	ownerCrash
	owners
)

// banner holds messages above the screen, most about the keychain, with what can be done about them.
type banner struct {
	waiting  *fyne.Container
	messages [owners]*message
	box      *fyne.Container
}

// message is one of them.
type message struct {
	label   *widget.Label
	buttons *fyne.Container
	box     *fyne.Container
}

// newBanner makes a banner that is not shown yet. Cancel ends what waits for the keychain.
func newBanner(cancel func()) *banner {
	b := &banner{box: container.NewVBox()}
	stop := container.NewCenter(newButton(words.Text("form.cancel"), theme.CancelIcon(), cancel))
	b.waiting = card(container.NewBorder(nil, nil, widget.NewIcon(theme.NewWarningThemedResource(theme.InfoIcon())), stop,
		wrapped(words.Text("keychain.waiting"), widget.MediumImportance)))
	b.waiting.Hide()
	b.box.Add(b.waiting)
	for o := range b.messages {
		m := &message{label: wrapped("", widget.MediumImportance), buttons: newFlow()}
		icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
		m.box = card(container.NewBorder(nil, m.buttons, icon, nil, m.label))
		m.box.Hide()
		b.messages[o] = m
		b.box.Add(m.box)
	}
	b.box.Hide()
	return b
}

// show puts a message of an owner up until one of its buttons is pressed, or it is hidden.
func (b *banner) show(of owner, text string, actions ...action) {
	m := b.messages[of]
	m.label.SetText(text)
	m.buttons.RemoveAll()
	for _, a := range actions {
		m.buttons.Add(newButton(a.label, a.icon, func() {
			b.hide(of)
			a.do()
		}))
	}
	m.box.Show()
	b.settle()
}

// hide takes an owner's message away.
func (b *banner) hide(of owner) {
	b.messages[of].box.Hide()
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

// showsBut reports whether there is a message of another owner than this one.
func (b *banner) showsBut(one owner) bool {
	for of, m := range b.messages {
		if owner(of) != one && m.box.Visible() {
			return true
		}
	}
	return false
}

// settle shows the banner if there is something in it.
func (b *banner) settle() {
	b.box.Hide()
	for _, o := range b.box.Objects {
		if o.Visible() {
			b.box.Show()
		}
	}
	b.box.Refresh()
}
