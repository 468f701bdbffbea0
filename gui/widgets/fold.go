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
	icon    *widget.Icon  // hidden before SetTitle
	note    *widget.Label // beside the title
	content fyne.CanvasObject
	onOpen  func()
}

// NewFold makes a fold that is closed. It calls onOpen, which may be nil, when the user opens it.
func NewFold(title string, onOpen func(), content fyne.CanvasObject) *Fold {
	f := &Fold{content: content, onOpen: onOpen, icon: widget.NewIcon(nil), note: Small("")}
	f.Head = NewButton(title, nil, f.flip)
	f.Head.Importance, f.Head.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	f.icon.Hide()
	f.Box = container.NewVBox(container.NewBorder(nil, nil, container.NewHBox(f.icon, f.Head), nil, f.note), content)
	f.SetOpen(false)
	return f
}

// SetTitle changes the title, and puts an icon left and a note right of it. In a narrow window the note has several lines.
func (f *Fold) SetTitle(icon fyne.Resource, title, note string) {
	f.icon.SetResource(icon)
	f.icon.Show()
	f.Head.SetText(title)
	f.note.SetText(note)
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

// flip opens or closes the row for the user.
func (f *Fold) flip() {
	f.SetOpen(!f.IsOpen())
	if f.IsOpen() && f.onOpen != nil {
		f.onOpen()
	}
}
