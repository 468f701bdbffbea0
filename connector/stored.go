package connector

import (
	"cmp"

	"controlmap-jumpcloud/connector/printable"
)

// asShown makes the texts of a stored connection fit to show. Where its name shows nothing, its organization's stands in.
func (c *Connection) asShown() {
	c.Name = cmp.Or(printable.Line(c.Name), c.Organization.Name)
	c.Region = printable.Line(c.Region)
}
