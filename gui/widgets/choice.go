package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Choice is Fyne's select with an action for Esc.
type Choice struct {
	widget.Select
	onEscape func()
}

// NewChoice makes a choice of these options, with the one at index selected. A new selection calls chosen with its index.
func NewChoice(options []string, index int, onEscape func(), chosen func(int)) *Choice {
	c := &Choice{onEscape: onEscape}
	c.ExtendBaseWidget(c)
	c.Options = options
	c.SetSelectedIndex(index)
	c.OnChanged = func(string) { chosen(max(0, c.SelectedIndex())) }
	return c
}

// TypedKey implements [fyne.Focusable].
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		c.onEscape()
		return
	}
	c.Select.TypedKey(key)
}
