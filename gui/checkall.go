package gui

import (
	"cmp"
	"strconv"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// checkLabel says how many connections the button checks: all, or those of them that are shown.
func (l *connectionList) checkLabel() string {
	if l.w.listing.restricted() {
		return words.Text("home.check", words.Facts{"Count": strconv.Itoa(l.w.listing.readable)})
	}
	return words.Text("list.check_all")
}

// checkAllNow returns what starts the checks of all connections, or cancels what runs; nil if there are none.
func (l *connectionList) checkAllNow() func() {
	switch {
	case l.w.checks.running:
		return l.w.checks.cancel
	case len(l.w.connections.all) == 0 && !l.w.loader.reading.running:
		return nil
	}
	return func() { l.w.checks.start(true) }
}

// showRun shows how far the check of many connections is, or how it has ended.
func (l *connectionList) showRun() {
	run, focused := l.w.checks, l.w.win.Canvas().Focused()
	inSummary := l.summary.has(focused)
	widgets.SetVisible(l.running, run.running)
	l.progress.follow(&run.task, func() { l.progress.show(run.pace) })
	l.settle()
	l.summarize()
	switch { // a button that nobody sees keeps no focus: Enter would press it
	case run.running && (focused == l.checkAll || inSummary):
		l.w.win.Canvas().Focus(l.progress.cancel)
	case !run.running && (focused == l.progress.cancel || inSummary && !l.summary.box.Visible()):
		l.focus()
	}
}

// summarize shows how the last run has ended, unless one goes on.
func (l *connectionList) summarize() {
	var end checkEnd
	if !l.w.checks.running {
		end = l.w.checks.end()
	}
	if end.done == 0 && len(end.left) == 0 {
		l.said = ""
		l.summary.hide()
		l.brief.Hide()
		l.room.Hide()
		return
	}
	if said := l.w.checks.id(end); said != l.said { // else what the user has unfolded stays so
		l.said = said
		l.outcome.Set(end.state(), end.inWords())
		var groups []runGroup
		for _, group := range end.groups {
			groups = append(groups, l.group(group))
		}
		l.summary.show(end.state(), end.inWords(), l.goingOn(end), groups)
	}
	l.summary.settle(l.w.checks.whyUnsure(end), true)
	inHome := l.place != l.w.beside
	widgets.SetVisible(l.summary.box, inHome)
	widgets.SetVisible(l.room, inHome)
	widgets.SetVisible(l.brief, !inHome)
}

// goingOn are the buttons that check what was not, or all if only their reports could not be kept.
func (l *connectionList) goingOn(end checkEnd) []widgets.Action {
	switch run := l.w.checks; {
	case len(end.left) > 0:
		return []widgets.Action{l.checkingAgain(words.Text("checkall.go_on", words.Facts{"Count": strconv.Itoa(len(end.left))}), end.left)}
	case run.failure != nil:
		return []widgets.Action{l.checkingAgain(words.Text("keychain.retry"), run.of)}
	}
	return nil
}

// group is about the connections that do not work, or could not be checked, for one cause.
func (l *connectionList) group(group connector.NotWorking) runGroup {
	now, state := l.w.work.now(), check.Failed
	if group.Unclear {
		state = check.Warning
	}
	actions := []widgets.Action{
		{Label: words.Text("checkall.show"), Icon: theme.SearchIcon(), Do: func() { l.showOnly(group.Connections) }},
	}
	if len(l.w.checks.readable(group.Connections)) > 0 {
		actions = append(actions, l.checkingAgain(words.Text("run.again"), group.Connections))
	}
	region := func() string {
		one, _ := l.w.connections.find(group.Connections[0].ID)
		return one.Region
	}
	if a, ok := l.w.helpOutside(group.Why.Cause.Meaning().Help, group.Why, region); ok {
		actions = append(actions, a)
	}
	return runGroup{state: state, count: len(group.Connections), why: whyInWords(group, now), names: l.w.checks.names(group, mostListed),
		remedy: cmp.Or(words.Move(group.Why, words.InConnection, now), words.Seen(group.Why, now)), actions: actions}
}

// checkingAgain is a button that checks some connections of the run.
func (l *connectionList) checkingAgain(label string, some []connector.Connection) widgets.Action {
	return widgets.Action{Label: label, Icon: theme.ViewRefreshIcon(), Do: func() { l.w.checks.check(l.w.checks.readable(some)) }}
}

// showOnly shows these connections and no others, until a filter is chosen.
func (l *connectionList) showOnly(some []connector.Connection) {
	l.chips.Choose(-1)
	l.search.SetText("")
	l.w.listing.chooseOnly(some)
	l.arranged()
	l.list.SetCurrent(0)
	l.w.win.Canvas().Focus(l.list)
}
