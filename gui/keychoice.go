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

// keyChoice asks which of several keys is meant, with a button for each. It shows no more of a key than its end.
type keyChoice struct {
	chosen func(secret.Secret)
	box    *fyne.Container
}

func newKeyChoice(chosen func(secret.Secret)) *keyChoice {
	c := &keyChoice{chosen: chosen, box: widgets.NewFlow()}
	c.box.Hide()
	return c
}

// offer asks for one of the keys, and hides where there are none.
func (c *keyChoice) offer(keys []secret.Secret) {
	c.box.RemoveAll()
	if len(keys) == 0 {
		c.box.Hide()
		return
	}
	c.box.Add(widget.NewLabel(words.Text("form.choose_key")))
	for i, key := range keys {
		c.box.Add(widgets.NewButton(strconv.Itoa(i+1)+": "+check.KeyHint(key), nil, func() { c.chosen(key) }))
	}
	c.box.Show()
}
