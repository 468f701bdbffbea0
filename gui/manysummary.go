package gui

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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

// manySummary says how many organizations are connected, and which are not: grouped by the cause, with one remedy for each group. Only the
// first group is unfolded, so that there is room for the list.
type manySummary struct {
	m       *many
	status  *widgets.Status
	hide    *widgets.Button // hides the summary until organizations are connected again
	cut     *widget.Label   // why not all were done
	groups  *fyne.Container
	buttons []*widgets.Button // those in the groups
	box     *fyne.Container
}

func newManySummary(m *many) *manySummary {
	s := &manySummary{m: m, status: widgets.NewStatus(), cut: widgets.Wrapped("", widget.MediumImportance), groups: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	s.hide = widgets.NewButton(words.Text("many.hide"), theme.CancelIcon(), func() {
		clear(m.ended)
		m.undone = nil
		s.show()
		m.find()
		m.focus()
	})
	s.hide.Importance = widget.LowImportance
	s.box = container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(s.hide), s.status.Box), s.cut, s.groups)
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
	focused := slices.IndexFunc(s.buttons, func(b *widgets.Button) bool { return s.m.w.win.Canvas().Focused() == b })
	widgets.SetVisible(s.box, !s.m.connecting.running && (len(all) > 0 || s.m.isCut()))
	s.groups.RemoveAll()
	s.buttons = nil
	if !s.box.Visible() {
		return
	}
	state, failed := check.Passed, connector.GroupNotConnected(all)
	switch {
	case len(failed) > 0:
		state = check.Failed
	case s.m.isCut():
		state = check.Warning
	}
	s.status.Set(state, summaryInWords(all))
	var some []check.Organization
	for i, group := range failed {
		s.groups.Add(s.group(group, i == 0))
		some = append(some, group.Organizations...)
	}
	if len(failed) > 1 {
		s.groups.Add(widgets.NewFlow(s.again(words.Text("many.again_all", words.Facts{"Count": strconv.Itoa(len(some))}), some)))
	}
	if focused >= 0 && focused < len(s.buttons) {
		s.m.w.win.Canvas().Focus(s.buttons[focused])
	}
}

// settle says why not all are done, while some of these are selected, and whether the buttons can be used.
func (s *manySummary) settle(isRunning bool) {
	text := ""
	if s.m.isCut() {
		text = words.Text("many.cut")
		if s.m.limit.Cause != "" {
			text = words.Seen(s.m.limit, s.m.w.work.now()) + " " + words.Text("many.cut_limit")
		}
	}
	setText(s.cut, text)
	for _, b := range s.buttons {
		setEnabled(!isRunning, b)
	}
}

// group shows the organizations that are not connected for one cause.
func (s *manySummary) group(group connector.NotConnected, open bool) fyne.CanvasObject {
	now := s.m.w.work.now()
	remedy := cmp.Or(words.Move(group.Why, words.InMany, now), words.Seen(group.Why, now))
	if group.OtherKey() {
		remedy = words.Text("many.other_key_remedy")
	}
	fold, buttons := failedGroup(len(group.Organizations), s.why(group), remedy, listSome(group.Organizations))
	fold.SetOpen(open)
	s.buttons = append(s.buttons, fold.Head)
	buttons.Add(s.again(words.Text("many.again"), group.Organizations))
	if n := len(group.Usable); n > 0 {
		anyway := widgets.NewButton(words.Text("many.anyway", words.Facts{"Count": strconv.Itoa(n)}), theme.DocumentSaveIcon(), func() { s.m.connectAnyway(group.Usable) })
		s.buttons = append(s.buttons, anyway)
		buttons.Add(anyway)
	}
	if a, ok := s.m.w.helpOutside(group.Why.Cause.Meaning().Help, group.Why, s.m.region); ok {
		buttons.Add(widgets.NewButton(a.Label, a.Icon, a.Do))
	}
	return fold.Box
}

// failedGroup shows what did not work for one cause: how many, why, what to do, and some of the names. Buttons can be added.
func failedGroup(count int, why, remedy, names string) (fold *widgets.Fold, buttons *fyne.Container) {
	buttons = widgets.NewFlow()
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-10), widgets.Wrapped(remedy, widget.MediumImportance), widgets.Small(names))
	fold = widgets.NewFold("", nil, container.NewVBox(lines, buttons))
	fold.SetTitle(widgets.StateIcon(check.Failed), strconv.Itoa(count), why)
	return fold, buttons
}

// why says why the organizations of a group are not connected, and which list may not be read.
func (s *manySummary) why(group connector.NotConnected) string {
	why := s.m.whyNot(group.Why)
	switch group.Why.Cause {
	case check.CauseDatasetRefused, check.CauseDatasetWithheld:
		lists := make([]string, len(group.Checks))
		for i, id := range group.Checks {
			lists[i] = words.CheckTitle(id)
		}
		return why + ": " + strings.Join(lists, ", ")
	}
	return why
}

// again is a button that tries some organizations once more.
func (s *manySummary) again(label string, some []check.Organization) *widgets.Button {
	b := widgets.NewButton(label, theme.ViewRefreshIcon(), func() { s.m.connectThese(some) })
	s.buttons = append(s.buttons, b)
	return b
}

// first returns what unfolds the first cause; nil if there is none. The button behind it tries again: it gets no focus by itself, for a press
// may be meant for Cancel.
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
