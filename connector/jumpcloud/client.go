// Package jumpcloud reads from JumpCloud's REST API (v1 and v2). Its only method is GET.
//
// To add a resource, add a file with the type of its rows, a walk through them, and their number if a check needs it, like groups.go
// for API v2 or applications.go for v1. Then add its path to listAt in jumpcloudtest/rows.go, and a function that makes its rows in
// jumpcloudtest/directory.go.
//
// Every failure is an [*wire.Error]. Its kind is one of the Err… values here or in package wire, for errors.Is.
package jumpcloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// Client reads from a region of JumpCloud with a key. Only Key is required. Several goroutines may use a Client at once. To change
// a field, copy it.
type Client struct {
	// BaseURL is the console's address, without /api. Empty means the US region's.
	BaseURL string
	// Key is the API key of an administrator or of a service account.
	Key secret.Secret
	// OrganizationID is sent as x-org-id unless it is empty. Keys of multi-tenant administrators need it for all calls but the list of
	// organizations.
	OrganizationID string
	// HTTP sends the requests. Nil means a new [wire.NewHTTPClient] for each call.
	HTTP *http.Client
	// UserAgent names the program to JumpCloud.
	UserAgent string
}

// call is one GET.
type call struct {
	path           string // below the base URL
	query          url.Values
	noOrganization bool // leave x-org-id out
}

// answer is a successful answer whose data has been read.
type answer struct {
	req  *http.Request
	resp *http.Response
}

// get sends one GET and decodes the JSON answer into v, which must be a pointer.
func (c *Client) get(ctx context.Context, g call, v any) (answer, error) {
	req, err := c.request(wire.Begin(ctx, g.path), g)
	if err != nil {
		return answer{}, err
	}
	client := c.HTTP
	if client == nil {
		client = wire.NewHTTPClient()
		defer client.CloseIdleConnections()
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, wire.NoAnswer(req, err)
	}
	defer resp.Body.Close()
	if err := statusError(req, resp); err != nil {
		return answer{}, err
	}
	return answer{req, resp}, wire.Decode(req, resp, v)
}

// request makes the request. The error is [wire.ErrInsecure] if the key would travel unencrypted.
func (c *Client) request(ctx context.Context, g call) (*http.Request, error) {
	base := c.BaseURL
	if base == "" {
		base = Regions()[0].Console
	}
	u, err := ParseBaseURL(base)
	if err != nil {
		return nil, &wire.Error{Path: g.path, Kind: wire.ErrInsecure, Err: errors.New("the address is not safe for a key, or is not valid")}
	}
	u = u.JoinPath(g.path)
	u.RawQuery = g.query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("make request for %s: %w", g.path, err)
	}
	req.Header.Set("Accept", "application/json")
	if c.UserAgent != "" {
		req.Header.Set("User-Agent", c.UserAgent)
	}
	if c.OrganizationID != "" && !g.noOrganization {
		req.Header.Set("x-org-id", c.OrganizationID)
	}
	if !c.Key.Empty() {
		req.Header.Set("x-api-key", c.Key.Reveal())
	}
	return req, nil
}
