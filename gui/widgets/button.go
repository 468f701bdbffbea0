package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Button is Fyne's button for people who work without a mouse. A ring shows that it has the focus: Fyne shows that by a shade, which is
// hard to see, and on a coloured button cannot be seen. Enter presses it as Space does.
type Button struct {
	widget.Button
	OnEscape func() // nil where Esc means nothing
	focused  bool
	spaced   bool // it has got the key Space: the blank that follows is its own
}

// NewButton makes a button with a label and an icon; either may be empty. Do is called when it is pressed.
func NewButton(label string, icon fyne.Resource, do func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = label, icon, do
	b.ExtendBaseWidget(b)
	return b
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
	default:
		b.Button.TypedKey(key)
	}
}

// TypedRune implements [fyne.Focusable]. Space comes twice, as a key and then as a blank, and in between the focus may have
// changed. Only with both is the button pressed: with the key alone, a field that has the focus after it would take the blank;
// with the blank alone, it is another one's, such as a menu's.
func (b *Button) TypedRune(r rune) {
	if r == ' ' && b.spaced {
		b.spaced = false
		b.press()
	}
}

// press does what the button is for, and leaves the focus where it is. Tapped takes it away, as a mouse does
// (https://github.com/fyne-io/fyne/issues/5107).
func (b *Button) press() {
	if !b.Disabled() && b.OnTapped != nil {
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

// ringWidth is how thick the ring is. It is around the button, in the room between it and the next.
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

// Refresh shows the ring, in the theme's colour, or takes it away.
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
