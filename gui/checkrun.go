package gui

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// checkRun checks many connections because the user wants that, and knows how far it is and how it has ended. It knows no widget: it goes on
// where nobody sees the window, and what it has found is shown in another language, too. It belongs to the window's thread.
type checkRun struct {
	task
	w       *window
	pace    pace
	wanted  bool                   // all are to be checked as soon as they are read
	of      []connector.Connection // what it is about, by ID and time of saving
	ended   map[string]check.Cause // those of them that were checked, by id, with why the keychain gave no key; "" if it gave one
	limit   check.Outcome          // with which JumpCloud has refused further requests; without a cause if it has not
	failure error                  // of the keychain, which has ended the run, or kept no report; nil if it has not failed
	untold  bool                   // a notification is to say how it has ended, when the watcher is sure of all
}

// checked is how the check of one connection ended, see [connector.Connector.CheckEach].
type checked struct {
	of     connector.Connection // as it was read
	report check.Report
	err    error
}

func newCheckRun(w *window) *checkRun {
	return &checkRun{w: w, task: task{work: w.work, begin: w.work.startOnKeychain}}
}

// hear takes over what happened in the window.
func (c *checkRun) hear(e event) {
	switch e := e.(type) {
	case connectionsRead:
		if c.wanted && !e.again && (e.all || len(c.w.connections.all) > 0) {
			c.start(true)
		}
	case checksChanged, minutePassed:
		c.tellEnd()
	case wiping:
		c.drop()
		c.wanted = false
		c.forget()
	}
}

// forget forgets how the run has ended, unless it goes on.
func (c *checkRun) forget() {
	if c.running {
		return
	}
	c.of, c.ended, c.limit, c.failure, c.untold = nil, nil, check.Outcome{}, nil, false
	c.w.tell(checksChanged{})
}

// start checks all connections, or those that are shown, unless that runs already. Before the connections are read, it waits for that.
func (c *checkRun) start(all bool) {
	c.wanted = c.w.loader.reading.running || !c.w.loader.loaded
	if c.running || c.wanted {
		return
	}
	shown := c.w.listing.connections(all)
	if len(shown) == 0 {
		if c.w.background.isHidden {
			c.w.background.open() // to make one
		}
		return
	}
	c.of, c.ended = nil, make(map[string]check.Cause)
	for _, one := range shown {
		c.of = append(c.of, connector.Connection{ID: one.ID, Saved: one.Saved}) // the rest of it would need memory
		if one.Trouble != "" {
			c.ended[one.ID] = one.Trouble
		}
	}
	c.check(c.end().left)
}

// check checks some of the connections that the run is about. What was found out about the others stays.
func (c *checkRun) check(some []connector.Connection) {
	if c.running {
		return
	}
	c.w.watcher.resume()
	c.limit, c.failure, c.untold = check.Outcome{}, nil, false
	if len(some) == 0 {
		c.finish()
		return
	}
	for _, one := range some {
		delete(c.ended, one.ID)
	}
	c.pace.begin(c.w.work.now(), len(some))
	var came arrivals[checked]
	read := byID(some)
	c.task.start(func(ctx context.Context, show func(func())) func() {
		c.w.c.CheckEach(ctx, some, func(id string, report check.Report, err error) {
			if came.put(checked{read[id], report, err}) {
				show(func() { c.took(came.take()) })
			}
		})
		show(func() { c.took(came.take()) }) // a job of its own
		return c.finish
	})
	c.w.tell(checksChanged{})
}

