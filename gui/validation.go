package gui

import (
	"context"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// typingPause is how long nothing must be typed before the checks start by themselves.
const typingPause = 600 * time.Millisecond

// validation runs the checks on the entries of the form, shows how they end, and has what works saved.
type validation struct {
	*entries
	validated
	w     *window
	saver *saver

	steps        *widgets.Stepper
	check        *widgets.Button
	cancelButton *widgets.Button // in the place of check while something runs
	welcome      *fyne.Container // what is said before anything is checked
	choice       *fyne.Container // asks which of several keys is meant
	picker       *widgets.Picker
	results      *results
	box          *container.Scroll // the form's content

	checking    task   // runs the checks
	stopTimer   func() // stops the timer that waits for a pause in the typing
	waiting     bool   // the checks start after a pause in the typing; entered starts the pause again
	stopped     bool   // the user cancelled the last validation
	nameChecked string // the name when the last validation began
	offered     string // the words of the button that saves; "" if there is nothing to save
}

// newValidation makes the entries and what shows their validation.
func newValidation(w *window) *validation {
	v := &validation{w: w, stopTimer: func() {}, checking: task{work: w.work, begin: w.work.start}}
	v.entries = newEntries(w, v.changed, v.submit, v.escape)
	v.saver = &saver{w: w, show: v.offer, fail: v.unkept,
		task: task{work: w.work, begin: w.work.startOnKeychain, late: w.loader.load}, // a dropped save may still have written: read the list again
		what: func() (validated, string) { return v.validated, v.nameToSave(v.name.Text) }}
	v.steps, v.welcome = newSteps(), container.NewVBox()
	v.check = widgets.NewButton(words.Text("form.validate"), theme.MediaPlayIcon(), v.start)
	v.check.Importance = widget.HighImportance
	v.cancelButton = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), v.stop)
	v.picker = widgets.NewPicker(w.clipboard, widgets.PickerWords{Title: words.Text("choose.title"), None: words.Text("choose.none"), More: words.Text("choose.more"), Count: countOf,
		Search: func(count string) string { return words.Text("choose.search", words.Facts{"Count": count}) }}, v.pick)
	v.choice = widgets.NewFlow()
	v.results = newResults(w, words.InForm, v.help, func() check.Report { return v.report }, v.picker.Box)
	return v
}

// busy reports whether the checks run, or the connection is being saved.
func (v *validation) busy() bool { return v.checking.running || v.saver.running }

// clear drops what the last validation found, and what it offers.
func (v *validation) clear() {
	v.credentials, v.report, v.offered = check.Credentials{}, check.Report{}, ""
	v.offerKeys(nil)
	v.picker.Hide()
}

// idle shows that nothing has been checked.
func (v *validation) idle() {
	v.clear()
	v.results.reset()
	v.results.box.Hide()
	v.settle()
}

// settle shows the buttons that fit what is known and what runs. The entries are locked while the connection is being saved: a change
// would be lost when the form is emptied.
func (v *validation) settle() {
	running := v.busy()
	focused := v.w.win.Canvas().Focused()
	v.steps.SetStep(stepAt(running || len(v.report.Results) > 0, v.report.Usable() && v.report.Worst() != check.Failed))
	setVisible(v.welcome, !v.results.box.Visible())
	setVisible(v.cancelButton, running)
	setVisible(v.check, !running)
	if running && focused == v.check {
		v.w.win.Canvas().Focus(v.cancelButton)
	} else if !running && focused == v.cancelButton {
		v.w.win.Canvas().Focus(v.check)
	}
	v.check.Importance = widget.HighImportance
	if v.results.offersNext() || v.choice.Visible() {
		v.check.Importance = widget.MediumImportance // the next step is another one
	}
	v.check.Refresh()
	setVisible(v.results.card.support, len(v.report.Results) > 0)
	v.lock(v.saver.running)
	v.w.tell(actionsChanged{})
}

// show shows a verdict.
func (v *validation) show(compose func() verdict) {
	v.results.box.Show()
	v.results.show(compose)
	v.settle()
}

