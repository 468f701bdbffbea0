package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// checkList shows where each check stands, as it changes.
type checkList struct {
	work *worker
	at   words.Place
	rows []*checkRow
	act  func(check.Outcome) (widgets.Action, bool)
	box  *fyne.Container
}

// newCheckList makes a list without rows, see fill. Act returns the button that helps with an outcome, if one does.
func newCheckList(work *worker, at words.Place, act func(check.Outcome) (widgets.Action, bool)) *checkList {
	return &checkList{work: work, at: at, act: act, box: container.New(layout.NewCustomPaddedVBoxLayout(0))}
}

// fill makes the rows of all checks.
func (l *checkList) fill() {
	for _, one := range check.All() {
		row := newCheckRow(one.ID, l)
		l.rows = append(l.rows, row)
		l.box.Add(row.box)
	}
}

// reset puts every check back to waiting. It is called for each key press in the form, so it draws only rows that change.
func (l *checkList) reset() {
	for _, row := range l.rows {
		if row.shown.State != check.Waiting {
			row.set(check.Result{Check: row.id})
		}
	}
}

// set shows where one check now stands.
func (l *checkList) set(r check.Result) {
	if row := l.row(r.Check); row != nil {
		row.set(r)
	}
}

// row returns the row of a check, nil before fill.
func (l *checkList) row(id check.ID) *checkRow {
	for _, row := range l.rows {
		if row.id == id {
			return row
		}
	}
	return nil
}

// first returns the first row in this state; nil if there is none.
func (l *checkList) first(s check.State) *checkRow {
	for _, row := range l.rows {
		if row.shown.State == s {
			return row
		}
	}
	return nil
}

// setReport shows all results of a report.
func (l *checkList) setReport(r check.Report) {
	for _, row := range l.rows {
		result := r.Result(row.id)
		result.Check = row.id
		row.set(result)
	}
}

// checkRow is one check: icon, title, what was seen, the state in a word; below it, where something is to be done,
// the remedy and a button that helps.
type checkRow struct {
	id     check.ID
	list   *checkList
	icon   *widget.Icon
	spin   *widget.Activity
	name   *widget.Label
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

func newCheckRow(id check.ID, l *checkList) *checkRow {
	r := &checkRow{id: id, list: l, tick: func() {}, icon: widget.NewIcon(nil), spin: widget.NewActivity(),
		name: widgets.Ellipsis(words.CheckTitle(id)), brief: widgets.Small(""), state: widget.NewLabel(""),
		seen: widgets.Wrapped("", widget.MediumImportance), remedy: widgets.Wrapped("", widget.HighImportance),
		button: container.NewHBox()}
	r.state.SizeName = theme.SizeNameCaptionText
	r.state.Alignment = fyne.TextAlignTrailing
	left := container.NewHBox(container.NewCenter(container.NewStack(r.icon, r.spin)), container.New(widgets.Width(178), r.name))
	// In boxes of their own they stay at the top, beside the first line of what was seen.
	line := container.NewBorder(nil, nil, container.NewVBox(left), container.NewVBox(r.state), r.brief)
	r.more = container.New(layout.NewCustomPaddedLayout(0, 4, 26, 0),
		container.New(layout.NewCustomPaddedVBoxLayout(-6), r.seen, r.remedy, r.button))
	r.box = container.New(layout.NewCustomPaddedVBoxLayout(-4), line, r.more)
	r.set(check.Result{Check: id})
	return r
}

func (r *checkRow) set(result check.Result) {
	r.shown = result
	r.setIcon(result.State)
	r.state.Importance = widgets.Importance(result.State)
	word := words.State(result.State)
	if result.Took > 0 {
		word += " · " + words.Took(result.Took)
	}
	r.state.SetText(word)
	r.word()
	r.button.RemoveAll()
	if a, ok := r.list.act(result.Outcome); ok && r.more.Visible() {
		r.button.Add(widgets.NewButton(a.Label, a.Icon, a.Do))
	}
	r.box.Refresh()
}

// word fills in what was seen and what to do. Where JumpCloud asked to wait, it does so again each second.
func (r *checkRow) word() {
	r.tick()
	o, now := r.shown.Outcome, r.list.work.now()
	what, lost := words.Seen(o, now), words.Missed(r.id, o)
	if lost != "" {
		what += " " + lost
	}
	if o.State == check.Warning || o.State == check.Failed || lost != "" {
		r.brief.SetText("")
		r.seen.SetText(what)
		r.remedy.SetText(words.Move(o, r.list.at, now))
		if r.remedy.Text == "" {
			r.remedy.Hide()
		} else {
			r.remedy.Show()
		}
		r.more.Show()
	} else {
		r.brief.SetText(what)
		r.more.Hide()
	}
	if until, ok := words.WaitsUntil(o); ok && until.After(now) {
		r.tick = r.list.work.after(time.Second, r.word)
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
