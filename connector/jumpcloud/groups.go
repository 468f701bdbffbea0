package jumpcloud

import "context"

// CountGroups tells how many user groups the organization has.
func (c *Client) CountGroups(ctx context.Context) (Count, error) {
	return count(ctx, pageSize, v2[row](c, call{path: "/api/v2/usergroups"}))
}
