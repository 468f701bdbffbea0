package connector

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
