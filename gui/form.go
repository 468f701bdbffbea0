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
	"controlmap-jumpcloud/connector/secret"
)

// typingPause is how long the entries must rest before the checks start by themselves.
const typingPause = 600 * time.Millisecond

// form takes the credentials, runs the checks on them, and keeps what works.
type form struct {
	u *UI

	title        *widget.Label
	region       *regionSelect
	key          *secretEntry
	organization *secretEntry
	name         *field
	check        *widget.Button
	cancelButton *widget.Button
	saveAnyway   *widget.Button
	status       *status
	picker       *picker
	checks       *checkList
	box          *container.Scroll

	run    int // counts validations: what an older one still says is not shown
	cancel context.CancelFunc
	pause  func() // stops the wait for the end of typing
	quiet  bool   // the entries are being filled by the program

	// What the last validation was about, for saving it.
	credentials connector.Credentials
	report      connector.Report
}

func newForm(u *UI) *form {
	f := &form{u: u, title: heading(text("form.title.new"), theme.SizeNameHeadingText), pause: func() {}, cancel: func() {}}
	f.region = newRegionSelect(u.c.Regions(), func() { u.guide.show(guideRegion) }, f.changed)
	f.key = newSecretEntry(text("form.key.placeholder"), func() { u.guide.show(guideKey) }, u.conceal)
	f.organization = newSecretEntry(text("form.organization.placeholder"), func() { u.guide.show(guideOrganization) }, u.conceal)
	f.name = newField(text("form.name.placeholder"), func() { u.guide.show(guideName) })
	for _, entry := range []*field{f.key.field, f.organization.field, f.name} {
		entry.OnSubmitted = func(string) { f.start() }
		entry.onEscape = f.stop
	}
	f.key.OnChanged = func(string) { f.changed() }
	f.organization.OnChanged = func(string) { f.changed() }
	f.check = widget.NewButtonWithIcon(text("form.validate"), theme.MediaPlayIcon(), f.start)
	f.check.Importance = widget.HighImportance
	f.cancelButton = widget.NewButtonWithIcon(text("form.cancel"), theme.CancelIcon(), f.stop)
	f.saveAnyway = widget.NewButtonWithIcon(text("form.save_anyway"), theme.DocumentSaveIcon(), func() { f.save(f.u.c.Save) })
	f.status = newStatus()
	f.picker = newPicker(f.pick)
	f.checks = newCheckList(f.help)
	f.box = container.NewVScroll(f.layout())
	f.idle()
	return f
}

func (f *form) layout() fyne.CanvasObject {
	fields := container.New(layout.NewFormLayout(),
		widget.NewLabel(text("form.region")), f.region,
		widget.NewLabel(text("form.key")), f.key.row,
		widget.NewLabel(text("form.organization")), f.organization.row,
		widget.NewLabel(text("form.name")), f.name)
	buttons := container.NewHBox(f.check, f.cancelButton, f.saveAnyway)
	top := container.NewVBox(f.title, fields, container.NewBorder(nil, nil, nil, f.demoLink(), buttons))
	if f.u.opts.demo() {
		top.Objects = append([]fyne.CanvasObject{f.samples()}, top.Objects...)
	}
	return container.NewVBox(card(top), f.picker.box, card(container.NewVBox(f.status.box, f.checks.box)))
}

// samples offers the keys of the demo's simulator.
func (f *form) samples() fyne.CanvasObject {
	byName := make(map[string]string)
	var names []string
	for _, s := range f.u.opts.Samples {
		name := text("sample." + s.Name)
		names = append(names, name)
		byName[name] = s.Key
	}
	choose := widget.NewSelect(names, func(name string) { f.key.SetText(byName[name]) })
	choose.PlaceHolder = text("form.demo.sample")
	return container.NewBorder(nil, nil, widget.NewLabelWithStyle(text("form.demo.text"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true}), nil, choose)
}

func (f *form) demoLink() fyne.CanvasObject {
	if f.u.opts.OpenDemo == nil {
		return layout.NewSpacer()
	}
	link := widget.NewButton(text("form.demo.try"), f.u.openDemo)
	link.Importance = widget.LowImportance
	return link
}

func (f *form) focus() { f.u.win.Canvas().Focus(f.key.field) }

// reset empties the form for the next connection.
func (f *form) reset() { f.fill("", connector.Credentials{}, "") }

// replace prepares the form for a new key of a connection.
func (f *form) replace(c connector.Connection) {
	f.fill(text("form.title.replace", facts{"Name": c.Name}), connector.Credentials{Region: c.Region, OrganizationID: c.Organization.ID}, c.Name)
}

func (f *form) fill(title string, c connector.Credentials, name string) {
	f.halt()
	f.quiet = true
	if title == "" {
		title = text("form.title.new")
	}
	f.title.SetText(title)
	f.region.setID(c.Region)
	f.key.SetText(c.APIKey.Reveal())
	f.organization.SetText(c.OrganizationID)
	f.name.SetText(name)
	f.quiet = false
	f.credentials, f.report = connector.Credentials{}, connector.Report{}
	f.box.ScrollToTop()
	f.idle()
}

