package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// wideStep is the width from which a step of the guide has its picture beside the text, and not above it.
const wideStep = 540

// pageLayout lays out a step of the guide: what comes before its picture, the picture, and its text. In a wide page, the picture is at the
// left of all text.
type pageLayout struct{ width float32 } // of the last layout, 0 before

// MinSize implements [fyne.Layout]. It returns the height that the step needs at the width of the last layout.
func (l *pageLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if len(objects) == 0 {
		return fyne.Size{} // before the first step
	}
	head, picture, text := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	size := fyne.NewSize(max(head.Width, text.Width), head.Height+text.Height)
	if l.width >= wideStep {
		size.Height = max(size.Height, picture.Height)
	} else {
		size.Height += picture.Height
	}
	return size
}

// Layout implements [fyne.Layout].
func (l *pageLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	if len(objects) == 0 {
		return
	}
	head, picture, text := objects[0], objects[1], objects[2]
	put := func(o fyne.CanvasObject, x, y, width float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(width, o.Size().Height)) // the height follows from the width
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	if l.width < wideStep || !picture.Visible() {
		put(head, 0, 0, size.Width)
		put(picture, 0, head.Size().Height, size.Width)
		put(text, 0, head.Size().Height+picture.Size().Height, size.Width)
		return
	}
	half := (size.Width - theme.Padding()) / 2
	put(picture, 0, 0, half)
	put(head, size.Width-half, 0, half)
	put(text, size.Width-half, head.Size().Height, half)
}

// footLayout puts three buttons in one row if they fit: at the left, at the right, and in the middle. Otherwise the last one has a row of its
// own, below the others.
type footLayout struct{ width float32 } // of the last layout, 0 before

func (l *footLayout) isNarrow(objects []fyne.CanvasObject) bool {
	needs := 2 * theme.Padding()
	for _, o := range objects {
		needs += o.MinSize().Width
	}
	return needs > l.width
}

// MinSize implements [fyne.Layout].
func (l *footLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right, middle := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	size := fyne.NewSize(max(left.Width+theme.Padding()+right.Width, middle.Width), middle.Height)
	if l.isNarrow(objects) && (objects[0].Visible() || objects[1].Visible()) {
		size.Height += theme.Padding() + right.Height
	}
	return size
}

// Layout implements [fyne.Layout].
func (l *footLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	left, right, middle := objects[0], objects[1], objects[2]
	for _, o := range objects {
		o.Resize(o.MinSize())
	}
	left.Move(fyne.Position{})
	right.Move(fyne.NewPos(size.Width-right.Size().Width, 0))
	middle.Move(fyne.NewPos((size.Width-middle.Size().Width)/2, 0))
	if l.isNarrow(objects) {
		middle.Resize(fyne.NewSize(size.Width, middle.Size().Height))
		middle.Move(fyne.NewPos(0, size.Height-middle.Size().Height))
	}
}
