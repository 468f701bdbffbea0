package gui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func (d *details) busy() bool { return d.checking.running }

// topic implements [screen].
func (d *details) topic() topic {
	if d.isDoubtful() { // it may be a mistake, and no reason to generate a key
		return topicFor(d.c.Report)
	}
	return topicFor(d.report())
}

// content implements [screen].
func (d *details) content() *container.Scroll {
	d.build()
	return d.box
}

// entered implements [screen].
func (d *details) entered() {
	c, ok := d.w.connections.find(d.c.ID)
	if !ok { // it was removed while another screen was shown
		d.w.tell(homeWanted{})
		return
	}
	d.follow(c)
	d.settle()
	d.w.connections.setCurrent(d.c.ID)
	if !d.focusStays {
		d.w.win.Canvas().Focus(d.results.card.first()) // what had the focus is gone
	}
}

// left implements [screen].
func (d *details) left() {
	d.focusStays = false
	d.results.waitNoMore()
	if d.checking.running {
		d.set(d.c) // the check was cancelled
	}
	d.w.banner.Hide(ownerDetails)
	d.w.connections.setCurrent("")
}

// actions implements [screen].
func (d *details) actions() actions {
	if d.box == nil {
		return actions{}
	}
	a := actions{support: d.results.supportIn(d.box), region: d.region}
	if d.w.writer.occupied[d.c.ID] {
		return a
	}
	inView := func(row *secretRow, do func()) func() {
		return func() {
			d.facts.SetOpen(true) // it has the key, and says what became of a copy
			widgets.Reveal(d.box, row.box)
			do()
		}
	}
	a.check, a.remove = d.start, d.remove
	a.reveal, a.copyKey, a.copyID = inView(d.key, d.key.flip), inView(d.key, d.key.toClipboard), inView(d.organization, d.organization.toClipboard)
	if d.c.Report.Worst() != check.Passed {
		a.repeat = d.start
	}
	if d.checking.running || d.results.awaits {
		a.cancel = d.cancel
	}
	if !d.c.Unread() {
		a.replace, a.rename = d.replaceKey, func() { d.w.writer.rename(d.c) }
	}
	if d.c.Trouble == "" {
		a.more = func() { d.w.tell(moreWanted{d.c}) }
	}
	return a
}

func (d *details) region() string { return d.c.Region }

// show shows a connection.
func (d *details) show(c connector.Connection, focusStays bool) {
	d.build()
	if c.ID != d.c.ID {
		d.results.repeats = false // the user waits for the other connection
	}
	d.set(c)
	d.focusStays = focusStays
	d.w.show(d)
}

// carryOver implements [carrier].
func (d *details) carryOver(from screen) {
	if former := from.(*details); former.c.ID != "" {
		d.build()
		d.results.carryOver(former.results)
		d.set(former.c)
	}
}

// hear takes over what happened in the window.
func (d *details) hear(e event) {
	switch e := e.(type) {
	case windowClosed:
		if d.box != nil {
			d.results.tick()
		}
	case opened:
		d.show(e.Connection, e.focusStays)
		return
	case saved:
		d.show(e.Connection, false)
		return
	case moved:
		if e.from.ID == d.c.ID {
			d.set(e.to)
			if d.w.shows(d) {
				d.w.connections.setCurrent(e.to.ID)
			}
		}
	case changed:
		if e.ID == d.c.ID && d.box != nil {
			d.c.Name, d.c.HandOver, d.c.Note = e.Name, e.HandOver, e.Note
			d.title.SetText(e.Name)
			if !d.checking.running {
				d.set(d.c)
			}
		}
	case doubted:
		if e.ID == d.c.ID && d.box != nil && !d.checking.running {
			d.set(d.c)
		}
	case checksChanged, minutePassed:
		if d.box != nil && !d.checking.running && d.saysDoubt != d.isDoubtful() {
			d.set(d.c) // the watcher has begun or ended to doubt it
		}
	case occupied:
		if e.id == d.c.ID && d.box != nil {
			if d.w.writer.occupied[e.id] {
				d.set(d.c) // ends a check
				d.w.banner.Hide(ownerDetails)
			} else {
				d.results.show(d.results.compose) // a countdown may have ended meanwhile
			}
			d.settle()
		}
	}
	if d.w.shows(d) {
		d.hearShown(e)
	}
}

