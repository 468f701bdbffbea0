package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Stepper shows the steps of a task in one line: a numbered badge and a name for each. Steps that are done have a tick.
type Stepper struct {
	widget.BaseWidget
	names []string
	at    int
}

// NewStepper makes a stepper at its first step.
func NewStepper(names ...string) *Stepper {
	s := &Stepper{names: names}
	s.ExtendBaseWidget(s)
	return s
}

// SetStep makes the step with this index the current one. The steps before it are done. With the number of steps, all of them are done.
func (s *Stepper) SetStep(at int) {
	s.at = at
	s.Refresh()
}

// The sizes of a stepper, in the window's units.
const (
	badgeSize = 22
	badgeGap  = 6
	leastLine = 14
	mostLine  = 56
	lineWidth = 1.5
)

// CreateRenderer implements [fyne.Widget].
func (s *Stepper) CreateRenderer() fyne.WidgetRenderer {
	r := &stepperRenderer{s: s}
	for i, name := range s.names {
		b := stepBadge{circle: &canvas.Circle{StrokeWidth: lineWidth}, number: &canvas.Text{Text: strconv.Itoa(i + 1), Alignment: fyne.TextAlignCenter},
			tick: widget.NewIcon(nil), name: &canvas.Text{Text: name}, line: &canvas.Line{StrokeWidth: lineWidth}}
		b.line.Hidden = i == len(s.names)-1
		r.badges = append(r.badges, b)
		r.objects = append(r.objects, b.circle, b.number, b.tick, b.name, b.line)
	}
	r.Refresh()
	return r
}

// stepBadge is what is drawn of one step. The line leads to the next one.
type stepBadge struct {
	circle       *canvas.Circle
	number, name *canvas.Text
	tick         *widget.Icon
	line         *canvas.Line
}

type stepperRenderer struct {
	s       *Stepper
	badges  []stepBadge
	objects []fyne.CanvasObject
}

// width returns the width without the lines.
func (r *stepperRenderer) width() (width float32) {
	for _, b := range r.badges {
		width += badgeSize + badgeGap + b.name.MinSize().Width
	}
	return width
}

// MinSize implements [fyne.WidgetRenderer].
func (r *stepperRenderer) MinSize() fyne.Size {
	lines := float32(len(r.badges) - 1)
	return fyne.NewSize(r.s.Theme().Size(theme.SizeNameInnerPadding)+r.width()+lines*(leastLine+2*badgeGap), max(badgeSize+2*lineWidth, r.badges[0].name.MinSize().Height))
}

// Layout implements [fyne.WidgetRenderer].
func (r *stepperRenderer) Layout(size fyne.Size) {
	room := size.Width - r.s.Theme().Size(theme.SizeNameInnerPadding) - r.width()
	line := min(mostLine, room/float32(len(r.badges)-1)-2*badgeGap)
	middle := size.Height / 2
	x := r.s.Theme().Size(theme.SizeNameInnerPadding)
	for _, b := range r.badges {
		b.circle.Move(fyne.NewPos(x, middle-badgeSize/2))
		b.circle.Resize(fyne.NewSquareSize(badgeSize))
		b.number.Move(b.circle.Position())
		b.number.Resize(b.circle.Size())
		b.tick.Move(b.circle.Position().AddXY(2, 2))
		b.tick.Resize(fyne.NewSquareSize(badgeSize - 4))
		x += badgeSize + badgeGap
		name := b.name.MinSize()
		b.name.Move(fyne.NewPos(x, middle-name.Height/2))
		b.name.Resize(name)
		x += name.Width + badgeGap
		b.line.Position1, b.line.Position2 = fyne.NewPos(x, middle), fyne.NewPos(x+line, middle)
		x += line + badgeGap
	}
}

// Refresh applies the step and the theme's colours.
func (r *stepperRenderer) Refresh() {
	th, v := r.s.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	primary, quiet, on := th.Color(theme.ColorNamePrimary, v), th.Color(theme.ColorNamePlaceHolder, v), th.Color(theme.ColorNameForegroundOnPrimary, v)
	for i, b := range r.badges {
		isDone, isCurrent := i < r.s.at, i == r.s.at
		b.circle.StrokeColor, b.circle.FillColor, b.number.Color, b.name.Color = quiet, nil, quiet, quiet
		if isDone || isCurrent {
			b.circle.StrokeColor = primary
		}
		if isCurrent {
			b.circle.FillColor, b.number.Color, b.name.Color = primary, on, th.Color(theme.ColorNameForeground, v)
		}
		b.name.TextStyle.Bold = isCurrent
		b.number.TextStyle.Bold = true
		b.name.TextSize, b.number.TextSize = th.Size(theme.SizeNameText), th.Size(theme.SizeNameCaptionText)
		b.line.StrokeColor = b.circle.StrokeColor
		b.number.Hidden = isDone
		b.tick.Hidden = !isDone
		b.tick.SetResource(theme.NewPrimaryThemedResource(theme.ConfirmIcon()))
	}
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

// Objects implements [fyne.WidgetRenderer].
func (r *stepperRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy implements [fyne.WidgetRenderer].
func (r *stepperRenderer) Destroy() {}
