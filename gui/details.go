package gui

import (
	"context"

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

// details shows one kept connection: what it is, its last report, and what can be done with it.
type details struct {
	w        *window
	c        connector.Connection
	checking task

	title        *widget.Label
	status       *widgets.Status
	note         *widget.Label // what became of a copy
	key          *secretRow
	organization *secretRow
	rows         map[string]*widget.Label
	check        *widgets.Button
	stop         *widgets.Button
	support      *widgets.Button
	replace      *widgets.Button
	keep         *widgets.Button // saves what is kept for the session
	remover      *widgets.Button
	checks       *checkList
	box          *container.Scroll // nil until it is built
	focusStays   bool              // the focus is in the list, and stays there
}

// detailRows are the facts of a connection that are no secret, as the translation files name them.
var detailRows = []string{"organization", "region", "administrator", "role", "ends", "checked", "kept"}

// newDetailsScreen makes the screen without its content: the start does not wait for that.
func newDetailsScreen(w *window) screen {
	return &details{w: w, checking: task{work: w.work, begin: w.work.startOnKeychain}}
}

// build makes what is on the screen.
func (d *details) build() {
	if d.box != nil {
		return
	}
	d.title, d.status, d.note = widgets.Heading("", theme.SizeNameHeadingText), widgets.NewStatus(), widgets.Small("")
	d.rows = make(map[string]*widget.Label)
	d.key = newSecretRow(d.w, d.readKey, d.tell)
	d.organization = newSecretRow(d.w, d.readOrganization, d.tell)
	d.check = widgets.NewButton(words.Text("details.check"), theme.ViewRefreshIcon(), d.start)
	d.check.Importance = widget.HighImportance
	d.stop = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), d.checking.cancel)
	d.support = widgets.NewButton(words.Text("form.support"), theme.ContentCopyIcon(), func() { d.w.copyForSupport(d.c.Report, d.tell) })
	d.checks = newCheckList(d.w.work, words.InConnection, d.help)
	d.checks.fill()
	d.box = container.NewVScroll(d.layout())
}

// tell says what became of a copy.
func (d *details) tell(message string) {
	d.note.SetText(message)
	if message == "" {
		d.note.Hide()
	} else {
		d.note.Show()
	}
}

// readKey returns a reader for the key of the connection that is on the screen now. A slow read then reads no other key.
func (d *details) readKey() secretReader {
	id := d.c.ID
	return func(ctx context.Context) (secret.Secret, error) { return d.w.c.APIKey(ctx, id) }
}

// readOrganization does the same for the Organization ID.
func (d *details) readOrganization() secretReader {
	id := secret.New(d.c.Organization.ID)
	return func(context.Context) (secret.Secret, error) { return id, nil }
}

// help returns the button that helps with an outcome.
func (d *details) help(o check.Outcome) (widgets.Action, bool) {
	switch o.Cause.Meaning().Help {
	case check.HelpAgain:
		return widgets.Action{Label: words.Text("help.again"), Icon: theme.ViewRefreshIcon(), Do: d.start}, true
	case check.HelpAllRegions, check.HelpPick:
		return widgets.Action{Label: words.Text("details.replace"), Icon: theme.LoginIcon(), Do: func() { d.w.tell(keyWanted{d.c}) }}, true
	}
	return d.w.helpOutside(o, d.region)
}

func (d *details) layout() fyne.CanvasObject {
	secrets := container.New(layout.NewFormLayout(),
		widget.NewLabel(words.Text("details.key")), d.key.box,
		widget.NewLabel(words.Text("details.organization_id")), d.organization.box)
	facts := container.NewGridWithColumns(2)
	for _, name := range detailRows {
		d.rows[name] = widgets.Ellipsis("")
		facts.Add(container.New(layout.NewCustomPaddedVBoxLayout(-12), widgets.Caption(words.Text("details."+name)), d.rows[name]))
	}
	d.keep = widgets.NewButton(words.Text("details.keep"), theme.DocumentSaveIcon(), func() { d.w.writer.saveFromSession(d.c) })
	d.replace = widgets.NewButton(words.Text("details.replace"), theme.LoginIcon(), func() { d.w.tell(keyWanted{d.c}) })
	d.remover = widgets.NewButton(words.Text("details.remove"), theme.DeleteIcon(), d.confirmRemove)
	buttons := widgets.NewFlow(d.check, d.stop, d.replace, layout.NewSpacer(), d.remover)
	return container.NewVBox(
		widgets.Card(container.NewVBox(d.title, secrets, d.note, facts, container.NewHBox(d.keep), buttons)),
		widgets.Card(container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(d.support), d.status.Box), d.checks.box)))
}

