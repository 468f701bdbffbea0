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
	if d.w.writer.occupied[d.c.ID] {
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
		d.w.loader.load() // to show the new key
	case err != nil && cause != check.CauseCancelled:
		d.status.Set(check.Failed, words.Cause(cause))
		d.w.trouble(ownerDetails, err, d.start, nil)
	case !report.Complete():
		d.status.Set(check.Skipped, words.Text("status.cancelled_check"))
	}
}

func (d *details) confirmRemove() {
	if d.w.writer.occupied[d.c.ID] {
		return
	}
	id, question := d.c.ID, "remove"
	switch {
	case d.c.Several:
		question = "remove_several"
	case d.c.Unread():
		question = "remove_unread"
	}
	d.w.ask(question, words.Facts{"Name": d.w.connections.nameOf(d.c)}, func() { d.w.writer.remove(id) })
}
