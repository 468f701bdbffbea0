package widgets

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
)

// PickerWords are the texts of a picker.
type PickerWords struct {
	Title, None, More string
	Search            func(count string) string // the placeholder of the search
}

// pickerHeight is the height of four organizations.
const pickerHeight = 150

// Picker lets a person choose one of the organizations that a key opens.
type Picker struct {
	words      PickerWords
	all, shown []check.Organization
	Search     *Field
	list       *Rows
	none       *widget.Label
	more       *widget.Label // there may be other organizations
	Box        *fyne.Container
}

// NewPicker makes a hidden picker. It calls picked with the chosen organization.
func NewPicker(board Clipboard, said PickerWords, picked func(check.Organization)) *Picker {
	p := &Picker{words: said, Search: NewField(board, ""), none: Caption(said.None),
		more: Wrapped(said.More, widget.MediumImportance)}
	p.Search.OnChanged = func(string) { p.filter() }
	p.list = NewRows(
		func() int { return len(p.shown) },
		func() fyne.CanvasObject { return container.NewBorder(nil, nil, nil, Caption(""), Ellipsis("")) },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			row := o.(*fyne.Container).Objects
			row[0].(*widget.Label).SetText(p.shown[i].Name)
			short := row[1].(*widget.Label)
			short.Truncation = fyne.TextTruncateOff
			short.SetText("…" + tail(p.shown[i].ID, 6))
		})
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		picked(p.shown[i])
	}
	height := canvas.NewRectangle(color.Transparent) // a list has no height of its own
	height.SetMinSize(fyne.NewSize(0, pickerHeight))
	p.Box = Card(container.NewVBox(Heading(said.Title, theme.SizeNameSubHeadingText), p.Search, p.more,
		container.NewStack(height, p.list, p.none)))
	p.Box.Hide()
	return p
}

// Show shows these organizations. More means that there may be others.
func (p *Picker) Show(choices []check.Organization, more bool) {
	p.all = choices
	count := strconv.Itoa(len(choices))
	p.more.Hidden = !more
	if more {
		count += "+"
	}
	p.Search.SetPlaceHolder(p.words.Search(count))
	p.Search.SetText("")
	p.filter()
	p.Box.Show()
}

// Hide hides the picker, and forgets its organizations.
func (p *Picker) Hide() {
	p.all, p.shown = nil, nil
	p.Box.Hide()
}

func (p *Picker) filter() {
	wanted := strings.ToLower(strings.TrimSpace(p.Search.Text))
	p.shown = nil
	for _, o := range p.all {
		if strings.Contains(strings.ToLower(o.Name), wanted) || strings.Contains(o.ID, wanted) {
			p.shown = append(p.shown, o)
		}
	}
	p.none.Hidden = len(p.shown) > 0
	p.none.Refresh()
	p.list.Refresh()
}

// tail returns the end of an id, to tell organizations with the same name apart.
func tail(s string, n int) string { return s[max(0, len(s)-n):] }
