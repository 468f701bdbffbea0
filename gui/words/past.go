package words

import (
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Past says how a check ended that was made some time ago: of it only the state and the cause are kept.
func Past(state check.State, cause check.Cause) string {
	switch {
	case state == check.Passed:
		return Text("history.passed")
	case state == check.Skipped:
		return Text("history.unclear", Facts{"Why": pastCause(cause)})
	}
	return pastCause(cause)
}

// pastCause returns a cause in a few words that need none of its facts.
func pastCause(cause check.Cause) string {
	if key := "cause." + string(cause) + ".past"; has(key) {
		return Text(key)
	}
	return Title(check.Outcome{Cause: cause}, time.Time{})
}

// Day says how the checks of a day ended: the worst of them, and how many there were.
func Day(d check.Day) string {
	if len(d.Past) == 0 {
		return Text("history.no_check", Facts{"Date": Date(d.Date)})
	}
	what, times := "", 0
	for _, p := range d.Past {
		times += p.Times
		if p.State == d.State {
			what = Past(p.State, p.Cause) // the last one of these
		}
	}
	return Text("history.day", Facts{"Date": Date(d.Date), "What": what, "Count": strconv.Itoa(times)})
}

// Since says from when a connection is as it is since its last change.
func Since(last check.Past) string {
	date := Facts{"Date": Date(last.At)}
	switch last.State {
	case check.Passed:
		return Text("history.works", date)
	case check.Warning:
		return Text("history.look", date)
	}
	return Text("history.broken", date)
}
