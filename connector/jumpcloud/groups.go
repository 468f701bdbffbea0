package jumpcloud

import "context"

// CountGroups tells how many user groups the organization has.
func (c *Client) CountGroups(ctx context.Context) (Tally, error) {
	g := call{path: "/api/v2/usergroups"}
	return count(ctx, g, v2[row](c, g))
}
