package gui

import "slices"

// rowSelection is which rows of a list are selected, as in a list of files. It knows them by their ids, so that it outlives a search.
type rowSelection struct {
	ids    map[string]bool
	anchor string   // the row that a range begins at: the last one that was toggled
	ranged []string // what the last range has added
}

// toggle selects a row, or no longer.
func (s *rowSelection) toggle(id string) {
	s.set(!s.ids[id], id)
	s.anchor, s.ranged = id, nil
}

// extend selects the rows from the one that was last toggled to this one, as they are shown, in place of the last such range. It leaves out
// those that may not be selected.
func (s *rowSelection) extend(shown []string, to string, may func(id string) bool) {
	from, end := slices.Index(shown, s.anchor), slices.Index(shown, to)
	if end < 0 {
		return
	}
	if from < 0 {
		from, s.anchor, s.ranged = end, to, nil
	}
	s.set(false, s.ranged...)
	s.ranged = nil
	for _, id := range shown[min(from, end) : max(from, end)+1] {
		if !s.ids[id] && may(id) {
			s.ranged = append(s.ranged, id)
		}
	}
	s.set(true, s.ranged...)
}

// choose selects rows, or no longer, and ends the range: a click with Shift takes nothing of it back.
func (s *rowSelection) choose(selected bool, ids ...string) {
	s.set(selected, ids...)
	s.anchor, s.ranged = "", nil
}

// set selects rows, or no longer.
func (s *rowSelection) set(selected bool, ids ...string) {
	if s.ids == nil {
		s.ids = make(map[string]bool)
	}
	for _, id := range ids {
		if selected {
			s.ids[id] = true
		} else {
			delete(s.ids, id)
		}
	}
}

// clear selects nothing.
func (s *rowSelection) clear() { *s = rowSelection{} }
