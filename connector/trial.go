package connector

import (
	"slices"
	"strings"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
)

// Tried is what trying the new key on the organization of a connection came to.
type Tried struct {
	// Connection is as it was before.
	Connection Connection
	// Report is on the new key.
	Report check.Report
}

// Works reports whether the new key opens the organization, and no check fails but one that failed before for the same cause.
func (t Tried) Works() bool {
	read := t.Connection.Report.Figures()
	fails := func(r check.Result) bool {
		_, wasRead := read[r.Check]
		return r.State == check.Failed && (wasRead || t.Connection.Report.Result(r.Check).Cause != r.Cause)
	}
	return !t.NotKnown() && t.Report.Usable() && !slices.ContainsFunc(t.Report.Results, fails)
}

// NotKnown reports whether it could not be found out: the network, a server or a limit was in the way.
func (t Tried) NotKnown() bool { return !t.Report.Complete() || t.Report.Undecided() }

// Lost reports whether the organization would be lost with the new key, or something that the former key reads. Why says the cause.
func (t Tried) Lost() bool { return !t.NotKnown() && !t.Works() }

// Why is how the check ended that keeps the new key from working. It has no cause if the key works.
func (t Tried) Why() check.Outcome {
	if t.Works() {
		return check.Outcome{}
	}
	blocker, _ := t.Report.Blocker()
	return blocker.Outcome
}

// Trial is what trying a new key came to. It holds the key.
type Trial struct {
	Rotation Rotation
	// Key is the new key.
	Key check.KeyInRegion
	// Report is on the new key and the first organization that it was tried on, in full. If the key itself is refused, it says why.
	Report check.Report
	// Tried are the connections on which the new key was tried, sorted by name. After a cancelled trial some are missing, and also if
	// nothing could be found out about several in a row.
	Tried []Tried

	key secret.Secret
}

// Complete reports whether it is known of every connection whether the new key works.
func (t Trial) Complete() bool {
	return len(t.Tried) > 0 && len(t.Tried) == len(t.Rotation.Connections) && len(t.NotKnown()) == 0
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

// LostByCause groups the organizations that the new key does not work for by the cause. The largest group comes first.
func (t Trial) LostByCause() []NotConnected {
	var lost []Connected
	for _, one := range t.Lost() {
		lost = append(lost, Connected{Organization: one.Connection.Organization, Report: one.Report, Err: ErrNotWorking})
	}
	return GroupNotConnected(lost)
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
