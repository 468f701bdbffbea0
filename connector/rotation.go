package connector

import (
	"context"
	"errors"
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
)

// Rotation is about another API key in place of one that connections use.
type Rotation struct {
	// Former is the key that is to be replaced.
	Former check.KeyInRegion
	// Connections are those that use it, sorted by name. Their HandOver says which ControlMap has it.
	Connections []Connection
	// Report is the newest report of these. Its Administrator says whose key it is, as far as that is known.
	Report check.Report
}

// RotationOf returns the rotation of a key that some of these connections use.
func RotationOf(all []Connection, former check.KeyInRegion) Rotation {
	r := Rotation{Former: former}
	for _, one := range all {
		if !one.Unread() && one.keyInRegion() == former {
			r.Connections = append(r.Connections, one)
		}
	}
	sortByName(r.Connections)
	if len(r.Connections) > 0 {
		r.Report = slices.MaxFunc(r.Connections, func(a, b Connection) int { return a.Report.At.Compare(b.Report.At) }).Report
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

// Tried is what trying the new key on the organization of a connection came to.
type Tried struct {
	// Connection is as it was before.
	Connection Connection
	// Report is on the new key.
	Report check.Report
}

// Works reports whether the new key opens the organization and reads all that the former one reads.
func (t Tried) Works() bool { return false }

// NotKnown reports whether that could not be found out: the network, a server or a limit was in the way.
func (t Tried) NotKnown() bool { return false }

// Lost reports whether the organization would be lost with the new key. Why says the cause.
func (t Tried) Lost() bool { return !t.Works() && !t.NotKnown() }

// Why is how the check ended that keeps the new key from working. It has no cause if it works.
func (t Tried) Why() check.Outcome { return check.Outcome{} }

// Trial is what trying a new key came to. It holds the key.
type Trial struct {
	Rotation Rotation
	// Key is the new key.
	Key check.KeyInRegion
	// Report is on the new key and the first organization, in full. If the key itself is refused, it says why.
	Report check.Report
	// Tried are the connections on which the new key was tried, sorted by name. After a cancelled trial some are missing.
	Tried []Tried

	key secret.Secret
}

// Complete reports whether it is known of every connection whether the new key works.
func (t Trial) Complete() bool {
	return len(t.Tried) == len(t.Rotation.Connections) && len(t.NotKnown()) == 0
}

// Works returns the connections that the new key works for.
func (t Trial) Works() []Tried { return t.those(Tried.Works) }

// Lost returns the connections that the new key does not work for.
func (t Trial) Lost() []Tried { return t.those(Tried.Lost) }

// NotKnown returns the connections that were tried without an answer. Those that were not tried are not among them.
func (t Trial) NotKnown() []Tried { return t.those(Tried.NotKnown) }

func (t Trial) those(are func(Tried) bool) []Tried {
	return slices.DeleteFunc(slices.Clone(t.Tried), func(one Tried) bool { return !are(one) })
}

// Owner says whose the new key is.
func (t Trial) Owner() KeyOwner { return ownerOf(t.Report) }

// Email is the address of the administrator of both keys.
func (t Trial) Email() FormerNext {
	return FormerNext{t.Rotation.Report.Administrator.Email, t.Report.Administrator.Email}
}

// Role is the role of both keys.
func (t Trial) Role() FormerNext {
	return FormerNext{t.Rotation.Report.Administrator.Role, t.Report.Administrator.Role}
}

// FormerNext is the same about the former and the new key. What JumpCloud does not tell is empty.
type FormerNext struct{ Former, Next string }

// Known reports whether both are known.
func (f FormerNext) Known() bool { return f.Former != "" && f.Next != "" }

// Same reports whether both are the same, in capitals or not. It is false if one is not known.
func (f FormerNext) Same() bool { return f.Known() && strings.EqualFold(f.Former, f.Next) }

// What may be wrong with a new key as a whole, and with replacing the former one.
var (
	// ErrSameKey is the error of trying the key that the connections use already.
	ErrSameKey = errors.New("the new key is the former key")
	// ErrOtherRegion is the error of trying a key of another region than the connections. Report.Region of the trial names it.
	ErrOtherRegion = errors.New("the new key is of another region")
	// ErrNotKnown is the error of a trial that found nothing out about the key: the network, a server or a limit was in the way. Report says what.
	ErrNotKnown = errors.New("whether the key works could not be found out")
	// ErrNotTried is the error of replacing a key before the new one was tried on all its connections. One may have been saved meanwhile.
	ErrNotTried = errors.New("the new key was not tried on all connections")
	// ErrLost is the error of replacing a key by one that does not work for all its connections, without [LeavingLost].
	ErrLost = errors.New("the new key does not work for all connections")
)

// TryKey tries a new key in place of the former one: on the first organization in full, then on all others, some at the same time. Only the
// APIKey of credentials counts. It calls watch with each change of the checks of the first organization, and each with what every connection
// came to, one call at a time. Nothing is kept.
//
// Before is an earlier trial of the same key, or the zero Trial: what was found out in it is not asked again, and each is not called for it.
//
// If the key as a whole cannot take the place, the error is [ErrSameKey], [ErrOtherRegion], [ErrNotKnown], or [ErrNotWorking] if Report says
// why the key is refused. It is [ErrReplaced] if there are no connections. If ctx ends, the trial is what was found out until then.
func (c *Connector) TryKey(ctx context.Context, r Rotation, credentials check.Credentials, before Trial, watch func(check.Result), each func(Tried)) (Trial, error) {
	return Trial{}, ErrNotKnown
}

// RotateOption says what a person has decided about a rotation.
type RotateOption func(*rotateRequest)

type rotateRequest struct{ leavingLost bool }

// LeavingLost replaces the key of the connections that the new key works for. The others keep the former one.
func LeavingLost() RotateOption { return func(r *rotateRequest) { r.leavingLost = true } }

// Rotate replaces the former key by the tried one, for all connections in one step. It returns those that have the new key now, sorted by
// name. It stores the new key and reads it back before it replaces anything. Then the former key is deleted, unless a connection keeps it.
// Ending ctx has no effect once the key is replaced.
//
// After an error the connections have the former key. The error is [ErrNotTried], [ErrLost], [ErrReplaced] if no connection has the former
// key any more, or that of the keychain.
func (c *Connector) Rotate(ctx context.Context, t Trial, options ...RotateOption) ([]Connection, error) {
	return nil, ErrNotTried
}

// StillInControlMap returns the connections that have got another key since they were handed over: ControlMap has a former one.
func StillInControlMap(all []Connection) []Connection {
	return slices.DeleteFunc(slices.Clone(all), func(one Connection) bool { return !one.HandOver.Outdated })
}
