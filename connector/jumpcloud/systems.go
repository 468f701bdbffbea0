package jumpcloud

import "context"

// system is a device, as far as it is read here.
type system struct {
	identity
	FDE struct {
		Active Flag `json:"active"`
	} `json:"fde"`
}

// SystemsEncrypted tells how many devices the organization has, and on how many of them full disk encryption is
// active (fde.active).
func (c *Client) SystemsEncrypted(ctx context.Context) (Tally, error) {
	return share(ctx, c, "/api/systems", "fde.active", func(s system) Flag { return s.FDE.Active })
}
