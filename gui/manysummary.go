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

// summaryInWords says how many are connected, and how many are not.
func summaryInWords(all []connector.Connected) string {
	done := 0
	for _, one := range all {
		if one.Err == nil {
			done++
		}
	}
	facts := words.Facts{"Done": strconv.Itoa(done), "Left": strconv.Itoa(len(all) - done)}
	if done == len(all) {
		return words.Text("many.summary_all", facts)
	}
	return words.Text("many.summary", facts)
}

// summarize shows how connecting has ended, unless it goes on.
func (m *many) summarize() {
	all := m.outcomes()
	if m.connecting.running || len(all) == 0 && !m.isCut() {
		m.summary.hide()
		return
	}
	state, failed := check.Passed, connector.GroupNotConnected(all)
	switch {
	case len(failed) > 0:
		state = check.Failed
	case m.isCut():
		state = check.Warning
	}
	var groups []runGroup
	var some []check.Organization
	for _, group := range failed {
		groups = append(groups, m.group(group))
		some = append(some, group.Organizations...)
	}
	var below []widgets.Action
	if len(failed) > 1 {
		below = append(below, m.trying(words.Text("many.again_all", words.Facts{"Count": strconv.Itoa(len(some))}), some))
	}
	m.summary.show(state, summaryInWords(all), nil, groups, below...)
}

// hideSummary hides the summary until organizations are connected again.
func (m *many) hideSummary() {
	clear(m.ended)
	m.undone = nil
	m.summarize()
	m.find()
	m.focus()
}

// cutInWords says why not all are done, while some of these are selected; "" if all are.
func (m *many) cutInWords() string {
	switch {
	case !m.isCut():
		return ""
	case m.limit.Cause != "":
		return words.Seen(m.limit, m.w.work.now()) + " " + words.Text("many.cut_limit")
	}
	return words.Text("many.cut")
}

// group is about the organizations that are not connected for one cause.
func (m *many) group(group connector.NotConnected) runGroup {
	now := m.w.work.now()
	remedy := cmp.Or(words.Move(group.Why, words.InMany, now), words.Seen(group.Why, now))
	if group.OtherKey() {
		remedy = words.Text("many.other_key_remedy")
	}
	actions := []widgets.Action{m.trying(words.Text("run.again"), group.Organizations)}
	if n := len(group.Usable); n > 0 {
		actions = append(actions, widgets.Action{Label: words.Text("many.anyway", words.Facts{"Count": strconv.Itoa(n)}), Icon: theme.DocumentSaveIcon(),
			Do: func() { m.connectAnyway(group.Usable) }})
	}
	if a, ok := m.w.helpOutside(group.Why.Cause.Meaning().Help, group.Why, m.region); ok {
		actions = append(actions, a)
	}
	return runGroup{state: check.Failed, count: len(group.Organizations), why: withLists(m.whyNot(group.Why), group.Why.Cause, group.Checks),
		remedy: remedy, names: listSome(group.Organizations), actions: actions}
}

// trying is a button that tries some organizations once more.
func (m *many) trying(label string, some []check.Organization) widgets.Action {
	return widgets.Action{Label: label, Icon: theme.ViewRefreshIcon(), Do: func() { m.connectThese(some) }}
}
