package widgets

import (
	"image/color"
	"strconv"

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
	Search            func(count string) string   // the placeholder of the search
	Count             func(found, all int) string // how many organizations match
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
	count      *widget.Label // how many organizations match
	more       *widget.Label // there may be other organizations
	Box        *fyne.Container
}

// NewPicker makes a hidden picker. It calls picked with the chosen organization.
func NewPicker(board Clipboard, said PickerWords, picked func(check.Organization)) *Picker {
	p := &Picker{words: said, none: Caption(said.None), count: Caption(""), more: Wrapped(said.More, widget.MediumImportance)}
	p.list = NewRows(
		func() int { return len(p.shown) },
		func() fyne.CanvasObject { return container.NewBorder(nil, nil, nil, Caption(""), Ellipsis("")) },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			row := o.(*fyne.Container).Objects
			row[0].(*widget.Label).SetText(p.shown[i].Name)
			short := row[1].(*widget.Label)
			short.Truncation = fyne.TextTruncateOff
			short.SetText("…" + tail(p.shown[i].ID, 6))
		},
		func(i widget.ListItemID) { picked(p.shown[i]) })
	p.Search = NewSearch(board, "", p.list, p.filter)
	height := canvas.NewRectangle(color.Transparent) // a list has no height of its own
	height.SetMinSize(fyne.NewSize(0, pickerHeight))
	p.Box = Card(container.NewVBox(container.NewBorder(nil, nil, nil, p.count, Heading(said.Title, theme.SizeNameSubHeadingText)), p.Search, p.more,
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
	p.list.SetCurrent(0)
	p.Box.Show()
}

// Hide hides the picker, and forgets its organizations.
func (p *Picker) Hide() {
	p.all, p.shown = nil, nil
	p.Box.Hide()
}

func (p *Picker) filter() {
	match := Match(p.Search.Text)
	p.shown = nil
	for _, o := range p.all {
		if match(o.Name, o.ID) {
			p.shown = append(p.shown, o)
		}
	}
	p.none.Hidden = len(p.shown) > 0
	p.none.Refresh()
	p.count.SetText("")
	if len(p.shown) < len(p.all) {
		p.count.SetText(p.words.Count(len(p.shown), len(p.all)))
	}
	p.list.Refresh()
}

// tail returns the end of an id, to tell organizations with the same name apart.
func tail(s string, n int) string { return s[max(0, len(s)-n):] }
