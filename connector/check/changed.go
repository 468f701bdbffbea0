package check

import (
	"maps"
	"slices"
)

// Undecided reports whether the validation could not find out whether the connection works, because this computer, the network, a server or a
// limit was in the way. The same question may get an answer a moment later.
func (r Report) Undecided() bool {
	blocker, blocked := r.Blocker()
	return blocked && !blocker.Cause.Meaning().decides()
}

// decides reports whether the cause says anything about the connection: JumpCloud was asked, and would say the same again.
func (m Meaning) decides() bool { return !m.Repeats && !m.Here }

// Broken reports whether something keeps the connection from working until somebody mends it.
func (r Report) Broken() bool {
	_, blocked := r.Blocker()
	return blocked && !r.Undecided()
}

// Overall is the state of the whole report. It is [Report.Worst], but Skipped if nobody knows whether the connection works.
func (r Report) Overall() State {
	if r.Undecided() {
		return Skipped
	}
	return r.Worst()
}

// Known returns the report with the results of the last validation that found out whether the connection works: this one, or an earlier one.
// It has no results if nobody knows.
func (r Report) Known() Report {
	if r.Undecided() {
		r.Results = r.Found
	}
	return r
}

// WorkedBefore reports whether the connection worked when that was last found out, if this validation could not find it out, or whether what
// kept it from working passes now.
func (r Report) WorkedBefore() bool {
	known := r.Known()
	blocker, _ := known.Blocker()
	return !r.Worked.IsZero() && (known.Suffices() || r.Result(blocker.Check).State == Passed)
}

// RefusedSince reports whether the connection worked, or at least its key opened the organization, when that was last found out, and whether
// it does not now.
func (r Report) RefusedSince(last Report) bool {
	known := last.Known()
	return r.Broken() && !known.Broken() || !r.Usable() && known.Usable()
}

// remember takes over from the last report what this one could not find out: how the checks ended.
func (r *Report) remember(last Report) {
	if !r.Undecided() {
		return
	}
	r.Found = slices.Clone(last.Known().Results)
	for i := range r.Found {
		r.Found[i].Facts, r.Found[i].Took = nil, 0
	}
}

// ChangedSince compares two reports on a connection. What could not be found out, such as without a network, is no change. When that is
// over, the report is compared with what was known before. If nobody knows that any more, everything that does not pass is news.
func (r Report) ChangedSince(before Report) bool {
	known := before.Known()
	switch {
	case r.Undecided():
		return false
	case len(known.Results) == 0 && before.Undecided():
		return len(r.findings()) > 0
	}
	return !known.Complete() || !maps.Equal(known.findings(), r.findings())
}

// findings are the checks that did not pass, and why. Those that say nothing about the connection may pass the next time.
func (r Report) findings() map[ID]Cause {
	all := make(map[ID]Cause)
	for _, result := range r.Results {
		if (result.State == Warning || result.State == Failed) && result.Cause.Meaning().decides() {
			all[result.Check] = result.Cause
		}
	}
	return all
}

// NewPoint returns the first warning that the report before did not have. The end of a key is none: it is known long before.
func (r Report) NewPoint(before Report) (Result, bool) {
	known := before.Known().findings()
	for _, p := range r.Points() {
		if known[p.Check] != p.Cause && p.Check != IDKeyEnd && p.Cause.Meaning().decides() {
			return p, true
		}
	}
	return Result{}, false
}
