package gui

import (
	"cmp"
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
	c        connector.Connection // the one that is shown; without an ID before the first
	checking task

	title        *widget.Label
	key          *secretRow
	organization *secretRow
	rows         map[string]*widget.Label // by the names in detailRows
	check        *widgets.Button
	stop         *widgets.Button
	replace      *widgets.Button
	handOver     *widgets.Button
	keep         *widgets.Button // saves what is kept for the session
	remover      *widgets.Button
	results      *results
	box          *container.Scroll // nil before build
	focusStays   bool              // the focus is in the list, and stays there
}

// detailRows are the facts of a connection that are not secret, as the translation files name them.
var detailRows = []string{"organization", "region", "administrator", "role", "ends", "checked", "kept"}

// newDetailsScreen makes the screen without its content, so that the start does not wait for it.
func newDetailsScreen(w *window) screen {
	return &details{w: w, checking: task{work: w.work, begin: w.work.startOnKeychain}}
}

// build makes what is on the screen.
func (d *details) build() {
	if d.box != nil {
		return
	}
	d.results = newResults(d.w, words.InConnection, d.help, func() check.Report { return d.c.Report })
	d.results.fill()
	d.title = widgets.Heading("", theme.SizeNameHeadingText)
	d.rows = make(map[string]*widget.Label)
	d.key = newSecretRow(d.w)
	d.organization = newSecretRow(d.w)
	d.check = widgets.NewButton(words.Text("details.check"), theme.ViewRefreshIcon(), d.start)
	d.check.Importance = widget.HighImportance
	d.stop = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), d.checking.cancel)
	d.handOver = widgets.NewButton(words.Text("details.hand_over"), theme.MailForwardIcon(), func() { d.w.tell(handOverWanted{d.c}) })
	d.keep = widgets.NewButton(words.Text("details.keep"), theme.DocumentSaveIcon(), func() { d.w.writer.saveFromSession(d.c) })
	d.replace = widgets.NewButton(words.Text("details.replace"), theme.LoginIcon(), d.replaceKey)
	d.remover = widgets.NewButton(words.Text("details.remove"), theme.DeleteIcon(), d.confirmRemove)
	d.box = container.NewVScroll(d.layout())
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
	buttons := widgets.NewFlow(d.handOver, d.check, d.stop, d.replace, layout.NewSpacer(), d.remover)
	return container.NewVBox(
		widgets.Card(container.NewVBox(d.title, secrets, d.results.note, facts, container.NewHBox(d.keep), buttons)),
		widgets.Card(container.NewVBox(d.results.head, d.results.list)))
}

// set shows a connection. It ends a check that runs.
func (d *details) set(c connector.Connection) {
	d.checking.drop()
	if c.ID != d.c.ID || c.KeyID != d.c.KeyID {
		organization := secret.New(c.Organization.ID)
		d.key.turn(func(ctx context.Context) (secret.Secret, error) { return d.w.c.APIKey(ctx, c.ID) })
		d.organization.turn(func(context.Context) (secret.Secret, error) { return organization, nil })
		d.results.tell("")
		d.w.banner.Hide(ownerDetails) // its buttons belong to the other connection
	}
	d.c = c
	d.title.SetText(c.Name)
	if c.Unread() {
		d.title.SetText(unread(c))
	}
	kept, now := "details.kept.system", d.w.work.now()
	if d.w.connections.forSession(c) {
		kept = "details.kept.session"
	}
	for name, fact := range map[string]string{
		"organization":  c.Organization.Name,
		"region":        words.Region(c.Region),
		"administrator": c.Report.Administrator.Email,
		"role":          c.Report.Administrator.Role,
		"ends":          words.KeyEnds(c.Report, now),
		"checked":       words.Ago(c.Report.At, now),
		"kept":          words.Text(kept),
	} {
		d.rows[name].SetText(cmp.Or(fact, words.Text("details.unknown")))
	}
	d.key.hide()
	d.organization.hide()
	setVisible(d.replace, !c.Unread()) // its organization is not known
	setVisible(d.keep, c.SessionOnly && !d.w.opts.InMemory)
	d.results.setReport(c.Report.AsOf(now))
	d.summarize()
	d.settle()
}

// settle shows and enables the buttons that may be pressed now: few while the connection is being checked, saved or removed.
func (d *details) settle() {
	occupied := d.w.writer.occupied[d.c.ID]
	setEnabled(!occupied, d.handOver, d.check, d.replace, d.keep, d.remover)
	d.key.setOff(occupied)
	setVisible(d.stop, d.checking.running)
	setVisible(d.results.support, len(d.report().Results) > 0)
	d.w.tell(actionsChanged{})
}

// report is the last report; empty while the connection is being checked.
func (d *details) report() check.Report {
	if d.checking.running {
		return check.Report{}
	}
	return d.c.Report
}

// summarize says in the status line what the last report means, or where the connection is kept if it works.
func (d *details) summarize() {
	if d.c.Trouble != "" {
		d.results.status.Set(check.Failed, words.Cause(d.c.Trouble))
		return
	}
	now := d.w.work.now()
	report := d.c.Report.AsOf(now)
	worst, end := report.Worst(), report.Result(check.IDKeyEnd)
	status := "status.saved"
	switch {
	case end.State == check.Failed:
		status = "status.ended"
	case worst == check.Failed && report.Usable():
		status = "status.partly"
	case worst == check.Failed:
		status = "status.failed"
	case worst == check.Waiting:
		status = "list.never"
	case worst == check.Skipped:
		status = "status.cancelled_check"
	default:
		if worst == check.Warning {
			status += "_warning"
		}
		if d.w.connections.forSession(d.c) {
			status += "_session"
		}
	}
	d.results.status.Set(worst, words.Text(status, words.OutcomeFacts(end.Outcome, now)))
}

// follow shows what was read anew of the connection, unless it is being checked.
func (d *details) follow(c connector.Connection) {
	if !d.checking.running && (!c.Saved.Equal(d.c.Saved) || c.Trouble != d.c.Trouble || !c.Report.At.Equal(d.c.Report.At)) {
		d.set(c)
	}
}
