package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// revealTime is how long a secret stays readable on the screen.
const revealTime = 30 * time.Second

// field is an entry that says when it is entered, passes Esc on, and has a steady caret.
type field struct {
	widget.Entry
	steady   *fyne.Animation
	onFocus  func()
	onEscape func()
	focused  bool
}

func newField(placeholder string, onFocus func()) *field {
	f := &field{onFocus: onFocus}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = placeholder
	f.Scroll = fyne.ScrollHorizontalOnly
	// Fyne's caret fades in and out, for which the whole window is drawn anew many times a second: without a graphics card
	// that takes a sixth of a processor. While keys are typed it does not, and a key without a name types nothing.
	f.steady = fyne.NewAnimation(time.Second, func(float32) { f.Entry.TypedKey(&fyne.KeyEvent{}) })
	f.steady.RepeatCount = fyne.AnimationRepeatForever
	return f
}

// FocusGained implements [fyne.Focusable].
func (f *field) FocusGained() {
	if !f.focused { // Fyne says it twice where the window gets the focus, too
		f.focused = true
		f.steady.Start() // before the caret's own animation, so that it comes first in each frame
	}
	f.Entry.FocusGained()
	if f.onFocus != nil {
		f.onFocus()
	}
}

// FocusLost implements [fyne.Focusable].
func (f *field) FocusLost() {
	f.focused = false
	f.steady.Stop()
	f.Entry.FocusLost()
}

// TypedKey implements [fyne.Focusable].
func (f *field) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && f.onEscape != nil {
		f.onEscape()
		return
	}
	f.Entry.TypedKey(key)
}

// secretEntry is a field whose text is masked, with buttons to show or hide it, to paste, and to clear. What is
// shown hides again by itself, see [concealer].
type secretEntry struct {
	*field
	toggle, paste, clear *button
	row                  *fyne.Container
	conceal              *concealer
}

func newSecretEntry(placeholder string, onFocus func(), conceal *concealer) *secretEntry {
	e := &secretEntry{field: newField(placeholder, onFocus), conceal: conceal}
	e.Password = true
	// An empty object in the place where Fyne would put its own eye: ours is a button, which the keyboard reaches.
	e.ActionItem = container.NewWithoutLayout()
	e.toggle = newButton("", theme.VisibilityIcon(), e.flip)
	e.paste = newButton("", theme.ContentPasteIcon(), func() {
		if pasted := fyne.CurrentApp().Clipboard().Content(); pasted != "" {
			e.SetText(pasted)
		}
	})
	e.clear = newButton("", theme.ContentClearIcon(), func() { e.SetText("") })
	e.row = container.NewBorder(nil, nil, nil, container.NewHBox(e.toggle, e.paste, e.clear), e.field)
	return e
}

// flip shows what is hidden, or hides what is shown.
func (e *secretEntry) flip() {
	if !e.Password {
		e.hide()
		return
	}
	e.Password = false
	e.toggle.SetIcon(theme.VisibilityOffIcon())
	e.Refresh()
	e.conceal.later(e, e.hide)
}

func (e *secretEntry) hide() {
	e.conceal.forget(e)
	e.Password = true
	e.toggle.SetIcon(theme.VisibilityIcon())
	e.Refresh()
}
