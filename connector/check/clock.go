package check

import (
	"context"
	"time"
)

// tolerable is how far this computer's clock may be off. Requests work all the same, but codes of authenticator apps
// do not, and reports bear a wrong time.
const tolerable = 2 * time.Minute

// checkClock compares this computer's clock with the server's, as its first answer told the time.
func checkClock(_ context.Context, v *validation) Outcome {
	if !v.first.dated {
		return outcome(CauseClockUnknown, Facts{})
	}
	off := v.first.ahead
	facts := Facts{"Off": off.Abs().Round(time.Second).String()}
	if off.Abs() <= tolerable {
		return outcome(CauseClock, facts)
	}
	if off > 0 {
		facts["Ahead"] = "yes"
	}
	return outcome(CauseClockOff, facts)
}

// now is the time by JumpCloud's clock: a key ends by that one. Where it is not told, it is the time by this computer's.
func (v *validation) now() time.Time {
	if !v.first.dated {
		return v.by.now()
	}
	return v.by.now().Add(-v.first.ahead)
}

// corrected turns a time by this computer's clock into one by JumpCloud's. The clock counts as wrong as it was at the
// report, unless it has been set right since: then it shows a later time than JumpCloud's did, or an earlier one than it did
// itself.
func (r Report) corrected(now time.Time) time.Time {
	behind, ahead := r.ClockAhead < 0 && now.Before(r.At.Add(-r.ClockAhead)), r.ClockAhead > 0 && !now.Before(r.At)
	if behind || ahead {
		return now.Add(-r.ClockAhead)
	}
	return now
}
