package check

import (
	"fmt"
	"slices"
	"time"
)

// Health says in one word how a connection is. The words are in the translation files under health.<name>.
type Health int

// The kinds of health. Lists put the first one, which needs somebody most, at the top.
const (
	HealthBroken    Health = iota // it does not work until somebody mends it
	HealthAttention               // it works, and somebody should look at it
	HealthEndsSoon                // it works, and its key ends soon
	HealthUnchecked               // nobody knows: it was never checked, or the network, a server or a limit was in the way
	HealthWorks
)

var healthNames = [...]string{"broken", "attention", "ends_soon", "unchecked", "works"}

// Healths lists all kinds of health, in their order.
func Healths() []Health {
	return []Health{HealthBroken, HealthAttention, HealthEndsSoon, HealthUnchecked, HealthWorks}
}

// String is the name in lists for programs, and in translation files.
func (h Health) String() string {
	if h < 0 || int(h) >= len(healthNames) {
		return fmt.Sprintf("Health(%d)", int(h))
	}
	return healthNames[h]
}

// MarshalText writes the name.
func (h Health) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Health says how the connection is at this time: its key may have ended since it was checked.
func (r Report) Health(now time.Time) Health {
	var room [32]Result // more than there are checks; a list asks thousands of reports, whose copies would all be garbage
	r = r.asOf(now, room[:0])
	switch points := r.Points(); {
	case !r.Complete(), r.Undecided():
		return HealthUnchecked
	case r.Broken(), !r.Usable():
		return HealthBroken
	case slices.ContainsFunc(points, func(p Result) bool { return p.Cause != CauseKeyExpires }):
		return HealthAttention
	case len(points) > 0:
		return HealthEndsSoon
	}
	return HealthWorks
}
