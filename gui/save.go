package gui

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
)

// offer says where things stand, and that it can be saved so.
func (f *form) offer(state connector.State, message, button string) {
	f.status.set(state, message)
	f.keepButton.SetText(text(button))
	f.keepButton.Show()
}

// offerAnother says that the key opens another organization than the one whose key was to be replaced.
func (f *form) offerAnother(report connector.Report) {
	about := facts{"Organization": cmp.Or(report.Organization.Name, report.Organization.ID), "Name": f.replaces.Name}
	state, message := connector.Warning, text("status.another", about)
	if report.Worst() == connector.Failed {
		state, message = connector.Failed, message+" "+text("status.partly")
	}
	f.offer(state, message, "form.save_new")
}

type saveFunc func(context.Context, string, connector.Credentials, connector.Report) (connector.Connection, error)

// save keeps what was validated last, then shows it. Where the keychain fails, everything stays as it was typed.
func (f *form) save(keep saveFunc) {
	f.cancel()
	f.run++ // what an earlier try still says is not shown
	f.u.banner.hide(ownerForm)
	f.status.set(connector.Running, text("status.saving"))
	f.keepButton.Hide()
	f.againButton.Hide()
	f.cancelButton.Show()
	f.setSaving(true)
	run, name, credentials, report := f.run, f.name.Text, f.credentials, f.report
	if f.isAnother(report) && name == f.replaces.Name {
		name = "" // it is the other one's
	}
	f.cancel = f.u.work.startOnKeychain(func(ctx context.Context) {
		saved, err := keep(ctx, name, credentials, report)
		f.u.work.do(func() {
			if run != f.run {
				f.u.load() // given up, and yet it may have been done
				return
			}
			f.saved(saved, err)
		})
	})
}

func (f *form) saved(saved connector.Connection, err error) {
	f.cancelButton.Hide()
	f.setSaving(false)
	if err != nil {
		f.notSaved(err)
		return
	}
	f.u.inSession = saved.SessionOnly
	f.reset()
	f.u.list.put(saved)
	if f.u.formShown() {
		f.u.list.open(saved.ID)
		f.u.details().celebrate()
	}
}

// setSaving says whether what was validated is being saved. Meanwhile nothing else can be entered: it would be lost, or the
// other.
func (f *form) setSaving(saving bool) {
	f.saving = saving
	fields := []fyne.Disableable{f.region, f.key, f.organization, f.name, f.check, f.key.paste, f.key.clear, f.organization.paste, f.organization.clear}
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
func (f *form) notSaved(err error) {
	cause := connector.KeychainCause(err)
	if cause == connector.CauseCancelled {
		f.offer(connector.Skipped, text("status.not_saved"), "form.save")
		f.u.load() // it may have been done all the same
	} else {
		f.offer(connector.Failed, causeText(cause), "form.save")
	}
	f.u.trouble(ownerForm, err, func() { f.save(f.u.c.Save) }, func() { f.save(f.u.c.SaveForSession) })
}
