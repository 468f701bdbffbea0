package jumpcloud

import (
	"context"
	"iter"
)

var diskEncryption = call{path: "/api/v2/systeminsights/disk_encryption"}

// Volume is a disk volume of a device, as System Insights reports it.
type Volume struct {
	SystemID Text `json:"system_id"`
	Name     Text `json:"name"`
	// Status says in JumpCloud's words whether the volume is encrypted.
	Status Text `json:"encryption_status"`
}

// RowID implements [wire.Row]. Only the device and the name together identify a volume.
func (v Volume) RowID() string {
	if v.SystemID == "" || v.Name == "" {
		return ""
	}
	return string(v.SystemID + "/" + v.Name)
}

// Volumes walks through the volumes of all devices. It ends with ErrNotLicensed if the plan does not include System Insights, and
// with [wire.ErrIncomplete] if there may be more volumes.
func (c *Client) Volumes(ctx context.Context) iter.Seq2[Volume, error] {
	return list[Volume](ctx, c, diskEncryption)
}

// CountDiskEncryption counts the volumes in System Insights' report on disk encryption. The error is ErrNotLicensed if the plan does
// not include System Insights.
func (c *Client) CountDiskEncryption(ctx context.Context) (Tally, error) {
	return c.count(ctx, diskEncryption)
}
