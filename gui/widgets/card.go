package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// surface is a rounded rectangle in one of the theme's colours. It follows changes of the theme.
type surface struct {
	widget.BaseWidget
	fill   fyne.ThemeColorName
	border bool
}

func newSurface(fill fyne.ThemeColorName, border bool) *surface {
	s := &surface{fill: fill, border: border}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements [fyne.Widget].
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s: s, rect: &canvas.Rectangle{CornerRadius: 10}}
	r.Refresh()
	return r
}

type surfaceRenderer struct {
	s    *surface
	rect *canvas.Rectangle
}

// Layout implements [fyne.WidgetRenderer].
func (r *surfaceRenderer) Layout(size fyne.Size) { r.rect.Resize(size) }

// MinSize implements [fyne.WidgetRenderer].
func (r *surfaceRenderer) MinSize() fyne.Size { return fyne.Size{} }

// Refresh applies the theme's colours.
func (r *surfaceRenderer) Refresh() {
	th, v := r.s.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.rect.FillColor = th.Color(r.s.fill, v)
	if r.s.border {
		r.rect.StrokeColor, r.rect.StrokeWidth = th.Color(theme.ColorNameSeparator, v), 1
	}
	r.rect.Refresh()
}

// Objects implements [fyne.WidgetRenderer].
func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }

// Destroy implements [fyne.WidgetRenderer].
func (r *surfaceRenderer) Destroy() {}

// Card puts content on a raised surface, with padding.
func Card(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(newSurface(ColorNameCard, true),
		container.New(layout.NewCustomPaddedLayout(10, 10, 10, 10), content))
}

// Reveal scrolls down until an object is visible, or as much of it as fits, from its top.
func Reveal(scroll *container.Scroll, o fyne.CanvasObject) {
	for range 2 { // what was just shown gets its width first, and then, as its text wraps, its height
		scroll.Refresh()
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll.Content).Y
	bottom := top + o.MinSize().Height
	if bottom > scroll.Offset.Y+scroll.Size().Height {
		scroll.ScrollToOffset(fyne.NewPos(0, min(top, bottom-scroll.Size().Height)))
	}
}

// Width is a layout with a fixed width.
type Width float32

// MinSize implements [fyne.Layout].
func (w Width) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(float32(w), 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// Layout implements [fyne.Layout].
func (w Width) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(fyne.NewSize(float32(w), size.Height))
	}
}
