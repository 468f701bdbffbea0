package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// typingPause is how long the entries must rest before the checks start by themselves.
const typingPause = 600 * time.Millisecond

// form takes the credentials, runs the checks on them, and keeps what works.
type form struct {
	w *window

	title        *widget.Label
	region       *regionSelect
	key          *widgets.SecretEntry
	organization *widgets.SecretEntry
	name         *widgets.Field
	check        *widgets.Button
	cancelButton *widgets.Button
	againButton  *widgets.Button
	keepButton   *widgets.Button
	support      *widgets.Button
	choice       *keyChoice
	samples      *widget.Select // of the demo, nil elsewhere
	status       *widgets.Status
	note         *widget.Label // what became of a copy
	picker       *widgets.Picker
	checks       *checkList
	box          *container.Scroll

	run      int // counts validations: what an older one still says is not shown
	cancel   context.CancelFunc
	pause    func()               // stops the wait for the end of typing
	withdraw func()               // takes back the question about a kept key, nil while none is asked
	quiet    bool                 // the entries are being filled by the program
	pasted   check.Credentials    // what there is to say of what was pasted last
	shown    bool                 // the form is on the screen
	saving   bool                 // what was validated is being saved
	stopped  bool                 // the user cancelled the last validation
	named    string               // the name when the last validation began
	replaces connector.Connection // whose key is replaced; without an ID for a new one

	// What the last validation was about, for saving it.
	credentials check.Credentials
	report      check.Report
}

func newFormScreen(w *window) screen {
	f := &form{w: w, title: widgets.Heading(words.Text("form.title.new"), theme.SizeNameHeadingText), pause: func() {}, cancel: func() {}}
	f.region = newRegionSelect(w.c.Regions(), func() { w.guide.show(guideRegion) }, f.changed)
	f.key = widgets.NewSecretEntry(w.clipboard, words.Text("form.key.placeholder"), func() { w.guide.show(guideKey) }, w.conceal)
	f.organization = widgets.NewSecretEntry(w.clipboard, words.Text("form.organization.placeholder"), func() { w.guide.show(guideOrganization) }, w.conceal)
	f.name = widgets.NewField(w.clipboard, words.Text("form.name.placeholder"), func() { w.guide.show(guideName) })
	for _, entry := range []*widgets.Field{f.key.Field, f.organization.Field, f.name} {
		entry.OnSubmitted = func(string) { f.submit() }
		entry.OnEscape = f.stop
	}
	f.key.OnPaste, f.organization.OnPaste = f.pasteKey, f.pasteOrganization
	f.key.OnChanged = func(string) { f.changed() }
	f.organization.OnChanged = func(string) { f.changed() }
	f.check = widgets.NewButton(words.Text("form.validate"), theme.MediaPlayIcon(), f.start)
	f.check.Importance = widget.HighImportance
	f.cancelButton = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), f.stop)
	f.againButton = widgets.NewButton(words.Text("help.again"), theme.ViewRefreshIcon(), f.again)
	f.keepButton = widgets.NewButton(words.Text("form.save"), theme.DocumentSaveIcon(), f.keep)
	f.support = widgets.NewButton(words.Text("form.support"), theme.ContentCopyIcon(), func() { w.copyForSupport(f.report, f.tell) })
	f.status = widgets.NewStatus()
	f.note = widgets.Small("")
	f.picker = widgets.NewPicker(w.clipboard, widgets.PickerWords{Title: words.Text("choose.title"), None: words.Text("choose.none"), More: words.Text("choose.more"),
		Search: func(count string) string { return words.Text("choose.search", words.Facts{"Count": count}) }}, f.pick)
	f.choice = newKeyChoice(f.choose)
	f.checks = newCheckList(w.work, words.InForm, f.help)
	f.box = container.NewVScroll(f.layout())
	f.idle()
	return f
}

