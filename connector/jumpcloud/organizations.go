package jumpcloud

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
)

// Organization is JumpCloud's tenant.
type Organization struct {
	// ID is the Organization ID, 24 hexadecimal digits in lower case.
	ID string
	// DisplayName is the name that its administrators gave it. It may be empty.
	DisplayName Text
}

// UnmarshalJSON reads an organization. It fails without a valid Organization ID, because all other calls need it.
func (o *Organization) UnmarshalJSON(data []byte) error {
	var fields struct {
		ID          any  `json:"_id"`
		DisplayName Text `json:"displayName"`
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	text, _ := fields.ID.(string)
	id, ok := OrganizationID(text)
	if !ok {
		return errNoID
	}
	o.ID, o.DisplayName = id, fields.DisplayName
	return nil
}

// RowID implements [wire.Row].
func (o Organization) RowID() string { return o.ID }

var organizationFields = url.Values{"fields": {"_id displayName"}}

// Organizations walks through the organizations that the key opens. It is the first call to make with a key. It leaves x-org-id
// out, because JumpCloud refuses the header here if the key is multi-tenant. If the key may open more organizations, the walk ends
// with [wire.ErrIncomplete].
func (c *Client) Organizations(ctx context.Context) iter.Seq2[Organization, error] {
	return list[Organization](ctx, c, call{path: "/api/organizations", query: organizationFields, noOrganization: true})
}

// Organization reads the organization with this id. The error is ErrNotFound, ErrBadRequest, ErrForbidden or
// ErrSelectionNotAllowed if the key does not open it, and [wire.ErrContract] if another organization came.
func (c *Client) Organization(ctx context.Context, id string) (Organization, error) {
	var o Organization
	g := call{path: "/api/organizations/" + url.PathEscape(id), query: organizationFields}
	a, err := c.getObject(ctx, g, &o)
	if err == nil && o.ID != id {
		return Organization{}, a.contractError(errOtherID)
	}
	return o, err
}
