package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
)

// Columns is a layout of three objects side by side. The outer ones get a share of the width, within limits, and the middle one gets
// the rest.
type Columns struct{}

const (
	columnGap             = 6
	leftShare, rightShare = 0.18, 0.24
	leftLeast, leftMost   = 204, 236
	rightLeast, rightMost = 208, 300
)

// MinSize implements [fyne.Layout].
func (Columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(leftLeast+columnGap+objects[1].MinSize().Width+columnGap+rightLeast, 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

// Layout implements [fyne.Layout].
func (Columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := min(max(size.Width*leftShare, leftLeast), leftMost)
	right := min(max(size.Width*rightShare, rightLeast), rightMost)
	middle := size.Width - left - right - 2*columnGap
	x := float32(0)
	for i, width := range []float32{left, middle, right} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width + columnGap
	}
}

// Upright puts middle between top and bottom, and gives it the remaining height. Unlike in Fyne's NewBorder, Tab goes from top to
// bottom. Bottom may be nil.
func Upright(top, middle, bottom fyne.CanvasObject) *fyne.Container {
	all := []fyne.CanvasObject{top, middle}
	if bottom != nil {
		all = append(all, bottom)
	}
	return &fyne.Container{Layout: layout.NewBorderLayout(top, bottom, nil, nil), Objects: all}
}
