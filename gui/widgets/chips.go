package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Chips is a row of buttons of which one at most is chosen. A mark shows which one, so that nobody has to tell by colour.
type Chips struct {
	Box     *fyne.Container
	buttons []*Button
	chosen  int
}

// NewChips makes chips with none chosen. Pressing one chooses it, and calls pressed with its index.
func NewChips(labels []string, pressed func(int)) *Chips {
	c := &Chips{Box: NewFlow(), chosen: -1}
	for i, label := range labels {
		b := NewButton(label, theme.RadioButtonIcon(), func() { c.Choose(i); pressed(i) })
		b.Importance = widget.LowImportance
		c.buttons = append(c.buttons, b)
		c.Box.Add(b)
	}
	return c
}

// Set gives a chip another label, and shows or hides it. It draws only what changes.
func (c *Chips) Set(i int, label string, visible bool) {
	if b := c.buttons[i]; b.Label() != label || b.Visible() != visible {
		b.SetText(label)
		SetVisible(b, visible)
		c.Box.Refresh()
	}
}

// Chosen returns the index of the chosen chip, -1 if none is chosen.
func (c *Chips) Chosen() int { return c.chosen }

// Choose chooses a chip, or none with -1. It does not call pressed. It draws only what changes.
func (c *Chips) Choose(chosen int) {
	former := c.chosen
	c.chosen = chosen
	for i, b := range c.buttons {
		switch i {
		case chosen:
			b.Icon, b.Importance = theme.NewPrimaryThemedResource(theme.RadioButtonCheckedIcon()), widget.MediumImportance
		case former:
			b.Icon, b.Importance = theme.RadioButtonIcon(), widget.LowImportance
		default:
			continue
		}
		b.Refresh()
	}
}

// Enable implements [fyne.Disableable].
func (c *Chips) Enable() {
	for _, b := range c.buttons {
		b.Enable()
	}
}

// Disable implements [fyne.Disableable].
func (c *Chips) Disable() {
	for _, b := range c.buttons {
		b.Disable()
	}
}

// Disabled implements [fyne.Disableable].
func (c *Chips) Disabled() bool { return c.buttons[0].Disabled() }
