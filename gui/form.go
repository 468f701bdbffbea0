package gui

import (
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
	choice       *keyChoice
	samples      *widget.Select // of the demo, nil elsewhere
	picker       *widgets.Picker
	results      *results
	box          *container.Scroll

	checking task                 // runs the checks
	saving   task                 // saves the validated connection
	pause    func()               // stops the wait for the end of typing
	waiting  bool                 // it has begun, and neither ended nor been stopped; a look at another screen interrupts it
	withdraw func()               // closes the question about a kept key; nil while none is open
	quiet    bool                 // the program, not the user, changes the entries
	pasted   check.Credentials    // what to tell about the text that was pasted last
	shown    bool                 // the form is on the screen
	stopped  bool                 // the user cancelled the last validation
	named    string               // the name when the last validation began
	replaces connector.Connection // the connection that gets a new key; without an ID for a new connection

	// What the last validation was about, for saving it.
	credentials check.Credentials
	report      check.Report
}

func newFormScreen(w *window) screen {
	f := &form{w: w, title: widgets.Heading(words.Text("form.title.new"), theme.SizeNameHeadingText), pause: func() {}}
	f.checking = task{work: w.work, begin: w.work.start}
	f.saving = task{work: w.work, begin: w.work.startOnKeychain, late: w.loader.load} // for it may have been saved already
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
	f.picker = widgets.NewPicker(w.clipboard, widgets.PickerWords{Title: words.Text("choose.title"), None: words.Text("choose.none"), More: words.Text("choose.more"),
		Search: func(count string) string { return words.Text("choose.search", words.Facts{"Count": count}) }}, f.pick)
	f.choice = newKeyChoice(f.choose)
	f.results = newResults(w, words.InForm, f.help, func() check.Report { return f.report })
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
	return container.NewVBox(widgets.Card(top), f.picker.Box, widgets.Card(container.NewVBox(f.results.head, f.results.note, f.results.list)))
}

func (f *form) focus() { f.w.win.Canvas().Focus(f.key.Field) }

// reset empties the form for the next connection.
func (f *form) reset() { f.fill(connector.Connection{}) }

// replace prepares the form for a new key of a connection.
func (f *form) replace(c connector.Connection) { f.fill(c) }

func (f *form) replacing() bool { return f.replaces.ID != "" }

// forget says that the connection that was to get a new key is gone. From now on the entries are for a new connection.
func (f *form) forget() {
	former := f.replaces.Name
	f.replaces = connector.Connection{}
	f.titled()
	if f.name.Text == former {
		f.name.SetText("")
	}
	if !f.saving.running {
		f.halt() // the offer was about the removed connection; saving it would bring that back
		f.idle()
	}
}

// holdsKey reports whether a key is entered that would be lost. The demo's keys can be chosen again.
func (f *form) holdsKey() bool { return f.key.Text != "" && !f.w.opts.demo() }

func (f *form) fill(c connector.Connection) {
	f.halt()
	f.w.clipboard.reading.drop() // the paste was meant for what was entered before
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
	if len(from.report.Results) > 0 { // the report is about what is entered
		f.results.setReport(f.report)
		f.present()
	} else if f.filled() && !f.typed().Plausible() {
		f.showShape()
	}
}

// titled sets the title.
func (f *form) titled() {
	if f.replacing() {
		f.title.SetText(words.Text("form.title.replace", words.Facts{"Name": f.replaces.Name}))
	} else {
		f.title.SetText(words.Text("form.title.new"))
	}
}

// idle is the form's state before anything has been checked.
func (f *form) idle() {
	f.credentials, f.report = check.Credentials{}, check.Report{} // those of former entries are no longer valid
	f.w.tell(actionsChanged{})
	f.cancelButton.Hide()
	f.againButton.Hide()
	f.keepButton.Hide()
	f.results.support.Hide()
	f.results.tell("")
	f.choice.offer(nil)
	f.picker.Hide()
	f.results.reset()
	f.results.status.Set(check.Waiting, words.Text("form.subtitle"))
}

func (f *form) typed() check.Credentials {
	return check.Credentials{Region: f.region.id(), APIKey: secret.New(f.key.Text), OrganizationID: secret.New(f.organization.Text),
		LeftOut: f.pasted.LeftOut, OtherOrganization: f.pasted.OtherOrganization}
}

// changed is called for each change of an entry. It clears the results of the former entries, and looks at the new ones once the
// typing pauses.
func (f *form) changed() {
	if f.quiet {
		return
	}
	f.pasted = check.Credentials{}
	f.halt()
	f.idle()
	f.clearSample()
	if f.filled() {
		f.wait()
	}
}

// wait starts the wait for a pause in the typing anew.
func (f *form) wait() {
	f.pause()
	f.waiting = true
	f.pause = f.w.work.after(typingPause, f.rested)
}

// filled reports whether a key or an Organization ID is entered.
func (f *form) filled() bool { return f.key.Text != "" || f.organization.Text != "" }

// rested starts the checks if the entries look complete. Otherwise it says what can be seen without a request.
func (f *form) rested() {
	f.waiting = false
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
	f.results.set(check.Result{Check: check.IDEntries, Outcome: shape})
	if shape.State == check.Failed {
		f.results.status.Set(shape.State, words.Text("status.failed"))
	} else {
		f.results.status.Set(shape.State, words.Text("status.unusual"))
	}
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
	if f.saving.running {
		return
	}
	swapped := f.typed().Swapped()
	f.quiet = true
	f.key.SetText(swapped.APIKey.Reveal())
	f.organization.SetText(swapped.OrganizationID.Reveal())
	f.quiet = false
	f.start()
}
