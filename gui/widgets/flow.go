package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

// flow is a layout of rows. An object that has no room in a row begins the next one. So buttons need no more width than the widest of
// them, whatever their labels are. What comes after a spacer stands at the right end of its row.
//
// Fyne's own NewRowWrapLayout never needs less width than it had once, so a window with it cannot be made smaller again.
type flow struct{ width float32 } // of the last layout, 0 before

// NewFlow puts objects side by side, in as many rows as they need.
func NewFlow(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{}, Objects: objects}
}

// MinSize implements [fyne.Layout]: the widest object, as high as the rows that fit the width of the last layout.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest, all := float32(0), float32(0)
	for _, o := range objects {
		if o.Visible() {
			widest = max(widest, o.MinSize().Width)
			all += o.MinSize().Width + theme.Padding()
		}
	}
	if f.width == 0 {
		return fyne.NewSize(widest, f.rows(objects, all, func(fyne.CanvasObject, fyne.Position) {}))
	}
	return fyne.NewSize(widest, f.rows(objects, max(f.width, widest), func(fyne.CanvasObject, fyne.Position) {}))
}

// Layout implements [fyne.Layout].
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.rows(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position) {
		o.Resize(o.MinSize())
		o.Move(at)
	})
}

// rows calls put with the place of each object that is to be seen, and returns how high they are together.
func (f *flow) rows(objects []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position)) float32 {
	var at fyne.Position
	var row, right []fyne.CanvasObject // those in the row, and of them those at its right end
	height, end := float32(0), func() {
		shift := max(0, width-(at.X-theme.Padding()))
		x := float32(0)
		for i, o := range row {
			if i >= len(row)-len(right) {
				put(o, fyne.NewPos(x+shift, at.Y))
			} else {
				put(o, fyne.NewPos(x, at.Y))
			}
			x += o.MinSize().Width + theme.Padding()
		}
		row, right = nil, nil
	}
	spaced := false
	for _, o := range objects {
		if _, spacer := o.(layout.SpacerObject); spacer {
			spaced = true
			continue
		}
		if !o.Visible() {
			continue
		}
		needs := o.MinSize()
		if len(row) > 0 && at.X+needs.Width > width {
			end()
			at = fyne.NewPos(0, height+theme.Padding())
		}
		row = append(row, o)
		if spaced {
			right = append(right, o)
		}
		at.X += needs.Width + theme.Padding()
		height = max(height, at.Y+needs.Height)
	}
	end()
	return height
}
