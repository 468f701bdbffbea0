package gui

import (
	"context"
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
	cancelButton *widgets.Button // beside check while something runs
	welcome      *fyne.Container // what is said before anything is checked
	choices      *choices
	results      *results
	several      func()            // has the user choose one of the organizations that the key opens
	box          *container.Scroll // the form's content

	checking    task      // runs the checks
	typing      *debounce // starts the checks after a pause in the typing
	stopped     bool      // the user cancelled the last validation
	nameChecked string    // the name when the last validation began
	offered     string    // the words of the button that saves; "" if there is nothing to save
}

// newValidation makes the entries and what shows their validation.
func newValidation(w *window) *validation {
	v := &validation{w: w, checking: task{work: w.work, begin: w.work.start}}
	v.entries = newEntries(w, v.changed, v.submit, v.escape)
	v.saver = &saver{w: w, show: v.offer, fail: v.unkept,
		task: task{work: w.work, begin: w.work.startOnKeychain, late: w.loader.load}, // a dropped save may still have written: read the list again
		what: func() (validated, string) { return v.validated, v.nameToSave(v.name.Text) }}
	v.steps, v.welcome = newSteps(), container.NewVBox()
	v.check = widgets.NewButton(words.Text("form.validate"), theme.MediaPlayIcon(), v.start)
	v.check.Importance = widget.HighImportance
	v.cancelButton = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), v.stop)
	v.choices = newChoices(v.choose)
	v.typing = newDebounce(w.work, typingPause, v.typingPaused)
	v.results = newResults(w, words.InForm, v.help, func() check.Report { return v.report })
	return v
}

// busy reports whether the checks run, or the connection is being saved.
func (v *validation) busy() bool { return v.checking.running || v.saver.running }

// clear drops what the last validation found, and what it offers.
func (v *validation) clear() {
	v.credentials, v.report, v.offered = check.Credentials{}, check.Report{}, ""
	v.choices.offerKeys(nil)
}

// idle shows that nothing has been checked.
func (v *validation) idle() {
	v.clear()
	if v.results.box.Visible() { // this comes with every character that is typed
		v.results.reset()
		v.results.box.Hide()
	}
	v.settle()
}

// settle shows the buttons that fit what is known and what runs. The entries are locked while the connection is being saved: a change
// would be lost when the form is emptied.
func (v *validation) settle() {
	running := v.busy()
	focused := v.w.win.Canvas().Focused()
	v.steps.SetStep(stepAt(running || len(v.report.Results) > 0, v.report.Usable() && v.report.Worst() != check.Failed))
	widgets.SetVisible(v.welcome, !v.results.box.Visible())
	widgets.SetVisible(v.cancelButton, running)
	setEnabled(!running, v.check)
	switch {
	case running && focused == v.check:
		v.w.win.Canvas().Focus(v.cancelButton)
	case !running && focused == v.cancelButton && v.stopped:
		v.w.win.Canvas().Focus(v.check)
	case !running && focused == v.cancelButton: // Enter may be meant for Cancel, and Check may save
		v.w.win.Canvas().Focus(v.more.Head)
	}
	importance := widget.HighImportance
	if v.results.offersNext() || v.choices.keys.Visible() {
		importance = widget.MediumImportance // the next step is another one
	}
	if v.check.Importance != importance {
		v.check.Importance = importance
		v.check.Refresh()
	}
	widgets.SetVisible(v.results.card.support, len(v.report.Results) > 0)
	v.lock(v.saver.running)
	v.w.tell(actionsChanged{})
}

// changed is called when the user has changed an entry. It clears the results of the former entries, and looks at the new ones once the
// typing pauses.
func (v *validation) changed() {
	v.halt()
	v.idle()
	if v.filled() {
		v.typing.start()
	}
}

// typingPaused starts the checks if the entries look complete. Otherwise it says what can be seen without a request.
func (v *validation) typingPaused() {
	if v.typed().Plausible() {
		v.start()
	} else {
		v.showShape()
	}
}

// showShape says what can be seen of the entries without a request.
func (v *validation) showShape() {
	entered := v.typed()
	v.choices.offerKeys(entered.Keys())
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

// choose takes one of several keys that are in the field.
func (v *validation) choose(key secret.Secret) {
	v.key.SetText(key.Reveal())
	v.w.win.Canvas().Focus(v.key.Field) // the buttons are gone
}

// pick takes one of the organizations that the key opens.
func (v *validation) pick(o check.Organization) {
	v.pasted = check.Credentials{}
	v.quietly(func() { v.organization.SetText(o.ID) })
	v.repeat()
}

// halt drops the checks, saving, and the wait for a pause in the typing.
func (v *validation) halt() {
	v.typing.drop()
	v.checking.drop()
	v.saver.drop()
}

// stop is called for Cancel and Esc. It cancels the checks and saving; nothing is saved by itself afterwards.
func (v *validation) stop() {
	v.interrupt()
	v.typing.drop()
	v.saver.cancel()
}

// escape is called for Esc in a field. Where there is nothing to stop, it closes a drawer, or leads to the home.
func (v *validation) escape() {
	idle := !v.busy() && !v.typing.waiting
	v.stop()
	if idle && v.w.columns.Close() == nil {
		v.w.escape()
	}
}

// interrupt cancels the checks. Checks that waited for a pause in the typing wait for it again when the form is shown again.
func (v *validation) interrupt() {
	v.stopped = true
	v.typing.halt()
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
	v.results.begin(widgets.Action{}) // Cancel is beside Check
	v.settle()
}

// done shows the result of a validation. It saves the connection if it works, or has the user choose among several organizations. It does
// neither after a cancel, or while the user types a name, which may not be complete yet.
func (v *validation) done(credentials check.Credentials, report check.Report) {
	v.credentials, v.report = credentials, report
	if report.Result(check.IDKey).Cause == check.CauseKeyElsewhere {
		v.quietly(func() { v.region.setID(report.Region) })
	}
	v.present()
	focused := v.w.win.Canvas().Focused()
	naming := v.name.Text != v.nameChecked || focused == v.name
	switch {
	case naming || v.stopped:
	case v.offered == saveNow:
		v.keep()
	case report.Result(check.IDOrganization).Cause == check.CauseChoose && focused != v.organization.Field:
		v.several()
	}
}

// present shows the result of the last validation and what can be done now.
func (v *validation) present() {
	v.choices.offerKeys(v.credentials.Keys())
	v.offered = v.saves()
	v.results.box.Show()
	v.results.setReport(v.report)
	v.show(v.verdict)
	v.showFor(topicFor(v.report))
	widgets.Reveal(v.box, v.results.card.box)
}

// keep saves the validated connection in the keychain, unless the checks run or it is being saved.
func (v *validation) keep() {
	if !v.busy() {
		v.saver.save(v.w.c.Save, v.options()...)
	}
}

// leaveOut checks what is entered without the Organization ID.
func (v *validation) leaveOut() {
	v.quietly(func() { v.organization.SetText("") })
	v.start()
}
