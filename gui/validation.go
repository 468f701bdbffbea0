package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// halt drops the validation, saving, and the wait for a pause in the typing.
func (f *form) halt() {
	f.stopTimer()
	f.waiting = false
	f.checking.drop()
	f.saver.drop()
}

// stop cancels them for the user: checks that have not ended say so, and nothing is saved by itself.
func (f *form) stop() {
	f.interrupt()
	f.waiting = false
	f.saver.cancel()
}

// interrupt cancels the checks. They start again if they were still to start, and the form is shown again.
func (f *form) interrupt() {
	f.stopped = true
	f.stopTimer()
	f.checking.cancel()
}

// submit is called for Enter in a field. It saves a connection that only waits for its name. Otherwise it starts the checks.
func (f *form) submit() {
	if f.offered != "" && f.report.Worst() != check.Failed {
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

// swapped checks what is entered with the key and the Organization ID exchanged.
func (f *form) swapped() {
	if !f.saver.running {
		f.swap()
		f.start()
	}
}

type validateFunc func(context.Context, check.Credentials, func(check.Result)) check.Report

func (f *form) validate(credentials check.Credentials, with validateFunc) {
	if f.saver.running {
		return
	}
	f.halt()
	f.idle()
	f.stopped, f.nameChecked = false, f.name.Text
	f.checking.start(func(ctx context.Context, show func(func())) func() {
		report := with(ctx, credentials, func(r check.Result) { show(func() { f.results.set(r) }) })
		return func() { f.done(credentials, report) }
	})
	f.results.begin()
	f.settle()
}

// done shows the result of a validation, and saves the connection if it works. It does not save after a cancel, or while a name is
// being typed, which may not be complete.
func (f *form) done(credentials check.Credentials, report check.Report) {
	f.credentials, f.report = credentials, report
	if report.Result(check.IDKey).Cause == check.CauseKeyElsewhere {
		f.quietly(func() { f.region.setID(report.Region) })
	}
	f.present()
	naming := f.name.Text != f.nameChecked || f.w.win.Canvas().Focused() == f.name
	if f.offered == saveNow && !naming && !f.stopped {
		f.keep()
	}
}

// present shows the result of the last validation and what can be done now.
func (f *form) present() {
	f.offerKeys(f.credentials.Keys())
	f.offer(f.verdict(f.name.Text != ""))
	if len(f.report.Choices) > 0 {
		f.picker.Show(f.report.Choices, f.report.MoreChoices)
		f.results.set(f.report.Result(check.IDOrganization)) // now it has the button that leads there
		widgets.Reveal(f.box, f.picker.Box)
	} else if row := f.results.first(check.Failed); row != nil {
		widgets.Reveal(f.box, row.box)
	}
}

// keep saves the validated connection in the keychain.
func (f *form) keep() { f.saver.save(f.w.c.Save, f.options()...) }

// saved empties the form, and shows the connection unless another screen is shown.
func (f *form) saved(c connector.Connection) {
	f.reset()
	f.w.connections.saved(c)
	if f.shown {
		f.w.tell(saved{c})
	}
}

// regionShown is the region in which the checks found the key, or else the chosen one. It is empty where there is neither.
func (f *form) regionShown() string {
	if row := f.results.row(check.IDKey); row != nil && row.shown.Facts["Region"] != "" {
		return row.shown.Facts["Region"]
	}
	return f.region.id()
}

// help returns the button that helps with an outcome.
func (f *form) help(o check.Outcome) (widgets.Action, bool) {
	switch o.Cause.Meaning().Help {
	case check.HelpSwap:
		return widgets.Action{Label: words.Text("help.swap"), Icon: theme.ViewRefreshIcon(), Do: f.swapped}, true
	case check.HelpAllRegions:
		return widgets.Action{Label: words.Text("help.all_regions"), Icon: theme.SearchIcon(), Do: f.everywhere}, true
	case check.HelpAgain:
		return widgets.Action{Label: words.Text("help.again"), Icon: theme.ViewRefreshIcon(), Do: f.again}, true
	case check.HelpPick:
		return widgets.Action{Label: words.Text("help.pick"), Icon: theme.ListIcon(), Do: f.toPicker}, f.picker.Box.Visible()
	}
	return f.w.helpOutside(o, f.regionShown)
}

// toPicker goes to the list of organizations.
func (f *form) toPicker() {
	f.box.ScrollToOffset(fyne.NewPos(0, f.picker.Box.Position().Y))
	f.w.win.Canvas().Focus(f.picker.Search)
}
