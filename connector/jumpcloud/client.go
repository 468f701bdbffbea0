// Package jumpcloud reads from JumpCloud's REST API (v1 and v2). It only reads: there is no call in it but GET.
//
// A file holds one resource. Every failure is an [*Error] whose kind is one of this package's Err… values, so
// that callers tell them apart with errors.Is and word them for people elsewhere.
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
)

const (
	// maxAnswer bounds one answer, in bytes after decompression. A page has at most 100 rows; the largest rows,
	// those of devices with all their fields, stay below 16 KiB.
	maxAnswer = 4 << 20
	// maxErrorBody bounds what is read of an answer that reports a failure.
	maxErrorBody = 64 << 10
)

// Client reads from one region of JumpCloud, as one administrator. The zero value, given a Key, reads from the
// US region. A Client may be used by several goroutines at once; copy it to change a field.
type Client struct {
	// BaseURL is the console's address, without /api. Empty means the US region's.
	BaseURL string
	// Key is the API key of an administrator or of a service account.
	Key secret.Secret
	// OrganizationID, if set, is sent as x-org-id. Keys of multi-tenant administrators need it for everything
	// but the list of organizations.
	OrganizationID string
	// HTTP sends the requests; nil means one made by [NewHTTPClient] for this call only.
	HTTP *http.Client
	// UserAgent names the program to JumpCloud.
	UserAgent string
}

// call is one GET: the path below the base URL, its query, and whether it must go without x-org-id.
type call struct {
	path           string
	query          url.Values
	noOrganization bool
}

// answer is what came back beside the data.
type answer struct {
	header    http.Header
	requestID string
}

// get sends one GET and decodes the JSON answer into v, which must be a pointer.
func (c *Client) get(ctx context.Context, g call, v any) (answer, error) {
	tries := 0
	ctx, route := withRoute(WithWatch(ctx, Watch{Exchanged: func(Exchange) { tries++ }})) // one call at a time: those of Retry
	req, err := c.request(ctx, g)
	if err != nil {
		return answer{}, err
	}
	client := c.HTTP
	if client == nil {
		client = NewHTTPClient()
		defer client.CloseIdleConnections()
	}
	a, err := send(ctx, client, req, g.path, v)
	var e *Error
	if errors.As(err, &e) {
		e.Tries = max(1, tries, int(route.sent.Load()))
	}
	return a, err
}

// send sends a request and reads the answer.
func send(ctx context.Context, client *http.Client, req *http.Request, path string, v any) (answer, error) {
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, transportError(ctx, req, path, err)
	}
	defer resp.Body.Close()
	if err := statusError(path, req, resp); err != nil {
		return answer{}, err
	}
	if err := decode(http.MaxBytesReader(nil, resp.Body, maxAnswer), v); err != nil {
		return answer{}, answerError(ctx, path, req, resp, err)
	}
	return answer{resp.Header, requestID(req, resp.Header)}, nil
}

// request makes the request, or refuses to where the key would travel unprotected.
func (c *Client) request(ctx context.Context, g call) (*http.Request, error) {
	base := c.BaseURL
	if base == "" {
		base = Regions()[0].Console
	}
	u, err := ParseBaseURL(base)
	if err != nil {
		return nil, &Error{Path: g.path, Kind: ErrInsecure, Err: errors.New("the address is not safe for a key, or is none")}
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
