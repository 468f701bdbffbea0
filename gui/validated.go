package gui

import (
	"cmp"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

// validated is what the last validation was about, and its report.
type validated struct {
	credentials check.Credentials
	report      check.Report         // without results before a validation
	replaces    connector.Connection // the connection that is to get the key; without an ID for a new connection
}

// replacing reports whether the key is for a connection that is kept already.
func (v validated) replacing() bool { return v.replaces.ID != "" }

// isKept reports whether these credentials have the key that the connection has already. If that key is missing in the keychain, it has none.
func (v validated) isKept(credentials check.Credentials) bool {
	return v.replacing() && v.replaces.Trouble == "" && connector.KeyID(credentials.Cleaned().APIKey) == v.replaces.KeyID
}

// isAnother reports whether the key opens another organization than the connection that is to get it.
func (v validated) isAnother() bool {
	return v.replacing() && (v.report.Organization.ID != v.replaces.Organization.ID || v.report.Region != v.replaces.Region)
}

// organizationName names the organization that the key opens.
func (v validated) organizationName() string {
	return cmp.Or(v.report.Organization.Name, v.report.Organization.ID)
}

// nameToSave returns the name to save with, if this one is typed; "" leaves it to the connector.
func (v validated) nameToSave(typed string) string {
	switch another := v.isAnother(); {
	case another && typed == v.replaces.Name:
		return "" // the name belongs to the other connection
	case !another && v.replacing() && typed == "":
		return v.organizationName() // the user cleared the former name
	}
	return typed
}

// options are those to save with first. If the user chose to replace the key of a connection, nothing is asked again.
func (v validated) options() []connector.SaveOption {
	if v.replacing() && !v.isAnother() {
		return []connector.SaveOption{connector.Replacing(v.replaces)}
	}
	return nil
}

// saveNow are the words of the button that saves what is in order.
const saveNow = "form.save"

// saves returns the words of the button that saves what was validated; "" if nothing can be saved.
func (v validated) saves() string {
	switch worst := v.report.Worst(); {
	case worst == check.Skipped, !v.report.Usable():
		return ""
	case v.isAnother():
		return "form.save_new"
	case worst == check.Failed:
		return "form.save_anyway"
	}
	return saveNow
}
