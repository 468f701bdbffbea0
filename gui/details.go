package gui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// details shows one kept connection: what it is, its last report, and what can be done with it.
type details struct {
	w         *window
	c         connector.Connection // the one that is shown; without an ID before the first
	checking  task
	saysDoubt bool // it says that the connection was refused and is asked about again

	title        *widget.Label
	note         *widget.Label
	key          *secretRow
	organization *secretRow
	rows         map[string]*widget.Label // by the names in detailRows
	more         *widgets.Button          // opens the menu of what is done rarely
	facts        *widgets.Fold            // what the connection is, and its secrets
	results      *results
	past         *past // how earlier checks ended
	pastCard     *fyne.Container
	pastAt       time.Time         // the last check when past was read
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
	d.results = newResults(d.w, words.InConnection, d.help, d.report)
	d.results.fill()
	d.title, d.note = widgets.Heading("", theme.SizeNameHeadingText), widgets.Small("")
	d.rows = make(map[string]*widget.Label)
	d.key = newSecretRow(d.w)
	d.organization = newSecretRow(d.w)
	d.more = widgets.NewButton(words.Text("details.more"), theme.MoreHorizontalIcon(), d.openMenu)
	d.past = newPast(d.w)
	d.pastCard = widgets.Card(d.past.fold.Box)
	d.box = d.w.newScroll(d.layout())
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
	d.facts = widgets.NewFold(words.Text("details.facts"), nil, container.NewVBox(secrets, facts))
	return container.NewVBox(container.NewBorder(nil, nil, nil, d.more, d.title), d.note, d.results.box, widgets.Card(d.facts.Box), d.pastCard)
}

// set shows a connection. It ends a check that runs.
func (d *details) set(c connector.Connection) {
	d.checking.drop()
	d.readPast(c)
	if c.ID != d.c.ID || c.KeyID != d.c.KeyID {
		d.w.turnTo(c, d.key, d.organization)
		d.w.banner.Hide(ownerDetails) // its buttons belong to the other connection
	}
	d.c = c
	d.title.SetText(c.Name)
	if c.Unread() {
		d.title.SetText(unread(c))
	}
	setText(d.note, c.Note)
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
		"checked":       words.Ago(c.Report.At, d.w.minute),
		"kept":          words.Text(kept),
	} {
		d.rows[name].SetText(cmp.Or(fact, words.Text("details.unknown")))
	}
	var facts []string
	for _, fact := range []string{c.Report.Administrator.Role, words.KeyEndsShort(c.Report, now), words.Region(c.Region)} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	d.facts.SetTitle(theme.InfoIcon(), words.Text("details.facts"), strings.Join(facts, " · "))
	d.key.hide()
	d.organization.hide()
	d.results.setReport(d.report().AsOf(now))
	if d.saysDoubt = d.isDoubtful(); d.saysDoubt {
		d.results.figures.show(c.Report)
	}
	d.results.show(d.verdict)
	d.settle()
}

// readPast reads the history of a connection that is to be shown, if it has one and there may be more of it than is shown.
func (d *details) readPast(c connector.Connection) {
	widgets.SetVisible(d.pastCard, !d.w.connections.forSession(c) && !c.Unread())
	if another := c.ID != d.c.ID; another || !c.Report.At.Equal(d.pastAt) {
		d.pastAt = c.Report.At
		d.past.read(c.ID, another)
	}
}

// settle shows and enables the buttons that may be pressed now: few while the connection is being checked, saved or removed.
func (d *details) settle() {
	occupied := d.w.writer.occupied[d.c.ID]
	setEnabled(!occupied, d.more)
	d.results.card.setOff(occupied)
	d.key.setOff(occupied)
	widgets.SetVisible(d.results.card.support, len(d.report().Results) > 0)
	d.w.tell(actionsChanged{})
}

