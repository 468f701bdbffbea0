package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Rows is Fyne's list for people who use the keyboard. While it, or the search above it, has the focus, one row is the current one and
// has a ring. Arrows, Page Up, Page Down, Home and End move the ring. Enter or Space chooses the row, as a click does.
type Rows struct {
	widget.List
	// OnCurrent is called when another row becomes the current one; nil for nothing.
	OnCurrent func(widget.ListItemID)

	chosen  func(widget.ListItemID)
	several *Several // nil where one row is chosen at a time
	current widget.ListItemID
	ringed  bool // the current row has a ring
	spaced  bool // the key Space came; the rune that follows belongs to it
	shift   bool // a Shift key is held down
}

// NewRows makes a list, with the parameters of Fyne's NewList. It calls chosen when a person chooses a row, even one that is marked.
func NewRows(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject), chosen func(widget.ListItemID)) *Rows {
	r := &Rows{chosen: chosen}
	r.Length = length
	r.CreateItem = func() fyne.CanvasObject { return newRow(create(), r.several != nil) }
	r.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		row := o.(*row)
		update(i, row.content)
		focused := func(do func()) {
			if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
				c.Focus(r)
			}
			do()
		}
		row.tapped = func(held fyne.KeyModifier) { focused(func() { r.clicked(i, held) }) }
		if row.mark != nil {
			row.mark.show(r.several.Mark(i))
		}
		row.setRing(r.ringed && i == r.current)
	}
	r.ExtendBaseWidget(r)
	return r
}

// Mark marks a row and no other as the one on the screen, and scrolls to it; -1 marks none. The row becomes the current one, unless
// somebody is using the keyboard in the list.
func (r *Rows) Mark(i widget.ListItemID) {
	r.UnselectAll()
	if !r.ringed && i >= 0 {
		r.setCurrent(i)
	}
	r.Select(i)
}

// Current returns the index of the current row.
func (r *Rows) Current() widget.ListItemID { return r.current }

// Point makes a row the current one and does not scroll, unless the row has the ring.
func (r *Rows) Point(i widget.ListItemID) {
	if r.ringed {
		r.SetCurrent(i)
	} else {
		r.setCurrent(i)
	}
}

func (r *Rows) setCurrent(i widget.ListItemID) {
	r.current = i
	if r.OnCurrent != nil {
		r.OnCurrent(i)
	}
}

// SetCurrent makes a row the current one, and scrolls to it.
func (r *Rows) SetCurrent(i widget.ListItemID) {
	r.setCurrent(max(0, min(i, r.Length()-1)))
	if r.current == 0 {
		r.ScrollToTop() // a list that is not laid out yet has no height to scroll in
	} else {
		r.ScrollTo(r.current)
	}
	r.Refresh()
}

// choose chooses a row.
func (r *Rows) choose(i widget.ListItemID) {
	if i < r.Length() {
		r.SetCurrent(i)
		r.chosen(i)
	}
}

// ring shows or hides the ring around the current row.
func (r *Rows) ring(shown bool) {
	r.ringed = shown
	r.SetCurrent(r.current)
}

// FocusGained implements [fyne.Focusable].
func (r *Rows) FocusGained() { r.ring(true) }

// FocusLost implements [fyne.Focusable].
func (r *Rows) FocusLost() { r.spaced, r.shift = false, false; r.ring(false) }

// TypedKey implements [fyne.Focusable].
func (r *Rows) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		r.choose(r.current)
	case fyne.KeySpace:
		r.spaced = true
	case fyne.KeyEscape:
		escape(r)
	default:
		r.move(key.Name)
	}
}

// TypedRune implements [fyne.Focusable]. As for a [Button], Space counts once its rune has come.
func (r *Rows) TypedRune(c rune) {
	if c != ' ' || !r.spaced {
		return
	}
	r.spaced = false
	if r.several != nil {
		r.toggle(r.current)
	} else {
		r.choose(r.current)
	}
}

// move makes another row the current one, if the key is one that does.
func (r *Rows) move(key fyne.KeyName) {
	page := max(1, int(r.Size().Height/(r.CreateItem().MinSize().Height+theme.Padding())))
	by := map[fyne.KeyName]int{fyne.KeyDown: 1, fyne.KeyUp: -1, fyne.KeyPageDown: page, fyne.KeyPageUp: -page,
		fyne.KeyHome: -r.Length(), fyne.KeyEnd: r.Length()}
	if n, ok := by[key]; ok {
		from := min(r.current, r.Length()-1)
		r.SetCurrent(from + n)
		if r.shift && r.several != nil && r.Length() > 0 {
			r.several.Extend(from, r.current)
		}
	}
}

// NewSearch makes a field that searches rows. It calls filter when its text changes, and then the first row is the current one. Enter
// chooses the current row, the arrows move it, and Esc clears the search. Ctrl+A in an empty search selects all rows, if several can be.
func NewSearch(board Clipboard, placeholder string, rows *Rows, filter func()) *Field {
	f := NewField(board, placeholder)
	f.onFocus = rows.ring
	f.OnChanged = func(string) {
		filter()
		rows.SetCurrent(0)
	}
	f.OnSubmitted = func(string) { rows.choose(rows.current) }
	f.OnEscape = func() {
		if f.Text == "" {
			escape(f)
		} else {
			f.SetText("")
		}
	}
	f.onUpDown = rows.move
	f.onAll = func() bool {
		selects := f.Text == "" && rows.several != nil
		if selects {
			rows.several.All()
		}
		return selects
	}
	return f
}

// row is a row of a list: its mark, if several rows can be selected, its content, and a ring around both.
type row struct {
	widget.BaseWidget
	mark    *mark // nil if one row is chosen at a time
	content fyne.CanvasObject
	rim     *canvas.Rectangle
	held    fyne.KeyModifier // the keys that were held down when the mouse button went down
	tapped  func(held fyne.KeyModifier)
}

func newRow(content fyne.CanvasObject, marked bool) *row {
	r := &row{content: content, rim: &canvas.Rectangle{StrokeWidth: ringWidth}}
	if marked {
		r.mark = newMark()
	}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements [fyne.Widget].
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	content := r.content
	if r.mark != nil {
		content = container.NewBorder(nil, nil, container.NewCenter(r.mark), nil, content)
	}
	return widget.NewSimpleRenderer(container.NewStack(container.New(layout.NewCustomPaddedLayout(0, 0, 2*ringWidth, 2*ringWidth), content), r.rim))
}

// MouseDown implements [desktop.Mouseable]. Tapped is not told which keys are held down.
func (r *row) MouseDown(e *desktop.MouseEvent) { r.held = e.Modifier }

// MouseUp implements [desktop.Mouseable].
func (r *row) MouseUp(*desktop.MouseEvent) {}

// Tapped implements [fyne.Tappable]. It is called in place of Fyne's own, which says nothing of a row that is marked already.
func (r *row) Tapped(*fyne.PointEvent) {
	held := r.held
	r.held = 0
	r.tapped(held)
}

// setRing shows or hides the ring, in the theme's colour.
func (r *row) setRing(shown bool) {
	r.rim.Hidden = !shown
	r.rim.StrokeColor = theme.Color(theme.ColorNameForeground)
	r.rim.CornerRadius = theme.Size(theme.SizeNameSelectionRadius)
	r.rim.Refresh()
}