func (f *form) layout() fyne.CanvasObject {
	fields := container.New(layout.NewFormLayout(),
		widget.NewLabel(words.Text("form.region")), f.region,
		widget.NewLabel(words.Text("form.key")), f.key.Row,
		widget.NewLabel(words.Text("form.organization")), f.organization.Row,
		widget.NewLabel(words.Text("form.name")), f.name)
	buttons := widgets.NewFlow(f.check, f.cancelButton, f.againButton, f.keepButton, layout.NewSpacer(), f.demoLink())
	top := container.NewVBox(f.title, fields, f.choice.box, buttons)
	if f.w.opts.demo() {
		top.Objects = append([]fyne.CanvasObject{f.sampleRow()}, top.Objects...)
	}
	status := container.NewBorder(nil, nil, nil, container.NewCenter(f.support), f.status.Box)
	return container.NewVBox(widgets.Card(top), f.picker.Box, widgets.Card(container.NewVBox(status, f.note, f.checks.box)))
}

// sampleRow offers the keys of the demo's simulator.
func (f *form) sampleRow() fyne.CanvasObject {
	var names []string
	for _, s := range f.w.opts.Samples {
		names = append(names, words.Text("sample."+s.Name))
	}
	f.samples = widget.NewSelect(names, func(string) {
		if i := f.samples.SelectedIndex(); i >= 0 && !f.quiet {
			f.enter(f.w.opts.Samples[i])
		}
	})
	f.samples.PlaceHolder = words.Text("form.demo.sample")
	return container.NewBorder(nil, nil, widget.NewLabelWithStyle(words.Text("form.demo.text"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true}), nil, f.samples)
}

// enter fills the form with a sample.
func (f *form) enter(s Sample) {
	f.quiet = true
	f.organization.SetText(s.Organization)
	f.key.SetText(s.Key)
	f.quiet = false
	f.changed()
}

// clearSample has no sample look chosen whose key is no longer the one that is entered.
func (f *form) clearSample() {
	if f.samples == nil {
		return
	}
	if i := f.samples.SelectedIndex(); i >= 0 && f.w.opts.Samples[i].Key != f.key.Text {
		f.samples.ClearSelected()
	}
}

func (f *form) demoLink() fyne.CanvasObject {
	if f.w.opts.OpenDemo == nil {
		return layout.NewSpacer()
	}
	link := widgets.NewButton(words.Text("form.demo.try"), nil, f.openDemo)
	link.Importance = widget.LowImportance
	return link
}

// openDemo opens the demo's window beside this one.
func (f *form) openDemo() {
	f.w.work.start(func(context.Context) {
		if err := f.w.opts.OpenDemo(); err != nil {
			f.w.work.do(func() { f.w.inform("demo", nil) })
		}
	})
}

func (f *form) focus() { f.w.win.Canvas().Focus(f.key.Field) }

// reset empties the form for the next connection.
func (f *form) reset() { f.fill(connector.Connection{}) }

// replace prepares the form for a new key of a connection.
func (f *form) replace(c connector.Connection) { f.fill(c) }

func (f *form) replacing() bool { return f.replaces.ID != "" }

// forget says that the connection whose key was to be replaced is gone: what is entered is for a new one.
func (f *form) forget() {
	former := f.replaces.Name
	f.replaces = connector.Connection{}
	f.titled()
	if f.name.Text == former {
		f.name.SetText("")
	}
	if !f.saving {
		f.halt() // what was offered spoke of the other one; and what was removed must not come back by itself
		f.idle()
	}
}

// holdsKey reports whether a key is entered that would be lost. The demo's can be chosen again.
func (f *form) holdsKey() bool { return f.key.Text != "" && !f.w.opts.demo() }

func (f *form) fill(c connector.Connection) {
	f.halt()
	f.w.clipboard.dropPaste()
	f.quiet = true
	f.pasted = check.Credentials{}
	f.replaces = c
	f.titled()
	f.region.setID(c.Region)
	f.key.SetText("")
	f.organization.SetText(c.Organization.ID)
	f.name.SetText(c.Name)
	if f.samples != nil {
		f.samples.ClearSelected()
	}
	f.quiet = false
	f.box.ScrollToTop()
	f.idle()
}

