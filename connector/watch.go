package connector

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"time"

	"controlmap-jumpcloud/connector/check"
)

const (
	// WatchTick is how often a watcher looks which connections are due.
	WatchTick = time.Minute
	// undecidedAfter is how long it waits after it could not find out whether a connection works.
	undecidedAfter = 15 * time.Minute
	// fewest is how many of the connections that are due are checked at a tick, at least. After the computer has slept, all of them are due.
	fewest = 10
)

// Watch says which kept connections are to be checked again, and when: each once in a while, never all at once. What worked and is refused
// is asked about once more, before anybody is told. Watch is for one goroutine.
type Watch struct {
	// Every is the time between two checks of a connection, on average. Zero means never, but for what was refused once.
	Every time.Duration

	refused     map[string]time.Time            // when a connection that worked was refused, by its id
	refusedKeys map[check.KeyInRegion]time.Time // the same of a key: all its connections are asked about again
	known       map[string]said                 // by id: the last report that says something, if a later one of this watch says nothing
	silent      map[string]bool                 // the regions that cannot be reached
}

// NewWatch makes a Watch that has seen nothing yet.
func NewWatch(every time.Duration) *Watch {
	return &Watch{Every: every, refused: make(map[string]time.Time), refusedKeys: make(map[check.KeyInRegion]time.Time),
		known: make(map[string]said), silent: make(map[string]bool)}
}

// Next returns when a connection will be checked again, about. It returns false if it will not be.
func (w *Watch) Next(c Connection) (at time.Time, watched bool) {
	refused, suspect := w.isSuspectSince(c)
	switch {
	case c.Trouble != "", w.Every == 0 && !suspect:
		return time.Time{}, false
	case suspect:
		return refused.Add(SureAfter), true
	}
	return w.next(c), true
}

// next is when a connection is due.
func (w *Watch) next(c Connection) time.Time {
	wait := w.Every
	if c.Report.Undecided() {
		wait = min(wait, undecidedAfter)
	}
	return c.Report.At.Add(wait*9/10 + time.Duration(float64(wait)/5*share(c)))
}

// share is a number from 0 to 1, another one for each check of each connection.
func share(c Connection) float64 {
	h := fnv.New32a()
	_, _ = h.Write(binary.LittleEndian.AppendUint64([]byte(c.ID), uint64(c.Report.At.UnixNano()))) // never fails
	return float64(h.Sum32()) / (1 << 32)
}

// Due returns the connections that are due, and those that are to be asked about again because they were refused. Each has the last report
// that says something.
func (w *Watch) Due(all []Connection, now time.Time) (due, again []Connection) {
	var waiting []Connection
	for _, c := range all {
		switch suspect, ready := w.isSuspect(c, now); {
		case c.Trouble != "":
		case suspect && ready:
			again = append(again, w.asKnown(c))
		case !suspect && w.Every > 0 && w.isDue(c, now):
			waiting = append(waiting, c)
		}
	}
	w.forget(now)
	slices.SortStableFunc(waiting, func(a, b Connection) int { return a.Report.At.Compare(b.Report.At) }) // the longest first
	probed := make(map[string]bool)
	for _, c := range waiting {
		if w.silent[c.Region] && probed[c.Region] {
			continue // one connection shows whether the region can be reached again
		}
		probed[c.Region] = true
		due = append(due, w.asKnown(c))
	}
	return due[:min(len(due), w.most(len(all)))], again
}

// isDue also reports true if the region could not be reached, so that its return is seen soon, and if the clock was set back since the check.
func (w *Watch) isDue(c Connection, now time.Time) bool {
	return !now.Before(w.next(c)) || w.silent[c.Region] || c.Report.At.After(now)
}

// isSuspect reports whether a connection or its key was refused, and whether it is time to ask again.
func (w *Watch) isSuspect(c Connection, now time.Time) (suspect, ready bool) {
	at, suspect := w.isSuspectSince(c)
	return suspect, suspect && isOver(at, SureAfter, now)
}

// isSuspectSince returns when a connection or its key was refused, and whether it was.
func (w *Watch) isSuspectSince(c Connection) (at time.Time, suspect bool) {
	at, suspect = w.refused[c.ID]
	if !suspect && !c.Report.Broken() && w.Every > 0 {
		at, suspect = w.refusedKeys[c.keyInRegion()]
	}
	return at, suspect
}

// isOver reports whether a wait since then is over, or the clock was set back meanwhile.
func isOver(then time.Time, wait time.Duration, now time.Time) bool {
	return now.Before(then) || now.Sub(then) >= wait
}

// forget forgets what was refused, once it was returned to be asked about again.
func (w *Watch) forget(now time.Time) {
	for id, at := range w.refused {
		if isOver(at, SureAfter, now) {
			delete(w.refused, id)
		}
	}
	for key, at := range w.refusedKeys {
		if isOver(at, SureAfter, now) {
			delete(w.refusedKeys, key)
		}
	}
}

// most is how many connections are checked at a tick: so many that what is due is made up for in half the time between two checks.
func (w *Watch) most(all int) int {
	return max(fewest, int(2*WatchTick*time.Duration(all)/max(w.Every, WatchTick)))
}

// said is the last report on a connection that says something, and when a later one was made that says nothing, and is not kept.
type said struct {
	check.Report
	since time.Time
}

// asKnown returns a connection with the last report that says something, unless somebody else has checked it since.
func (w *Watch) asKnown(c Connection) Connection {
	if known, ok := w.known[c.ID]; ok && c.Report.At.Equal(known.since) {
		c.Report = known.Report
	}
	return c
}

// Note takes over what a check of a connection has found out.
func (w *Watch) Note(c Connection, seen Watched, now time.Time) {
	blocker, _ := seen.Report.Blocker()
	switch seen.News {
	case Undecided:
		w.known[c.ID] = said{c.Report, seen.Report.At}
		w.silent[c.Region] = !blocker.Cause.Meaning().Answered
		return
	case Doubtful:
		w.Doubt(c, seen.Report, now)
	}
	delete(w.known, c.ID)
	w.silent[c.Region] = false
}

// Doubt takes over that a connection that worked was refused. It is asked about again even if [Watch.Every] is zero, and is not put off if it is
// refused once more meanwhile. If its key was refused, so are the other connections of the key that worked, where they are watched.
func (w *Watch) Doubt(c Connection, refused check.Report, now time.Time) {
	if _, known := w.refused[c.ID]; !known {
		w.refused[c.ID] = now
	}
	_, known := w.refusedKeys[c.keyInRegion()]
	if blocker, _ := refused.Blocker(); blocker.Check.OfKey() && !known {
		w.refusedKeys[c.keyInRegion()] = now
	}
}

// Doubted reports whether the connection with this id is going to be asked about again.
func (w *Watch) Doubted(id string) bool { _, refused := w.refused[id]; return refused }

// Settle takes over that it is known how a connection is, by its last report, so that it need not be asked about again. If its key is accepted,
// nor need the other connections of the key.
func (w *Watch) Settle(c Connection) {
	delete(w.refused, c.ID)
	if c.Report.AcceptsKey() {
		delete(w.refusedKeys, c.keyInRegion())
	}
}

// Doubts reports whether a connection is going to be asked about again.
func (w *Watch) Doubts() bool { return len(w.refused) > 0 }
