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
	known  *widget.Label // says from when all numbers are, if an earlier validation counted them
	shares []*shareRow
	others *widget.Label
	box    *fyne.Container
}

// otherLists are the lists of which only the number of rows is shown.
var otherLists = []check.ID{check.IDGroups, check.IDPolicies, check.IDApplications}

// shareRow shows how many rows a list has, and how many of them have what ControlMap looks for.
type shareRow struct {
	list  check.ID
	fact  string // names the fact for that number; figures.<fact> has its words
	name  *widget.Label
	bar   *widgets.Bar
	says  *widget.Label
	icon  *widget.Icon  // shown if it is a point to look at, so that not only the colour says so
	known *widget.Label // says from when the numbers are, if an earlier validation counted them
	box   *fyne.Container
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
		icon: widget.NewIcon(widgets.StateIcon(check.Warning)), known: widgets.Small("")}
	r.name.TextStyle.Bold = true
	says := container.NewBorder(nil, nil, container.NewCenter(r.icon), nil, r.says)
	line := container.NewBorder(nil, nil, container.New(widgets.Width(190), r.name), container.New(widgets.Width(150), says), r.bar)
	r.box = container.New(layout.NewCustomPaddedVBoxLayout(-8), line, r.known)
	return r
}

// show shows the numbers of a report, and from when those are that an earlier one counted: above all of them if they are from one day,
// else at each list. It hides the box if there are none.
func (f *figures) show(report check.Report) {
	figures := report.Figures()
	known, days := make(map[check.ID]string), make(map[string]bool)
	for list, figure := range figures {
		if !figure.At.Equal(report.At) {
			known[list] = words.Text("figures.known", words.Facts{"Date": words.Date(figure.At)})
		}
		days[known[list]] = true
	}
	ofAll := ""
	if len(days) == 1 {
		for ofAll = range days {
			clear(known)
		}
	}
	widgets.SetVisible(f.box, len(figures) > 0)
	setText(f.known, ofAll)
	for _, row := range f.shares {
		row.show(figures[row.list].Facts, known[row.list])
	}
	setText(f.others, others(figures, known))
}

// others are the words for the other lists. A list that an earlier validation counted has a line of its own.
func others(figures map[check.ID]check.Figure, known map[check.ID]string) string {
	var counted, lines []string
	for _, list := range otherLists {
		n := figures[list].Facts.Count("Count")
		says := words.CheckTitle(list) + " " + n.String()
		switch {
		case !n.Known():
		case known[list] != "":
			lines = append(lines, says+" · "+known[list])
		default:
			counted = append(counted, says)
		}
	}
	if len(counted) > 0 {
		lines = append([]string{strings.Join(counted, " · ")}, lines...)
	}
	return strings.Join(lines, "\n")
}

// show shows the numbers of one list, and from when they are unless that is "". It hides the row if there are none.
func (r *shareRow) show(facts check.Facts, known string) {
	setText(r.known, known)
	total, with := facts.Count("Count"), facts.Count(r.fact)
	widgets.SetVisible(r.box, total.Known())
	r.name.SetText(words.CheckTitle(r.list) + " " + total.String())
	warns := facts["Without"] != ""
	widgets.SetVisible(r.icon, warns)
	widgets.SetVisible(r.bar, with.Known())
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