// takeOver takes over what is entered and shown in another form. It starts nothing and saves nothing.
func (f *form) takeOver(from *form) {
	f.quiet = true
	if f.samples != nil {
		f.samples.SetSelectedIndex(from.samples.SelectedIndex())
	}
	f.region.setID(from.region.id())
	f.key.SetText(from.key.Text)
	f.organization.SetText(from.organization.Text)
	f.name.SetText(from.name.Text)
	f.quiet = false
	f.credentials, f.report, f.named, f.stopped, f.pasted = from.credentials, from.report, from.named, from.stopped, from.pasted
	if from.support.Visible() { // the report is about what is entered
		f.checks.setReport(f.report)
		f.present()
	} else if f.filled() && !f.typed().Plausible() {
		f.showShape()
	}
}

// tell says what became of a copy.
func (f *form) tell(message string) {
	f.note.SetText(message)
	f.note.Show()
}

// titled says what the form is about.
func (f *form) titled() {
	if f.replacing() {
		f.title.SetText(words.Text("form.title.replace", words.Facts{"Name": f.replaces.Name}))
	} else {
		f.title.SetText(words.Text("form.title.new"))
	}
}

// idle is the form's state before anything has been checked.
func (f *form) idle() {
	f.credentials, f.report = check.Credentials{}, check.Report{} // whoever asks for them gets none of former entries
	f.w.tell(actionsChanged{})
	f.cancelButton.Hide()
	f.againButton.Hide()
	f.keepButton.Hide()
	f.support.Hide()
	f.note.Hide()
	f.choice.offer(nil)
	f.picker.Hide()
	f.checks.reset()
	f.status.Set(check.Waiting, words.Text("form.subtitle"))
}

func (f *form) typed() check.Credentials {
	return check.Credentials{Region: f.region.id(), APIKey: secret.New(f.key.Text), OrganizationID: secret.New(f.organization.Text),
		LeftOut: f.pasted.LeftOut, OtherOrganization: f.pasted.OtherOrganization}
}

// changed has the entries looked at once the typing rests. What was found out about the former ones is no longer
// shown.
func (f *form) changed() {
	if f.quiet {
		return
	}
	f.pasted = check.Credentials{}
	f.halt()
	f.idle()
	f.clearSample()
	if f.filled() {
		f.pause = f.w.work.after(typingPause, f.rested)
	}
}

// filled reports whether a key or an Organization ID is entered.
func (f *form) filled() bool { return f.key.Text != "" || f.organization.Text != "" }

// rested starts the checks if the entries look complete, and else says what can be seen without a request.
func (f *form) rested() {
	if f.typed().Plausible() {
		f.start()
	} else {
		f.showShape()
	}
}

// showShape says what can be seen of the entries without a request.
func (f *form) showShape() {
	entered := f.typed()
	f.choice.offer(entered.Keys())
	shape := entered.Shape()
	f.checks.set(check.Result{Check: check.IDEntries, Outcome: shape})
	if shape.State == check.Failed {
		f.status.Set(shape.State, words.Text("status.failed"))
	} else {
		f.status.Set(shape.State, words.Text("status.unusual"))
	}
}

// halt ends a validation under way, and the wait for one. What the banner offers and what is asked is about it, so that goes
// too.
func (f *form) halt() {
	f.pause()
	f.pause = func() {}
	f.run++
	f.setSaving(false)
	f.cancel()
	f.cancel = func() {}
	f.w.banner.Hide(ownerForm)
	if f.withdraw != nil {
		f.withdraw()
		f.withdraw = nil
	}
}

// stop is the user's cancel: the checks that have not ended say so, and nothing is saved without being asked for.
func (f *form) stop() {
	f.stopped = true
	f.pause()
	f.cancel()
}

// submit is Enter in a field: it saves what only waits for its name, and else starts the checks.
func (f *form) submit() {
	if f.keepButton.Visible() && f.report.Worst() != check.Failed {
		f.keep()
		return
	}
	f.start()
}

// start runs all checks on what is entered now.
func (f *form) start() { f.validate(f.typed(), f.w.c.Validate) }

