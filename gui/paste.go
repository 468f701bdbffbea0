package gui

import (
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
)

// pasteKey takes the key out of what is pasted into its field. An Organization ID beside it goes into the other field, if that
// is empty.
func (f *form) pasteKey(pasted string, put widgets.Putter) {
	taken := check.Intake(pasted)
	if taken.APIKey.Empty() {
		return // there is nothing to see in it, and what is entered stays
	}
	whole := taken.Plausible() || len(taken.Keys()) > 0
	taken = taken.WithOrganization(secret.New(f.organization.Text))
	f.take(taken, func() {
		if strings.TrimSpace(f.organization.Text) == "" {
			f.organization.SetText(taken.OrganizationID.Reveal())
		}
		put(taken.APIKey.Reveal(), whole)
	})
}

// pasteOrganization does the same for the field of the Organization ID. Anything else than an Organization ID stays where it was
// pasted, and the checks say what is wrong with it.
func (f *form) pasteOrganization(pasted string, put widgets.Putter) {
	taken := check.Intake(pasted)
	if taken.APIKey.Empty() {
		return
	}
	if taken.OrganizationID.Empty() {
		f.take(taken, func() { put(taken.APIKey.Reveal(), false) })
		return
	}
	whole := taken.Plausible() || len(taken.Keys()) > 0
	fills := whole && strings.TrimSpace(f.key.Text) == ""
	taken.LeftOut = taken.LeftOut || !fills && !taken.APIKey.Equal(secret.New(f.key.Text))
	f.take(taken, func() {
		if fills {
			f.key.SetText(taken.APIKey.Reveal())
		}
		put(taken.OrganizationID.Reveal(), true)
	})
}

// take fills the fields, and remembers what there is to say of what was pasted until one of them changes.
func (f *form) take(taken check.Credentials, fill func()) {
	f.quiet = true
	fill()
	f.quiet = false
	f.changed()
	f.pasted = check.Credentials{LeftOut: taken.LeftOut, OtherOrganization: taken.OtherOrganization}
}

// choose takes one of several keys that are in the field.
func (f *form) choose(key secret.Secret) {
	f.key.SetText(key.Reveal())
	f.focus() // the buttons are gone
}
