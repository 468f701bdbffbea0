package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Fold shows content below a title, or the title alone.
type Fold struct {
	Head    *Button
	Box     *fyne.Container
	content fyne.CanvasObject
	onOpen  func()
}

// NewFold makes a fold that is closed. It calls onOpen, which may be nil, when the user opens it.
func NewFold(title string, onOpen func(), content fyne.CanvasObject) *Fold {
	f := &Fold{content: content, onOpen: onOpen}
	f.Head = NewButton(title, nil, f.flip)
	f.Head.Importance, f.Head.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	f.Box = container.NewVBox(f.Head, content)
	f.SetOpen(false)
	return f
}

// IsOpen reports whether the content is shown.
func (f *Fold) IsOpen() bool { return f.content.Visible() }

// SetOpen shows or hides the content.
func (f *Fold) SetOpen(open bool) {
	icon := theme.MenuExpandIcon()
	if open {
		icon = theme.MenuDropDownIcon()
		f.content.Show()
	} else {
		f.content.Hide()
	}
	f.Head.SetIcon(icon)
}

func (f *Fold) flip() {
	f.SetOpen(!f.IsOpen())
	if f.IsOpen() && f.onOpen != nil {
		f.onOpen()
	}
}
