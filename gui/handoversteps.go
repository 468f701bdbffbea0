package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// handOverSteps are the steps of a hand-over: to open ControlMap, to copy the key, and to copy the Organization ID.
type handOverSteps struct {
	w         *window
	opened    bool // ControlMap was opened
	keyCopied bool
	idCopied  bool

	numbers      [3]*stepNumber
	tenant       *widgets.Field
	hint         *widget.Label // what the address is for, or what is wrong with it
	open         *widgets.Button
	key          *secretRow
	organization *secretRow
	box          *fyne.Container
}

func newHandOverSteps(h *handOver) *handOverSteps {
	s := &handOverSteps{w: h.w, tenant: widgets.NewField(h.w.clipboard, words.Text("handover.tenant.placeholder")),
		hint: widgets.Small(""), open: widgets.NewButton(words.Text("handover.open"), theme.ComputerIcon(), h.openTenant),
		key: newSecretRow(h.w), organization: newSecretRow(h.w)}
	s.tenant.OnChanged = func(string) { h.settle() }
	s.tenant.OnSubmitted = func(string) { h.openTenant() }
	s.key.copied = func() { s.keyCopied = true; h.advance(s.key.copy) }
	s.organization.copied = func() { s.idCopied = true; h.advance(s.organization.copy) }
	address := container.New(layout.NewCustomPaddedVBoxLayout(-4), container.NewBorder(nil, nil, nil, s.open, s.tenant), s.hint)
	s.box = container.NewVBox(s.step(0, "handover.step.open", address), s.step(1, "details.key", s.key.box),
		s.step(2, "details.organization_id", s.organization.box))
	return s
}

// step lays out a step: its number, a title, and what belongs to the step.
func (s *handOverSteps) step(n int, title string, content fyne.CanvasObject) fyne.CanvasObject {
	s.numbers[n] = newStepNumber(n + 1)
	return container.New(layout.NewCustomPaddedVBoxLayout(-2),
		container.NewBorder(nil, nil, s.numbers[n].box, nil, widgets.Heading(words.Text(title), theme.SizeNameText)),
		container.New(layout.NewCustomPaddedLayout(0, 4, 26, 0), content))
}

// stepNumber is the number of a step, and a tick once the step is done.
type stepNumber struct {
	number *widget.Label
	tick   *widget.Icon
	box    *fyne.Container
}

func newStepNumber(n int) *stepNumber {
	m := &stepNumber{number: widget.NewLabelWithStyle(strconv.Itoa(n), fyne.TextAlignCenter, fyne.TextStyle{Bold: true}),
		tick: widget.NewIcon(widgets.StateIcon(check.Passed))}
	m.box = container.New(widgets.Width(24), container.NewStack(m.number, m.tick))
	return m
}

func (m *stepNumber) set(done bool) {
	widgets.SetVisible(m.number, !done)
	widgets.SetVisible(m.tick, done)
}

// turn has the rows read the key and the Organization ID of the connection.
func (s *handOverSteps) turn(c connector.Connection) { s.w.turnTo(c, s.key, s.organization) }

// address returns the address of ControlMap as it is typed now; "" if it is not one.
func (s *handOverSteps) address() string {
	address, _ := connector.ParseTenant(s.tenant.Text)
	return address
}

// sayAddress says what the address is for, or that it is not one.
func (s *handOverSteps) sayAddress() {
	text, importance := "handover.tenant.hint", widget.LowImportance
	if s.address() == "" && s.tenant.Text != "" {
		text, importance = "handover.tenant.wrong", widget.MediumImportance
	}
	s.hint.Importance = importance
	s.hint.SetText(words.Text(text))
}

// tick shows which steps are done.
func (s *handOverSteps) tick() {
	for n, done := range []bool{s.opened, s.keyCopied, s.idCopied} {
		s.numbers[n].set(done)
	}
}

// nextStep returns the button of the next step, nil if the key and the Organization ID are copied.
func (s *handOverSteps) nextStep() *widgets.Button {
	switch {
	case s.keyCopied && s.idCopied:
		return nil
	case s.keyCopied:
		return s.organization.copy
	case s.opened, s.open.Disabled():
		return s.key.copy
	}
	return s.open
}
