package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

// details shows one kept connection: what it is, its last report, and what can be done with it.
type details struct {
	u      *UI
	c      connector.Connection
	run    int
	cancel context.CancelFunc

	title        *widget.Label
	status       *status
	note         *widget.Label // what became of a copy
	key          *secretRow
	organization *secretRow
	rows         map[string]*widget.Label
	check        *button
	stop         *button
	support      *button
	replace      *button
	keep         *button // saves what is kept for the session
	remover      *button
	checks       *checkList
	box          *container.Scroll
}

// detailRows are the facts of a connection that are no secret, as the translation files name them.
var detailRows = []string{"organization", "region", "administrator", "role", "ends", "checked", "kept"}

func newDetails(u *UI) *details {
	d := &details{u: u, cancel: func() {}, title: heading("", theme.SizeNameHeadingText), status: newStatus(), note: small(""),
		rows: make(map[string]*widget.Label)}
	d.key = newSecretRow(u, d.readKey, d.tell)
	d.organization = newSecretRow(u, d.readOrganization, d.tell)
	d.check = newButton(words.Text("details.check"), theme.ViewRefreshIcon(), d.start)
	d.check.Importance = widget.HighImportance
	d.stop = newButton(words.Text("form.cancel"), theme.CancelIcon(), func() { d.cancel() })
	d.support = newButton(words.Text("form.support"), theme.ContentCopyIcon(), func() { u.copyForSupport(d.c.Report, d.tell) })
	d.checks = newCheckList(u.work, words.InConnection, d.help)
	d.checks.fill()
	d.box = container.NewVScroll(d.layout())
	return d
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

// readKey and readOrganization name what is on the screen now, so that a read that takes its time reads nothing else.
func (d *details) readKey() secretReader {
	id := d.c.ID
	return func(ctx context.Context) (secret.Secret, error) { return d.u.c.APIKey(ctx, id) }
}

func (d *details) readOrganization() secretReader {
	id := secret.New(d.c.Organization.ID)
	return func(context.Context) (secret.Secret, error) { return id, nil }
}

// help returns the button that helps with an outcome.
func (d *details) help(o check.Outcome) (action, bool) {
	switch o.Cause.Meaning().Help {
	case check.HelpAgain:
		return action{words.Text("help.again"), theme.ViewRefreshIcon(), d.start}, true
	case check.HelpAllRegions, check.HelpPick:
		return action{words.Text("details.replace"), theme.LoginIcon(), func() { d.u.replaceKey(d.c) }}, true
	}
	return d.u.helpOutside(o)
}

func (d *details) layout() fyne.CanvasObject {
	secrets := container.New(layout.NewFormLayout(),
		widget.NewLabel(words.Text("details.key")), d.key.box,
		widget.NewLabel(words.Text("details.organization_id")), d.organization.box)
	facts := container.NewGridWithColumns(2)
	for _, name := range detailRows {
		d.rows[name] = ellipsis("")
		facts.Add(container.New(layout.NewCustomPaddedVBoxLayout(-12), caption(words.Text("details."+name)), d.rows[name]))
	}
	d.keep = newButton(words.Text("details.keep"), theme.DocumentSaveIcon(), func() { d.save(d.c) })
	d.replace = newButton(words.Text("details.replace"), theme.LoginIcon(), func() { d.u.replaceKey(d.c) })
	d.remover = newButton(words.Text("details.remove"), theme.DeleteIcon(), d.confirmRemove)
	buttons := newFlow(d.check, d.stop, d.replace, layout.NewSpacer(), d.remover)
	return container.NewVBox(
		card(container.NewVBox(d.title, secrets, d.note, facts, container.NewHBox(d.keep), buttons)),
		card(container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(d.support), d.status.box), d.checks.box)))
}

