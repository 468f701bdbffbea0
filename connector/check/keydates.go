package check

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// When a key's age or its end is worth a word, in days. JumpCloud advises to renew keys at least yearly.
const (
	oldKey   = 365
	endsSoon = 30
)

// setKeyDates takes over what JumpCloud tells of a key's time. Dates that contradict each other tell nothing.
func (a *Administrator) setKeyDates(told jumpcloud.Administrator) {
	created, expires := cmp.Or(told.APIKeyHash.CreatedAt.Time, told.APIKeyUpdatedAt.Time), told.APIKeyHash.ExpireAt
	if !created.IsZero() && !expires.IsZero() && !expires.After(created) {
		return
	}
	a.KeyCreated, a.KeyExpires, a.KeyNeverExpires = created, expires.Time, expires.Never
}

func checkKeyAge(_ context.Context, v *validation) Outcome {
	return v.report.Administrator.keyAge(v.now())
}

// checkKeyEnd runs only for a key that JumpCloud accepts, even if it has ended.
func checkKeyEnd(_ context.Context, v *validation) Outcome {
	o := v.report.Administrator.keyEnd(v.now())
	if o.Cause == CauseKeyEnded {
		o.Facts["Accepted"] = "yes"
	}
	return o
}

func (a Administrator) keyAge(now time.Time) Outcome {
	if a.KeyCreated.IsZero() {
		return outcome(CauseKeyAgeUnknown, Facts{})
	}
	days := max(0, daysBetween(a.KeyCreated, now))
	facts := Facts{"Created": moment(a.KeyCreated), "Days": strconv.Itoa(days)}
	switch {
	case a.KeyCreated.Sub(now) > tolerable:
		delete(facts, "Days")
		return outcome(CauseKeyFromFuture, facts)
	case days > oldKey:
		return outcome(CauseKeyOld, facts)
	}
	return outcome(CauseKeyAge, facts)
}

func (a Administrator) keyEnd(now time.Time) Outcome {
	switch {
	case a.KeyNeverExpires:
		return outcome(CauseKeyEndless, Facts{})
	case a.KeyExpires.IsZero():
		return outcome(CauseKeyEndUnknown, Facts{})
	case !now.Before(a.KeyExpires):
		return outcome(CauseKeyEnded, Facts{"Expires": moment(a.KeyExpires)})
	}
	days := daysBetween(now, a.KeyExpires)
	facts := Facts{"Expires": moment(a.KeyExpires), "Days": strconv.Itoa(days)}
	if days <= endsSoon {
		return outcome(CauseKeyExpires, facts)
	}
	return outcome(CauseKeyEnd, facts)
}

// daysBetween counts the midnights between two times, as a calendar does where the computer is.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		year, month, day := t.Local().Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// KeyEnd says when the key ends, seen from now.
func (r Report) KeyEnd(now time.Time) Outcome { return r.Administrator.keyEnd(r.corrected(now)) }

// AsOf returns the report as it reads now. A key that had months left when it was checked may end tomorrow.
func (r Report) AsOf(now time.Time) Report {
	r.Results = slices.Clone(r.Results)
	for i, result := range r.Results {
		if result.State == Skipped || !result.State.Final() {
			continue // nothing was told
		}
		switch result.Check {
		case IDKeyAge:
			r.Results[i].Outcome = r.Administrator.keyAge(r.corrected(now))
		case IDKeyEnd:
			if o := r.KeyEnd(now); o.Cause != result.Cause || o.Cause != CauseKeyEnded {
				r.Results[i].Outcome = o // else it is known that the key outlived its end
			}
		}
	}
	return r
}
