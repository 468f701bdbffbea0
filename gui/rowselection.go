package gui

import "slices"

// rowSelection is which rows of a list are selected, as in a list of files. It knows them by their ids, so that it outlives a search.
type rowSelection struct {
	ids    map[string]bool
	anchor string   // the row that a range begins at: the last one that was toggled; "" for none
	ranged []string // what the last range has added
}

// toggle selects a row, or no longer. The next range begins there.
func (s *rowSelection) toggle(id string) {
	s.set(!s.ids[id], id)
	s.anchor = id
}

// extend selects the rows from the one that was last toggled to this one, as they are shown, in place of the last such range. If that one is
// not shown, or there is none, the range begins at from. It leaves out those that may not be selected.
func (s *rowSelection) extend(shown []string, from, to string, may func(id string) bool) {
	begin, end := slices.Index(shown, s.anchor), slices.Index(shown, to)
	if end < 0 {
		return
	}
	if begin < 0 {
		s.anchor, s.ranged = from, nil
		begin = max(0, slices.Index(shown, from))
	}
	s.put(false, s.ranged)
	s.ranged = nil
	for _, id := range shown[min(begin, end) : max(begin, end)+1] {
		if !s.ids[id] && may(id) {
			s.ranged = append(s.ranged, id)
		}
	}
	s.put(true, s.ranged)
}

// set selects rows, or no longer. If that changes something, the next range begins anew.
func (s *rowSelection) set(selected bool, ids ...string) {
	if s.put(selected, ids) {
		s.anchor, s.ranged = "", nil
	}
}

// put selects rows, or no longer, and reports whether that changes something.
func (s *rowSelection) put(selected bool, ids []string) (changes bool) {
	if s.ids == nil {
		s.ids = make(map[string]bool)
	}
	for _, id := range ids {
		changes = changes || s.ids[id] != selected
		if selected {
			s.ids[id] = true
		} else {
			delete(s.ids, id)
		}
	}
	return changes
}

// clear selects nothing.
func (s *rowSelection) clear() { *s = rowSelection{} }
