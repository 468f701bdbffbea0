package check

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud"
)

const (
	oldKey   = 365 // a key older than this is a warning, in days. JumpCloud advises to renew keys at least yearly.
	endsSoon = 30  // a key that ends within this time is a warning, in days
)

// setKeyDates takes the key's dates from an answer. It takes none if they contradict each other.
func (a *Administrator) setKeyDates(told jumpcloud.Administrator) {
	created, expires := cmp.Or(told.APIKeyHash.CreatedAt.Time, told.APIKeyUpdatedAt.Time), told.APIKeyHash.ExpireAt
	if !created.IsZero() && !expires.IsZero() && !expires.After(created) {
		return
	}
	a.KeyCreated, a.KeyExpires, a.KeyNeverExpires = created, expires.Time, expires.Never
}

// keyDates returns the administrator with nothing but the key's dates. These still hold when JumpCloud does not tell whose key it is.
func (a Administrator) keyDates() Administrator {
	return Administrator{KeyCreated: a.KeyCreated, KeyExpires: a.KeyExpires, KeyNeverExpires: a.KeyNeverExpires}
}

// checkKeyAge says how old the key is.
func checkKeyAge(_ context.Context, v *validation) Outcome {
	return v.report.Administrator.keyAge(v.now())
}

// checkKeyEnd says when the key ends. JumpCloud has just accepted the key, even if it should have ended.
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

// daysBetween counts the midnights between two times in this computer's time zone.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		year, month, day := t.Local().Date()
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// now is the time by JumpCloud's clock, because that clock decides when keys end. If JumpCloud told no time, it is the time by this
// computer's clock.
func (v *validation) now() time.Time {
	if !v.first.dated {
		return v.validator.now()
	}
	return v.validator.now().Add(-v.first.ahead)
}

// corrected turns a time by this computer's clock into the time by JumpCloud's. It assumes that the clock is as wrong as it was at the
// time of the report, unless somebody has set it right since. That is certain in two cases: a slow clock already shows more than
// JumpCloud's time at the report, or a fast clock shows less than it did then.
func (r Report) corrected(now time.Time) time.Time {
	behind, ahead := r.ClockAhead < 0 && now.Before(r.At.Add(-r.ClockAhead)), r.ClockAhead > 0 && !now.Before(r.At)
	if behind || ahead {
		return now.Add(-r.ClockAhead)
	}
	return now
}

// KeyEnd says when the key ends, seen from now.
func (r Report) KeyEnd(now time.Time) Outcome { return r.Administrator.keyEnd(r.corrected(now)) }

// AsOf returns the report as it reads at another time. A key that had months left when it was checked may end tomorrow. Its end counts also
// where nothing could be asked.
func (r Report) AsOf(now time.Time) Report { return r.asOf(now, nil) }

// asOf does the same, with the results in room if they fit into it.
func (r Report) asOf(now time.Time, room []Result) Report {
	r.Results = append(room, r.Results...)
	undecided := r.Undecided() && !r.AcceptsKey()
	for i, result := range r.Results {
		if undecided && result.Check == IDKeyEnd {
			if end := r.KeyEnd(now); end.Cause == CauseKeyEnded {
				r.Results[i].Outcome = end
			}
		}
		if result.State == Skipped || !result.State.Final() {
			continue // there are no dates
		}
		switch result.Check {
		case IDKeyAge:
			r.Results[i].Outcome = r.Administrator.keyAge(r.corrected(now))
		case IDKeyEnd:
			if o := r.KeyEnd(now); o.Cause != result.Cause || o.Cause != CauseKeyEnded {
				r.Results[i].Outcome = o // else the report says that JumpCloud accepted the key after its end: that stays
			}
		}
	}
	return r
}