// took takes over how some checks ended. Where JumpCloud takes no more requests of a key for a long time, its connections are not done; those of
// other keys are checked all the same. A keychain that fails for all would fail for the others, too, and perhaps ask for its password each time.
func (c *checkRun) took(some []checked) {
	done := 0
	for _, one := range some {
		why, replaced, doubtful := check.Cause(""), errors.Is(one.err, connector.ErrReplaced), errors.Is(one.err, connector.ErrDoubtful)
		switch {
		case doubtful:
			c.w.tell(doubted{one.of, one.report})
		case !replaced:
			c.w.connections.checked(one.of.ID, one.report)
		}
		if blocker, _ := one.report.Blocker(); blocker.Cause == check.CauseRateLimited {
			c.limit = blocker.Outcome
			continue
		}
		switch cause := connector.KeychainCause(one.err); {
		case one.err == nil, replaced, doubtful, cause == check.CauseCancelled:
		case isOfOne(cause):
			why = cause
		default:
			c.failure = cmp.Or(c.failure, one.err)
			if !one.report.Complete() { // else it is only not kept
				c.cancel()
			}
		}
		if one.report.Complete() || why != "" || replaced {
			c.ended[one.of.ID] = why
			done++
		}
	}
	c.pace.add(c.w.work.now(), done)
	c.w.tell(checksChanged{})
}

// finish shows how the run has ended.
func (c *checkRun) finish() {
	c.untold = c.w.background.isHidden
	c.w.tell(checksChanged{})
	if len(c.of) > 0 && !c.w.background.isHidden && !c.w.list.place.Visible() {
		c.w.toast.Show(c.end().inWords(), undoTime, widgets.Action{Label: words.Text("secret.show"), Do: func() { c.w.tell(homeWanted{}) }})
	}
}

// readable returns those of these connections that are kept and can be read, as they are now.
func (c *checkRun) readable(some []connector.Connection) (now []connector.Connection) {
	known := byID(c.w.connections.all)
	for _, then := range some {
		if one, there := known[then.ID]; there && one.Trouble == "" {
			now = append(now, one)
		}
	}
	return now
}

// checkEnd is how a run has ended, as it is now.
type checkEnd struct {
	done   int                    // how many were checked
	groups []connector.NotWorking // those of them that do not work, or could not be checked
	doubts int                    // how many of them are asked about again
	left   []connector.Connection // those that were not
	unread bool                   // others could not be read
}

// end says how the run has ended. The list knows already how each connection is: to find that out again for thousands would take long.
func (c *checkRun) end() (e checkEnd) {
	if len(c.of) == 0 {
		return e
	}
	known := c.w.listing.byID()
	var failed []connector.Connection
	for _, then := range c.of {
		one, there := known[then.ID]
		why, ended := c.ended[then.ID]
		if there && !one.Saved.Equal(then.Saved) {
			why = "" // it may have got another key
		}
		switch {
		case !there, !ended && one.Trouble != "":
		case !ended:
			e.left = append(e.left, one.Connection)
		case c.w.watcher.doubts(then.ID):
			e.done++
			e.doubts++
		default:
			e.done++
			if why != "" || one.health == check.HealthBroken || one.health == check.HealthUnchecked {
				now := one.Connection
				now.Trouble = cmp.Or(now.Trouble, why)
				failed = append(failed, now)
			}
		}
	}
	e.groups, e.unread = connector.GroupNotWorking(failed, c.w.work.now()), c.w.loader.unread && !c.w.loader.known
	return e
}

// state says how it has ended. That something could not be checked is no failure.
func (e checkEnd) state() check.State {
	switch {
	case len(e.groups) > 0 && !e.groups[0].Unclear:
		return check.Failed
	case len(e.groups) > 0, e.doubts > 0, len(e.left) > 0, e.unread:
		return check.Warning
	}
	return check.Passed
}

// id is the same for the same end, under the same names.
func (c *checkRun) id(e checkEnd) string {
	parts := []string{strconv.Itoa(e.done), strconv.Itoa(e.doubts), strconv.Itoa(len(e.left)), strconv.FormatBool(e.unread), strconv.FormatBool(c.failure != nil)}
	for _, group := range e.groups {
		parts = append(parts, string(group.Why.Cause), c.names(group, mostListed))
		for _, one := range group.Connections {
			parts = append(parts, one.ID)
		}
	}
	return strings.Join(parts, " ")
}

// count says how many of the connections work, how many do not, and how many could not be checked.
func (e checkEnd) count() (works, broken, unclear int) {
	works = e.done - e.doubts
	for _, group := range e.groups {
		works -= len(group.Connections)
		if group.Unclear {
			unclear += len(group.Connections)
		} else {
			broken += len(group.Connections)
		}
	}
	return works, broken, unclear
}

