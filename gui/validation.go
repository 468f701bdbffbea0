package gui

import (
	"context"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// halt ends a validation, and the wait for one. It also closes the message and the question that belong to it.
func (f *form) halt() {
	f.pause()
	f.pause = func() {}
	f.waiting = false
	f.checking.drop()
	f.saving.drop()
	f.lock(false)
	f.w.banner.Hide(ownerForm)
	if f.withdraw != nil {
		f.withdraw()
		f.withdraw = nil
	}
}

// stop cancels the validation for the user: checks that have not ended say so, and nothing is saved by itself.
func (f *form) stop() {
	f.stopped = true
	f.pause()
	f.waiting = false
	f.checking.cancel()
	f.saving.cancel()
}

// submit is called for Enter in a field. It saves a connection that only waits for its name. Otherwise it starts the checks.
func (f *form) submit() {
	if f.keepButton.Visible() && f.report.Worst() != check.Failed {
		f.keep()
		return
	}
	f.start()
}

// start runs all checks on what is entered now.
func (f *form) start() { f.validate(f.typed(), f.w.c.Validate) }

// again repeats the checks that did not pass or whose entries have changed, and those that depend on them.
func (f *form) again() {
	before, entered := f.report, f.typed()
	if entered.Region == f.credentials.Region && entered.APIKey.Equal(f.credentials.APIKey) {
		entered.AnyRegion = f.credentials.AnyRegion
	}
	f.validate(entered, func(ctx context.Context, c check.Credentials, watch func(check.Result)) check.Report {
		return f.w.c.Again(ctx, before, c, watch)
	})
}

// everywhere asks all regions, although one is chosen.
func (f *form) everywhere() {
	entered := f.typed()
	entered.AnyRegion = true
	f.validate(entered, f.w.c.Validate)
}

type validateFunc func(context.Context, check.Credentials, func(check.Result)) check.Report

func (f *form) validate(credentials check.Credentials, with validateFunc) {
	if f.saving.running {
		return
	}
	f.halt()
	f.idle()
	f.stopped, f.named = false, f.name.Text
	f.cancelButton.Show()
	f.results.begin()
	f.checking.start(func(ctx context.Context, show func(func())) func() {
		report := with(ctx, credentials, func(r check.Result) { show(func() { f.results.set(r) }) })
		return func() { f.done(credentials, report) }
	})
}

// done shows the result of a validation, and saves the connection if it works. It does not save after a cancel, or while a name is
// being typed, which may not be complete.
func (f *form) done(credentials check.Credentials, report check.Report) {
	f.cancelButton.Hide()
	f.credentials, f.report = credentials, report
	f.adoptRegion(report)
	naming := f.name.Text != f.named || f.w.win.Canvas().Focused() == f.name
	if f.present() && !naming && !f.stopped {
		f.keep()
	}
}

// present shows the result of the last validation and what can be done now. It reports whether the connection works and can be saved.
func (f *form) present() (ready bool) {
	report, worst := f.report, f.report.Worst()
	f.results.support.Show()
	f.w.tell(actionsChanged{})
	if worst != check.Passed {
		f.againButton.Show()
	}
	f.choice.offer(f.credentials.Keys())
	switch {
	case worst == check.Skipped:
		f.results.status.Set(worst, words.Text("status.cancelled"))
	case worst == check.Failed && report.Usable() && !f.isAnother(report):
		f.offer(worst, words.Text("status.partly"), "form.save_anyway")
	case worst == check.Failed && !report.Usable():
		f.results.status.Set(worst, words.Text("status.failed"))
	case !report.Usable():
		f.results.status.Set(worst, words.Text("status.choose"))
	case f.isAnother(report):
		f.offerAnother(report)
	default:
		message := words.Text("status.unsaved")
		if f.name.Text != "" {
			message = words.Text("status.name")
		}
		f.offer(worst, message, "form.save")
		ready = true
	}
	if len(report.Choices) > 0 {
		f.picker.Show(report.Choices, report.MoreChoices)
		f.results.set(report.Result(check.IDOrganization)) // now it has the button that leads there
		widgets.Reveal(f.box, f.picker.Box)
	} else if row := f.results.first(check.Failed); row != nil {
		widgets.Reveal(f.box, row.box)
	}
	return ready
}

// isAnother reports whether the new key opens another organization than the key that it was to replace.
func (f *form) isAnother(r check.Report) bool {
	return f.replacing() && (r.Organization.ID != f.replaces.Organization.ID || r.Region != f.replaces.Region)
}

// adoptRegion chooses the region in which the key was found, if another one was chosen.
func (f *form) adoptRegion(r check.Report) {
	if r.Result(check.IDKey).Cause != check.CauseKeyElsewhere {
		return
	}
	f.quiet = true
	f.region.setID(r.Region)
	f.quiet = false
}
