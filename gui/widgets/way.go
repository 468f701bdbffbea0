package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
)

// Way draws stations from left to right, each with an icon for its state, and lines between them.
type Way struct {
	icons  []*widget.Icon
	labels []*widget.Label
	states []check.State // what is drawn
	Box    *fyne.Container
}

// NewWay makes a way with these stations.
func NewWay(names []string) *Way {
	w := &Way{Box: container.New(wayLayout{})}
	for i, name := range names {
		icon := widget.NewIcon(StateIcon(check.Waiting))
		label := Caption(name)
		label.Alignment = fyne.TextAlignCenter
		w.icons, w.labels, w.states = append(w.icons, icon), append(w.labels, label), append(w.states, check.Waiting)
		w.Box.Add(container.New(layout.NewCustomPaddedVBoxLayout(-8), icon,
			container.New(layout.NewCustomPaddedLayout(0, 0, -theme.InnerPadding(), -theme.InnerPadding()), label))) // a long name needs the width
		if i > 0 {
			w.Box.Add(newSurface(theme.ColorNameInputBorder, false))
		}
	}
	return w
}

// Set shows where each station stands.
func (w *Way) Set(states []check.State) {
	for i, state := range states {
		if state == w.states[i] {
			continue // most do not change when one does
		}
		w.states[i] = state
		w.icons[i].SetResource(wayIcon(state))
		w.labels[i].Importance = Importance(state)
		w.labels[i].Refresh()
	}
}

func wayIcon(s check.State) fyne.Resource {
	if s == check.Running {
		return theme.NewPrimaryThemedResource(theme.RadioButtonFillIcon())
	}
	return StateIcon(s)
}

// wayLayout gives each station the same width, and draws the lines between their icons. A line comes after the station that it leads to.
type wayLayout struct{}

// MinSize implements [fyne.Layout].
func (wayLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}

// Layout implements [fyne.Layout].
func (wayLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := size.Width / float32((len(objects)+1)/2)
	icon := theme.IconInlineSize()
	station := float32(0)
	for _, o := range objects {
		if _, line := o.(*surface); line {
			o.Move(fyne.NewPos((station-1.5)*width+icon, icon/2-1))
			o.Resize(fyne.NewSize(width-2*icon, 2))
			continue
		}
		o.Move(fyne.NewPos(station*width, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		station++
	}
}
