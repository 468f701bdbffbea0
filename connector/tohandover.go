package connector

import (
	"slices"
	"time"
)

// ToHandOver are the connections whose present key ControlMap does not have.
type ToHandOver struct {
	// Outdated are those of which ControlMap has a former key.
	Outdated []Connection
	// New are those that were never handed over.
	New []Connection
	// Broken are those that do not work. What is wrong has to be mended before ControlMap can use them.
	Broken []Connection
}

// NotHandedOver returns those connections whose present key ControlMap does not have, in the given order.
func NotHandedOver(all []Connection, now time.Time) (t ToHandOver) {
	for _, c := range all {
		switch {
		case c.HandOver.Done():
		case !c.CanHandOver(now):
			t.Broken = append(t.Broken, c)
		case c.HandOver.Outdated:
			t.Outdated = append(t.Outdated, c)
		default:
			t.New = append(t.New, c)
		}
	}
	return t
}

// All returns those that can be handed over: first those that are outdated.
func (t ToHandOver) All() []Connection { return slices.Concat(t.Outdated, t.New) }

// CanHandOver reports whether ControlMap can use the connection, as far as its last report says. A connection that was saved although
// ControlMap has to go without something can be handed over.
func (c Connection) CanHandOver(now time.Time) bool {
	return c.Trouble == "" && c.Report.AsOf(now).Suffices()
}
