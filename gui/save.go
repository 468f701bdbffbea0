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

// offer shows a status, and a button that saves.
func (f *form) offer(state check.State, message, button string) {
	f.results.status.Set(state, message)
	f.keepButton.SetText(words.Text(button))
	f.keepButton.Show()
}

// offerAnother says that the new key opens another organization than the connection that was to get it.
func (f *form) offerAnother(report check.Report) {
	about := words.Facts{"Organization": cmp.Or(report.Organization.Name, report.Organization.ID), "Name": f.replaces.Name}
	state, message := check.Warning, words.Text("status.another", about)
	if report.Worst() == check.Failed {
		state, message = check.Failed, message+" "+words.Text("status.partly")
	}
	f.offer(state, message, "form.save_new")
}

type saveFunc func(context.Context, string, check.Credentials, check.Report, ...connector.SaveOption) (connector.Connection, error)

// keep saves the validated connection in the keychain. If the user chose to replace the key of a connection, nothing is asked again.
func (f *form) keep() {
	if f.replacing() && !f.isAnother(f.report) {
		f.save(f.w.c.Save, connector.Replacing(f.replaces))
		return
	}
	f.save(f.w.c.Save)
}

// save saves the validated connection, then shows it. If the keychain fails, the entries stay as they are.
func (f *form) save(with saveFunc, options ...connector.SaveOption) {
	f.checking.drop()
	f.w.banner.Hide(ownerForm)
	f.results.status.Set(check.Running, words.Text("status.saving"))
	f.keepButton.Hide()
	f.againButton.Hide()
	f.cancelButton.Show()
	f.lock(true)
	name, credentials, report := f.nameToSave(), f.credentials, f.report
	f.saving.start(func(ctx context.Context, _ func(func())) func() {
		saved, err := with(ctx, name, credentials, report, options...)
		return func() { f.saved(saved, err, with, options) }
	})
}

// nameToSave is the name for the connection; empty if none was typed.
func (f *form) nameToSave() string {
	organization := f.report.Organization
	switch another := f.isAnother(f.report); {
	case another && f.name.Text == f.replaces.Name:
		return "" // the name belongs to the other connection
	case !another && f.replacing() && f.name.Text == "":
		return cmp.Or(organization.Name, organization.ID) // the user cleared the former name
	}
	return f.name.Text
}

func (f *form) saved(connection connector.Connection, err error, with saveFunc, options []connector.SaveOption) {
	f.cancelButton.Hide()
	f.lock(false)
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

// askAbout asks what to do with the keys that are kept for this organization already. The entries stay.
func (f *form) askAbout(kept []connector.Connection, with saveFunc) {
	report := f.report
	about := words.Facts{"Organization": cmp.Or(report.Organization.Name, report.Organization.ID)}
	left := func() {
		f.withdraw = nil
		f.offer(check.Skipped, words.Text("status.connected", about), "form.save")
	}
	left() // until it is answered
	save := func(options ...connector.SaveOption) { f.withdraw = nil; f.save(with, options...) }
	fresh := connector.Connection{Name: f.nameToSave(), Organization: report.Organization, Report: report}
	f.withdraw = keyQuestion{kept: kept, fresh: fresh, save: save, leave: left}.ask(f.w)
}

// lock says whether the entries are locked: while the connection is being saved, as a change would be lost when the form is emptied.
func (f *form) lock(locked bool) {
	fields := []fyne.Disableable{f.region, f.key, f.organization, f.name, f.check, f.key.Paste, f.key.Clear, f.organization.Paste, f.organization.Clear}
	if f.samples != nil {
		fields = append(fields, f.samples)
	}
	setEnabled(!locked, fields...)
}

// notSaved says why the connection was not saved, and how to go on.
func (f *form) notSaved(err error, retry, session func()) {
	cause := connector.KeychainCause(err)
	if cause == check.CauseCancelled {
		f.offer(check.Skipped, words.Text("status.not_saved"), "form.save")
		f.w.loader.load() // it may have been saved already
	} else {
		f.offer(check.Failed, words.Cause(cause), "form.save")
	}
	f.w.trouble(ownerForm, err, retry, session)
}
