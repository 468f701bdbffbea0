package gui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
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
	filterBroken
	filterFailed
)

// manyRows are the organizations to choose from.
type manyRows struct {
	every []check.Organization // sorted by name, as the language does
	more  bool                 // there may be others, which are not known
	alike map[string]int       // how many have each name
	shown []check.Organization // those that match the search and the filter
	only  manyFilter
	rowSelection
}

// setOrganizations takes over which organizations there are. No others stay selected.
func (r *manyRows) setOrganizations(all []check.Organization) {
	r.every = slices.Clone(all)
	former := r.ids
	r.alike = make(map[string]int, len(all))
	for _, o := range all {
		r.alike[o.Name]++
	}
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
	return container.NewBorder(nil, nil, nil, container.NewCenter(state), newTwoLines())
}

func (m *many) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	one := m.shown[i]
	row := o.(*fyne.Container).Objects
	state, about := row[1].(*fyne.Container).Objects[0].(*widget.Label), one.ID
	word, importance := "", widget.MediumImportance
	switch ended := m.ended[one.ID]; {
	case m.broken[one.ID]:
		word, importance = words.Text("many.broken"), widget.DangerImportance
	case m.connected[one.ID]:
		word, importance = words.Text("many.connected"), widget.SuccessImportance
	case ended.Err != nil:
		word, importance = "✕", widget.DangerImportance
		about = m.whyNot(ended.Why())
	case m.others[one.ID]:
		about = words.Text("many.other_key")
	}
	if m.alike[one.Name] > 1 && about != one.ID {
		about = one.ID + " · " + about
	}
	state.Importance = importance
	setTwoLines(row[0].(*fyne.Container), one.Name, about)
	setNew(state, word)
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
		return !m.connected[id] && !m.others[id]
	case filterConnected:
		return m.connected[id] || m.others[id]
	case filterBroken:
		return m.broken[id]
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

// chosen is called for a row that a person presses Enter on, or that has no mark and is clicked. Enter selects the row. On one that is
// selected it connects what is selected, and it opens one that is connected.
func (m *many) chosen(i widget.ListItemID) {
	switch one := m.shown[i]; {
	case m.one && !m.busy() && !m.connected[one.ID]:
		m.w.tell(organizationChosen{m.keyID, one})
	case m.one:
	case m.connected[one.ID]:
		if c, ok := m.connectionOf(one.ID); ok {
			m.w.tell(opened{Connection: c})
		}
	case m.ids[one.ID]:
		m.connectSelected()
	default:
		m.toggle(i)
	}
}

// connectionOf returns the connection of an organization, if the list of connections has it.
func (m *many) connectionOf(id string) (connector.Connection, bool) {
	i := slices.IndexFunc(m.w.connections.all, func(c connector.Connection) bool { return m.isOf(c) && strings.EqualFold(c.Organization.ID, id) })
	if i < 0 {
		return connector.Connection{}, false
	}
	return m.w.connections.all[i], true
}

// selectable leaves only those that can be selected with others now. Where another key is kept, a click selects.
func (m *many) selectable(some []check.Organization) (ids []string) {
	if m.one || m.busy() {
		return nil
	}
	for _, o := range some {
		if m.isNew(o.ID) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// isNew reports whether no key is kept for an organization.
func (m *many) isNew(id string) bool { return !m.connected[id] && !m.others[id] }

// toggle implements [widgets.Several].
func (m *many) toggle(i widget.ListItemID) {
	if id := m.shown[i].ID; !m.one && !m.busy() && !m.connected[id] {
		m.rowSelection.toggle(id)
	}
	m.changed()
}

// extend implements [widgets.Several].
func (m *many) extend(from, to widget.ListItemID) {
	if m.one || m.busy() {
		return
	}
	shown := make([]string, len(m.shown))
	for n, o := range m.shown {
		shown[n] = o.ID
	}
	m.rowSelection.extend(shown, shown[from], shown[to], m.isNew)
	m.changed()
}

// selectShown selects all that are shown.
func (m *many) selectShown() {
	m.set(true, m.selectable(m.shown)...)
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

// listSome names some organizations, with the ID where two have one name, and says how many others there are.
func listSome(all []check.Organization) string {
	names, alike := make([]string, len(all)), make(map[string]int)
	for _, o := range all {
		alike[o.Name]++
	}
	for i, o := range all {
		names[i] = o.Name
		if alike[o.Name] > 1 {
			names[i] += " (" + o.ID + ")"
		}
	}
	return words.Some(names, mostListed)
}