// inWords says how many of the connections work, and how many do not.
func (e checkEnd) inWords() string {
	works, broken, unclear := e.count()
	var parts []string
	add := func(n int, text func(words.Facts) string) {
		if n > 0 {
			parts = append(parts, text(words.Facts{"Count": strconv.Itoa(n)}))
		}
	}
	add(works, func(f words.Facts) string { return words.Text("checkall.works", f) })
	add(broken, func(f words.Facts) string { return words.Text("checkall.broken", f) })
	add(unclear, func(f words.Facts) string { return words.Text("checkall.unclear", f) })
	add(e.doubts, func(f words.Facts) string { return words.Text("checkall.doubtful", f) })
	add(len(e.left), func(f words.Facts) string { return words.Text("checkall.left", f) })
	return strings.Join(parts, ", ")
}

// whyInWords says why the connections of a group do not work, in a few words.
func whyInWords(group connector.NotWorking, now time.Time) string {
	why := words.Title(group.Why, now)
	if group.Unclear {
		return words.Text("checkall.unclear_why", words.Facts{"Why": why})
	}
	return withLists(cmp.Or(why, words.Health(check.HealthBroken)), group.Why.Cause, group.Checks)
}

// names names some of the connections of a group.
func (c *checkRun) names(group connector.NotWorking, most int) string {
	names := make([]string, len(group.Connections))
	for i, one := range group.Connections {
		names[i] = c.w.connections.nameOf(one)
	}
	return words.Some(names, most)
}

// whyUnsure says why some are asked about again or were not checked, and what the keychain failed to do; "" if all is known and kept.
func (c *checkRun) whyUnsure(e checkEnd) string {
	var lines []string
	if e.doubts > 0 {
		lines = append(lines, words.Text("checkall.doubtful_why", words.Facts{"Count": strconv.Itoa(e.doubts)}))
	}
	switch {
	case c.failure != nil && len(e.left) == 0:
		lines = append(lines, words.Text("checkall.unkept", words.Facts{"Why": words.Cause(connector.KeychainCause(c.failure))}))
	case c.failure != nil:
		lines = append(lines, words.Cause(connector.KeychainCause(c.failure)))
	case len(e.left) == 0:
	case c.limit.Cause != "":
		lines = append(lines, words.Seen(c.limit, c.w.work.now()))
	default:
		lines = append(lines, words.Text("checkall.cancelled"))
	}
	if e.unread {
		lines = append(lines, words.Text("checkall.unread"))
	}
	return strings.Join(lines, "\n")
}

// mostCauses is how many causes a notification names.
const mostCauses = 2

// tells reports whether a notification of the run is going to say how this connection is.
func (c *checkRun) tells(id string) bool {
	_, ended := c.ended[id]
	return ended && c.untold && c.w.background.isHidden
}

// tellEnd tells how the run has ended where nobody sees the window: once, when the watcher is sure of all, or cannot ask again for now.
func (c *checkRun) tellEnd() {
	if !c.untold || c.running {
		return
	}
	if end := c.end(); end.doubts == 0 || c.w.watcher.failure != nil {
		c.untold = false
		if c.w.background.isHidden {
			c.notify(end)
		}
	}
}

func (c *checkRun) notify(end checkEnd) {
	works, broken, _ := end.count()
	facts := words.Facts{"Count": strconv.Itoa(works + broken), "Summary": end.inWords()}
	lines := []string{words.Text("news.checked_some", facts)}
	if end.state() == check.Passed && c.failure == nil {
		lines = []string{words.Text("news.checked_all", facts)}
	}
	for _, group := range end.groups[:min(len(end.groups), mostCauses)] {
		lines = append(lines, whyInWords(group, c.w.work.now())+": "+c.names(group, mostTold))
	}
	if why := c.whyUnsure(end); why != "" {
		lines = append(lines, why)
	}
	c.w.watcher.tell(words.Text("news.checked", facts), strings.Join(lines, "\n"))
}
