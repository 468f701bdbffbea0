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

// results show a validation: in one sentence what it comes to, and where each check stands, as it changes.
type results struct {
	work    *worker
	at      words.Place
	act     func(check.Outcome) (widgets.Action, bool) // returns the button that helps with an outcome, if one does
	status  *widgets.Status
	support *widgets.Button // copies the report
	head    *fyne.Container // the status and the button
	note    *widget.Label   // what became of a copy
	rows    []*checkRow
	list    *fyne.Container // holds the rows
}

// newResults makes results without rows, see fill. Report returns the report that the user can copy.
func newResults(w *window, at words.Place, act func(check.Outcome) (widgets.Action, bool), report func() check.Report) *results {
	r := &results{work: w.work, at: at, act: act, status: widgets.NewStatus(), note: widgets.Small("")}
	r.list = container.New(layout.NewCustomPaddedVBoxLayout(0))
	r.support = widgets.NewButton(words.Text("form.support"), theme.ContentCopyIcon(), func() { w.copyForSupport(report(), r.tell) })
	r.head = container.NewBorder(nil, nil, nil, container.NewCenter(r.support), r.status.Box)
	return r
}

// tell says what became of a copy; "" says nothing any more.
func (r *results) tell(message string) {
	r.note.SetText(message)
	setVisible(r.note, message != "")
}

// begin shows that the checks begin.
func (r *results) begin() {
	r.reset()
	r.status.Set(check.Running, words.Text("status.running"))
}

// fill makes the rows of all checks.
func (r *results) fill() {
	for _, one := range check.All() {
		row := newCheckRow(one.ID, r)
		r.rows = append(r.rows, row)
		r.list.Add(row.box)
	}
}

// reset puts every check back to waiting. It is called for each key press in the form, so it draws only rows that change.
func (r *results) reset() {
	for _, row := range r.rows {
		if row.shown.State != check.Waiting {
			row.set(check.Result{Check: row.id})
		}
	}
}

// set shows where one check now stands.
func (r *results) set(result check.Result) {
	if row := r.row(result.Check); row != nil {
		row.set(result)
	}
}

// row returns the row of a check, nil before fill.
func (r *results) row(id check.ID) *checkRow {
	for _, row := range r.rows {
		if row.id == id {
			return row
		}
	}
	return nil
}

// first returns the first row in a state; nil if there is none.
func (r *results) first(s check.State) *checkRow {
	for _, row := range r.rows {
		if row.shown.State == s {
			return row
		}
	}
	return nil
}

// setReport shows all results of a report.
func (r *results) setReport(report check.Report) {
	for _, row := range r.rows {
		result := report.Result(row.id)
		result.Check = row.id
		row.set(result)
	}
}

// checkRow shows one check: icon, title, what was seen, and the state in a word. If something has to be done, it shows the remedy below
// that, and a button that helps.
type checkRow struct {
	id     check.ID
	of     *results
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

func newCheckRow(id check.ID, of *results) *checkRow {
	r := &checkRow{id: id, of: of, tick: func() {}, icon: widget.NewIcon(nil), spin: widget.NewActivity(),
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
	if a, ok := r.of.act(result.Outcome); ok && r.more.Visible() {
		r.button.Add(widgets.NewButton(a.Label, a.Icon, a.Do))
	}
	r.box.Refresh()
}

// word shows what was seen and what to do. While JumpCloud asks to wait, it does so again each second.
func (r *checkRow) word() {
	r.tick()
	o, now := r.shown.Outcome, r.of.work.now()
	what, lost := words.Seen(o, now), words.Missed(r.id, o)
	if lost != "" {
		what += " " + lost
	}
	if o.State == check.Warning || o.State == check.Failed || lost != "" {
		r.brief.SetText("")
		r.seen.SetText(what)
		r.remedy.SetText(words.Move(o, r.of.at, now))
		setVisible(r.remedy, r.remedy.Text != "")
		r.more.Show()
	} else {
		r.brief.SetText(what)
		r.more.Hide()
	}
	if until, ok := words.WaitsUntil(o); ok && until.After(now) {
		r.tick = r.of.work.after(time.Second, r.word)
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
