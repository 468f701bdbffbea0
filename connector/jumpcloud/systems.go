package jumpcloud

import (
	"context"
	"iter"
	"net/url"
)

const systemsPath = "/api/systems"

// System is a device.
type System struct {
	ID           Text `json:"_id"`
	DisplayName  Text `json:"displayName"`
	Hostname     Text `json:"hostname"`
	OS           Text `json:"os"`
	OSFamily     Text `json:"osFamily"` // darwin, windows, linux
	Version      Text `json:"version"`
	SerialNumber Text `json:"serialNumber"`
	// Active: the agent on the device is connected to JumpCloud.
	Active      Flag `json:"active"`
	LastContact Date `json:"lastContact"`
	Created     Date `json:"created"`
	FDE         struct {
		// Active: full disk encryption is on.
		Active Flag `json:"active"`
		// KeyPresent: JumpCloud holds the recovery key.
		KeyPresent Flag `json:"keyPresent"`
	} `json:"fde"`
}

// RowID implements [wire.Row].
func (s System) RowID() string { return string(s.ID) }

var systemFields = url.Values{"fields": {"_id displayName hostname os osFamily version serialNumber active lastContact created fde"}}

// Systems walks through the organization's devices. If there may be more of them, the walk ends with [wire.ErrIncomplete].
func (c *Client) Systems(ctx context.Context) iter.Seq2[System, error] {
	return list[System](ctx, c, call{path: systemsPath, query: systemFields})
}

// SystemsEncrypted counts the organization's devices, and those with full disk encryption (fde.active).
func (c *Client) SystemsEncrypted(ctx context.Context) (Tally, error) {
	return share(ctx, c, systemsPath, "fde.active", func(s System) Flag { return s.FDE.Active })
}