// offer shows a message as the verdict, and a button that saves; "" for none.
func (v *validation) offer(state check.State, message, button string) {
	v.offered = button
	v.show(func() verdict {
		said := inWords(state, message)
		if len(v.report.Results) > 0 {
			said.way = check.Way(v.report.Results)
		}
		if button != "" {
			said.offer(v.keeping())
		}
		return said
	})
}

// unkept says that the key works and why it is not in the keychain, and offers to keep it for the session, and to try again. What helps most
// is the next step.
func (v *validation) unkept(why check.Cause, retry, session func()) {
	again := widgets.Action{Label: words.Text("keychain.retry"), Icon: theme.ViewRefreshIcon(), Do: retry}
	keep := widgets.Action{Label: words.Text("keychain.session"), Icon: theme.DocumentSaveIcon(), Do: session}
	o := check.Outcome{Cause: why}
	v.offered = saveNow
	v.show(func() verdict {
		now := v.w.work.now()
		said := verdict{state: check.Warning, title: words.Text("status.unkept"), way: check.Way(v.report.Results), who: words.Who(check.MoveYou),
			text: words.Seen(o, now) + " " + words.Text("keychain.kept_typed"), remedy: words.Remedy(o, words.InForm, now)}
		switch why {
		case check.CauseCancelled:
			said = inWords(check.Skipped, words.Text("status.not_saved"))
			said.way = check.Way(v.report.Results)
			said.offer(v.keeping())
			said.offer(keep)
		case check.CauseNoService, check.CauseNoProvider, check.CauseNoKeyring, check.CauseKeychainNotPermitted:
			said.offer(keep)
			said.offer(again)
		default:
			said.offer(again)
			said.offer(keep)
		}
		return said
	})
	widgets.Reveal(v.box, v.results.card.box)
}

// keeping is the button that saves.
func (v *validation) keeping() widgets.Action {
	return widgets.Action{Label: words.Text(v.offered), Icon: theme.DocumentSaveIcon(), Do: v.keep}
}

// changed is called when the user has changed an entry. It clears the results of the former entries, and looks at the new ones once the
// typing pauses.
func (v *validation) changed() {
	v.halt()
	v.idle()
	if v.filled() {
		v.wait()
	}
}

// wait waits for a pause in the typing, from now on.
func (v *validation) wait() {
	v.stopTimer()
	v.waiting = true
	v.stopTimer = v.w.work.after(typingPause, v.typingPaused)
}

// typingPaused starts the checks if the entries look complete. Otherwise it says what can be seen without a request.
func (v *validation) typingPaused() {
	v.waiting = false
	if v.typed().Plausible() {
		v.start()
	} else {
		v.showShape()
	}
}

// showShape says what can be seen of the entries without a request.
func (v *validation) showShape() {
	entered := v.typed()
	v.offerKeys(entered.Keys())
	shape := entered.Shape()
	result := check.Result{Check: check.IDEntries, Outcome: shape}
	v.results.setReport(check.Report{Results: []check.Result{result}})
	v.show(func() verdict {
		blocked := v.results.blocked(check.Report{Results: []check.Result{result}}, result)
		if shape.State == check.Warning {
			blocked.remedy, blocked.next, blocked.quiet = words.Text("status.unusual"), widgets.Action{}, nil
		}
		return blocked
	})
	v.showFor(helpful[shape.Cause])
}

// offerKeys asks which of several keys is meant, with a button for each. It shows only the end of a key.
func (v *validation) offerKeys(keys []secret.Secret) {
	v.choice.RemoveAll()
	setVisible(v.choice, len(keys) > 0)
	if len(keys) > 0 {
		v.choice.Add(widget.NewLabel(words.Text("form.choose_key")))
	}
	for i, key := range keys {
		v.choice.Add(widgets.NewButton(strconv.Itoa(i+1)+": "+check.KeyHint(key), nil, func() { v.choose(key) }))
	}
}

// choose takes one of several keys that are in the field.
func (v *validation) choose(key secret.Secret) {
	v.key.SetText(key.Reveal())
	v.w.win.Canvas().Focus(v.key.Field) // the buttons are gone
}

