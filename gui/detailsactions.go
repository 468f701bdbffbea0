package gui

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// start validates the connection again.
func (d *details) start() {
	if d.w.connections.occupied[d.c.ID] {
		return
	}
	d.w.banner.Hide(ownerDetails)
	id := d.c.ID
	d.checking.start(func(ctx context.Context, show func(func())) func() {
		report, err := d.w.c.Check(ctx, id, func(r check.Result) { show(func() { d.checks.set(r) }) })
		return func() { d.done(report, err) }
	})
	d.checks.reset()
	d.settle()
	d.status.Set(check.Running, words.Text("status.running"))
}

func (d *details) done(report check.Report, err error) {
	if !errors.Is(err, connector.ErrReplaced) {
		d.w.connections.checked(d.c.ID, report)
	}
	d.set(d.c)
	cause := connector.KeychainCause(err)
	switch {
	case errors.Is(err, connector.ErrReplaced):
		d.status.Set(check.Skipped, words.Text("status.replaced"))
		d.w.connections.load() // to show the new key
	case err != nil && cause != check.CauseCancelled:
		d.status.Set(check.Failed, words.Cause(cause))
		d.w.trouble(ownerDetails, err, d.start, nil)
	case !report.Complete():
		d.status.Set(check.Skipped, words.Text("status.cancelled_check"))
	}
}

// save moves a connection that is kept for the session into the system keychain.
func (d *details) save(c connector.Connection, options ...connector.SaveOption) {
	if d.w.connections.occupied[c.ID] {
		return
	}
	if d.c.ID == c.ID {
		d.checking.drop()
		d.w.banner.Hide(ownerDetails)
	}
	d.w.connections.setOccupied(c.ID, true)
	d.w.work.startOnKeychain(func(ctx context.Context) {
		saved, err := d.w.c.SaveFromSession(ctx, c.ID, options...)
		d.w.work.do(func() {
			d.w.connections.setOccupied(c.ID, false)
			var connected *connector.ConnectedError
			switch {
			case errors.As(err, &connected):
				d.askAbout(connected.Kept, c)
			case err != nil:
				d.w.connections.trouble(c, err, func() { d.save(c, options...) })
			default:
				d.w.connections.moved(c, saved)
			}
		})
	})
}

// askAbout asks what to do with the keys that are kept for the organization already.
func (d *details) askAbout(kept []connector.Connection, c connector.Connection) {
	keyQuestion{kept: kept, fresh: c,
		replace: func(one connector.Connection) { d.save(c, connector.Replacing(one)) },
		both:    func() { d.save(c, connector.KeepingBoth()) },
		leave:   func() {},
	}.ask(d.w)
}

func (d *details) confirmRemove() {
	if d.w.connections.occupied[d.c.ID] {
		return
	}
	id, question := d.c.ID, "remove"
	switch {
	case d.c.Several:
		question = "remove_several"
	case d.c.Unread():
		question = "remove_unread"
	}
	d.w.ask(question, words.Facts{"Name": d.w.connections.nameOf(d.c)}, func() { d.remove(id) })
}

func (d *details) remove(id string) {
	if d.w.connections.occupied[id] {
		return
	}
	c, known := d.w.connections.find(id)
	if !known {
		c = connector.Connection{ID: id}
	}
	if d.c.ID == id {
		d.set(d.c) // ends a check
		d.w.banner.Hide(ownerDetails)
	}
	d.w.connections.removing++
	d.w.connections.setOccupied(id, true)
	d.w.work.startOnKeychain(func(ctx context.Context) {
		err := d.w.c.Remove(ctx, id)
		d.w.work.do(func() {
			d.w.connections.removing--
			d.w.connections.setOccupied(id, false)
			if err != nil {
				d.w.connections.trouble(c, err, func() { d.remove(id) })
				d.w.connections.load() // it may have been removed already
				return
			}
			d.w.connections.removed(id)
		})
	})
}
