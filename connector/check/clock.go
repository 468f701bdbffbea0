package check

import (
	"context"
	"time"
)

// tolerable is how far this computer's clock may be off. With a wrong clock, requests still work. But the codes of authenticator
// apps do not, and reports have a wrong time.
const tolerable = 2 * time.Minute

// checkClock compares this computer's clock with the time that the server's first answer told.
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

// now is the time by JumpCloud's clock, because keys end by that one. Where JumpCloud told no time, it is that of this computer.
func (v *validation) now() time.Time {
	if !v.first.dated {
		return v.validator.now()
	}
	return v.validator.now().Add(-v.first.ahead)
}

// corrected turns a time by this computer's clock into one by JumpCloud's. It takes the clock to be as wrong as it was at the time of
// the report, unless somebody has set it right since. This shows where a slow clock has passed JumpCloud's time at the report, or
// where a fast clock shows an earlier time than it did then.
func (r Report) corrected(now time.Time) time.Time {
	behind, ahead := r.ClockAhead < 0 && now.Before(r.At.Add(-r.ClockAhead)), r.ClockAhead > 0 && !now.Before(r.At)
	if behind || ahead {
		return now.Add(-r.ClockAhead)
	}
	return now
}
