package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// sideBySideLeast is the least width of two objects side by side, in the window's units.
const sideBySideLeast = 560

// sideBySide is a layout of two objects: side by side and equally wide, or one below the other where there is less room.
type sideBySide struct{ width float32 } // of the last layout, 0 before

// NewSideBySide lays out two objects.
func NewSideBySide(left, right fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &sideBySide{}, Objects: []fyne.CanvasObject{left, right}}
}

// MinSize implements [fyne.Layout]. The height is what is needed at the width of the last layout.
func (s *sideBySide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right := objects[0].MinSize(), objects[1].MinSize()
	width := max(left.Width, right.Width)
	if s.width >= sideBySideLeast {
		return fyne.NewSize(width, max(left.Height, right.Height))
	}
	return fyne.NewSize(width, left.Height+theme.Padding()+right.Height)
}

// Layout implements [fyne.Layout].
func (s *sideBySide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s.width = size.Width
	if size.Width >= sideBySideLeast {
		half := (size.Width - theme.Padding()) / 2
		for i, o := range objects {
			o.Resize(fyne.NewSize(half, size.Height))
			o.Move(fyne.NewPos(float32(i)*(half+theme.Padding()), 0))
		}
		return
	}
	y := float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height)) // what wraps knows its height once it has its width
		o.Move(fyne.NewPos(0, y))
		y += o.Size().Height + theme.Padding()
	}
}
