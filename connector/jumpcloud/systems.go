package jumpcloud

import "context"

// CountSystems tells how many devices the organization has, and so whether the key may read them.
func (c *Client) CountSystems(ctx context.Context) (Count, error) {
	return count(ctx, 1, v1[row](c, call{path: "/api/systems", query: onlyID}))
}
