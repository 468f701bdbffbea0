package jumpcloud

import (
	"context"
	"net/url"
)

// onlyID asks for rows that hold nothing but their id, where only their number is wanted.
var onlyID = url.Values{"fields": {"_id"}}

// CountApplications tells how many SSO applications the organization has.
func (c *Client) CountApplications(ctx context.Context) (Tally, error) {
	g := call{path: "/api/applications", query: onlyID}
	return count(ctx, g, v1[row](c, g))
}
