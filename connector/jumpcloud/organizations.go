package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

// Organization is JumpCloud's tenant.
type Organization struct {
	// ID is the Organization ID, 24 hexadecimal digits.
	ID string `json:"_id"`
	// DisplayName is the name that its administrators gave it.
	DisplayName string `json:"displayName"`
}

var organizationFields = url.Values{"fields": {"_id displayName"}}

// Organizations walks through the organizations that the key opens. It is the first call to make with a key: it
// goes without x-org-id, which a multi-tenant key may not send with it.
func (c *Client) Organizations(ctx context.Context) iter.Seq2[Organization, error] {
	return all(ctx, v1[Organization](c, call{path: "/api/organizations", query: organizationFields, noOrganization: true}))
}

// Organization reads the organization with this id. It returns ErrNotFound, ErrBadRequest, ErrForbidden or
// ErrSelectionNotAllowed where the key does not open it.
func (c *Client) Organization(ctx context.Context, id string) (Organization, error) {
	var o Organization
	_, err := c.get(ctx, call{path: "/api/organizations/" + url.PathEscape(id), query: organizationFields}, &o)
	return o, err
}
