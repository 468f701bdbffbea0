package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Took returns a short duration: milliseconds below one second, otherwise seconds with one decimal.
func Took(d time.Duration) string {
	if d < time.Second {
		return Text("status.took_ms", Facts{"Count": strconv.Itoa(int((d + time.Millisecond/2) / time.Millisecond))})
	}
	return Text("status.took", Facts{"Seconds": strings.Replace(fmt.Sprintf("%.1f", d.Seconds()), ".", Text("format.decimal"), 1)})
}

// Ago returns how long ago a check was; the zero time means never.
func Ago(then, now time.Time) string {
	if then.IsZero() {
		return Text("list.never")
	}
	of := func(key string, n float64) string { return Text(key, Facts{"Count": strconv.Itoa(int(n))}) }
	switch d := now.Sub(then); {
	case d < time.Minute:
		return Text("list.now")
	case d < time.Hour:
		return of("list.minutes", d.Minutes())
	case d < 48*time.Hour:
		return of("list.hours", d.Hours())
	default:
		return of("list.days", d.Hours()/24)
	}
}

// In returns how far away the next check is.
func In(then, now time.Time) string {
	of := func(key string, n float64) string { return Text(key, Facts{"Count": strconv.Itoa(int(n))}) }
	switch d := then.Sub(now); {
	case d < time.Minute:
		return Text("list.soon")
	case d < time.Hour:
		return of("list.in_minutes", d.Minutes())
	case d < 48*time.Hour:
		return of("list.in_hours", max(1, d.Hours()))
	default:
		return of("list.in_days", d.Hours()/24)
	}
}

// inDays returns how many days away a date is. Group is left or age; one is the key in the group for one day.
func inDays(group, one string, days int) string {
	switch days {
	case 0:
		return Text(group + ".today")
	case 1:
		return Text(group + "." + one)
	}
	return Text(group+".days", Facts{"Days": strconv.Itoa(days)})
}

// TimeLeft returns how long a person still has to wait, in the largest unit that fits. It rounds up, so nobody comes back too early.
func TimeLeft(left time.Duration) string {
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if left > 2*unit {
			return Duration(roundUp(left, unit))
		}
	}
	return Duration(roundUp(left, time.Second))
}

func roundUp(d, unit time.Duration) time.Duration { return (d + unit - 1) / unit * unit }

// Duration returns a duration in the largest unit that fits, such as 90 s.
func Duration(d time.Duration) string {
	of := func(unit string, n float64) string {
		return Text("duration."+unit, Facts{"Count": strconv.Itoa(int(n))})
	}
	switch {
	case d < 2*time.Minute:
		return of("seconds", d.Seconds())
	case d < 2*time.Hour:
		return of("minutes", d.Minutes())
	case d < 48*time.Hour:
		return of("hours", d.Hours())
	}
	return of("days", d.Hours()/24)
}