// report is the last report, which may not be kept yet. It is empty while the connection is being checked.
func (d *details) report() check.Report {
	if d.checking.running {
		return check.Report{}
	}
	if refused, is := d.w.watcher.refusal(d.c); is {
		return refused
	}
	return d.c.Report
}

// isDoubtful reports whether the connection was refused since its kept report was made, and is asked about again.
func (d *details) isDoubtful() bool {
	_, is := d.w.watcher.refusal(d.c)
	return is
}

// verdict says what the last report means, or why the connection cannot be used.
func (d *details) verdict() verdict {
	now := d.w.work.now()
	report := d.c.Report.AsOf(now)
	blocker, blocked := report.Blocker()
	switch worst := report.Worst(); {
	case d.c.Trouble != "":
		return d.troubled()
	case d.isDoubtful():
		return d.doubtful()
	case worst == check.Waiting:
		return d.unchecked(words.Text("list.never"))
	case worst == check.Skipped:
		return d.unchecked(words.Text("status.cancelled_check"))
	case blocked:
		v := d.results.blocked(report, blocker)
		v.above = words.Former(report)
		if report.Undecided() {
			v.state = check.Skipped // nobody knows whether it works
		}
		if blocker.Check == check.IDKey || blocker.Check == check.IDKeyEnd {
			v.quiet = append([]widgets.Action{d.replacing()}, v.quiet...)
		}
		if report.Undecided() && !d.c.HandOver.Done() && d.c.Readiness(now).CanHandOver() {
			v.offer(d.handingOver())
		}
		return v
	}
	v := d.results.working(report)
	v.text = d.summary(report, now)
	if d.canKeep() {
		v.offer(widgets.Action{Label: words.Text("details.keep"), Icon: theme.DocumentSaveIcon(), Do: d.keep, Stores: true})
	}
	untold := len(v.points) > 0 && !slices.ContainsFunc(v.points, func(p check.Result) bool { return !p.Cause.Meaning().Repeats })
	if d.c.HandOver.Done() || untold {
		v.offer(widgets.Action{Label: words.Text("details.check"), Icon: theme.ViewRefreshIcon(), Do: d.start})
	}
	if d.c.HandOver.Outdated {
		v.above = words.Text("verdict.outdated")
	}
	end := report.Result(check.IDKeyEnd)
	if end.State == check.Warning { // rather than hand over a key that ends soon
		v.offer(d.replacing())
	}
	v.offer(d.handingOver())
	switch {
	case len(v.points) == 0:
	case v.next.Label == words.Text("details.replace"):
		v.remedy = words.Remedy(end.Outcome, words.InConnection, now)
	case v.next.Label == words.Text("details.check") && untold:
		v.remedy = words.Text("verdict.first_again")
	case v.next.Label == words.Text("details.hand_over"):
		v.remedy = words.Text("verdict.first_hand_over")
	}
	if v.remedy != "" {
		v.who = words.Who(check.MoveYou)
	}
	v.quiet = append(v.quiet, d.results.messages(report, v.points)...)
	return v
}

// doubtful is the verdict if the connection was refused and is asked about again.
func (d *details) doubtful() verdict {
	refused, _ := d.w.watcher.refusal(d.c)
	blocker, _ := refused.Blocker()
	v := inWords(check.Warning, words.Text("status.doubtful"))
	v.about, v.way = blocker.Check, check.Way(refused.Results)
	v.text = words.Observed(blocker, refused.Results, d.w.work.now()) + "\n" + v.text
	v.offer(widgets.Action{Label: words.Text("details.check"), Icon: theme.ViewRefreshIcon(), Do: d.start})
	return v
}

// handingOver is the button that leads to the hand-over.
func (d *details) handingOver() widgets.Action {
	return widgets.Action{Label: words.Text("details.hand_over"), Icon: theme.MailForwardIcon(), Do: func() { d.w.tell(handOverWanted{d.c}) }}
}

