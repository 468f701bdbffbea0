package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// choices ask the user which one is meant, where the form cannot know: of several keys, or of several organizations.
type choices struct {
	choose func(secret.Secret) // called with the key that the user chooses
	keys   *fyne.Container
	picker *widgets.Picker // of organizations
}

// newChoices makes hidden choices.
func newChoices(board widgets.Clipboard, choose func(secret.Secret), pick func(check.Organization)) *choices {
	return &choices{choose: choose, keys: widgets.NewFlow(),
		picker: widgets.NewPicker(board, widgets.PickerWords{Title: words.Text("choose.title"), None: words.Text("choose.none"), More: words.Text("choose.more"), Count: countOf,
			Search: func(count string) string { return words.Text("choose.search", words.Facts{"Count": count}) }}, pick)}
}

// offerKeys asks which of several keys is meant, with a button for each. It shows only the end of a key.
func (c *choices) offerKeys(keys []secret.Secret) {
	c.keys.RemoveAll()
	widgets.SetVisible(c.keys, len(keys) > 0)
	if len(keys) > 0 {
		c.keys.Add(widget.NewLabel(words.Text("form.choose_key")))
	}
	for i, key := range keys {
		c.keys.Add(widgets.NewButton(strconv.Itoa(i+1)+": "+check.KeyHint(key), nil, func() { c.choose(key) }))
	}
}

// offerOrganizations asks which of the organizations is meant that the key opens. More says that it may open others.
func (c *choices) offerOrganizations(all []check.Organization, more bool) {
	sorted := slices.Clone(all)
	words.SortBy(sorted, func(o check.Organization) string { return o.Name }, func(o check.Organization) string { return o.ID })
	c.picker.Show(sorted, more)
}

// hide hides both choices.
func (c *choices) hide() {
	c.offerKeys(nil)
	c.picker.Hide()
}
