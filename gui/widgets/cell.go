package widgets

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Cell is one line of text in a row of a list, cut if it does not fit. It looks like a label, and takes a tenth of the time to show another
// text: a list has hundreds.
type Cell struct {
	widget.BaseWidget
	Text  string
	color fyne.ThemeColorName
	size  fyne.ThemeSizeName
}

// NewCell makes an empty cell with letters of this size.
func NewCell(size fyne.ThemeSizeName) *Cell {
	c := &Cell{size: size, color: theme.ColorNameForeground}
	c.ExtendBaseWidget(c)
	return c
}

// Set shows a text in one of the theme's colours. It draws only what changes.
func (c *Cell) Set(text string, color fyne.ThemeColorName) {
	if text != c.Text || color != c.color {
		c.Text, c.color = text, color
		c.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (c *Cell) CreateRenderer() fyne.WidgetRenderer {
	r := &cellRenderer{c: c, text: &canvas.Text{}}
	r.Refresh()
	return r
}

type cellRenderer struct {
	c    *Cell
	text *canvas.Text // as much as fits
}

// Layout implements [fyne.WidgetRenderer].
func (r *cellRenderer) Layout(size fyne.Size) {
	padding := theme.InnerPadding()
	room := size.Width - 2*padding
	r.text.Text = cut(r.c.Text, room, r.text.TextSize)
	r.text.Move(fyne.NewPos(padding, padding))
	r.text.Resize(fyne.NewSize(max(0, room), size.Height-2*padding))
}

// MinSize implements [fyne.WidgetRenderer].
func (r *cellRenderer) MinSize() fyne.Size {
	height := fyne.MeasureText("M", r.text.TextSize, fyne.TextStyle{}).Height
	return fyne.NewSize(0, height+2*theme.InnerPadding())
}

// Refresh applies the text and the theme.
func (r *cellRenderer) Refresh() {
	th, v := r.c.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.text.Color, r.text.TextSize = th.Color(r.c.color, v), th.Size(r.c.size)
	r.Layout(r.c.Size())
	canvas.Refresh(r.text)
}

// Objects implements [fyne.WidgetRenderer].
func (r *cellRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

// Destroy implements [fyne.WidgetRenderer].
func (r *cellRenderer) Destroy() {}

// cut returns as much of a text as fits, with three dots if that is not all.
func cut(text string, room, size float32) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= room }
	if room <= 0 || text == "" {
		return ""
	}
	if fits(text) {
		return text
	}
	letters := []rune(text)
	least, most := 0, utf8.RuneCountInString(text)
	for least+1 < most {
		if middle := (least + most) / 2; fits(string(letters[:middle]) + "…") {
			least = middle
		} else {
			most = middle
		}
	}
	return string(letters[:least]) + "…"
}