// summary says where the connection is kept, when its key ends, and when it was checked.
func (d *details) summary(report check.Report, now time.Time) string {
	kept := "verdict.in_keychain"
	if d.w.connections.forSession(d.c) {
		kept = "verdict.in_session"
	}
	parts := []string{words.Text(kept)}
	if end := report.KeyEnd(now); end.Cause == check.CauseKeyEnd || end.Cause == check.CauseKeyExpires {
		parts = append(parts, words.Text("verdict.ends", words.Facts{"When": words.KeyEnds(report, now)}))
	}
	if h := d.c.HandOver; h.Done() {
		parts = append(parts, words.Text("verdict.handed_over", words.Facts{"Date": words.Date(h.At)}))
	}
	parts = append(parts, words.Text("verdict.checked", words.Facts{"When": words.Ago(report.At, d.w.minute)}))
	return strings.Join(parts, " · ")
}

// troubled is the verdict if the connection cannot be read from the keychain.
func (d *details) troubled() verdict {
	o := check.Outcome{Cause: d.c.Trouble}
	v := verdict{state: check.Failed, title: words.Title(o, d.w.work.now()), remedy: words.Remedy(o, words.InConnection, d.w.work.now())}
	switch {
	case !d.c.Unread():
		v.offer(d.replacing())
	case d.c.Trouble == check.CauseKeychainNewer:
		v.offer(widgets.Action{Label: words.Text("list.reload"), Icon: theme.ViewRefreshIcon(), Do: d.w.loader.reload})
	default:
		v.offer(widgets.Action{Label: words.Text("details.remove"), Icon: theme.DeleteIcon(), Do: d.remove})
	}
	return v
}

// unchecked is the verdict, with a message, if there is no whole report.
func (d *details) unchecked(message string) verdict {
	v := inWords(check.Skipped, message)
	v.offer(widgets.Action{Label: words.Text("details.check"), Icon: theme.ViewRefreshIcon(), Do: d.start})
	return v
}

// replacing is the button that replaces the key.
func (d *details) replacing() widgets.Action {
	return widgets.Action{Label: words.Text("details.replace"), Icon: theme.LoginIcon(), Do: d.replaceKey}
}

// canKeep reports whether the connection is kept for the session only, and there is a keychain to save it in.
func (d *details) canKeep() bool { return d.c.SessionOnly && !d.w.opts.InMemory }

// keep saves in the keychain what is kept for the session.
func (d *details) keep() { d.w.writer.saveFromSession(d.c) }

// openMenu opens the menu of what is done rarely.
func (d *details) openMenu() {
	var items []*fyne.MenuItem
	add := func(key string, icon fyne.Resource, do func()) {
		if do != nil {
			items = append(items, &fyne.MenuItem{Label: words.Text(key), Icon: icon, Action: do})
		}
	}
	a := d.actions()
	add("details.check", theme.ViewRefreshIcon(), a.check)
	add("details.replace", theme.LoginIcon(), a.replace)
	add("menu.rename", theme.DocumentCreateIcon(), a.rename)
	if a.rename != nil {
		add("note.menu", theme.DocumentIcon(), func() { d.w.writer.annotate(d.c) })
	}
	add("many.more", theme.ContentAddIcon(), a.more)
	if d.canKeep() {
		add("details.keep", theme.DocumentSaveIcon(), d.keep)
	}
	add("details.remove", theme.DeleteIcon(), a.remove)
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), d.w.win.Canvas())
	below := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.more).AddXY(d.more.Size().Width-menu.MinSize().Width, d.more.Size().Height)
	menu.ShowAtPosition(below)
	d.w.win.Canvas().Focus(menu)
}

// follow shows what was read anew of the connection, unless it is being checked.
func (d *details) follow(c connector.Connection) {
	texts := c.Name != d.c.Name || c.Note != d.c.Note
	if !d.checking.running && (texts || !c.Saved.Equal(d.c.Saved) || c.Trouble != d.c.Trouble || !c.Report.At.Equal(d.c.Report.At)) {
		d.set(c)
	}
}
