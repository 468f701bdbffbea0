package words

import (
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// Verdict returns the cause of a result in a few words. A list that cannot be read is named, with the others that share the cause.
func Verdict(r check.Result, all []check.Result, now time.Time) string {
	title := Title(r.Outcome, now)
	if !isOfData(r.Check) {
		return title
	}
	var lists []string
	for _, other := range all {
		if isOfData(other.Check) && other.Cause == r.Cause && other.State == r.State {
			lists = append(lists, CheckTitle(other.Check))
		}
	}
	return Text("verdict.of", Facts{"What": strings.Join(lists, ", "), "Title": title})
}

func isOfData(id check.ID) bool {
	for _, c := range check.All() {
		if c.ID == id {
			return c.At == check.AtData
		}
	}
	return false
}

// Station returns the name of a station of the way.
func Station(s check.Station) string { return Text("way." + string(s)) }

// Group returns the name of a group of checks.
func Group(g check.Group) string { return Text("group." + string(g)) }

// Counts says how many results there are of each kind, such as 3 passed · 1 failed · 11 not checked.
func Counts(results []check.Result) string {
	counts := make(map[string]int)
	for _, r := range results {
		counts[kind(r)]++
	}
	var parts []string
	for _, kind := range []string{"passed", "warning", "failed", "skipped", "waiting"} {
		if n := counts[kind]; n > 0 {
			parts = append(parts, Text("count."+kind, Facts{"Count": strconv.Itoa(n)}))
		}
	}
	return strings.Join(parts, " · ")
}

// kind is the kind of a result in [Counts]. A check that was skipped did not run, or it ran and JumpCloud had no answer.
func kind(r check.Result) string {
	switch {
	case r.State == check.Running, r.State == check.Skipped && r.Cause.Meaning().Repeats:
		return check.Waiting.String()
	}
	return r.State.String()
}
