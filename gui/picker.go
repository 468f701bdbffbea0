package gui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// pickerHeight is that of four organizations.
const pickerHeight = 150

// picker chooses one of the organizations that a key opens.
type picker struct {
	all, shown []check.Organization
	search     *field
	list       *rows
	none       *widget.Label
	more       *widget.Label // says that the list is not complete
	box        *fyne.Container
}

func newPicker(board *clipboard, picked func(check.Organization)) *picker {
	p := &picker{search: newField(board, "", nil), none: caption(words.Text("choose.none")),
		more: wrapped(words.Text("choose.more"), widget.MediumImportance)}
	p.search.OnChanged = func(string) { p.filter() }
	p.list = newRows(
		func() int { return len(p.shown) },
		func() fyne.CanvasObject { return container.NewBorder(nil, nil, nil, caption(""), ellipsis("")) },
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
	room := container.NewStack(newRoom(pickerHeight), p.list, p.none)
	p.box = card(container.NewVBox(heading(words.Text("choose.title"), theme.SizeNameSubHeadingText), p.search, p.more, room))
	p.box.Hide()
	return p
}

// show offers these organizations, and says whether there may be more.
func (p *picker) show(choices []check.Organization, more bool) {
	p.all = choices
	count := strconv.Itoa(len(choices))
	p.more.Hidden = !more
	if more {
		count += "+"
	}
	p.search.SetPlaceHolder(words.Text("choose.search", words.Facts{"Count": count}))
	p.search.SetText("")
	p.filter()
	p.box.Show()
}

func (p *picker) hide() {
	p.all, p.shown = nil, nil
	p.box.Hide()
}

func (p *picker) filter() {
	wanted := strings.ToLower(strings.TrimSpace(p.search.Text))
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

// tail is the end of an id, enough to tell two organizations of one name apart.
func tail(s string, n int) string { return s[max(0, len(s)-n):] }
