package check

import "maps"

// Undecided reports whether the validation could not find out whether the connection works, because the network, a server or a limit was in
// the way. The same question may get an answer a moment later.
func (r Report) Undecided() bool {
	blocker, blocked := r.Blocker()
	return blocked && blocker.Cause.Meaning().Repeats
}

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

// WorkedBefore reports whether the connection worked when that was last found out, if this validation could not find it out.
func (r Report) WorkedBefore() bool { return !r.Worked.IsZero() && r.Stopped == "" }

// stoppedAt returns the check that keeps the connection from working, or did when that was last found out. It is "" if it works.
func (r Report) stoppedAt() ID {
	blocker, _ := r.Blocker()
	switch {
	case r.Undecided():
		return r.Stopped
	case r.Suffices():
		return ""
	}
	return blocker.Check
}

// remember takes over from the last report what this one could not find out: which check the connection had failed.
func (r *Report) remember(last Report) {
	if at := last.stoppedAt(); r.Undecided() && r.Result(at).State != Passed {
		r.Stopped = at
	}
}

// ChangedSince compares two reports on a connection. What could not be found out, such as without a network, is no change. When that is
// over, everything that does not pass is news, for nobody knows what was there before.
func (r Report) ChangedSince(before Report) bool {
	switch {
	case r.Undecided():
		return false
	case before.Undecided():
		return len(r.findings()) > 0
	}
	return !before.Complete() || !maps.Equal(before.findings(), r.findings())
}

// findings are the checks that did not pass, and why. Those that are worth repeating may pass the next time.
func (r Report) findings() map[ID]Cause {
	all := make(map[ID]Cause)
	for _, result := range r.Results {
		if (result.State == Warning || result.State == Failed) && !result.Cause.Meaning().Repeats {
			all[result.Check] = result.Cause
		}
	}
	return all
}

// NewPoint returns the first warning that the report before did not have. The end of a key is none: it is known long before.
func (r Report) NewPoint(before Report) (Result, bool) {
	known := before.findings()
	for _, p := range r.Points() {
		if known[p.Check] != p.Cause && p.Check != IDKeyEnd && !p.Cause.Meaning().Repeats {
			return p, true
		}
	}
	return Result{}, false
}
