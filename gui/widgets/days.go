package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
)

// Days draws a bar for each day, the last one at the right end: as many as there is room for. The bar of each state has another height, so
// that nobody has to tell them apart by colour. One day is chosen: with the mouse, or with the arrows, Home and End.
type Days struct {
	widget.BaseWidget
	states  []check.State
	chosen  int // the index of a day
	choose  func(int)
	focused bool
}

// The size of a bar and of the room around it.
const (
	dayWidth, dayGap = 8, 4
	daysHeight       = 36
)

// NewDays makes a line without days. It calls chosen with the index of a day when the person chooses it.
func NewDays(chosen func(int)) *Days {
	d := &Days{choose: chosen}
	d.ExtendBaseWidget(d)
	return d
}

// Set shows days by their states, and chooses the last one.
func (d *Days) Set(states []check.State) {
	d.states, d.chosen = states, len(states)-1
	d.Refresh()
}

// First returns the index of the first day that there is room for.
func (d *Days) First() int {
	return max(0, len(d.states)-int((d.Size().Width+dayGap)/(dayWidth+dayGap)))
}

// Choose chooses a day, or the nearest one that is shown.
func (d *Days) Choose(i int) {
	i = max(d.First(), min(i, len(d.states)-1))
	if i < len(d.states) && i != d.chosen {
		d.chosen = i
		d.Refresh()
		d.choose(i)
	}
}

// at returns the index of the day at a place from the left.
func (d *Days) at(x float32) int {
	return len(d.states) - 1 - int(max(0, d.Size().Width-x)/(dayWidth+dayGap))
}

// Tapped implements [fyne.Tappable].
func (d *Days) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(d); c != nil {
		c.Focus(d)
	}
	d.Choose(d.at(e.Position.X))
}

// MouseIn implements [desktop.Hoverable].
func (d *Days) MouseIn(e *desktop.MouseEvent) { d.Choose(d.at(e.Position.X)) }

// MouseMoved implements [desktop.Hoverable].
func (d *Days) MouseMoved(e *desktop.MouseEvent) { d.Choose(d.at(e.Position.X)) }

// MouseOut implements [desktop.Hoverable].
func (d *Days) MouseOut() {}

// FocusGained implements [fyne.Focusable].
func (d *Days) FocusGained() { d.focused = true; d.Refresh() }

// FocusLost implements [fyne.Focusable].
func (d *Days) FocusLost() { d.focused = false; d.Refresh() }

// TypedRune implements [fyne.Focusable].
func (d *Days) TypedRune(rune) {}

// TypedKey implements [fyne.Focusable].
func (d *Days) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft:
		d.Choose(d.chosen - 1)
	case fyne.KeyRight:
		d.Choose(d.chosen + 1)
	case fyne.KeyHome:
		d.Choose(0)
	case fyne.KeyEnd:
		d.Choose(len(d.states) - 1)
	case fyne.KeyEscape:
		escape(d)
	}
}

// CreateRenderer implements [fyne.Widget].
func (d *Days) CreateRenderer() fyne.WidgetRenderer {
	r := &daysRenderer{d: d, ring: &canvas.Rectangle{StrokeWidth: ringWidth, CornerRadius: 4}, mark: &canvas.Rectangle{CornerRadius: 3}}
	r.Refresh()
	return r
}

type daysRenderer struct {
	d    *Days
	ring *canvas.Rectangle // around all, with the focus
	mark *canvas.Rectangle // behind the chosen day
	bars []*canvas.Rectangle
}

// look is how the bar of a state is drawn: how high, and in which colour. A hollow one has a rim only.
type look struct {
	height float32
	colour fyne.ThemeColorName
	hollow bool
}

var looks = map[check.State]look{
	check.Passed:  {26, theme.ColorNameSuccess, false},
	check.Warning: {18, theme.ColorNameWarning, false},
	check.Failed:  {10, theme.ColorNameError, false},
	check.Skipped: {26, theme.ColorNamePlaceHolder, true},
	check.Waiting: {3, theme.ColorNamePlaceHolder, false},
}

// Layout implements [fyne.WidgetRenderer].
func (r *daysRenderer) Layout(size fyne.Size) {
	const edge = (daysHeight - 26) / 2
	r.ring.Resize(size)
	r.mark.Hide()
	first, days := r.d.First(), len(r.d.states)
	for i, bar := range r.bars {
		bar.Hidden = i >= days || i < first
		if bar.Hidden {
			continue
		}
		height := looks[r.d.states[i]].height
		x := size.Width - float32(days-i)*(dayWidth+dayGap) + dayGap/2
		bar.Move(fyne.NewPos(x, size.Height-edge-height))
		bar.Resize(fyne.NewSize(dayWidth, height))
		if i == r.d.chosen {
			r.mark.Show()
			r.mark.Move(fyne.NewPos(x-dayGap/2, 0))
			r.mark.Resize(fyne.NewSize(dayWidth+dayGap, size.Height))
		}
	}
}

// MinSize implements [fyne.WidgetRenderer].
func (r *daysRenderer) MinSize() fyne.Size { return fyne.NewSize(20*(dayWidth+dayGap), daysHeight) }

// Refresh applies the days and the theme's colours.
func (r *daysRenderer) Refresh() {
	th, v := r.d.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.ring.StrokeColor, r.ring.Hidden = th.Color(theme.ColorNameForeground, v), !r.d.focused
	r.mark.FillColor = th.Color(theme.ColorNameButton, v)
	for len(r.bars) < len(r.d.states) {
		r.bars = append(r.bars, &canvas.Rectangle{CornerRadius: 2})
	}
	for i, state := range r.d.states {
		l, bar := looks[state], r.bars[i]
		colour := th.Color(l.colour, v)
		bar.FillColor, bar.StrokeColor, bar.StrokeWidth = colour, colour, 1
		if l.hollow {
			bar.FillColor = nil
		}
	}
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}

// Objects implements [fyne.WidgetRenderer].
func (r *daysRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.mark}
	for _, bar := range r.bars {
		all = append(all, bar)
	}
	return append(all, r.ring)
}

// Destroy implements [fyne.WidgetRenderer].
func (r *daysRenderer) Destroy() {}
