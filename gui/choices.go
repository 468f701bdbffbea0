package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// choices ask the user which of several keys is meant.
type choices struct {
	choose func(secret.Secret) // called with the key that the user chooses
	keys   *fyne.Container
}

// newChoices makes hidden choices.
func newChoices(choose func(secret.Secret)) *choices {
	return &choices{choose: choose, keys: widgets.NewFlow()}
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
