package gui

import (
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// The steps from nothing to a connection that ControlMap uses.
const (
	stepKey = iota
	stepCheck
	stepHandOver
)

// newSteps shows these steps, at the first one.
func newSteps() *widgets.Stepper {
	return widgets.NewStepper(words.Text("steps.key"), words.Text("steps.check"), words.Text("steps.handover"))
}

// stepAt returns the step that comes next after a check, and after one that found that the connection works.
func stepAt(isChecked, works bool) int {
	switch {
	case works:
		return stepHandOver
	case isChecked:
		return stepCheck
	}
	return stepKey
}
