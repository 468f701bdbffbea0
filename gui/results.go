package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// helper returns the button for a kind of help with an outcome, if there is one here.
type helper func(check.Help, check.Outcome) (widgets.Action, bool)

// results show a validation, as it changes: a card with the verdict, and below it the checks.
type results struct {
	w       *window
	at      words.Place
	act     helper
	card    *verdictCard
	compose func() verdict // says what the card shows
	tick    func()         // stops the clock of the card
	repeats bool           // the checks may run again by themselves when JumpCloud's wait is over
	awaits  bool           // they will: the card counts down to that
	about   check.ID       // the check that the card is about
	figures *figures
	checks  *checkGroups
	counts  *widget.Label // how many checks passed
	box     *fyne.Container
}

// newResults makes results without rows, see fill. Report returns the report that the user can copy.
func newResults(w *window, at words.Place, act helper, report func() check.Report) *results {
	r := &results{w: w, at: at, act: act, tick: func() {}, figures: newFigures(), counts: widgets.Small("")}
	r.card = newVerdictCard(func() { r.copyForSupport(report()) })
	r.checks = newCheckGroups(r)
	r.box = container.NewVBox(r.card.box, r.figures.box, widgets.Card(container.NewVBox(r.counts, r.checks.box)))
	return r
}

// show shows a verdict. While JumpCloud asks to wait, compose is called again each second.
func (r *results) show(compose func() verdict) {
	r.compose = compose
	r.tick()
	v := compose()
	if r.about != v.about {
		former := r.about
		r.about = v.about
		r.checks.word(former)
		r.checks.word(v.about)
	}
	r.awaits = !v.runsAt.IsZero()
	r.card.show(v, r.w.work.now())
	if until := r.waits(); until > 0 || r.awaits {
		r.tick = r.w.work.after(max(0, min(until, time.Second)), func() { r.waited(v) })
	}
}

// waits is how long JumpCloud still asks to wait.
func (r *results) waits() (longest time.Duration) {
	now := r.w.work.now()
	for _, result := range r.checks.all() {
		if until, ok := words.WaitsUntil(result.Outcome); ok {
			longest = max(longest, until.Sub(now))
		}
	}
	return longest
}

// waited counts down in the card, and runs the checks again when the wait is over.
func (r *results) waited(v verdict) {
	if !v.runsAt.IsZero() && !r.w.work.now().Before(v.runsAt) {
		v.next.Do()
		return
	}
	r.show(r.compose)
}

// carryOver takes over whether the checks run again by themselves.
func (r *results) carryOver(from *results) { r.repeats, r.awaits = from.repeats, from.awaits }

// waitNoMore leaves it to the user when the checks run again.
func (r *results) waitNoMore() {
	if r.repeats {
		r.repeats = false
		r.show(r.compose)
		r.w.tell(actionsChanged{})
	}
}

// offersNext reports whether the card has the next step.
func (r *results) offersNext() bool {
	return r.box.Visible() && r.card.next.Visible() && r.card.next.Importance == widget.HighImportance
}

// say shows a message as the verdict.
func (r *results) say(state check.State, message string) {
	r.show(func() verdict { return inWords(state, message) })
}

// begin shows that the checks begin.
func (r *results) begin(cancel widgets.Action) {
	r.reset()
	r.repeats = true
	r.show(func() verdict { return r.running(cancel) })
}

// running says how far the checks are, and whether JumpCloud asks to wait.
func (r *results) running(cancel widgets.Action) verdict {
	all, now, done := r.checks.all(), r.w.work.now(), 0
	v := verdict{state: check.Running, way: check.Way(all), cancel: cancel}
	for _, result := range all {
		if result.State.Final() {
			done++
		}
		if result.State == check.Running && result.Cause != "" {
			v.text = words.Seen(result.Outcome, now)
		}
	}
	v.title = words.Text("status.running", words.Counted(done, len(all)))
	v.progress = float32(done) / float32(len(all))
	return v
}

// fill makes the rows of all checks.
func (r *results) fill() { r.checks.fill() }

// reset puts every check back to waiting.
func (r *results) reset() {
	r.tick()
	r.about, r.repeats, r.awaits = "", false, false
	r.checks.reset()
	r.figures.show(check.Report{})
	r.count()
}

// set shows where one check now stands.
func (r *results) set(result check.Result) {
	r.checks.set(result)
	r.count()
	r.show(r.compose)
}

