package jumpcloud

import (
	"context"
	"net/url"
)

// onlyID asks for rows that hold nothing but their id, where only their number is wanted.
var onlyID = url.Values{"fields": {"_id"}}

// CountApplications tells how many SSO applications the organization has.
func (c *Client) CountApplications(ctx context.Context) (Count, error) {
	return count(ctx, 1, v1[row](c, call{path: "/api/applications", query: onlyID}))
}
