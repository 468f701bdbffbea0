package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// listIcons are the icons of each health.
type listIcons map[check.Health]fyne.Resource

func newListIcons() listIcons {
	all := make(listIcons)
	for _, h := range check.Healths() {
		all[h] = widgets.HealthIcon(h)
	}
	return all
}

// newRow makes a row: the icon of the health, and beside it the name over a line of small text, or the columns.
func (l *connectionList) newRow() fyne.CanvasObject {
	lines := newTwoLines()
	cells := container.New(l.table, widgets.NewCell(theme.SizeNameText))
	for range listColumns[1:] {
		cells.Add(widgets.NewCell(theme.SizeNameCaptionText))
	}
	row := container.NewBorder(nil, nil, widget.NewIcon(l.icons[check.HealthWorks]), nil, container.NewStack(lines, cells))
	l.dressRow(row)
	return row
}

// dressRow shows the parts of a row that belong to the list's form, and returns them.
func (l *connectionList) dressRow(o fyne.CanvasObject) (icon *widget.Icon, lines, cells *fyne.Container) {
	row := o.(*fyne.Container).Objects
	both := row[0].(*fyne.Container).Objects
	lines, cells = both[0].(*fyne.Container), both[1].(*fyne.Container)
	widgets.SetVisible(lines, l.form != formTable)
	widgets.SetVisible(cells, l.form == formTable)
	return row[1].(*widget.Icon), lines, cells
}

// updateRow shows a connection in a row. It draws only what changes.
func (l *connectionList) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	one := l.w.listing.shown[i]
	icon, lines, cells := l.dressRow(o)
	if icon.Resource != l.icons[one.health] {
		icon.SetResource(l.icons[one.health])
	}
	if l.form == formTable {
		l.updateCells(one, cells.Objects)
		return
	}
	name, about := one.Name, l.aboutOf(one)
	if one.Unread() {
		name = words.Text("list.unread")
	}
	setTwoLines(lines, name, about)
}

// newTwoLines makes the two lines of a row in a list: a name over small text.
func newTwoLines() *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-12), widgets.NewCell(theme.SizeNameText), widgets.NewCell(theme.SizeNameCaptionText))
}

// setTwoLines shows other texts in them.
func setTwoLines(lines *fyne.Container, name, about string) {
	lines.Objects[0].(*widgets.Cell).Set(name, theme.ColorNameForeground)
	lines.Objects[1].(*widgets.Cell).Set(about, theme.ColorNamePlaceHolder)
}

// updateCells shows a connection in the columns.
func (l *connectionList) updateCells(one *listed, cells []fyne.CanvasObject) {
	for n, cell := range cells {
		if !l.table.Shown(n) {
			continue
		}
		color := theme.ColorNamePlaceHolder
		switch connectionOrder(n) {
		case byName:
			color = theme.ColorNameForeground
		case byHealth:
			color = healthColor(one.health)
		case byHandOver:
			if one.HandOver.Outdated {
				color = theme.ColorNameWarning
			}
		}
		cell.(*widgets.Cell).Set(listColumns[n].text(l, one), color)
	}
}

// healthColor is the colour of the word for a health: calm where nothing has to be done.
func healthColor(h check.Health) fyne.ThemeColorName {
	switch h {
	case check.HealthBroken:
		return theme.ColorNameError
	case check.HealthAttention, check.HealthEndsSoon:
		return theme.ColorNameWarning
	}
	return theme.ColorNamePlaceHolder
}

// aboutOf is the small text below a name. What matters most comes first, because the end of a long line is cut off, and the icon shows the
// health.
func (l *connectionList) aboutOf(one *listed) string {
	var parts []string
	if whose := one.Report.Administrator.Email; l.w.connections.twin(one.Connection) && whose != "" && one.Trouble == "" {
		parts = append(parts, printable.Line(whose))
	}
	add := func(text string) { parts = append(parts, text) }
	now := l.w.work.now()
	end := one.Report.KeyEnd(now).Cause
	switch {
	case one.Several:
		return words.Text("list.several")
	case one.health == check.HealthUnchecked && !one.Report.Worked.IsZero():
		add(words.Unchecked(one.Report))
		return strings.Join(parts, " · ")
	case one.endsSoon, end == check.CauseKeyEnded, end == check.CauseKeyEnd && one.health == check.HealthWorks:
		add(words.KeyEndsShort(one.Report, now))
	}
	handedOver := words.Text("list.handed_over", words.Facts{"Date": words.Date(one.HandOver.At)})
	if one.health != check.HealthEndsSoon && !(one.health == check.HealthWorks && one.HandOver.Done()) {
		add(healthOf(one))
	}
	switch {
	case one.Trouble != "":
	case l.w.connections.forSession(one.Connection):
		add(words.Text("list.session"))
	case one.HandOver.Outdated:
		add(words.Text("list.outdated"))
	case one.HandOver.Done():
		add(handedOver)
	case !one.Report.At.IsZero():
		add(words.Ago(one.Report.At, l.w.minute))
	}
	return strings.Join(parts, " · ")
}
