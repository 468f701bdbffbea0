package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// NewScroll makes content scroll up and down. Moved is called each time when the content has been scrolled, or it or its place has
// another size.
func NewScroll(content fyne.CanvasObject, moved func()) *container.Scroll {
	m := &movable{content: content, moved: moved}
	m.ExtendBaseWidget(m)
	return container.NewVScroll(m)
}

// movable is what scrolls. Fyne moves it after each change of the offset, of its size, and of the size of its place. Scroll.OnScrolled is
// called for the first only.
type movable struct {
	widget.BaseWidget
	content fyne.CanvasObject
	moved   func()
}

// CreateRenderer implements [fyne.Widget].
func (m *movable) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(m.content) }

// Move implements [fyne.CanvasObject].
func (m *movable) Move(to fyne.Position) {
	m.BaseWidget.Move(to)
	m.moved()
}
