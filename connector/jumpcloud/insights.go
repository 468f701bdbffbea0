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

// RowID implements [wire.Row]. A device has each of its volumes once. A row that names only one of the two has no id: others of the
// same device would be taken for the same row.
func (v Volume) RowID() string {
	if v.SystemID == "" || v.Name == "" {
		return ""
	}
	return string(v.SystemID + "/" + v.Name)
}

// Volumes walks through the volumes of all devices. It ends with ErrNotLicensed where the plan does not include System Insights,
// and with [wire.ErrIncomplete] where there may be more volumes.
func (c *Client) Volumes(ctx context.Context) iter.Seq2[Volume, error] {
	return list(ctx, diskEncryption, v2[Volume](c, diskEncryption))
}

// CountDiskEncryption tells whether the organization's System Insights report on disk encryption can be read, and how many
// volumes are in it. It returns ErrNotLicensed where the plan does not include System Insights.
func (c *Client) CountDiskEncryption(ctx context.Context) (Tally, error) {
	return count(ctx, diskEncryption, v2[identity](c, diskEncryption))
}