// hearShown takes over what happened to the connection while it is on the screen.
func (d *details) hearShown(e event) {
	switch e := e.(type) {
	case minutePassed:
		d.rows["checked"].SetText(words.Ago(d.c.Report.At, d.w.minute))
		d.results.show(d.results.compose)
	case connectionsChanged:
		if c, ok := d.w.connections.find(d.c.ID); ok {
			d.follow(c)
		}
	case connectionsRead:
		if _, ok := d.w.connections.find(d.c.ID); !ok && e.all {
			d.w.tell(homeWanted{})
		}
	case removed:
		if e.id == d.c.ID {
			d.w.tell(homeWanted{})
		}
	case reported:
		if e.id == d.c.ID {
			d.c.Take(e.report)
			if !d.checking.running { // else a newer report is being made
				d.set(d.c)
			}
		}
	}
}

// start validates the connection again.
func (d *details) start() {
	if d.w.writer.occupied[d.c.ID] {
		return
	}
	d.w.banner.Hide(ownerDetails)
	id, read := d.c.ID, d.c
	d.checking.start(func(ctx context.Context, show func(func())) func() {
		report, err := d.w.c.Check(ctx, id, func(r check.Result) { show(func() { d.results.set(r) }) })
		return func() { d.done(read, report, err) }
	})
	d.results.begin(widgets.Action{Label: words.Text("form.cancel"), Icon: theme.CancelIcon(), Do: d.cancel})
	d.results.figures.show(d.c.Report) // they are known until there are others
	d.settle()
}

// cancel cancels the check, or the wait until it runs again by itself.
func (d *details) cancel() {
	d.checking.cancel()
	d.results.waitNoMore()
}

// done shows how a check ended of the connection as it was read.
func (d *details) done(read connector.Connection, report check.Report, err error) {
	replaced, doubtful := errors.Is(err, connector.ErrReplaced), errors.Is(err, connector.ErrDoubtful)
	if !replaced && !doubtful {
		d.w.connections.checked(d.c.ID, report)
	}
	d.set(d.c)
	cause := connector.KeychainCause(err)
	switch {
	case replaced:
		d.results.say(check.Skipped, words.Text("status.replaced"))
		d.w.loader.load() // to show the new key
	case doubtful:
		d.w.tell(doubted{read, report})
	case err != nil && cause != check.CauseCancelled:
		d.results.say(check.Failed, words.Cause(cause))
		d.w.trouble(ownerDetails, err, d.start)
	case !report.Complete():
		d.results.show(func() verdict {
			v := d.verdict()
			v.above = strings.ReplaceAll(words.Text("status.cancelled_check"), "\n", " ")
			return v
		})
	}
}

// help returns the button for a kind of help with an outcome.
func (d *details) help(help check.Help, o check.Outcome) (widgets.Action, bool) {
	switch help {
	case check.HelpAgain:
		return widgets.Action{Label: words.Text("help.again"), Icon: theme.ViewRefreshIcon(), Do: d.start}, true
	case check.HelpAllRegions, check.HelpPick, check.HelpPaste:
		return d.replacing(), true
	case check.HelpSave: // it is saved
		return d.handingOver(), true
	}
	return d.w.helpOutside(help, o, d.region)
}

// replaceKey has the user enter a new key for the connection.
func (d *details) replaceKey() { d.w.tell(keyWanted{d.c}) }

// remove removes the connection, if the user is sure.
func (d *details) remove() { d.w.writer.confirmRemove(d.c) }
