package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

// flow is a layout of rows. An object that does not fit into a row starts the next one, so the layout is at least as wide as its
// widest object only. Objects after a spacer are at the right end of their row.
//
// The minimum width of Fyne's NewRowWrapLayout never shrinks, so a window with it cannot be made smaller again.
type flow struct{ width float32 } // of the last layout, 0 before

// NewFlow puts objects side by side, in as many rows as needed.
func NewFlow(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{}, Objects: objects}
}

// MinSize implements [fyne.Layout]. It returns the width of the widest object, and the height that the rows need at the width of
// the last layout.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest, all := float32(0), float32(0)
	for _, o := range objects {
		if o.Visible() {
			widest = max(widest, o.MinSize().Width)
			all += o.MinSize().Width + theme.Padding()
		}
	}
	width := max(f.width, widest)
	if f.width == 0 {
		width = all
	}
	return fyne.NewSize(widest, f.rows(objects, width, func(fyne.CanvasObject, fyne.Position) {}))
}

// Layout implements [fyne.Layout].
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.rows(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position) {
		o.Resize(o.MinSize())
		o.Move(at)
	})
}

// rows calls put with the position of each visible object, and returns the height of all rows.
func (f *flow) rows(objects []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position)) float32 {
	var at fyne.Position
	var row []fyne.CanvasObject
	left := 0 // objects of the row that are not at its right end
	height, end := float32(0), func() {
		x := float32(0)
		for i, o := range row {
			if i == left {
				x += max(0, width-(at.X-theme.Padding()))
			}
			put(o, fyne.NewPos(x, at.Y))
			x += o.MinSize().Width + theme.Padding()
		}
		row, left = nil, 0
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
		if !spaced {
			left++
		}
		at.X += needs.Width + theme.Padding()
		height = max(height, at.Y+needs.Height)
	}
	end()
	return height
}
