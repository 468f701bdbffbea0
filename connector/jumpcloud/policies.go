package jumpcloud

import (
	"context"
	"iter"
)

var policies = call{path: "/api/v2/policies"}

// Policy is a device policy.
type Policy struct {
	ID       Text `json:"id"`
	Name     Text `json:"name"`
	Template struct {
		// Name is JumpCloud's own name for what the policy does.
		Name Text `json:"displayName"`
		// OSFamily is the kind of systems that the policy is for: darwin, windows, linux, ….
		OSFamily Text `json:"osMetaFamily"`
	} `json:"template"`
}

// RowID implements [wire.Row].
func (p Policy) RowID() string { return string(p.ID) }

// Policies walks through the organization's device policies. If there may be more of them, the walk ends with
// [wire.ErrIncomplete].
func (c *Client) Policies(ctx context.Context) iter.Seq2[Policy, error] {
	return list[Policy](ctx, c, policies)
}

// CountPolicies counts the organization's device policies.
func (c *Client) CountPolicies(ctx context.Context) (Tally, error) {
	return c.count(ctx, policies)
}
