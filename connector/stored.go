package connector

import (
	"cmp"
	"encoding/json"

	"controlmap-jumpcloud/connector/printable"
)

// What was stored is read as warily as an answer: another program may have changed it, and an earlier version kept texts
// of any length. Each type whose texts come from outside reads itself.

// UnmarshalJSON reads stored facts.
func (f *Facts) UnmarshalJSON(data []byte) error {
	var stored map[string]string
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	for name, value := range stored {
		stored[name] = printable.Line(value)
	}
	*f = stored
	return nil
}

// UnmarshalJSON reads a stored organization. Where its name shows nothing, its id stands in.
func (o *Organization) UnmarshalJSON(data []byte) error {
	type stored Organization
	if err := json.Unmarshal(data, (*stored)(o)); err != nil {
		return err
	}
	o.ID = printable.Line(o.ID)
	o.Name = cmp.Or(printable.Line(o.Name), o.ID)
	return nil
}

// UnmarshalJSON reads a stored administrator.
func (a *Administrator) UnmarshalJSON(data []byte) error {
	type stored Administrator
	if err := json.Unmarshal(data, (*stored)(a)); err != nil {
		return err
	}
	a.Email, a.Role = printable.Line(a.Email), printable.Line(a.Role)
	return nil
}

// UnmarshalText reads a stored cause. One without words is shown by its name.
func (c *Cause) UnmarshalText(text []byte) error {
	*c = Cause(printable.Line(string(text)))
	return nil
}

// asShown makes the texts of a stored connection fit to show. Where its name shows nothing, its organization's stands in.
func (c *Connection) asShown() {
	c.Name = cmp.Or(printable.Line(c.Name), c.Organization.Name)
	c.Region = printable.Line(c.Region)
}
