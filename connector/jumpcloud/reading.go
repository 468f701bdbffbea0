package jumpcloud

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"controlmap-jumpcloud/connector/wire"
)

// owned is a row that says which organization it belongs to.
type owned struct {
	identity
	Organization Text `json:"organization"`
}

// Reads asks for one person, or if that is refused, for one device. It shows whether a key is good that may not list its
// organizations. It returns the id of the organization that the person or device belongs to, empty if there is neither, or no id.
func (c *Client) Reads(ctx context.Context) (organization string, err error) {
	answered := false
	for _, path := range []string{"/api/systemusers", "/api/systems"} {
		get := fetch[owned](c, call{path: path, query: url.Values{"fields": {"organization"}}})
		p, err := get(ctx, 0, 1)
		switch {
		case errors.Is(err, ErrForbidden):
			continue // the role may allow to read devices
		case err != nil:
			return "", err
		case len(p.Rows) == 0:
			answered = true // the other list may have a row
			continue
		}
		return string(p.Rows[0].Organization), nil
	}
	if answered {
		return "", nil
	}
	return "", &wire.Error{Path: "/api/systems", Kind: ErrForbidden, Status: http.StatusForbidden}
}
