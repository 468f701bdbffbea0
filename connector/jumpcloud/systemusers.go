package jumpcloud

import "context"

// CountSystemUsers tells how many people the organization has, and so whether the key may read them.
func (c *Client) CountSystemUsers(ctx context.Context) (Count, error) {
	return count(ctx, 1, v1[row](c, call{path: "/api/systemusers", query: onlyID}))
}
