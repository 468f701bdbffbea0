package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Rows is Fyne's list, in which Enter chooses a row like Space.
type Rows struct{ widget.List }

// NewRows makes a list, with the parameters of Fyne's NewList.
func NewRows(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject)) *Rows {
	r := &Rows{}
	r.Length, r.CreateItem, r.UpdateItem = length, create, update
	r.ExtendBaseWidget(r)
	return r
}

// TypedKey implements [fyne.Focusable].
func (r *Rows) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		key = &fyne.KeyEvent{Name: fyne.KeySpace}
	case fyne.KeyEscape:
		escape(r)
	}
	r.List.TypedKey(key)
}
