package gui

import (
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
)

// pasteKey takes the key out of what is pasted into its field. An Organization ID beside it goes into the other field, if that
// is empty.
func (e *entries) pasteKey(pasted string, put widgets.Putter) {
	taken := check.Intake(pasted)
	if taken.APIKey.Empty() {
		return // there is nothing to see in it, and what is entered stays
	}
	whole := taken.Plausible() || len(taken.Keys()) > 0
	taken = taken.WithOrganization(secret.New(e.organization.Text))
	e.take(taken, func() {
		if strings.TrimSpace(e.organization.Text) == "" {
			e.organization.SetText(taken.OrganizationID.Reveal())
		}
		put(taken.APIKey.Reveal(), whole)
	})
}

// pasteOrganization does the same for the field of the Organization ID. Anything else than an Organization ID stays where it was
// pasted, and the checks say what is wrong with it.
func (e *entries) pasteOrganization(pasted string, put widgets.Putter) {
	taken := check.Intake(pasted)
	if taken.APIKey.Empty() {
		return
	}
	if taken.OrganizationID.Empty() {
		e.take(taken, func() { put(taken.APIKey.Reveal(), false) })
		return
	}
	whole := taken.Plausible() || len(taken.Keys()) > 0
	fills := whole && strings.TrimSpace(e.key.Text) == ""
	taken.LeftOut = taken.LeftOut || !fills && !taken.APIKey.Equal(secret.New(e.key.Text))
	e.take(taken, func() {
		if fills {
			e.key.SetText(taken.APIKey.Reveal())
		}
		put(taken.OrganizationID.Reveal(), true)
	})
}

// take fills the fields, and remembers what there is to say of what was pasted until one of them changes.
func (e *entries) take(taken check.Credentials, fill func()) {
	e.quietly(fill)
	e.changed()
	e.pasted = check.Credentials{LeftOut: taken.LeftOut, OtherOrganization: taken.OtherOrganization}
}
