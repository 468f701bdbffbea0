package check

import "time"

// Past is how one or several checks of a connection in a row ended, all on one day in UTC and all alike.
type Past struct {
	At, Until time.Time // of the first and the last check
	Times     int       // how many checks these were
	// State is Skipped if nobody could find out whether the connection works.
	State State
	// Cause is why the state is not Passed. It is empty if it is.
	Cause Cause
}

// Day is how the checks of one day ended.
type Day struct {
	Date time.Time // its midnight
	// State is the worst state of the day. What could not be found out counts only if nothing else was. It is Waiting without a
	State State
	// Past are the checks of the day, the first one first. Checks around midnight in UTC may be those of two days.
	Past []Past
}

// Days sorts what is past into days, in the time zone of today. It returns this many days, the oldest first, and today last.
func Days(all []Past, today time.Time, days int) []Day {
	year, month, date := today.Date()
	line := make([]Day, days)
	for i := range line {
		begins := time.Date(year, month, date-days+1+i, 0, 0, 0, 0, today.Location())
		ends := time.Date(year, month, date-days+2+i, 0, 0, 0, 0, today.Location())
		line[i].Date = begins
		for _, p := range all {
			if p.At.Before(ends) && !p.Until.Before(begins) {
				line[i].Past = append(line[i].Past, p)
				line[i].State = worse(line[i].State, p.State)
			}
		}
	}
	return line
}

// badness sorts the states of a day.
var badness = map[State]int{Skipped: 1, Passed: 2, Warning: 3, Failed: 4}

func worse(a, b State) State {
	if badness[b] > badness[a] {
		return b
	}
	return a
}

// Changes returns the first outcome, and each that differs from the one before, the newest first. What could not be found out is no change.
func Changes(all []Past) (changes []Past) {
	var last Past
	for _, p := range all {
		if p.State == Skipped || p.State == last.State && p.Cause == last.Cause {
			continue
		}
		changes, last = append([]Past{p}, changes...), p
	}
	return changes
}