// set shows a connection.
func (d *details) set(c connector.Connection) {
	d.halt()
	if c.ID != d.c.ID || c.KeyID != d.c.KeyID {
		d.key.turn()
		d.organization.turn()
		d.tell("")
		d.u.banner.hide(ownerDetails) // its buttons are about the other one
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
	if d.u.forSession(c) {
		kept = words.Text("details.kept.session")
	}
	d.rows["organization"].SetText(unknown(c.Organization.Name))
	d.rows["region"].SetText(unknown(words.Region(c.Region)))
	d.rows["administrator"].SetText(unknown(c.Report.Administrator.Email))
	d.rows["role"].SetText(unknown(c.Report.Administrator.Role))
	d.rows["ends"].SetText(unknown(words.KeyEnds(c.Report, d.u.work.now())))
	d.rows["kept"].SetText(kept)
	d.rows["checked"].SetText(words.Ago(c.Report.At, d.u.work.now()))
	d.key.hide()
	d.organization.hide()
	d.stop.Hide()
	d.replace.Show()
	if c.Unread() {
		d.replace.Hide() // what it is about is not known
	}
	d.keep.Hide()
	if c.SessionOnly && !d.u.opts.InMemory {
		d.keep.Show()
	}
	d.checks.setReport(c.Report.AsOf(d.u.work.now()))
	d.summarize()
	d.settle()
}

// settle has those buttons work that may be pressed now: none while the connection is being saved or removed.
func (d *details) settle() {
	for _, b := range []*button{d.check, d.replace, d.keep, d.remover, d.key.toggle, d.key.copy} {
		if d.u.under[d.c.ID] {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	d.support.Hidden = len(d.report().Results) == 0
	d.support.Refresh()
	d.u.offerSupport()
}

// report is the last one, none while the connection is being checked.
func (d *details) report() check.Report {
	if d.stop.Visible() {
		return check.Report{}
	}
	return d.c.Report
}

// summarize says in the status line what the last report means.
func (d *details) summarize() {
	if d.c.Trouble != "" {
		d.status.set(check.Failed, words.Cause(d.c.Trouble))
		return
	}
	report := d.c.Report.AsOf(d.u.work.now())
	worst, end := report.Worst(), report.Result(check.IDKeyEnd)
	switch {
	case end.State == check.Failed:
		d.status.set(worst, words.Text("status.ended", words.OutcomeFacts(end.Outcome, d.u.work.now())))
	case worst == check.Failed && report.Usable():
		d.status.set(worst, words.Text("status.partly"))
	case worst == check.Failed:
		d.status.set(worst, words.Text("status.failed"))
	case worst == check.Waiting:
		d.status.set(worst, words.Text("list.never"))
	case worst == check.Skipped:
		d.status.set(worst, words.Text("status.cancelled_check"))
	default:
		d.celebrate()
	}
}

// celebrate says that the connection works, and where it is kept.
func (d *details) celebrate() {
	key, state := "status.saved", d.c.Report.AsOf(d.u.work.now()).Worst()
	if state == check.Failed {
		return
	}
	if state == check.Warning {
		key += "_warning"
	}
	if d.u.forSession(d.c) {
		key += "_session"
	}
	d.status.set(state, words.Text(key))
}

// reported takes over a new report on the connection shown, unless a newer one is on its way.
func (d *details) reported(r check.Report) {
	d.c.Report = r
	if !d.stop.Visible() {
		d.set(d.c)
	}
}

// save moves a connection that is kept for the session into the system keychain.
func (d *details) save(c connector.Connection, options ...connector.SaveOption) {
	if d.u.under[c.ID] {
		return
	}
	if d.c.ID == c.ID {
		d.halt()
		d.u.banner.hide(ownerDetails)
	}
	d.u.setUnder(c.ID, true)
	d.u.work.startOnKeychain(func(ctx context.Context) {
		saved, err := d.u.c.SaveFromSession(ctx, c.ID, options...)
		d.u.work.do(func() {
			d.u.setUnder(c.ID, false)
			var connected *connector.ConnectedError
			switch {
			case errors.As(err, &connected):
				d.askAbout(connected.Kept, c)
			case err != nil:
				d.trouble(c, err, func() { d.save(c, options...) })
			default:
				d.u.moved(c, saved)
			}
		})
	})
}

// askAbout asks what becomes of the keys that are kept for the organization of a connection already.
func (d *details) askAbout(kept []connector.Connection, c connector.Connection) {
	keyQuestion{kept: kept, fresh: c,
		replace: func(one connector.Connection) { d.save(c, connector.Replacing(one)) },
		both:    func() { d.save(c, connector.KeepingBoth()) },
		leave:   func() {},
	}.ask(d.u)
}

// trouble says why the keychain failed for a connection. It is named if another one is on the screen by then.
func (d *details) trouble(c connector.Connection, err error, retry func()) {
	d.u.trouble(ownerDetails, err, retry, nil)
	if d.u.list.current != c.ID {
		message := d.u.banner.messages[ownerDetails].label
		message.SetText(d.u.list.tell(c) + ": " + message.Text)
	}
}

// follow takes over what was read anew about the connection shown, unless it is being checked.
func (d *details) follow(c connector.Connection) {
	if !d.stop.Visible() && (!c.Saved.Equal(d.c.Saved) || c.Trouble != d.c.Trouble || !c.Report.At.Equal(d.c.Report.At)) {
		d.set(c)
	}
}

func (d *details) halt() {
	d.run++
	d.cancel()
	d.cancel = func() {}
}

// start validates the connection again.
func (d *details) start() {
	if d.u.under[d.c.ID] {
		return
	}
	d.halt()
	d.u.banner.hide(ownerDetails)
	run, id := d.run, d.c.ID
	d.checks.reset()
	d.stop.Show()
	d.settle()
	d.status.set(check.Running, words.Text("status.running"))
	d.cancel = d.u.work.startOnKeychain(func(ctx context.Context) {
		report, err := d.u.c.Check(ctx, id, func(r check.Result) {
			d.u.work.do(func() {
				if run == d.run {
					d.checks.set(r)
				}
			})
		})
		d.u.work.do(func() {
			if run == d.run {
				d.done(report, err)
			}
		})
	})
}

func (d *details) done(report check.Report, err error) {
	d.stop.Hide()
	if !errors.Is(err, connector.ErrReplaced) {
		d.u.list.checked(d.c.ID, report)
	}
	d.set(d.c)
	cause := connector.KeychainCause(err)
	switch {
	case errors.Is(err, connector.ErrReplaced):
		d.status.set(check.Skipped, words.Text("status.replaced"))
		d.u.load() // what it is now
	case err != nil && cause != check.CauseCancelled:
		d.status.set(check.Failed, words.Cause(cause))
		d.u.trouble(ownerDetails, err, d.start, nil)
	case !report.Complete():
		d.status.set(check.Skipped, words.Text("status.cancelled_check"))
	}
}

func (d *details) confirmRemove() {
	if d.u.under[d.c.ID] {
		return
	}
	id, question := d.c.ID, "remove"
	switch {
	case d.c.Several:
		question = "remove_several"
	case d.c.Unread():
		question = "remove_unread"
	}
	d.u.ask(question, words.Facts{"Name": d.u.list.tell(d.c)}, func() { d.remove(id) })
}

func (d *details) remove(id string) {
	if d.u.under[id] {
		return
	}
	c := connector.Connection{ID: id}
	if i := rowOf(d.u.list.all, id); i >= 0 {
		c = d.u.list.all[i]
	}
	if d.c.ID == id {
		d.set(d.c) // which ends a check
		d.u.banner.hide(ownerDetails)
	}
	d.u.removing++
	d.u.setUnder(id, true)
	d.u.work.startOnKeychain(func(ctx context.Context) {
		err := d.u.c.Remove(ctx, id)
		d.u.work.do(func() {
			d.u.removing--
			d.u.setUnder(id, false)
			if err != nil {
				d.trouble(c, err, func() { d.remove(id) })
				d.u.load() // it may be gone all the same
				return
			}
			d.u.removed(id)
		})
	})
}
