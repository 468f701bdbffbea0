package gui

import (
	"cmp"
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// offer says where things stand, and that it can be saved so.
func (f *form) offer(state check.State, message, button string) {
	f.status.Set(state, message)
	f.keepButton.SetText(words.Text(button))
	f.keepButton.Show()
}

// offerAnother says that the key opens another organization than the one whose key was to be replaced.
func (f *form) offerAnother(report check.Report) {
	about := words.Facts{"Organization": cmp.Or(report.Organization.Name, report.Organization.ID), "Name": f.replaces.Name}
	state, message := check.Warning, words.Text("status.another", about)
	if report.Worst() == check.Failed {
		state, message = check.Failed, message+" "+words.Text("status.partly")
	}
	f.offer(state, message, "form.save_new")
}

type saveFunc func(context.Context, string, check.Credentials, check.Report, ...connector.SaveOption) (connector.Connection, error)

// keep saves what was validated last in the keychain. Who has chosen to replace the key of a connection has decided that.
func (f *form) keep() {
	if f.replacing() && !f.isAnother(f.report) {
		f.save(f.w.c.Save, connector.Replacing(f.replaces))
		return
	}
	f.save(f.w.c.Save)
}

// save keeps what was validated last, then shows it. Where the keychain fails, everything stays as it was typed.
func (f *form) save(with saveFunc, options ...connector.SaveOption) {
	f.cancel()
	f.run++ // what an earlier try still says is not shown
	f.w.banner.Hide(ownerForm)
	f.status.Set(check.Running, words.Text("status.saving"))
	f.keepButton.Hide()
	f.againButton.Hide()
	f.cancelButton.Show()
	f.setSaving(true)
	run, name, credentials, report := f.run, f.nameToSave(), f.credentials, f.report
	f.cancel = f.w.work.startOnKeychain(func(ctx context.Context) {
		saved, err := with(ctx, name, credentials, report, options...)
		f.w.work.do(func() {
			if run != f.run {
				f.w.connections.load() // given up, and yet it may have been done
				return
			}
			f.saved(saved, err, with, options)
		})
	})
}

// nameToSave is the name that was typed, empty for none.
func (f *form) nameToSave() string {
	organization := f.report.Organization
	switch another := f.isAnother(f.report); {
	case another && f.name.Text == f.replaces.Name:
		return "" // it is the other one's
	case !another && f.replacing() && f.name.Text == "":
		return cmp.Or(organization.Name, organization.ID) // the name that was there was taken out
	}
	return f.name.Text
}

func (f *form) saved(connection connector.Connection, err error, with saveFunc, options []connector.SaveOption) {
	f.cancelButton.Hide()
	f.setSaving(false)
	var connected *connector.ConnectedError
	switch {
	case errors.As(err, &connected):
		f.askAbout(connected.Kept, with)
		return
	case err != nil:
		f.notSaved(err, func() { f.save(with, options...) }, func() { f.save(f.w.c.SaveForSession, options...) })
		return
	}
	f.reset()
	f.w.connections.saved(connection)
	if f.shown {
		f.w.tell(saved{connection})
	}
}

// askAbout asks what becomes of the keys that are kept for the organization already. What is typed stays.
func (f *form) askAbout(kept []connector.Connection, with saveFunc) {
	report := f.report
	about := words.Facts{"Organization": cmp.Or(report.Organization.Name, report.Organization.ID)}
	left := func() {
		f.withdraw = nil
		f.offer(check.Skipped, words.Text("status.connected", about), "form.save")
	}
	left() // until it is answered
	q := keyQuestion{kept: kept, fresh: connector.Connection{Name: f.nameToSave(), Organization: report.Organization, Report: report}, leave: left}
	q.replace = func(one connector.Connection) { f.withdraw = nil; f.save(with, connector.Replacing(one)) }
	q.both = func() { f.withdraw = nil; f.save(with, connector.KeepingBoth()) }
	f.withdraw = q.ask(f.w)
}

// setSaving says whether what was validated is being saved. Meanwhile nothing else can be entered: it would be lost, or the
// other.
func (f *form) setSaving(saving bool) {
	f.saving = saving
	fields := []fyne.Disableable{f.region, f.key, f.organization, f.name, f.check, f.key.Paste, f.key.Clear, f.organization.Paste, f.organization.Clear}
	if f.samples != nil {
		fields = append(fields, f.samples)
	}
	for _, field := range fields {
		if saving {
			field.Disable()
		} else {
			field.Enable()
		}
	}
}

// notSaved says why, and how to go on.
func (f *form) notSaved(err error, retry, session func()) {
	cause := connector.KeychainCause(err)
	if cause == check.CauseCancelled {
		f.offer(check.Skipped, words.Text("status.not_saved"), "form.save")
		f.w.connections.load() // it may have been done all the same
	} else {
		f.offer(check.Failed, words.Cause(cause), "form.save")
	}
	f.w.trouble(ownerForm, err, retry, session)
}
