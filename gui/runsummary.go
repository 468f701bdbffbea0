package gui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// runSummary says how a run over many organizations or connections has ended, and which did not work: grouped by the cause, with one remedy
// for each group. Only the first group is unfolded, so that there is room for the list.
type runSummary struct {
	w       *window
	status  *widgets.Status
	cut     *widget.Label   // why not all were done
	goOn    *fyne.Container // goes on with those
	done    *widgets.Button // hides it
	groups  *fyne.Container
	buttons []*widgets.Button // those below the status
	first   *widgets.Button   // of these, what unfolds the first group; nil if there is none
	box     *fyne.Container
}

// runGroup is what did not work for one cause.
type runGroup struct {
	state              check.State
	count              int
	why, remedy, names string
	actions            []widgets.Action
}

// newRunSummary makes a hidden summary. Hide is called for the user who does not want to see it any more.
func newRunSummary(w *window, hide func()) *runSummary {
	s := &runSummary{w: w, status: widgets.NewStatus(), cut: widgets.Wrapped("", widget.MediumImportance), goOn: widgets.NewFlow(),
		groups: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	s.done = widgets.NewButton(words.Text("run.hide"), theme.CancelIcon(), hide)
	s.done.Importance = widget.LowImportance
	s.box = container.NewVBox(container.NewBorder(nil, nil, nil, container.NewCenter(s.done), s.status.Box), s.cut, s.goOn, s.groups)
	s.box.Hide()
	return s
}

// show says how a run has ended. GoOn are buttons for what is left of it, and below those for all groups.
func (s *runSummary) show(state check.State, text string, goOn []widgets.Action, groups []runGroup, below ...widgets.Action) {
	focused := slices.IndexFunc(s.buttons, func(b *widgets.Button) bool { return s.w.win.Canvas().Focused() == b })
	s.hide()
	s.box.Show()
	s.status.Set(state, text)
	s.add(s.goOn, goOn)
	for i, group := range groups {
		s.groups.Add(s.group(group, i == 0))
	}
	if len(below) > 0 {
		row := widgets.NewFlow()
		s.add(row, below)
		s.groups.Add(row)
	}
	switch {
	case focused >= len(s.buttons):
		s.w.win.Canvas().Focus(s.done)
	case focused >= 0:
		s.w.win.Canvas().Focus(s.buttons[focused])
	}
}

// hide hides the summary.
func (s *runSummary) hide() {
	s.box.Hide()
	s.groups.RemoveAll()
	s.goOn.RemoveAll()
	s.buttons, s.first = nil, nil
}

// settle says why not all are done, and whether the buttons can be used.
func (s *runSummary) settle(cut string, canBeUsed bool) {
	setText(s.cut, cut)
	for _, b := range s.buttons {
		setEnabled(canBeUsed, b)
	}
}

// add puts buttons into a row.
func (s *runSummary) add(row *fyne.Container, actions []widgets.Action) {
	for _, a := range actions {
		b := widgets.NewButton(a.Label, a.Icon, a.Do)
		s.buttons = append(s.buttons, b)
		row.Add(b)
	}
	widgets.SetVisible(row, len(actions) > 0)
}

func (s *runSummary) group(group runGroup, open bool) fyne.CanvasObject {
	fold, row := foldedGroup(group)
	fold.SetOpen(open)
	if s.first == nil {
		s.first = fold.Head
	}
	s.buttons = append(s.buttons, fold.Head)
	s.add(row, group.actions)
	return fold.Box
}

// foldedGroup shows what did not work for one cause: how many, why, what to do, and some of the names. There is a row for its buttons.
func foldedGroup(group runGroup) (fold *widgets.Fold, row *fyne.Container) {
	row = widgets.NewFlow()
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-10), widgets.Wrapped(group.remedy, widget.MediumImportance), widgets.Small(group.names))
	fold = widgets.NewFold("", nil, container.NewVBox(lines, row))
	fold.SetTitle(widgets.StateIcon(group.state), strconv.Itoa(group.count), group.why)
	return fold, row
}

// withLists adds to why something does not work which lists may not be read, if that is the reason.
func withLists(why string, cause check.Cause, checks []check.ID) string {
	switch cause {
	case check.CauseDatasetRefused, check.CauseDatasetWithheld:
		lists := make([]string, len(checks))
		for i, id := range checks {
			lists[i] = words.CheckTitle(id)
		}
		return why + ": " + strings.Join(lists, ", ")
	}
	return why
}

// has reports whether one of its buttons has the focus.
func (s *runSummary) has(focused fyne.Focusable) bool {
	return focused == s.done || slices.ContainsFunc(s.buttons, func(b *widgets.Button) bool { return focused == b })
}