// setReport shows all results of a report, and opens the groups in which something is to be looked at.
func (r *results) setReport(report check.Report) {
	r.checks.setReport(report)
	r.checks.openFindings()
	r.figures.show(report)
	r.count()
}

// count says how many checks passed.
func (r *results) count() { r.counts.SetText(words.Counts(r.checks.all())) }

// blocked is the verdict if a result keeps the connection from working.
func (r *results) blocked(report check.Report, by check.Result) verdict {
	now, m := r.w.work.now(), by.Cause.Meaning()
	v := verdict{state: by.State, about: by.Check, title: words.Verdict(by, report.Results, now), way: check.Way(report.Results),
		text: words.Observed(by, report.Results, now),
		who:  words.Who(m.Move), remedy: words.Remedy(by.Outcome, r.at, now)}
	if v.text == v.title+"." {
		v.text = "" // the title says it
	}
	// A countdown that has begun stays when this is called after its end, until the clock of the card has run the checks.
	if until, ok := words.WaitsUntil(by.Outcome); ok && r.repeats && m.Next() == check.HelpAgain && (r.awaits || until.After(now)) {
		v.runsAt = until
	}
	offered := make(map[check.Help]bool)
	helps := []check.Help{m.Next(), m.Help, check.HelpAgain}
	if m.Help == check.HelpPaste {
		helps = []check.Help{m.Help, check.HelpConsole} // the same key again would bring the same
	}
	for _, help := range helps {
		if a, ok := r.help(help, report, by); ok && !offered[help] {
			offered[help] = true
			v.offer(a)
		}
	}
	if !v.runsAt.IsZero() {
		if v.runsAt.After(now) {
			v.next.Label = words.Text("help.again_in", words.OutcomeFacts(by.Outcome, now))
		}
		v.offer(widgets.Action{Label: words.Text("help.wait_no_more"), Icon: theme.MediaStopIcon(), Do: r.waitNoMore})
	}
	return v
}

// working is the verdict on a connection that works.
func (r *results) working(report check.Report) verdict {
	v := verdict{state: report.Worst(), points: report.Points()}
	if n := len(v.points); n == 0 {
		v.title = words.Text("verdict.ready")
	} else if n == len(theirs(v.points)) {
		v.title = words.Text("verdict.points", words.Counted(n, n))
	} else {
		v.title = words.Text("verdict.look", words.Counted(n, n))
	}
	return v
}

// messages are buttons that copy a message about those points that somebody else has to act on.
func (r *results) messages(report check.Report, points []check.Result) []widgets.Action {
	if about := theirs(points); len(about) > 0 {
		return []widgets.Action{r.message(report, about)}
	}
	return nil
}

// theirs are those points that somebody else has to act on.
func theirs(points []check.Result) (some []check.Result) {
	for _, p := range points {
		if p.Cause.Meaning().Next() == check.HelpMessage {
			some = append(some, p)
		}
	}
	return some
}

// message is the button that copies what somebody else has to do.
func (r *results) message(report check.Report, about []check.Result) widgets.Action {
	a := widgets.Action{Label: words.Text("help.message"), Icon: theme.MailComposeIcon()}
	a.Do = func() {
		text := words.Message(report, about, r.w.work.now())
		r.w.clipboard.PutText(text, func() { r.copied(a.Label) })
	}
	return a
}

// copyForSupport copies what support needs to know of a report. Nothing in it is secret or personal.
func (r *results) copyForSupport(report check.Report) {
	meta := fyne.CurrentApp().Metadata()
	r.w.clipboard.PutText(report.ForSupport(meta.Name+" "+meta.Version), func() { r.copied(r.card.support.Label()) })
}

// supportIn returns what presses Copy for support and brings it into view; nil where there is nothing to copy.
func (r *results) supportIn(box *container.Scroll) func() {
	if !r.card.support.Visible() {
		return nil
	}
	return func() {
		widgets.Reveal(box, r.card.support)
		r.card.support.OnTapped()
	}
}

// copied has the button with this label say that its text is on the clipboard.
func (r *results) copied(label string) {
	for _, o := range r.card.buttons.Objects {
		if b := o.(*widgets.Button); b.Label() == label {
			r.w.confirm(b, words.Text("copied"))
		}
	}
}

// help is the button for a kind of help with a result.
func (r *results) help(help check.Help, report check.Report, with check.Result) (widgets.Action, bool) {
	if help == check.HelpMessage {
		return r.message(report, []check.Result{with}), true
	}
	return r.act(help, with.Outcome)
}
