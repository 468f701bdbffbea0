package gui

import (
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
)

// pasteKey takes the key out of a text that is pasted into its field. An Organization ID in the text goes into the other field, if that is
// empty.
func (e *entries) pasteKey(pasted string, put widgets.Putter) {
	taken := check.Intake(pasted)
	if taken.APIKey.Empty() {
		return // nothing but blanks: the entry stays
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

// pasteOrganization does the same for the field of the Organization ID. If the text has no Organization ID, it stays in the field, and the
// checks say what is wrong with it.
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

// take fills the fields. What the checks have to say about the paste is remembered until an entry changes.
func (e *entries) take(taken check.Credentials, fill func()) {
	e.quietly(fill)
	e.changed()
	e.pasted = check.Credentials{LeftOut: taken.LeftOut, OtherOrganization: taken.OtherOrganization}
}
