package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// manyFilter is which organizations are shown.
type manyFilter int

// The filters, in the order in which they can be chosen.
const (
	filterAll manyFilter = iota
	filterNotYet
	filterConnected
	filterFailed
)

// manyRows are the organizations to choose from.
type manyRows struct {
	every []check.Organization // sorted by name, as the language does
	shown []check.Organization // those that match the search and the filter
	only  manyFilter
	rowSelection
}

// setOrganizations takes over which organizations there are. No others stay selected.
func (r *manyRows) setOrganizations(all []check.Organization) {
	r.every = slices.Clone(all)
	former := r.ids
	r.rowSelection.clear()
	for _, o := range all {
		if former[o.ID] {
			r.set(true, o.ID)
		}
	}
	words.SortBy(r.every, func(o check.Organization) string { return o.Name }, func(o check.Organization) string { return o.ID })
}

// newManyRow makes a row: the name, a line of small text, and at the right whether it is connected.
func newManyRow() fyne.CanvasObject {
	state := widget.NewLabel("")
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-12), widgets.Ellipsis(""), widgets.Caption(""))
	return container.NewBorder(nil, nil, nil, container.NewCenter(state), lines)
}

func (m *many) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	one := m.shown[i]
	row := o.(*fyne.Container).Objects
	lines := row[0].(*fyne.Container).Objects
	state, about := row[1].(*fyne.Container).Objects[0].(*widget.Label), one.ID
	word, importance := "", widget.MediumImportance
	if ended := m.ended[one.ID]; m.connected[one.ID] {
		word, importance = words.Text("many.connected"), widget.SuccessImportance
	} else if ended.Err != nil {
		word, importance = "✕", widget.DangerImportance
		about = m.whyNot(ended.Why())
	}
	state.Importance = importance
	for label, text := range map[*widget.Label]string{lines[0].(*widget.Label): one.Name, lines[1].(*widget.Label): about, state: word} {
		if label.Text != text { // to draw a text takes long, and most rows do not change
			label.SetText(text)
		}
	}
}

// whyNot says in a few words why an organization is not connected.
func (m *many) whyNot(why check.Outcome) string {
	if why.Cause == "" {
		return words.Text("many.other_key")
	}
	return words.Title(why, m.w.work.now())
}

// find shows the organizations that match the search and the filter.
func (m *many) find() {
	match := widgets.Match(m.search.Text)
	m.shown = m.shown[:0:0]
	for _, o := range m.every {
		if m.passes(o.ID) && match(o.Name, o.ID) {
			m.shown = append(m.shown, o)
		}
	}
	widgets.SetVisible(m.nothing, len(m.shown) == 0 && len(m.every) > 0)
	m.list.Refresh()
	m.settle()
}

// passes reports whether the filter lets an organization through.
func (m *many) passes(id string) bool {
	switch m.only {
	case filterNotYet:
		return !m.connected[id]
	case filterConnected:
		return m.connected[id]
	case filterFailed:
		return !m.connected[id] && m.ended[id].Err != nil
	}
	return true
}

// mark implements [widgets.Several].
func (m *many) mark(i widget.ListItemID) widgets.Mark {
	switch id := m.shown[i].ID; {
	case m.one, m.connected[id]:
		return widgets.NoMark
	case m.ids[id]:
		return widgets.Marked
	}
	return widgets.Unmarked
}

// chosen is called for a row that a person clicks, or presses Enter on. While others are selected, it selects this one
// too, or no longer. Otherwise this one is connected, or shown if it is connected already.
func (m *many) chosen(i widget.ListItemID) {
	one := m.shown[i]
	switch {
	case m.busy():
	case len(m.ids) == 0 && m.connected[one.ID]:
		m.openConnection(one)
	case m.inForm && !m.connected[one.ID] && len(m.ids) == 0:
		m.w.tell(organizationChosen{m.keyID, one})
	case len(m.ids) == 0 && !m.connected[one.ID]:
		m.connectAlone(one)
	default:
		m.toggle(i)
	}
}

// selectable leaves only those that can be selected now.
func (m *many) selectable(some []check.Organization) (ids []string) {
	if m.one || m.busy() {
		return nil
	}
	for _, o := range some {
		if !m.connected[o.ID] {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// toggle implements [widgets.Several].
func (m *many) toggle(i widget.ListItemID) {
	for _, id := range m.selectable(m.shown[i : i+1]) {
		m.rowSelection.toggle(id)
	}
	m.changed()
}

// extend implements [widgets.Several].
func (m *many) extend(i widget.ListItemID) {
	if m.one || m.busy() {
		return
	}
	shown := make([]string, len(m.shown))
	for n, o := range m.shown {
		shown[n] = o.ID
	}
	m.rowSelection.extend(shown, m.shown[i].ID, func(id string) bool { return !m.connected[id] })
	m.changed()
}

// selectShown selects all that are shown.
func (m *many) selectShown() {
	m.choose(true, m.selectable(m.shown)...)
	m.changed()
}

// selectNone selects nothing.
func (m *many) selectNone() {
	if !m.busy() {
		m.rowSelection.clear()
		m.changed()
	}
}

// changed shows what is selected now.
func (m *many) changed() {
	m.list.Refresh()
	m.settle()
}

// selectedOnes returns the organizations that are selected, in the order of the list.
func (m *many) selectedOnes() (some []check.Organization) {
	for _, o := range m.every {
		if m.ids[o.ID] {
			some = append(some, o)
		}
	}
	return some
}

// mostListed is how many organizations a group of the summary names.
const mostListed = 6

// listSome names some organizations, and says how many others there are.
func listSome(all []check.Organization) string {
	names := make([]string, len(all))
	for i, o := range all {
		names[i] = o.Name
	}
	return words.Some(names, mostListed)
}
