package connector_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
)

// reportOn makes a report of this time in which one check ended with a cause.
func reportOn(at time.Time, id check.ID, cause check.Cause) check.Report {
	return check.Report{At: at, Results: []check.Result{{Check: id, Outcome: check.Outcome{State: cause.Meaning().State, Cause: cause}}}}
}

// working makes n connections of one key that worked at this time.
func working(n int, at time.Time) (all []connector.Connection) {
	for i := range n {
		report := check.Report{At: at, Results: []check.Result{{Check: check.IDKey, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseKeyAccepted}},
			{Check: check.IDOrganization, Outcome: check.Outcome{State: check.Passed, Cause: check.CauseOrganization}}}}
		all = append(all, connector.Connection{ID: fmt.Sprint("c", i), Region: "us", KeyID: "key", Report: report})
	}
	return all
}

// ids returns the ids of connections.
func ids(all []connector.Connection) (ids []string) {
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

// watchDays ticks for some days while every check finds what see says, and returns how many connections were due at each tick.
func watchDays(w *connector.Watch, all []connector.Connection, days int, see func(connector.Connection, time.Time) connector.Watched) (due []int) {
	for now := noon; now.Before(noon.AddDate(0, 0, days)); now = now.Add(connector.WatchTick) {
		once, again := w.Due(all, now)
		due = append(due, len(once)+len(again))
		for _, c := range append(once, again...) {
			seen := see(c, now)
			w.Note(c, seen, now)
			if i := slices.IndexFunc(all, func(other connector.Connection) bool { return other.ID == c.ID }); seen.News != connector.Doubtful {
				all[i].Report = seen.Report
				all[i].Report.At = now
			}
		}
	}
	return due
}

func seesNothingNew(c connector.Connection, _ time.Time) connector.Watched {
	return connector.Watched{ID: c.ID, Report: c.Report}
}

// Each connection is checked about as often as the schedule says, and never many at a time.
func TestTheScheduleIsKept(t *testing.T) {
	for every, days := range map[time.Duration]int{time.Hour: 3, 24 * time.Hour: 12, 7 * 24 * time.Hour: 42} {
		const n = 100
		all, checked := working(n, noon), make(map[string]int)
		due := watchDays(connector.NewWatch(every), all, days, func(c connector.Connection, now time.Time) connector.Watched {
			checked[c.ID]++
			return seesNothingNew(c, now)
		})
		wanted := int(time.Duration(days) * 24 * time.Hour / every)
		for id, times := range checked {
			if times < wanted-1-wanted/10 || times > wanted+1+wanted/10 {
				t.Errorf("every %v: %s was checked %d times in %d days", every, id, times, days)
			}
		}
		// All were saved in the same minute. After the first round they are spread over a fifth of the schedule, and later over all of it.
		if limit := max(10, int(2*n*connector.WatchTick/every)); len(checked) != n || slices.Max(due) > limit {
			t.Errorf("every %v: %d connections were checked, up to %d in a minute", every, len(checked), slices.Max(due))
		}
	}
}

// Off is off, and what cannot be read is left alone.
func TestNothingIsDue(t *testing.T) {
	long := noon.AddDate(1, 0, 0)
	if due, again := connector.NewWatch(0).Due(working(3, noon), long); len(due)+len(again) > 0 {
		t.Errorf("%d connections are due although nothing is to be checked", len(due))
	}
	all := working(3, noon)
	all[1].Trouble = check.CauseKeychainDamaged
	if due, _ := connector.NewWatch(time.Hour).Due(all, long); !slices.Equal(ids(due), []string{"c0", "c2"}) {
		t.Errorf("%v are due", ids(due))
	}
	for _, before := range []time.Duration{0, time.Minute, 53 * time.Minute} {
		if due, _ := connector.NewWatch(time.Hour).Due(working(3, noon), noon.Add(before)); len(due) > 0 {
			t.Errorf("%v are due %v after their check", ids(due), before)
		}
	}
}

// After a sleep everything is due, and is made up for in some minutes, the longest first. If the clock was set back, nobody waits for it.
func TestWakingUp(t *testing.T) {
	w, all := connector.NewWatch(24*time.Hour), working(40, noon)
	all[39].Report.At = noon.Add(-time.Hour)
	now := noon.AddDate(0, 0, 9)
	due, _ := w.Due(all, now)
	if len(due) != 10 || due[0].ID != "c39" {
		t.Errorf("%v are due at once", ids(due))
	}
	if due, _ := w.Due(working(1, now.AddDate(1, 0, 0)), now); len(due) != 1 {
		t.Error("a connection that was checked next year is not due")
	}
	if due, _ := w.Due([]connector.Connection{{ID: "new", Region: "us"}}, now); len(due) != 1 {
		t.Error("a connection that was never checked is not due")
	}
}

// While a region cannot be reached, one of its connections is tried each minute, and the others go on as soon as that one gets an answer.
func TestTheNetworkIsBack(t *testing.T) {
	w, now := connector.NewWatch(24*time.Hour), noon.AddDate(0, 0, 2)
	all := working(30, noon)
	all[7].Region = "eu"
	note := func(due []connector.Connection, news connector.News, cause check.Cause) {
		for _, c := range due {
			seen := connector.Watched{ID: c.ID, News: news, Report: reportOn(now, check.IDReachable, cause)}
			if news == connector.NoNews {
				seen.Report = c.Report
				seen.Report.At = now
			}
			w.Note(c, seen, now)
			all[slices.IndexFunc(all, func(o connector.Connection) bool { return o.ID == c.ID })].Report = seen.Report
		}
		now = now.Add(connector.WatchTick)
	}
	due, _ := w.Due(all, now)
	note(due, connector.Undecided, check.CauseNoRoute) // of both regions
	for range 5 {
		due, _ = w.Due(all, now)
		if len(due) > 2 || len(due) == 2 && due[0].Region == due[1].Region {
			t.Fatalf("%v are tried without a network", ids(due))
		}
		note(due, connector.Undecided, check.CauseNoRoute)
	}
	due, _ = w.Due(all, now)
	note(due, connector.NoNews, "")
	if due, _ = w.Due(all, now); len(due) != 10 {
		t.Errorf("%d connections are due once the network is back", len(due))
	}
	note(due, connector.Undecided, check.CauseServer) // JumpCloud answers: the network is there
	if due, _ = w.Due(all, now); len(due) < 2 {
		t.Errorf("%d connections are due while JumpCloud has a problem", len(due))
	}
}

// What could not be found out is asked about again soon, and compared with what was known before.
func TestWhatIsKnownStays(t *testing.T) {
	w, now := connector.NewWatch(24*time.Hour), noon.AddDate(0, 0, 2)
	c := working(1, noon)[0]
	known := reportOn(noon, check.IDMFA, check.CauseMFAOff)
	c.Report = known
	for range 3 {
		due, _ := w.Due([]connector.Connection{c}, now)
		if len(due) != 1 || due[0].Report.Undecided() || due[0].Report.Result(check.IDMFA).Cause != check.CauseMFAOff {
			t.Fatalf("due: %+v", due)
		}
		c.Report = reportOn(now, check.IDReachable, check.CauseServer)
		w.Note(due[0], connector.Watched{ID: c.ID, News: connector.Undecided, Report: c.Report}, now)
		now = now.Add(17 * time.Minute)
	}
}

// A refusal is asked about again after a minute: of one connection that one, of a key all its connections that worked.
func TestARefusalIsAskedAboutAgain(t *testing.T) {
	for _, one := range []struct {
		check check.ID
		cause check.Cause
		again int
	}{
		{check.IDKey, check.CauseKeyStopped, 38}, // but the one that was broken before, and that of another key
		{check.IDKey, check.CauseSuspended, 38},
		{check.IDOrganization, check.CauseNotOpened, 1},
		{check.IDPeople, check.CauseDatasetRefused, 1},
	} {
		w, all, now := connector.NewWatch(24*time.Hour), working(40, noon), noon.AddDate(0, 0, 1)
		all[3].Report.At = noon.Add(-24 * time.Hour)
		all[5].Report = reportOn(noon, check.IDOrganization, check.CauseNotOpened) // was broken before
		all[6].KeyID = "another"
		due, _ := w.Due(all, now)
		w.Note(due[0], connector.Watched{ID: due[0].ID, News: connector.Doubtful, Report: reportOn(now, one.check, one.cause)}, now)
		if due[0].ID != "c3" {
			t.Fatalf("%s is due first", due[0].ID)
		}
		_, again := w.Due(all, now.Add(59*time.Second))
		if len(again) > 0 {
			t.Errorf("%s: %d are asked about again at once", one.cause, len(again))
		}
		later, again := w.Due(all, now.Add(time.Minute))
		if len(again) != one.again || slices.Contains(ids(again), "c5") || slices.Contains(ids(later), "c3") {
			t.Errorf("%s: %d are asked about again", one.cause, len(again))
		}
		if _, again := w.Due(all, now.Add(2*time.Minute)); len(again) > 0 {
			t.Errorf("%s: %d are asked about a third time", one.cause, len(again))
		}
	}
}

// What is known meanwhile is not asked about again.
func TestADoubtThatIsSettled(t *testing.T) {
	w, all := connector.NewWatch(0), working(2, noon)
	for _, c := range all {
		w.Doubt(c, reportOn(noon, check.IDOrganization, check.CauseOrganization), noon)
	}
	w.Settle(all[0])
	if w.Doubted(all[0].ID) || !w.Doubted(all[1].ID) {
		t.Error("the wrong one is doubted")
	}
	if _, again := w.Due(all, noon.Add(connector.SureAfter)); len(again) != 1 || again[0].ID != all[1].ID {
		t.Errorf("%v are asked about again", ids(again))
	}
}

// If a key is accepted, its other connections are asked about as usual: their first refusal is a first one.
func TestAKeyThatIsAcceptedIsNotDoubted(t *testing.T) {
	w, all := connector.NewWatch(24*time.Hour), working(3, noon)
	w.Doubt(all[0], reportOn(noon, check.IDKey, check.CauseKeyStopped), noon)
	w.Settle(all[0])
	if _, again := w.Due(all, noon.Add(connector.SureAfter)); len(again) != 0 {
		t.Errorf("%v are asked about again", ids(again))
	}
}

// Where nothing is watched, what was refused once is asked about again all the same: that connection only, and a minute after the first refusal.
func TestADoubtIsNotPutOff(t *testing.T) {
	w, all := connector.NewWatch(0), working(3, noon)
	for _, after := range []time.Duration{0, 30 * time.Second, 50 * time.Second} {
		w.Doubt(all[1], reportOn(noon, check.IDKey, check.CauseKeyStopped), noon.Add(after))
	}
	for i, c := range all {
		if at, watched := w.Next(c); watched != (i == 1) || watched && !at.Equal(noon.Add(connector.SureAfter)) {
			t.Errorf("%s is asked about again at %v, %v", c.ID, at, watched)
		}
	}
	for _, one := range []struct {
		after time.Duration
		again int
	}{{59 * time.Second, 0}, {time.Minute, 1}, {2 * time.Minute, 0}} {
		due, again := w.Due(all, noon.Add(one.after))
		if len(due) > 0 || len(again) != one.again || one.again > 0 && again[0].ID != "c1" {
			t.Errorf("after %v, %v are due, and %v asked about again", one.after, ids(due), ids(again))
		}
		if w.Doubts() != (one.after < time.Minute) {
			t.Errorf("after %v, a doubt is left: %v", one.after, w.Doubts())
		}
	}
}
