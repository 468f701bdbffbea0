package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Button is Fyne's button for people who use the keyboard. A ring shows the focus, because Fyne's shade is hard to see, and
// invisible on a coloured button. Enter presses the button like Space.
type Button struct {
	widget.Button
	OnEscape func() // nil to leave Esc to the window
	focused  bool
	spaced   bool  // the key Space came; the rune that follows belongs to it
	own      *face // what the button shows when it says nothing else; nil while it shows that
	says     int   // increases whenever the button says something
}

// face is what is on a button, and how wide the button is with it.
type face struct {
	label string
	icon  fyne.Resource
	width float32
}

// NewButton makes a button with a label and an icon, either of which may be empty. Pressing it calls do.
func NewButton(label string, icon fyne.Resource, do func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = label, icon, do
	b.ExtendBaseWidget(b)
	return b
}

// Steady returns a place for a button that has room for any of these words too, so that nothing moves when the button gets them.
func Steady(b *Button, others ...string) fyne.CanvasObject {
	width := b.MinSize().Width
	for _, text := range others {
		width = max(width, NewButton(text, b.Icon, nil).MinSize().Width)
	}
	return container.New(Width(width), b)
}

// Say shows another text and icon for a while. The button does not get narrower, so nothing moves. Rest ends that, unless the button says
// something newer by then.
func (b *Button) Say(text string, icon fyne.Resource) (rest func()) {
	if b.own == nil {
		b.own = &face{b.Text, b.Icon, b.MinSize().Width}
	}
	b.says++
	this := b.says
	b.Button.SetText(text)
	b.Button.SetIcon(icon)
	return func() {
		if b.says == this {
			b.Rest()
		}
	}
}

// Rest shows the button's own text and icon.
func (b *Button) Rest() {
	if own := b.own; own != nil {
		b.own = nil
		b.Button.SetText(own.label)
		b.Button.SetIcon(own.icon)
	}
}

// Label returns the button's own text, also while it says something else.
func (b *Button) Label() string {
	if b.own != nil {
		return b.own.label
	}
	return b.Text
}

// SetText sets the button's own text. A new one ends what the button says.
func (b *Button) SetText(text string) {
	if text != b.Label() {
		b.Rest()
		b.Button.SetText(text)
	}
}

// SetIcon sets the button's own icon.
func (b *Button) SetIcon(icon fyne.Resource) {
	if b.own != nil {
		b.own.icon = icon
	} else {
		b.Button.SetIcon(icon)
	}
}

// MinSize implements [fyne.CanvasObject].
func (b *Button) MinSize() fyne.Size {
	size := b.Button.MinSize()
	if b.own != nil {
		size.Width = max(size.Width, b.own.width)
	}
	return size
}

// FocusGained implements [fyne.Focusable].
func (b *Button) FocusGained() { b.focused = true; b.Button.FocusGained() }

// FocusLost implements [fyne.Focusable].
func (b *Button) FocusLost() { b.focused, b.spaced = false, false; b.Button.FocusLost() }

// TypedKey implements [fyne.Focusable].
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyReturn, key.Name == fyne.KeyEnter:
		b.press()
	case key.Name == fyne.KeyEscape && b.OnEscape != nil:
		b.OnEscape()
	case key.Name == fyne.KeySpace:
		b.spaced = true
	case key.Name == fyne.KeyEscape:
		escape(b)
	default:
		b.Button.TypedKey(key)
	}
}

// escape passes the key Esc on to the window, from a widget that does nothing with it.
func escape(from fyne.CanvasObject) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(from); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	}
}

// TypedRune implements [fyne.Focusable]. Space comes first as a key and then as a rune, and the focus may move in between. The
// button is only pressed after both. If the key alone pressed it, a field that then gets the focus would take the rune. If the rune
// comes alone, its key went to something else, such as a menu.
func (b *Button) TypedRune(r rune) {
	if r == ' ' && b.spaced {
		b.spaced = false
		b.press()
	}
}

// press calls OnTapped and keeps the focus. A hidden button may still have the focus, and does nothing. Tapped would take the focus away
// (https://github.com/fyne-io/fyne/issues/5107).
func (b *Button) press() {
	if b.Visible() && !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// CreateRenderer implements [fyne.Widget].
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	r := &ringedRenderer{WidgetRenderer: b.Button.CreateRenderer(), b: b, ring: &canvas.Rectangle{StrokeWidth: ringWidth}}
	r.Refresh()
	return r
}

// ringWidth is the width of the ring, which is outside of the button, in its padding.
const ringWidth = 2

type ringedRenderer struct {
	fyne.WidgetRenderer
	b    *Button
	ring *canvas.Rectangle
}

// Layout implements [fyne.WidgetRenderer].
func (r *ringedRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.ring.Move(fyne.NewPos(-ringWidth, -ringWidth))
	r.ring.Resize(size.AddWidthHeight(2*ringWidth, 2*ringWidth))
}

// Refresh shows or hides the ring, in the theme's colour.
func (r *ringedRenderer) Refresh() {
	th, v := r.b.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.ring.StrokeColor = th.Color(theme.ColorNameForeground, v)
	r.ring.CornerRadius = th.Size(theme.SizeNameInputRadius) + ringWidth
	r.ring.Hidden = !r.b.focused
	r.ring.Refresh()
	r.WidgetRenderer.Refresh()
}

// Objects implements [fyne.WidgetRenderer].
func (r *ringedRenderer) Objects() []fyne.CanvasObject {
	return append(r.WidgetRenderer.Objects(), r.ring)
}