// idle is the form's state before anything has been checked.
func (f *form) idle() {
	f.cancelButton.Hide()
	f.saveAnyway.Hide()
	f.picker.hide()
	f.checks.reset()
	f.status.set(connector.Waiting, text("form.subtitle"))
}

func (f *form) entered() connector.Credentials {
	return connector.Credentials{Region: f.region.id(), APIKey: secret.New(f.key.Text), OrganizationID: f.organization.Text}
}

// changed has the entries looked at once the typing rests. What was found out about the former ones is no longer
// shown.
func (f *form) changed() {
	if f.quiet {
		return
	}
	f.halt()
	f.idle()
	if entered := f.entered(); !entered.APIKey.Empty() || entered.OrganizationID != "" {
		f.pause = f.u.work.after(typingPause, f.rested)
	}
}

// rested starts the checks if the entries look complete, and else says what can be seen without a request.
func (f *form) rested() {
	entered := f.entered()
	if entered.Plausible() {
		f.start()
		return
	}
	f.checks.set(connector.Result{Check: connector.CheckEntries, Outcome: entered.Shape()})
}

// halt ends a validation under way, and the wait for one.
func (f *form) halt() {
	f.pause()
	f.pause = func() {}
	f.run++
	f.cancel()
	f.cancel = func() {}
}

// stop is the user's cancel: the checks that have not ended say so.
func (f *form) stop() {
	f.pause()
	f.cancel()
}

// start runs the checks on what is entered now.
func (f *form) start() {
	f.halt()
	f.idle()
	credentials, run := f.entered(), f.run
	f.cancelButton.Show()
	f.status.set(connector.Running, text("status.running"))
	f.cancel = f.u.work.start(func(ctx context.Context) {
		report := f.u.c.Validate(ctx, credentials, func(r connector.Result) {
			f.u.work.do(func() {
				if run == f.run {
					f.checks.set(r)
				}
			})
		})
		f.u.work.do(func() {
			if run == f.run {
				f.done(credentials, report)
			}
		})
	})
}

// done shows what the validation means as a whole, and keeps what works.
func (f *form) done(credentials connector.Credentials, report connector.Report) {
	f.cancelButton.Hide()
	f.credentials, f.report = credentials, report
	worst := report.Worst()
	switch {
	case worst == connector.Skipped:
		f.status.set(worst, text("status.cancelled"))
	case worst == connector.Failed && report.Usable():
		f.status.set(worst, text("status.partly"))
		f.saveAnyway.Show()
	case worst == connector.Failed:
		f.status.set(worst, text("status.failed"))
	case !report.Usable():
		f.status.set(worst, text("status.choose"))
	default:
		f.save(f.u.c.Save)
	}
	if len(report.Choices) > 0 {
		f.picker.show(report.Choices)
		f.u.reveal(f.box, f.picker.box)
	} else if row := f.checks.first(connector.Failed); row != nil {
		f.u.reveal(f.box, row.box)
	}
}

type saveFunc func(context.Context, string, connector.Credentials, connector.Report) (connector.Connection, error)

// save keeps the connection, then shows it. Where the keychain fails, everything stays as it was typed.
func (f *form) save(keep saveFunc) {
	name := f.name.Text
	if name == "" {
		name = f.report.Organization.Name
	}
	f.status.set(connector.Running, text("status.saving"))
	f.saveAnyway.Hide()
	f.cancelButton.Show()
	run, credentials, report := f.run, f.credentials, f.report
	f.cancel = f.u.work.start(func(ctx context.Context) {
		saved, err := keep(ctx, name, credentials, report)
		f.u.work.do(func() {
			if run != f.run {
				f.u.load(f.u.c.Connections, "")
				return
			}
			f.saved(saved, err)
		})
	})
}

func (f *form) saved(saved connector.Connection, err error) {
	f.cancelButton.Hide()
	if err != nil {
		f.status.set(connector.Failed, causeText(connector.KeychainCause(err)))
		f.saveAnyway.Show()
		f.u.trouble(err, func() { f.save(f.u.c.Save) }, func() { f.save(f.u.c.SaveForSession) })
		return
	}
	f.u.banner.hide()
	f.u.showDetails(saved)
	f.u.details().celebrate()
	f.reset()
	f.u.load(f.u.c.Connections, saved.ID)
}

// pick takes an organization from the list of those that the key opens.
func (f *form) pick(o connector.Organization) {
	f.quiet = true
	f.organization.SetText(o.ID)
	f.quiet = false
	f.start()
}

// help returns the button that helps with an outcome.
func (f *form) help(o connector.Outcome) (action, bool) {
	if o.Cause == connector.CauseSwapped {
		return action{text("form.swap"), theme.ViewRefreshIcon(), f.swap}, true
	}
	return f.u.consoleAction(o)
}

func (f *form) swap() {
	swapped := f.entered().Swapped()
	f.quiet = true
	f.key.SetText(swapped.APIKey.Reveal())
	f.organization.SetText(swapped.OrganizationID)
	f.quiet = false
	f.start()
}
