package gui

import (
	"strings"
	"time"

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

// checkGroups shows the checks, in a folded row for each group, and below them how long each took.
type checkGroups struct {
	of      *results
	groups  []*checkGroup // empty before fill
	rows    []*checkRow
	took    *widget.Label
	details *widgets.Fold // holds took; hidden until a check has ended
	box     *fyne.Container
}

// checkGroup is the folded row of one group.
type checkGroup struct {
	name check.Group
	fold *widgets.Fold
	rows []*checkRow
}

func newCheckGroups(of *results) *checkGroups {
	took := widgets.Small("")
	return &checkGroups{of: of, took: took, details: widgets.NewFold(words.Text("checks.details"), nil, took),
		box: container.New(layout.NewCustomPaddedVBoxLayout(0))}
}

// fill makes the rows of all checks.
func (g *checkGroups) fill() {
	for _, name := range check.Groups() {
		list := container.New(layout.NewCustomPaddedVBoxLayout(0))
		group := &checkGroup{name: name, fold: widgets.NewFold("", nil, list)}
		for _, one := range check.All() {
			if one.Group() == name {
				row := newCheckRow(one.ID, g.of)
				group.rows, g.rows = append(group.rows, row), append(g.rows, row)
				list.Add(row.box)
			}
		}
		group.settle()
		g.groups = append(g.groups, group)
		g.box.Add(group.fold.Box)
	}
	g.box.Add(g.details.Box)
	g.time()
}

// time shows how long each check took, and what the system said where a request failed.
func (g *checkGroups) time() {
	var lines []string
	for _, row := range g.rows {
		if row.shown.Took > 0 {
			line := words.CheckTitle(row.id) + ": " + words.Took(row.shown.Took)
			if said := row.shown.Facts["Detail"]; said != "" {
				line += " (" + printable.Line(said) + ")"
			}
			lines = append(lines, line)
		}
	}
	g.took.SetText(strings.Join(lines, "\n"))
	widgets.SetVisible(g.details.Box, len(lines) > 0)
}

// all is where the checks stand.
func (g *checkGroups) all() (all []check.Result) {
	for _, row := range g.rows {
		all = append(all, row.shown)
	}
	return all
}

// row returns the row of a check, nil before fill.
func (g *checkGroups) row(id check.ID) *checkRow {
	for _, row := range g.rows {
		if row.id == id {
			return row
		}
	}
	return nil
}

// word words the row of a check anew.
func (g *checkGroups) word(id check.ID) {
	if row := g.row(id); row != nil {
		row.set(row.shown)
	}
}

// set shows where a check now stands.
func (g *checkGroups) set(result check.Result) {
	for _, group := range g.groups {
		for _, row := range group.rows {
			if row.id == result.Check {
				row.set(result)
				group.settle()
			}
		}
	}
	g.time()
}

// setReport shows all results of a report.
func (g *checkGroups) setReport(report check.Report) {
	for _, group := range g.groups {
		for _, row := range group.rows {
			result := report.Result(row.id)
			result.Check = row.id
			row.set(result)
		}
		group.settle()
	}
	g.time()
}

// reset puts every check back to waiting, and folds the groups. It draws only what changes.
func (g *checkGroups) reset() {
	for _, group := range g.groups {
		for _, row := range group.rows {
			if row.shown.State != check.Waiting {
				row.set(check.Result{Check: row.id})
			}
		}
		group.fold.SetOpen(false)
		group.settle()
	}
	g.details.SetOpen(false)
	g.time()
}

// openFindings opens the groups in which a check failed or warns, and folds the others.
func (g *checkGroups) openFindings() {
	for _, group := range g.groups {
		worst := group.worst()
		group.fold.SetOpen(worst == check.Failed || worst == check.Warning)
	}
}

// settle shows how many checks of the group passed, and the icon of the worst.
func (g *checkGroup) settle() {
	var all []check.Result
	for _, row := range g.rows {
		all = append(all, row.shown)
	}
	g.fold.SetTitle(widgets.StateIcon(g.worst()), words.Group(g.name), words.Counts(all))
}

// worst is the state that says most about the group.
func (g *checkGroup) worst() check.State {
	for _, state := range []check.State{check.Failed, check.Warning, check.Running, check.Passed, check.Skipped} {
		for _, row := range g.rows {
			if row.shown.State == state {
				return state
			}
		}
	}
	return check.Waiting
}

// checkRow shows one check: icon, title, what was seen, and the state in a word. If something has to be done, it shows the remedy below
// that, and a button that helps. What the card says already is not repeated.
type checkRow struct {
	id     check.ID
	of     *results
	icon   *widget.Icon
	spin   *widget.Activity
	brief  *widget.Label
	state  *widget.Label
	seen   *widget.Label
	remedy *widget.Label
	button *fyne.Container
	more   *fyne.Container
	box    *fyne.Container
	shown  check.Result
	tick   func() // stops the countdown
}

func newCheckRow(id check.ID, of *results) *checkRow {
	r := &checkRow{id: id, of: of, tick: func() {}, icon: widget.NewIcon(nil), spin: widget.NewActivity(),
		brief: widgets.Small(""), state: widget.NewLabel(""),
		seen: widgets.Wrapped("", widget.MediumImportance), remedy: widgets.Wrapped("", widget.HighImportance),
		button: container.NewHBox()}
	r.state.SizeName = theme.SizeNameCaptionText
	r.state.Alignment = fyne.TextAlignTrailing
	left := container.NewHBox(container.NewCenter(container.NewStack(r.icon, r.spin)), container.New(widgets.Width(178), widgets.Ellipsis(words.CheckTitle(id))))
	// In boxes of their own they stay at the top, beside the first line of what was seen.
	line := container.NewBorder(nil, nil, container.NewVBox(left), container.NewVBox(r.state), r.brief)
	r.more = container.New(layout.NewCustomPaddedLayout(0, 4, 26, 0),
		container.New(layout.NewCustomPaddedVBoxLayout(-6), r.seen, r.remedy, r.button))
	r.box = container.New(layout.NewCustomPaddedLayout(0, 0, 4, 0), container.New(layout.NewCustomPaddedVBoxLayout(-4), line, r.more))
	r.set(check.Result{Check: id})
	return r
}

// slow is how long a check takes at least for its duration to be worth a word.
const slow = time.Second

func (r *checkRow) set(result check.Result) {
	r.shown = result
	r.setIcon(result.State)
	r.state.Importance = widgets.Importance(result.State)
	word := words.State(result.State)
	if result.Took >= slow {
		word += " · " + words.Took(result.Took)
	}
	r.state.SetText(word)
	r.word()
	r.button.RemoveAll()
	if a, ok := r.of.act(result.Cause.Meaning().Help, result.Outcome); ok && r.more.Visible() {
		r.button.Add(widgets.NewButton(a.Label, a.Icon, a.Do))
	}
}

// word shows what was seen and what to do. While JumpCloud asks to wait, it does so again each second.
func (r *checkRow) word() {
	r.tick()
	o, now := r.shown.Outcome, r.of.w.work.now()
	what, lost := words.Seen(o, now), words.Missed(r.id, o)
	if lost != "" {
		what += " " + lost
	}
	inCard := r.of.about == r.id
	if (o.State == check.Warning || o.State == check.Failed || lost != "") && !inCard {
		r.brief.SetText("")
		r.seen.SetText(what)
		setText(r.remedy, words.Move(o, r.of.at, now))
		r.more.Show()
	} else {
		if inCard {
			what = ""
		}
		r.brief.SetText(what)
		r.more.Hide()
	}
	if until, ok := words.WaitsUntil(o); ok && until.After(now) {
		r.tick = r.of.w.work.after(time.Second, r.word)
	}
}

func (r *checkRow) setIcon(s check.State) {
	if s == check.Running {
		r.icon.Hide()
		r.spin.Show()
		r.spin.Start()
		return
	}
	r.spin.Stop()
	r.spin.Hide()
	r.icon.SetResource(widgets.StateIcon(s))
	r.icon.Show()
}