// again runs those that did not pass, or whose entries have changed, and what comes after them.
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
	if f.saving {
		return
	}
	f.halt()
	f.idle()
	f.stopped, f.named = false, f.name.Text
	run := f.run
	f.cancelButton.Show()
	f.status.Set(check.Running, words.Text("status.running"))
	f.cancel = f.w.work.start(func(ctx context.Context) {
		report := with(ctx, credentials, func(r check.Result) {
			f.w.work.do(func() {
				if run == f.run {
					f.checks.set(r)
				}
			})
		})
		f.w.work.do(func() {
			if run == f.run {
				f.done(credentials, report)
			}
		})
	})
}

// done shows what the validation means as a whole, and saves what works: unless it was cancelled, or a name was typed
// meanwhile, which may not be complete.
func (f *form) done(credentials check.Credentials, report check.Report) {
	f.cancelButton.Hide()
	f.credentials, f.report = credentials, report
	f.adoptRegion(report)
	naming := f.name.Text != f.named || f.w.win.Canvas().Focused() == f.name
	if f.present() && !naming && !f.stopped {
		f.keep()
	}
}

// present shows what the last validation means as a whole, and what can be done now. It reports whether the connection works
// and only waits for being saved.
func (f *form) present() (ready bool) {
	report, worst := f.report, f.report.Worst()
	f.support.Show()
	f.w.tell(actionsChanged{})
	if worst != check.Passed {
		f.againButton.Show()
	}
	f.choice.offer(f.credentials.Keys())
	switch {
	case worst == check.Skipped:
		f.status.Set(worst, words.Text("status.cancelled"))
	case worst == check.Failed && report.Usable() && !f.isAnother(report):
		f.offer(worst, words.Text("status.partly"), "form.save_anyway")
	case worst == check.Failed && !report.Usable():
		f.status.Set(worst, words.Text("status.failed"))
	case !report.Usable():
		f.status.Set(worst, words.Text("status.choose"))
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
		f.checks.set(report.Result(check.IDOrganization)) // now it has the button that leads there
		widgets.Reveal(f.box, f.picker.Box)
	} else if row := f.checks.first(check.Failed); row != nil {
		widgets.Reveal(f.box, row.box)
	}
	return ready
}

// isAnother reports whether a key that was to replace another one opens another organization.
func (f *form) isAnother(r check.Report) bool {
	return f.replacing() && (r.Organization.ID != f.replaces.Organization.ID || r.Region != f.replaces.Region)
}

// adoptRegion chooses the region that a key was found in, where another one was chosen.
func (f *form) adoptRegion(r check.Report) {
	if r.Result(check.IDKey).Cause != check.CauseKeyElsewhere {
		return
	}
	f.quiet = true
	f.region.setID(r.Region)
	f.quiet = false
}

// pick takes an organization from the list of those that the key opens.
func (f *form) pick(o check.Organization) {
	f.quiet = true
	f.pasted = check.Credentials{}
	f.organization.SetText(o.ID)
	f.quiet = false
	f.focus() // the list is gone
	f.again()
}

// regionShown is the region that the checks on the screen found the key in, else the chosen one, empty where there is neither.
func (f *form) regionShown() string {
	if row := f.checks.row(check.IDKey); row != nil && row.shown.Facts["Region"] != "" {
		return row.shown.Facts["Region"]
	}
	return f.region.id()
}

// help returns the button that helps with an outcome.
func (f *form) help(o check.Outcome) (widgets.Action, bool) {
	switch o.Cause.Meaning().Help {
	case check.HelpSwap:
		return widgets.Action{Label: words.Text("help.swap"), Icon: theme.ViewRefreshIcon(), Do: f.swap}, true
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

func (f *form) swap() {
	if f.saving {
		return
	}
	swapped := f.typed().Swapped()
	f.quiet = true
	f.key.SetText(swapped.APIKey.Reveal())
	f.organization.SetText(swapped.OrganizationID.Reveal())
	f.quiet = false
	f.start()
}
