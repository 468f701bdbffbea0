package jumpcloud

import "context"

// CountPolicies tells how many device policies the organization has.
func (c *Client) CountPolicies(ctx context.Context) (Tally, error) {
	g := call{path: "/api/v2/policies"}
	return count(ctx, g, v2[row](c, g))
}
