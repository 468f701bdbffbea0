package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// manySummary says how many organizations are connected, and which are not: grouped by the cause, with one remedy for each group.
type manySummary struct {
	m       *many
	status  *widgets.Status
	cut     *widget.Label // what was not done is still selected
	groups  *fyne.Container
	buttons []*widgets.Button // those that go on
	box     *fyne.Container
}

func newManySummary(m *many) *manySummary {
	s := &manySummary{m: m, status: widgets.NewStatus(), cut: widgets.Wrapped(words.Text("many.cut"), widget.MediumImportance), groups: container.NewVBox()}
	s.box = container.NewVBox(s.status.Box, s.cut, s.groups)
	return s
}

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

// show shows how connecting has ended, unless it goes on.
func (s *manySummary) show() {
	all := s.m.outcomes()
	widgets.SetVisible(s.box, !s.m.connecting.running && (len(all) > 0 || s.m.cut))
	s.groups.RemoveAll()
	s.buttons = nil
	if !s.box.Visible() {
		return
	}
	state, failed := check.Passed, connector.GroupNotConnected(all)
	if len(failed) > 0 {
		state = check.Failed
	}
	s.status.Set(state, summaryInWords(all))
	var some []check.Organization
	for _, group := range failed {
		s.groups.Add(s.group(group))
		some = append(some, group.Organizations...)
	}
	if len(failed) > 1 {
		s.groups.Add(widgets.NewFlow(s.again(words.Text("many.again_all", words.Facts{"Count": strconv.Itoa(len(some))}), some)))
	}
}

// group shows the organizations that are not connected for one cause.
func (s *manySummary) group(group connector.NotConnected) fyne.CanvasObject {
	now := s.m.w.work.now()
	remedy := words.Move(group.Why, words.InMany, now)
	if group.OtherKey() {
		remedy = words.Text("many.other_key_remedy")
	}
	buttons := []fyne.CanvasObject{s.again(words.Text("many.again"), group.Organizations)}
	if n := len(group.Usable); n > 0 {
		b := widgets.NewButton(words.Text("many.anyway", words.Facts{"Count": strconv.Itoa(n)}), theme.DocumentSaveIcon(), func() { s.m.connectAnyway(group.Usable) })
		s.buttons = append(s.buttons, b)
		buttons = append(buttons, b)
	}
	if a, ok := s.m.w.helpOutside(group.Why.Cause.Meaning().Help, group.Why, s.m.region); ok {
		buttons = append(buttons, widgets.NewButton(a.Label, a.Icon, a.Do))
	}
	return failedGroup(len(group.Organizations), s.m.whyNot(group.Why), remedy, listSome(group.Organizations), buttons...)
}

// failedGroup shows what did not work for one cause: how many, why, what to do, and some of the names.
func failedGroup(count int, why, remedy, names string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	title := widgets.Wrapped(words.Text("many.group", words.Facts{"Count": strconv.Itoa(count), "Why": why}), widget.MediumImportance)
	title.TextStyle.Bold = true
	icon := container.NewVBox(container.New(layout.NewCustomPaddedLayout(theme.InnerPadding(), 0, 0, 0), widget.NewIcon(widgets.StateIcon(check.Failed))))
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-10), title, widgets.Wrapped(remedy, widget.MediumImportance), widgets.Small(names))
	return container.NewBorder(nil, nil, icon, nil, container.NewVBox(lines, widgets.NewFlow(buttons...)))
}

// again is a button that tries some organizations once more.
func (s *manySummary) again(label string, some []check.Organization) *widgets.Button {
	b := widgets.NewButton(label, theme.ViewRefreshIcon(), func() { s.m.connectThese(some) })
	s.buttons = append(s.buttons, b)
	return b
}

// first returns the first button; nil if there is none.
func (s *manySummary) first() fyne.Focusable {
	if s.box.Visible() && len(s.buttons) > 0 {
		return s.buttons[0]
	}
	return nil
}

// has reports whether a button has the focus.
func (s *manySummary) has(focused fyne.Focusable) bool {
	for _, b := range s.buttons {
		if focused == b {
			return true
		}
	}
	return false
}
