package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Bar is a thin bar that is filled to a share.
type Bar struct {
	widget.BaseWidget
	share float32
	fill  fyne.ThemeColorName
}

// NewBar makes an empty bar.
func NewBar() *Bar {
	b := &Bar{fill: theme.ColorNamePrimary}
	b.ExtendBaseWidget(b)
	return b
}

// Set fills the bar to a share from 0 to 1, in one of the theme's colours.
func (b *Bar) Set(share float32, fill fyne.ThemeColorName) {
	b.share, b.fill = min(max(share, 0), 1), fill
	b.Refresh()
}

// CreateRenderer implements [fyne.Widget].
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{b: b, track: &canvas.Rectangle{CornerRadius: barHeight / 2, StrokeWidth: 1}, filled: &canvas.Rectangle{CornerRadius: barHeight / 2}}
	r.Refresh()
	return r
}

const barHeight = 8

type barRenderer struct {
	b             *Bar
	track, filled *canvas.Rectangle
}

// Layout implements [fyne.WidgetRenderer].
func (r *barRenderer) Layout(size fyne.Size) {
	top := fyne.NewPos(0, (size.Height-barHeight)/2)
	r.track.Move(top)
	r.filled.Move(top)
	r.track.Resize(fyne.NewSize(size.Width, barHeight))
	r.filled.Resize(fyne.NewSize(size.Width*r.b.share, barHeight))
}

// MinSize implements [fyne.WidgetRenderer].
func (r *barRenderer) MinSize() fyne.Size { return fyne.NewSize(60, barHeight) }

// Refresh applies the share and the theme's colours.
func (r *barRenderer) Refresh() {
	th, v := r.b.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.track.FillColor = th.Color(theme.ColorNameButton, v)
	r.track.StrokeColor = th.Color(theme.ColorNamePlaceHolder, v)
	r.filled.FillColor = th.Color(r.b.fill, v)
	r.filled.Hidden = r.b.share == 0
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

// Objects implements [fyne.WidgetRenderer].
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.filled} }

// Destroy implements [fyne.WidgetRenderer].
func (r *barRenderer) Destroy() {}
