package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Several has a person select several rows of a list, as in a list of files. Each row begins with a mark.
type Several struct {
	Mark   func(widget.ListItemID) Mark // returns what the mark of a row shows
	Toggle func(widget.ListItemID)      // called for a click on a row that has a mark, and Space
	// Extend selects the rows up to one: for a click with Shift, and for each row that an arrow with Shift moves to. The range begins where the
	// last one did, or else at from.
	Extend func(from, to widget.ListItemID)
	All    func() // called for Ctrl+A
}

// Mark is what the mark of a row shows.
type Mark int

// The marks. A row with NoMark cannot be selected.
const (
	NoMark Mark = iota
	Unmarked
	Marked
)

// mark is the box at the beginning of a row. A click on it is one on the row.
type mark struct {
	widget.BaseWidget
	icon  *widget.Icon
	shown Mark
}

func newMark() *mark {
	m := &mark{icon: widget.NewIcon(theme.CheckButtonIcon()), shown: Unmarked}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer implements [fyne.Widget].
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	padding := theme.InnerPadding() // around the icon: it can be hit more easily
	return widget.NewSimpleRenderer(container.New(layout.NewCustomPaddedLayout(padding, padding, padding, padding), m.icon))
}

// show shows a mark. It draws only what changes.
func (m *mark) show(what Mark) {
	if what == m.shown {
		return
	}
	m.shown = what
	m.icon.SetResource(map[Mark]fyne.Resource{Unmarked: theme.CheckButtonIcon(), Marked: theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())}[what])
}

// NewSelectable makes a list of which several rows can be selected; see [NewRows] for the other parameters. Enter calls chosen, and so does
// a click on a row that has no mark.
func NewSelectable(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject), chosen func(widget.ListItemID), several Several) *Rows {
	r := NewRows(length, create, update, chosen)
	r.several = &several
	return r
}

// clicked is called for a click on a row, with the keys that are held down.
func (r *Rows) clicked(i widget.ListItemID, held fyne.KeyModifier) {
	switch {
	case i >= r.Length():
	case r.several == nil, r.several.Mark(i) == NoMark && held == 0:
		r.choose(i)
	case held&fyne.KeyModifierShift != 0:
		r.SetCurrent(i)
		r.several.Extend(i, i)
	default:
		r.toggle(i)
	}
}

// toggle selects a row, or no longer.
func (r *Rows) toggle(i widget.ListItemID) {
	if i < r.Length() {
		r.SetCurrent(i)
		r.several.Toggle(i)
	}
}

// KeyDown implements [desktop.Keyable].
func (r *Rows) KeyDown(key *fyne.KeyEvent) { r.shift = r.shift || isShift(key.Name) }

// KeyUp implements [desktop.Keyable].
func (r *Rows) KeyUp(key *fyne.KeyEvent) { r.shift = r.shift && !isShift(key.Name) }

func isShift(key fyne.KeyName) bool {
	return key == desktop.KeyShiftLeft || key == desktop.KeyShiftRight
}

// TypedShortcut implements [fyne.Shortcutable].
func (r *Rows) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all && r.several != nil {
		r.several.All()
	}
}
