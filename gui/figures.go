package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// figures show the numbers of what ControlMap will see: with a bar for each share, and the other lists in one line.
type figures struct {
	known  *widget.Label // says that the numbers are of an earlier validation
	shares []*shareRow
	others *widget.Label
	box    *fyne.Container
}

// shareRow shows how many rows a list has, and how many of them have what ControlMap looks for.
type shareRow struct {
	list check.ID
	fact string // names the fact for that number; figures.<fact> has its words
	name *widget.Label
	bar  *widgets.Bar
	says *widget.Label
	icon *widget.Icon // shown if it is a point to look at, so that not only the colour says so
	box  *fyne.Container
}

func newFigures() *figures {
	f := &figures{known: widgets.Small(""), others: widgets.Small(""), shares: []*shareRow{
		newShareRow(check.IDPeople, "MFA"), newShareRow(check.IDDevices, "Encrypted"), newShareRow(check.IDAdministrators, "MFA")}}
	content := container.New(layout.NewCustomPaddedVBoxLayout(-4), widgets.Heading(words.Text("figures.title"), theme.SizeNameSubHeadingText), f.known)
	for _, row := range f.shares {
		content.Add(row.box)
	}
	content.Add(f.others)
	f.box = widgets.Card(content)
	f.box.Hide()
	return f
}

func newShareRow(list check.ID, fact string) *shareRow {
	r := &shareRow{list: list, fact: fact, name: widgets.Ellipsis(""), bar: widgets.NewBar(), says: widgets.Ellipsis(""),
		icon: widget.NewIcon(widgets.StateIcon(check.Warning))}
	r.name.TextStyle.Bold = true
	says := container.NewBorder(nil, nil, container.NewCenter(r.icon), nil, r.says)
	r.box = container.NewBorder(nil, nil, container.New(widgets.Width(190), r.name), container.New(widgets.Width(150), says), r.bar)
	return r
}

// show shows the numbers of a report, or those that are known from an earlier one. It hides the box if there are none.
func (f *figures) show(report check.Report) {
	facts, at := report.Figures()
	setVisible(f.box, len(facts) > 0)
	f.known.SetText(words.Text("figures.known", words.Facts{"Date": words.Date(at)}))
	setVisible(f.known, !at.Equal(report.At))
	for _, row := range f.shares {
		row.show(facts[row.list])
	}
	var others []string
	for _, list := range []check.ID{check.IDGroups, check.IDPolicies, check.IDApplications} {
		if n := facts[list].Count("Count"); n.Known() {
			others = append(others, words.CheckTitle(list)+" "+n.String())
		}
	}
	f.others.SetText(strings.Join(others, " · "))
	setVisible(f.others, len(others) > 0)
}

// show shows the numbers of one list, and hides the row if there are none.
func (r *shareRow) show(facts check.Facts) {
	total, with := facts.Count("Count"), facts.Count(r.fact)
	setVisible(r.box, total.Known())
	r.name.SetText(words.CheckTitle(r.list) + " " + total.String())
	warns := facts["Without"] != ""
	setVisible(r.icon, warns)
	setVisible(r.bar, with.Known())
	r.says.SetText(words.Text("figures.not_told"))
	if !with.Known() {
		return
	}
	r.says.SetText(words.Text("figures."+strings.ToLower(r.fact), words.Facts{"Count": with.String()}))
	fill := theme.ColorNamePrimary
	if warns {
		fill = theme.ColorNameWarning
	}
	r.bar.Set(float32(with.Min())/float32(max(1, total.Min())), fill)
}
