package connector

import (
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Readiness says whether a connection can be handed over, as far as is known of it.
type Readiness int

// The kinds of readiness. Those that can be handed over come first, the best one at the top.
const (
	Ready          Readiness = iota // it works; a list that ControlMap can go without may be missing
	ReadyEndsSoon                   // it works, and its key ends soon: ControlMap will need another one
	ReadyUnchecked                  // it worked when that was last found out; since then the network, a server or a limit was in the way
	UnreadyUnknown                  // nobody knows whether it works, and it is not known to have worked before: it has to be checked
	UnreadyBroken                   // it does not work until somebody mends it
)

// CanHandOver reports whether it makes sense to enter the connection in ControlMap.
func (r Readiness) CanHandOver() bool { return r < UnreadyUnknown }

// Readiness says whether the connection can be handed over at this time: its key may have ended since it was checked. It is the one place
// that decides this.
func (c Connection) Readiness(now time.Time) Readiness {
	report, end := c.Report.AsOf(now), c.Report.KeyEnd(now).Cause
	switch {
	case c.Trouble != "":
		return UnreadyBroken
	case !report.Complete():
		return UnreadyUnknown
	case report.Undecided() && report.WorkedBefore():
		return ReadyUnchecked
	case report.Undecided():
		return UnreadyUnknown
	case !report.Suffices():
		return UnreadyBroken
	case end == check.CauseKeyExpires:
		return ReadyEndsSoon
	}
	return Ready
}

// HandOverTurn returns the turn of a connection among those that are to be handed over: a lower one comes first. It is false for a connection
// whose present key ControlMap has, and for one that cannot be handed over. Those that ControlMap has a former key of come before all others,
// for it cannot read them any more.
func (c Connection) HandOverTurn(now time.Time) (turn int, isDue bool) {
	if c.HandOver.Done() {
		return 0, false
	}
	ready := c.Readiness(now)
	turn = int(ready)
	if !c.HandOver.Outdated {
		turn += turnsOfNew
	}
	return turn, ready.CanHandOver()
}

// turnsOfNew is the first turn of those that were never handed over.
const turnsOfNew = int(UnreadyUnknown)

// ToHandOver are the connections whose present key ControlMap does not have.
type ToHandOver struct {
	// Outdated are those of which ControlMap has a former key.
	Outdated []Connection
	// New are those that were never handed over.
	New []Connection
	// Unknown are those that have to be checked before they can be handed over.
	Unknown []Connection
	// Broken are those that do not work. What is wrong has to be mended before ControlMap can use them.
	Broken []Connection
}

// NotHandedOver returns the connections whose present key ControlMap does not have. Those that can be handed over come in their turn, and
// those with the same turn in the given order.
func NotHandedOver(all []Connection, now time.Time) (t ToHandOver) {
	var turns [2 * turnsOfNew][]Connection
	for _, c := range all {
		switch turn, isDue := c.HandOverTurn(now); {
		case isDue:
			turns[turn] = append(turns[turn], c)
		case c.HandOver.Done():
		case c.Readiness(now) == UnreadyUnknown:
			t.Unknown = append(t.Unknown, c)
		default:
			t.Broken = append(t.Broken, c)
		}
	}
	t.Outdated, t.New = slices.Concat(turns[:turnsOfNew]...), slices.Concat(turns[turnsOfNew:]...)
	return t
}

// All returns those that can be handed over, in their turn.
func (t ToHandOver) All() []Connection { return slices.Concat(t.Outdated, t.New) }
