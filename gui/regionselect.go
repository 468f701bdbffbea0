package gui

import (
	"slices"

	"fyne.io/fyne/v2/widget"
)

// regionSelect chooses a region, or to find it.
type regionSelect struct {
	widget.Select
	ids     []string
	onFocus func()
}

func newRegionSelect(ids []string, onFocus, onChange func()) *regionSelect {
	s := &regionSelect{ids: append([]string{""}, ids...), onFocus: onFocus}
	s.ExtendBaseWidget(s)
	s.Options = []string{text("region.detect")}
	for _, id := range ids {
		s.Options = append(s.Options, regionName(id))
	}
	s.SetSelectedIndex(0)
	s.OnChanged = func(string) { onChange() }
	return s
}

// FocusGained implements [fyne.Focusable].
func (s *regionSelect) FocusGained() {
	s.Select.FocusGained()
	s.onFocus()
}

// id is the chosen region's, empty for finding it.
func (s *regionSelect) id() string { return s.ids[max(0, s.SelectedIndex())] }

// setID chooses a region. One that is not offered, as of a connection that was made with another address, is offered then:
// its connections must not be looked for elsewhere.
func (s *regionSelect) setID(id string) {
	if !slices.Contains(s.ids, id) {
		s.ids, s.Options = append(s.ids, id), append(s.Options, regionName(id))
	}
	s.SetSelectedIndex(slices.Index(s.ids, id))
}
