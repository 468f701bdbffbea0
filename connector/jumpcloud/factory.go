package jumpcloud

import (
	"net/http"

	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// Factory makes clients. It holds what all clients of the program share. The zero value makes clients for JumpCloud's own regions.
type Factory struct {
	// Regions are the regions to choose from. Nil means JumpCloud's own, see [Regions].
	Regions []Region
	// NewHTTP makes an HTTP client. Nil means [wire.NewHTTPClient].
	NewHTTP func() *http.Client
	// UserAgent names the program to JumpCloud.
	UserAgent string
}

// AllRegions lists the regions to choose from, the largest first.
func (f Factory) AllRegions() []Region {
	if f.Regions == nil {
		return Regions()
	}
	return f.Regions
}

// Region finds a region by its id.
func (f Factory) Region(id string) (Region, bool) {
	for _, r := range f.AllRegions() {
		if r.ID == id {
			return r, true
		}
	}
	return Region{}, false
}

// HTTPClient makes an HTTP client, which several clients may share. The caller closes its idle connections in the end.
func (f Factory) HTTPClient() *http.Client {
	if f.NewHTTP == nil {
		return wire.NewHTTPClient()
	}
	return f.NewHTTP()
}

// Client makes a client for a region and a key that uses the HTTP client h. OrganizationID may be empty, see
// [Client.OrganizationID].
func (f Factory) Client(r Region, key secret.Secret, organizationID string, h *http.Client) *Client {
	return &Client{BaseURL: r.Console, Key: key, OrganizationID: organizationID, HTTP: h, UserAgent: f.UserAgent}
}