// set shows a connection.
func (d *details) set(c connector.Connection) {
	d.checking.drop()
	if c.ID != d.c.ID || c.KeyID != d.c.KeyID {
		d.key.turn()
		d.organization.turn()
		d.tell("")
		d.w.banner.Hide(ownerDetails) // its buttons belong to the other connection
	}
	d.c = c
	d.title.SetText(c.Name)
	if c.Unread() {
		d.title.SetText(unread(c))
	}
	unknown := func(s string) string {
		if s == "" {
			return words.Text("details.unknown")
		}
		return s
	}
	kept := words.Text("details.kept.system")
	if d.w.connections.forSession(c) {
		kept = words.Text("details.kept.session")
	}
	d.rows["organization"].SetText(unknown(c.Organization.Name))
	d.rows["region"].SetText(unknown(words.Region(c.Region)))
	d.rows["administrator"].SetText(unknown(c.Report.Administrator.Email))
	d.rows["role"].SetText(unknown(c.Report.Administrator.Role))
	d.rows["ends"].SetText(unknown(words.KeyEnds(c.Report, d.w.work.now())))
	d.rows["kept"].SetText(kept)
	d.rows["checked"].SetText(words.Ago(c.Report.At, d.w.work.now()))
	d.key.hide()
	d.organization.hide()
	setVisible(d.replace, !c.Unread()) // else its organization is not known
	setVisible(d.keep, c.SessionOnly && !d.w.opts.InMemory)
	d.checks.setReport(c.Report.AsOf(d.w.work.now()))
	d.summarize()
	d.settle()
}

// settle enables the buttons that may be pressed now: none while the connection is being saved or removed.
func (d *details) settle() {
	occupied := d.w.writer.occupied[d.c.ID]
	setEnabled(!occupied, d.check, d.replace, d.keep, d.remover)
	d.key.setOff(occupied)
	setVisible(d.stop, d.checking.running)
	setVisible(d.support, len(d.report().Results) > 0)
	d.w.tell(actionsChanged{})
}

// report is the last report; empty while the connection is being checked.
func (d *details) report() check.Report {
	if d.checking.running {
		return check.Report{}
	}
	return d.c.Report
}

// summarize shows in the status line what the last report means.
func (d *details) summarize() {
	if d.c.Trouble != "" {
		d.status.Set(check.Failed, words.Cause(d.c.Trouble))
		return
	}
	report := d.c.Report.AsOf(d.w.work.now())
	worst, end := report.Worst(), report.Result(check.IDKeyEnd)
	switch {
	case end.State == check.Failed:
		d.status.Set(worst, words.Text("status.ended", words.OutcomeFacts(end.Outcome, d.w.work.now())))
	case worst == check.Failed && report.Usable():
		d.status.Set(worst, words.Text("status.partly"))
	case worst == check.Failed:
		d.status.Set(worst, words.Text("status.failed"))
	case worst == check.Waiting:
		d.status.Set(worst, words.Text("list.never"))
	case worst == check.Skipped:
		d.status.Set(worst, words.Text("status.cancelled_check"))
	default:
		d.celebrate()
	}
}

// celebrate says that the connection works, and where it is kept.
func (d *details) celebrate() {
	key, state := "status.saved", d.c.Report.AsOf(d.w.work.now()).Worst()
	if state == check.Failed {
		return
	}
	if state == check.Warning {
		key += "_warning"
	}
	if d.w.connections.forSession(d.c) {
		key += "_session"
	}
	d.status.Set(state, words.Text(key))
}

// reported shows a new report on the connection, unless a newer one is being made.
func (d *details) reported(r check.Report) {
	d.c.Report = r
	if !d.checking.running {
		d.set(d.c)
	}
}

// follow shows what was read anew of the connection, unless it is being checked.
func (d *details) follow(c connector.Connection) {
	if !d.checking.running && (!c.Saved.Equal(d.c.Saved) || c.Trouble != d.c.Trouble || !c.Report.At.Equal(d.c.Report.At)) {
		d.set(c)
	}
}