// pick takes an organization from the list of those that the key opens.
func (v *validation) pick(o check.Organization) {
	v.pasted = check.Credentials{}
	v.quietly(func() { v.organization.SetText(o.ID) })
	v.w.win.Canvas().Focus(v.key.Field) // the list is gone
	v.repeat()
}

// halt drops the checks, saving, and the wait for a pause in the typing.
func (v *validation) halt() {
	v.stopTimer()
	v.waiting = false
	v.checking.drop()
	v.saver.drop()
}

// stop is called for Cancel and Esc. It cancels the checks and saving; nothing is saved by itself afterwards.
func (v *validation) stop() {
	v.interrupt()
	v.waiting = false
	v.saver.cancel()
}

// escape is called for Esc in a field. Where there is nothing to stop, it closes a drawer.
func (v *validation) escape() {
	if !v.busy() && !v.waiting {
		v.w.columns.Close()
	}
	v.stop()
}

// interrupt cancels the checks. Checks that waited for a pause in the typing wait for it again when the form is shown again.
func (v *validation) interrupt() {
	v.stopped = true
	v.stopTimer()
	v.checking.cancel()
	v.results.waitNoMore()
}

// submit is called for Enter in a field. It saves a connection that only waits for its name. Otherwise it starts the checks.
func (v *validation) submit() {
	if v.offered != "" && v.report.Worst() != check.Failed {
		v.keep()
		return
	}
	v.start()
}

// start runs all checks on what is entered now.
func (v *validation) start() { v.validate(v.typed(), v.w.c.Validate) }

// repeat repeats the checks that did not pass or whose entries have changed, and those that depend on them.
func (v *validation) repeat() {
	before, entered := v.report, v.typed()
	if entered.Region == v.credentials.Region && entered.APIKey.Equal(v.credentials.APIKey) {
		entered.AnyRegion = v.credentials.AnyRegion
	}
	v.validate(entered, func(ctx context.Context, c check.Credentials, watch func(check.Result)) check.Report {
		return v.w.c.Again(ctx, before, c, watch)
	})
}

// everywhere asks all regions, although one is chosen.
func (v *validation) everywhere() {
	entered := v.typed()
	entered.AnyRegion = true
	v.validate(entered, v.w.c.Validate)
}

// swapped checks what is entered with the key and the Organization ID exchanged.
func (v *validation) swapped() {
	v.swap()
	v.start()
}

// validate runs checks on these credentials, unless the connection is being saved.
func (v *validation) validate(credentials check.Credentials, with func(context.Context, check.Credentials, func(check.Result)) check.Report) {
	if v.saver.running {
		return
	}
	v.halt()
	v.clear()
	if v.isKept(credentials) {
		v.offer(check.Warning, words.Text("status.same_key", words.Facts{"Name": v.replaces.Name}), "")
		return
	}
	v.stopped, v.nameChecked = false, v.name.Text
	v.checking.start(func(ctx context.Context, show func(func())) func() {
		report := with(ctx, credentials, func(r check.Result) { show(func() { v.results.set(r) }) })
		return func() { v.done(credentials, report) }
	})
	v.results.box.Show()
	v.results.begin(widgets.Action{}) // Cancel is in the place of Check
	v.settle()
}

// done shows the result of a validation, and saves the connection if it works. It does not save after a cancel, or while the user types a
// name, which may not be complete yet.
func (v *validation) done(credentials check.Credentials, report check.Report) {
	v.credentials, v.report = credentials, report
	if report.Result(check.IDKey).Cause == check.CauseKeyElsewhere {
		v.quietly(func() { v.region.setID(report.Region) })
	}
	v.present()
	naming := v.name.Text != v.nameChecked || v.w.win.Canvas().Focused() == v.name
	if v.offered == saveNow && !naming && !v.stopped {
		v.keep()
	}
}

