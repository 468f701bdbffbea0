package gui

import (
	"slices"

	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/words"
)

// regionSelect lets a person choose a region, or have it found.
type regionSelect struct {
	widget.Select
	own []string // the regions that the program was started for
	ids []string // the regions that are offered; "" for finding the right one
}

func newRegionSelect(ids []string, onChange func()) *regionSelect {
	s := &regionSelect{own: ids}
	s.ExtendBaseWidget(s)
	s.setID("")
	s.OnChanged = func(string) { onChange() }
	return s
}

// id returns the id of the chosen region; "" for finding it.
func (s *regionSelect) id() string { return s.ids[max(0, s.SelectedIndex())] }

// setID chooses a region. A connection that was made with another address has a region that is not offered. That region is offered until
// another one is set, since the connection must not be looked for elsewhere.
func (s *regionSelect) setID(id string) {
	s.offer(s.own)
	if !slices.Contains(s.ids, id) {
		s.offer(append(slices.Clone(s.own), id))
	}
	s.SetSelectedIndex(slices.Index(s.ids, id))
}

// offer sets the options: find the region, then these regions.
func (s *regionSelect) offer(ids []string) {
	s.ids, s.Options = []string{""}, []string{words.Text("region.detect")}
	for _, id := range ids {
		s.ids, s.Options = append(s.ids, id), append(s.Options, words.Region(id))
	}
}
