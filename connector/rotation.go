package connector

import (
	"slices"

	"controlmap-jumpcloud/connector/check"
)

// Rotation is about another API key in place of one that connections use.
type Rotation struct {
	// Former is the key that is to be replaced.
	Former check.KeyInRegion
	// Connections are those that use it, sorted by name. Their HandOver says which ControlMap has it.
	Connections []Connection
	// Report is the newest report of these that says whose key it is, in its Administrator, or else the newest one.
	Report check.Report
}

// Uses reports whether the connection uses a key. Of one that cannot be read nobody knows that.
func (c Connection) Uses(key check.KeyInRegion) bool { return !c.Unread() && c.keyInRegion() == key }

// RotationOf returns the rotation of a key that some of these connections use.
func RotationOf(all []Connection, former check.KeyInRegion) Rotation {
	r := Rotation{Former: former}
	for _, one := range all {
		if one.Uses(former) {
			r.Connections = append(r.Connections, one)
		}
	}
	sortByName(r.Connections)
	for _, one := range r.Connections {
		tells, told := one.Report.Administrator.Email != "", r.Report.Administrator.Email != ""
		if tells && !told || tells == told && one.Report.At.After(r.Report.At) {
			r.Report = one.Report
		}
	}
	return r
}

// KeyOwner says whose an API key is.
type KeyOwner int

// The owners.
const (
	// OwnerUnknown: JumpCloud does not tell.
	OwnerUnknown KeyOwner = iota
	// OwnerAdministrator: generating another key ends this one at once, wherever it is used.
	OwnerAdministrator
	// OwnerServiceAccount: it can get a second credential, and the first one works until it is revoked.
	OwnerServiceAccount
)

// Owner says whose the former key is.
func (r Rotation) Owner() KeyOwner { return ownerOf(r.Report) }

// ownerOf says whose key a report is about. It is an administrator's if JumpCloud names one. If JumpCloud tells neither whose key it is nor
// which organizations it opens, it is probably a service account's: JumpCloud does not document what such an account may ask.
func ownerOf(report check.Report) KeyOwner {
	organization := report.Result(check.IDOrganization).Cause
	switch {
	case report.Administrator.Email != "":
		return OwnerAdministrator
	case organization == check.CauseOrganizationUnnamed && report.Result(check.IDRole).Cause == check.CauseRoleUnreadable:
		return OwnerServiceAccount
	}
	return OwnerUnknown
}

// HandedOver returns the connections whose key ControlMap has: there it has to be updated. Their HandOver.Tenant says where, if it is known.
func (r Rotation) HandedOver() []Connection {
	return slices.DeleteFunc(slices.Clone(r.Connections), func(one Connection) bool { return !one.HandOver.Done() })
}
