package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

const applicationsPath = "/api/applications"

// onlyID requests rows with their id only, to count them.
var onlyID = url.Values{"fields": {"_id"}}

// Application is an SSO application.
type Application struct {
	ID           Text `json:"_id"`
	Name         Text `json:"name"`
	DisplayLabel Text `json:"displayLabel"`
	Active       Flag `json:"active"`
	Created      Date `json:"created"`
}

// RowID implements [wire.Row].
func (a Application) RowID() string { return string(a.ID) }

var applicationFields = url.Values{"fields": {"_id name displayLabel active created"}}

// Applications walks through the organization's SSO applications. If there may be more of them, the walk ends with
// [wire.ErrIncomplete].
func (c *Client) Applications(ctx context.Context) iter.Seq2[Application, error] {
	return list[Application](ctx, c, call{path: applicationsPath, query: applicationFields})
}

// CountApplications counts the organization's SSO applications.
func (c *Client) CountApplications(ctx context.Context) (Tally, error) {
	return c.count(ctx, call{path: applicationsPath, query: onlyID})
}
