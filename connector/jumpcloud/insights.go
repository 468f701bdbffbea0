package jumpcloud

import "context"

// CountDiskEncryption tells whether the organization's System Insights report on disk encryption can be read; the
// report has a row a volume. It returns ErrNotLicensed where the plan does not include System Insights.
func (c *Client) CountDiskEncryption(ctx context.Context) (Tally, error) {
	g := call{path: "/api/v2/systeminsights/disk_encryption"}
	return count(ctx, g, v2[row](c, g))
}
