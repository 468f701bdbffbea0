package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

const applicationsPath = "/api/applications"

// onlyID asks for rows that hold nothing but their id, where only their number is wanted.
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

// Applications walks through the organization's SSO applications. Where there may be more of them, the walk ends with
// [wire.ErrIncomplete].
func (c *Client) Applications(ctx context.Context) iter.Seq2[Application, error] {
	g := call{path: applicationsPath, query: applicationFields}
	return list(ctx, g, v1[Application](c, g))
}

// CountApplications tells how many SSO applications the organization has.
func (c *Client) CountApplications(ctx context.Context) (Tally, error) {
	g := call{path: applicationsPath, query: onlyID}
	return count(ctx, g, v1[identity](c, g))
}