// present shows the result of the last validation and what can be done now.
func (v *validation) present() {
	v.offerKeys(v.credentials.Keys())
	v.offered = v.saves()
	v.results.box.Show()
	if len(v.report.Choices) > 0 {
		choices := slices.Clone(v.report.Choices)
		words.SortBy(choices, func(o check.Organization) string { return o.Name }, func(o check.Organization) string { return o.ID })
		v.picker.Show(choices, v.report.MoreChoices)
	}
	v.results.setReport(v.report)
	v.show(v.verdict)
	v.showFor(topicFor(v.report))
	widgets.Reveal(v.box, v.results.card.box)
	if v.picker.Box.Visible() {
		widgets.Reveal(v.box, v.picker.Box)
	}
}

// verdict says what the last validation comes to.
func (v *validation) verdict() verdict {
	blocker, blocked := v.report.Blocker()
	switch {
	case v.report.Worst() == check.Skipped:
		said := inWords(check.Skipped, words.Text("status.cancelled"))
		said.way = check.Way(v.report.Results)
		said.offer(v.again())
		return said
	case v.report.Usable() && v.isAnother():
		said := inWords(max(check.Warning, v.report.Worst()), words.Text("status.another", words.Facts{"Organization": v.organizationName(), "Name": v.replaces.Name}))
		said.offer(v.keeping())
		return said
	case blocked:
		verdict := v.results.blocked(v.report, blocker)
		if v.offered != "" {
			verdict.above = words.Text("verdict.partly")
			verdict.quiet = append([]widgets.Action{v.keeping()}, verdict.quiet...)
		}
		return verdict
	}
	working := v.results.working(v.report)
	message := words.Text("status.unsaved")
	if v.name.Text != "" {
		message = words.Text("status.name")
	}
	unsaved := inWords(working.state, message)
	if len(working.points) == 0 {
		working.title = unsaved.title
	}
	working.text = unsaved.text
	working.offer(v.keeping())
	working.quiet = v.results.messages(v.report, working.points)
	if len(working.points) > 0 {
		working.quiet = append(working.quiet, v.again())
	}
	return working
}

// again is the button that repeats what did not pass.
func (v *validation) again() widgets.Action {
	return widgets.Action{Label: words.Text("help.again"), Icon: theme.ViewRefreshIcon(), Do: v.repeat}
}

// keep saves the validated connection in the keychain.
func (v *validation) keep() { v.saver.save(v.w.c.Save, v.options()...) }

// regionShown is the region in which the checks found the key, or else the chosen one. It is empty where there is neither.
func (v *validation) regionShown() string {
	if row := v.results.checks.row(check.IDKey); row != nil && row.shown.Facts["Region"] != "" {
		return row.shown.Facts["Region"]
	}
	return v.region.id()
}

// help returns the button for a kind of help with an outcome.
func (v *validation) help(help check.Help, o check.Outcome) (widgets.Action, bool) {
	switch help {
	case check.HelpSwap:
		return widgets.Action{Label: words.Text("help.swap"), Icon: theme.ViewRefreshIcon(), Do: v.swapped}, true
	case check.HelpAllRegions:
		return widgets.Action{Label: words.Text("help.all_regions"), Icon: theme.SearchIcon(), Do: v.everywhere}, true
	case check.HelpAgain:
		return v.again(), len(v.report.Results) > 0
	case check.HelpPick:
		return widgets.Action{Label: words.Text("help.pick"), Icon: theme.ListIcon(), Do: v.toPicker}, v.picker.Box.Visible()
	case check.HelpPaste:
		return widgets.Action{Label: words.Text("help.paste"), Icon: theme.ContentPasteIcon(), Do: v.key.Paste.OnTapped}, true
	case check.HelpLeaveOut:
		return widgets.Action{Label: words.Text("help.leave_out"), Icon: theme.ContentClearIcon(), Do: v.leaveOut}, true
	}
	return v.w.helpOutside(help, o, v.regionShown)
}

// leaveOut checks what is entered without the Organization ID.
func (v *validation) leaveOut() {
	v.quietly(func() { v.organization.SetText("") })
	v.start()
}

// toPicker goes to the list of organizations.
func (v *validation) toPicker() {
	v.box.ScrollToOffset(fyne.NewPos(0, v.picker.Box.Position().Y))
	v.w.win.Canvas().Focus(v.picker.Search)
}
