package jumpcloud

import "context"

// CountPolicies tells how many device policies the organization has.
func (c *Client) CountPolicies(ctx context.Context) (Count, error) {
	return count(ctx, pageSize, v2[row](c, call{path: "/api/v2/policies"}))
}
