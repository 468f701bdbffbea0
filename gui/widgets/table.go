package widgets

import (
	"image/color"
	"slices"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// TableColumn is a column of a [Table].
type TableColumn struct {
	// Least is its least width, and Most what it may grow to where there is room; 0 if it does not. The first column gets what is left over.
	Least, Most float32
	// Drop says in which order columns go where there is too little room: the greatest first. A column with 0 stays.
	Drop int
}

// Table is a layout of cells in columns, for the heads of a table and for each of its rows: the nth object is in the nth column. A column
// that there is no room for is hidden.
type Table struct {
	columns func() []TableColumn
	widths  []float32 // of each column; 0 if it is hidden. There are none before Fit.
}

// NewTable makes a table with these columns. They are asked for once there is room to show: to measure their texts takes long.
func NewTable(columns func() []TableColumn) *Table { return &Table{columns: sync.OnceValue(columns)} }

const (
	tableGap   = 2  // between two columns
	leastFirst = 90 // the least width of the first column where even those that stay have too little room
)

// Fit gives the columns the widths that they have in a list of this width, and reports whether these are others than before. Then the rows
// have to be drawn anew.
func (t *Table) Fit(width float32) (changed bool) {
	former, columns := t.widths, t.columns()
	t.widths = make([]float32, len(columns))
	left := width - 4*ringWidth - theme.IconInlineSize() - theme.Padding() + tableGap // beside the icon
	for i, c := range columns {
		t.widths[i] = c.Least
		left -= c.Least + tableGap
	}
	for left < 0 {
		last := 0
		for i, c := range columns {
			if t.widths[i] > 0 && c.Drop > columns[last].Drop {
				last = i
			}
		}
		if last == 0 {
			break // all others stay
		}
		left += t.widths[last] + tableGap
		t.widths[last] = 0
	}
	for i, c := range columns {
		if grows := min(c.Most-c.Least, left/2); t.widths[i] > 0 && grows > 0 {
			t.widths[i] += grows
			left -= grows
		}
	}
	t.widths[0] = max(leastFirst, t.widths[0]+left)
	return !slices.Equal(former, t.widths)
}

// Shown reports whether there is room for a column.
func (t *Table) Shown(column int) bool { return column < len(t.widths) && t.widths[column] > 0 }

// MinSize implements [fyne.Layout]. A row is as high as a line of text.
func (t *Table) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if len(objects) == 0 {
		return fyne.Size{}
	}
	return fyne.NewSize(leastFirst, objects[0].MinSize().Height)
}

// Layout implements [fyne.Layout].
func (t *Table) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, o := range objects {
		SetVisible(o, t.Shown(i))
		if !t.Shown(i) {
			continue
		}
		put(o, x, 0, t.widths[i], size.Height)
		x += t.widths[i] + tableGap
	}
}

// NewHead makes the head of a column: a button without a ground, at the left.
func NewHead(title string, sort func()) *Button {
	b := NewButton(title, nil, sort)
	b.Importance, b.Alignment, b.IconPlacement = widget.LowImportance, widget.ButtonAlignLeading, widget.ButtonIconTrailingText
	return b
}

// Heads puts the heads of columns above the rows of a list, in small letters.
func Heads(heads fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(container.New(layout.NewCustomPaddedLayout(0, 0, 2*ringWidth, 2*ringWidth), heads), small{})
}

// HeadWidth is how wide the head of a column is, with its arrow.
func HeadWidth(title string) float32 {
	text := fyne.MeasureText(title, theme.CaptionTextSize(), fyne.TextStyle{Bold: true}).Width
	return text + theme.IconInlineSize() + theme.Padding() + 2*theme.InnerPadding()
}

// small is the theme in use, with small letters.
type small struct{}

func current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Color implements [fyne.Theme].
func (small) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	return current().Color(name, v)
}

// Font implements [fyne.Theme].
func (small) Font(style fyne.TextStyle) fyne.Resource { return current().Font(style) }

// Icon implements [fyne.Theme].
func (small) Icon(name fyne.ThemeIconName) fyne.Resource { return current().Icon(name) }

// Size implements [fyne.Theme].
func (small) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameText {
		name = theme.SizeNameCaptionText
	}
	return current().Size(name)
}

// TextWidth is how wide the widest of these texts is in a cell, in small letters.
func TextWidth(texts ...string) (widest float32) {
	for _, text := range texts {
		widest = max(widest, fyne.MeasureText(text, theme.CaptionTextSize(), fyne.TextStyle{}).Width)
	}
	return widest + 2*theme.InnerPadding()
}
