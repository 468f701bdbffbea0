package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
)

// status says in one sentence where things stand.
type status struct {
	icon  *widget.Icon
	label *widget.Label
	box   *fyne.Container
}

func newStatus() *status {
	s := &status{icon: widget.NewIcon(nil), label: wrapped("", widget.MediumImportance)}
	s.label.TextStyle.Bold = true
	s.box = container.NewBorder(nil, nil, s.icon, nil, s.label)
	return s
}

func (s *status) set(state check.State, message string) {
	s.icon.SetResource(stateIcon(state))
	s.label.SetText(message)
}
