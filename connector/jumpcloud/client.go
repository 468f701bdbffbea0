// Package jumpcloud reads from JumpCloud's REST API (v1 and v2). It only reads: there is no call in it but GET.
//
// A file holds one resource: the type of its rows, a walk through them, and how many there are. Every failure is an [*wire.Error].
// Its kind is one of the Err… values here or in package wire, so that callers tell them apart with errors.Is. What people read is
// worded elsewhere.
package jumpcloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// maxErrorBody bounds how much is read of an answer that reports a failure, in bytes.
const maxErrorBody = 64 << 10

// Client reads from a region of JumpCloud with a key. With a Key alone, it reads from the US region. Several goroutines may use a Client
// at once. To change a field, copy it.
type Client struct {
	// BaseURL is the console's address, without /api. Empty means the US region's.
	BaseURL string
	// Key is the API key of an administrator or of a service account.
	Key secret.Secret
	// OrganizationID is sent as x-org-id unless it is empty. Keys of multi-tenant administrators need it for all calls but the list of
	// organizations.
	OrganizationID string
	// HTTP sends the requests. Nil means a new one for each call, made by [wire.NewHTTPClient].
	HTTP *http.Client
	// UserAgent names the program to JumpCloud.
	UserAgent string
}

// call is one GET: the path below the base URL, the query, and whether to leave x-org-id out.
type call struct {
	path           string
	query          url.Values
	noOrganization bool
}

// answer is an answer without its data.
type answer struct {
	header    http.Header
	requestID string
}

// get sends one GET and decodes the JSON answer into v, which must be a pointer.
func (c *Client) get(ctx context.Context, g call, v any) (answer, error) {
	ctx, sent := wire.Begin(ctx, g.path)
	req, err := c.request(ctx, g)
	if err != nil {
		return answer{}, err
	}
	client := c.HTTP
	if client == nil {
		client = wire.NewHTTPClient()
		defer client.CloseIdleConnections()
	}
	a, err := send(ctx, sent, client, req, g.path, v)
	var e *wire.Error
	if errors.As(err, &e) {
		e.Tries = sent.Tries()
	}
	return a, err
}

// send sends a request and reads the answer.
func send(ctx context.Context, sent *wire.Call, client *http.Client, req *http.Request, path string, v any) (answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, wire.NoAnswer(ctx, req, path, err)
	}
	defer resp.Body.Close()
	if err := statusError(path, sent.Proxy(), req, resp); err != nil {
		return answer{}, err
	}
	if err := decode(http.MaxBytesReader(nil, resp.Body, wire.MaxAnswer), v); err != nil {
		return answer{}, answerError(ctx, path, req, resp, err)
	}
	return answer{resp.Header, wire.RequestID(req, resp.Header)}, nil
}

// request makes the request. It refuses to where the key would travel unprotected.
func (c *Client) request(ctx context.Context, g call) (*http.Request, error) {
	base := c.BaseURL
	if base == "" {
		base = Regions()[0].Console
	}
	u, err := ParseBaseURL(base)
	if err != nil {
		return nil, &wire.Error{Path: g.path, Kind: wire.ErrInsecure, Err: errors.New("the address is not safe for a key, or is none")}
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

// decode reads exactly one JSON value from r.
func decode(r io.Reader, v any) error {
	d := json.NewDecoder(r)
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		if err == nil {
			err = errTrailing
		}
		return err
	}
	return nil
}
