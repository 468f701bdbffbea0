package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
)

// Status is one sentence with an icon.
type Status struct {
	icon  *widget.Icon
	label *widget.Label
	Box   *fyne.Container
}

// NewStatus makes an empty status.
func NewStatus() *Status {
	s := &Status{icon: widget.NewIcon(nil), label: Wrapped("", widget.MediumImportance)}
	s.label.TextStyle.Bold = true
	s.Box = container.NewBorder(nil, nil, s.icon, nil, s.label)
	return s
}

// Set shows a message, with the icon of a state.
func (s *Status) Set(state check.State, message string) {
	s.icon.SetResource(StateIcon(state))
	s.label.SetText(message)
}

// StateIcon returns the icon of a state. Each state has its own shape, so that nobody has to tell them apart by colour.
func StateIcon(s check.State) fyne.Resource {
	switch s {
	case check.Passed:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case check.Warning:
		return theme.NewWarningThemedResource(theme.WarningIcon())
	case check.Failed:
		return theme.NewErrorThemedResource(theme.ErrorIcon())
	case check.Skipped:
		return theme.NewDisabledResource(theme.ContentRemoveIcon())
	}
	return theme.NewDisabledResource(theme.RadioButtonIcon())
}

// HealthIcon returns the icon of a health. Each has its own shape, too.
func HealthIcon(h check.Health) fyne.Resource {
	switch h {
	case check.HealthBroken:
		return StateIcon(check.Failed)
	case check.HealthAttention:
		return StateIcon(check.Warning)
	case check.HealthEndsSoon:
		return theme.NewWarningThemedResource(theme.HistoryIcon())
	case check.HealthWorks:
		return StateIcon(check.Passed)
	}
	return StateIcon(check.Skipped)
}

// Importance returns the look of the word for a state.
func Importance(s check.State) widget.Importance {
	switch s {
	case check.Passed:
		return widget.SuccessImportance
	case check.Warning:
		return widget.WarningImportance
	case check.Failed:
		return widget.DangerImportance
	case check.Running:
		return widget.HighImportance
	}
	return widget.LowImportance
}
