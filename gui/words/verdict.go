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
	var lists []string
	for _, list := range unreadLike(r, all) {
		lists = append(lists, CheckTitle(list.Check))
	}
	if len(lists) == 0 {
		return title
	}
	return Text("verdict.of", Facts{"What": strings.Join(lists, ", "), "Title": title})
}

// Former says what has become of a connection that a result keeps from working, or from being checked.
func Former(report check.Report) string {
	switch date := (Facts{"Date": Date(report.Worked)}); {
	case report.Usable():
		return Text("verdict.partly")
	case report.Undecided() && report.Worked.IsZero():
		return Health(check.HealthUnchecked)
	case report.Undecided():
		return Text("verdict.unclear", date)
	case report.Worked.IsZero():
		return Text("verdict.never")
	default:
		return Text("verdict.stopped", date)
	}
}

// Unchecked says in short how much of a connection that worked could not be checked.
func Unchecked(report check.Report) string {
	if report.Usable() {
		return Text("list.partly")
	}
	return Text("list.unclear", Facts{"Date": Date(report.Worked)})
}

// Observed returns what a check observed, and which data ControlMap will not get: of each list that cannot be read for this cause.
func Observed(r check.Result, all []check.Result, now time.Time) string {
	parts := []string{Seen(r.Outcome, now)}
	for _, list := range unreadLike(r, all) {
		parts = append(parts, Missed(list.Check, list.Outcome))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// unreadLike returns the lists that cannot be read for the same cause as this one. It returns none if r is not about such a list.
func unreadLike(r check.Result, all []check.Result) (lists []check.Result) {
	for _, other := range all {
		if isUnread(r) && isUnread(other) && other.Cause == r.Cause && other.State == r.State {
			lists = append(lists, other)
		}
	}
	return lists
}

// isUnread reports whether a result is about a list that could not be counted.
func isUnread(r check.Result) bool {
	return r.Check.Station() == check.AtData && !r.Facts.Count("Count").Known()
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
