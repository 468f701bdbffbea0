package jumpcloud

import (
	"context"
	"iter"
)

var userGroups = call{path: "/api/v2/usergroups"}

// UserGroup is a group of people.
type UserGroup struct {
	ID          Text `json:"id"`
	Name        Text `json:"name"`
	Description Text `json:"description"`
}

// RowID implements [wire.Row].
func (g UserGroup) RowID() string { return string(g.ID) }

// UserGroups walks through the organization's user groups. If there may be more of them, the walk ends with
// [wire.ErrIncomplete].
func (c *Client) UserGroups(ctx context.Context) iter.Seq2[UserGroup, error] {
	return list[UserGroup](ctx, c, userGroups)
}

// CountGroups counts the organization's user groups.
func (c *Client) CountGroups(ctx context.Context) (Tally, error) {
	return c.count(ctx, userGroups)
}
