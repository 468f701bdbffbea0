package gui

import (
	"context"
	"errors"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/desktop/autostart"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// backgroundCard is the part of the settings about what the program does without its window. Another setting about that is one more row.
type backgroundCard struct {
	w       *window
	login   *widgets.Choice
	failure *widget.Label // why the system does not start the program at login, or may not
	closing *widgets.Choice
	noTray  *widget.Label // why closing always ends the program, or what becomes of the icon
	asking  task          // asks the system, or tells it
	rows    *fyne.Container
}

// newBackgroundCard makes the card; nil where nothing of it can be set.
func (s *settingsScreen) newBackgroundCard() *backgroundCard {
	c := &backgroundCard{w: s.w, asking: task{work: s.w.work, begin: s.w.work.start}, rows: container.NewVBox()}
	if s.w.opts.AtLogin != nil {
		c.login, c.failure = widgets.NewChoice(onOff(), 0, s.done, c.chooseLogin), widgets.Wrapped("", widget.MediumImportance)
		c.rows.Add(labelled("background.login", c.login))
		c.rows.Add(c.failure)
		c.showLogin(false, nil)
		c.login.Disable()
	}
	if s.w.opts.Tray != nil {
		c.closing = s.choose(closingSetting, closingValues, closingName, s.w.background.chosen)
		c.noTray = widgets.Wrapped("", widget.MediumImportance)
		c.rows.Add(labelled("background.closing", c.closing))
		c.rows.Add(c.noTray)
		c.showTray()
	}
	return c
}

// content is what the settings show; nil for nothing.
func (c *backgroundCard) content() fyne.CanvasObject {
	if len(c.rows.Objects) == 0 {
		return nil
	}
	return widgets.Card(container.NewVBox(widgets.Heading(words.Text("background.title"), theme.SizeNameSubHeadingText), c.rows))
}

// onOff are the words of a setting that is off or on.
func onOff() []string { return []string{words.Text("background.off"), words.Text("background.on")} }

func closingName(value string) string {
	if value == closingKeeps {
		return onOff()[1]
	}
	return onOff()[0]
}

// entered asks the system anew: the user may have changed its settings meanwhile.
func (c *backgroundCard) entered() {
	c.w.background.look()
	if c.login == nil || c.asking.running {
		return
	}
	c.asking.start(func(context.Context, func(func())) func() {
		on, err := c.w.opts.AtLogin.Enabled()
		return func() { c.showLogin(on, err) }
	})
}

// chooseLogin has the system start the program at login, or not. What is then shown is what the system says.
func (c *backgroundCard) chooseLogin(i int) {
	change := c.w.opts.AtLogin.Disable
	if i == 1 {
		change = c.w.opts.AtLogin.Enable
	}
	c.login.Disable() // one after the other
	c.asking.start(func(context.Context, func(func())) func() {
		err := change()
		on, unread := c.w.opts.AtLogin.Enabled()
		if err == nil {
			err = unread
		}
		return func() { c.showLogin(on, err) }
	})
}

// showLogin shows whether the system starts the program at login, and what went wrong.
func (c *backgroundCard) showLogin(on bool, err error) {
	i := 0
	if on {
		i = 1
	}
	c.login.Selected = onOff()[i] // without choosing it
	c.login.Enable()
	c.login.Refresh()
	text := loginFailure(err)
	if on && text == "" && runtime.GOOS == "darwin" { // which does not tell whether the user has switched it off there
		text = words.Text("background.login.macos")
	}
	setText(c.failure, text)
}

// loginFailure says why the system does not start the program at login; "" if nothing is wrong.
func loginFailure(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, autostart.ErrTemporary):
		return words.Text("background.login.temporary")
	case errors.Is(err, autostart.ErrPath):
		return words.Text("background.login.path")
	}
	return words.Text("background.login.failed", words.Facts{"Why": printable.Line(err.Error())})
}

// showTray shows whether closing the window can keep the program going.
func (c *backgroundCard) showTray() {
	if c.closing == nil {
		return
	}
	b := c.w.background
	none := b.known && !b.here
	setEnabled(b.here, c.closing)
	switch {
	case none:
		setText(c.noTray, words.Text("background.closing.none"))
	case b.relabel != nil && !b.wanted():
		setText(c.noTray, words.Text("background.closing.icon"))
	default:
		setText(c.noTray, "")
	}
}
