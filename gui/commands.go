package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// cancelNow returns what cancels what runs on the screen. If nothing does, it cancels what runs on the others; nil if nothing runs there.
func (u *UI) cancelNow() func() {
	if cancel := u.current.actions().cancel; cancel != nil {
		return cancel
	}
	var all []func()
	for _, s := range u.screens {
		if cancel := s.actions().cancel; cancel != nil {
			all = append(all, cancel)
		}
	}
	if all == nil {
		return nil
	}
	return func() {
		for _, cancel := range all {
			cancel()
		}
	}
}

// cancelWords returns the key of the words for what cancelNow cancels; "" for the usual ones.
func (u *UI) cancelWords() string {
	if a := u.current.actions(); a.cancel != nil {
		return a.cancelWords
	}
	for _, s := range u.screens {
		if a := s.actions(); a.cancel != nil && a.cancelWords != "" {
			return a.cancelWords
		}
	}
	return ""
}

// searchNow returns what moves the focus to the search in the list; nil if there is nothing to find.
func (u *UI) searchNow() func() {
	if len(u.connections.all) == 0 {
		return nil
	}
	return func() {
		u.columns.Open(widgets.ListSide)
		u.list.focus()
	}
}

// openConsoleShown opens the Admin Portal of the region that the screen is about.
func (u *UI) openConsoleShown() {
	region := ""
	if of := u.current.actions().region; of != nil {
		region = of()
	}
	u.openConsole(region)
}

// scrollNow returns what moves the screen, or what scrolls in a dialog, by most of its height; nil if it is at its end.
func (u *UI) scrollNow(direction float32) func() {
	s := u.current.content()
	if u.inDialog != nil {
		s = u.inDialog
	}
	y := max(0, min(s.Offset.Y+direction*0.8*s.Size().Height, s.Content.Size().Height-s.Size().Height))
	if direction*(y-s.Offset.Y) < 1 { // a part of a pixel, by rounding
		return nil
	}
	return func() { s.ScrollToOffset(fyne.NewPos(0, y)) }
}

// chooseTheme keeps the choice of a theme, and shows the window in it.
func (u *UI) chooseTheme(value string) {
	u.settings.keep(u.work, themeSetting, value, func() {
		u.settings.applyTheme()
		u.tell(settingKept{})
	})
}

// showKeys lists the keys that work everywhere, and the shortcuts of the menu.
func (m *mainMenu) showKeys() {
	rows := container.New(layout.NewFormLayout())
	add := func(keys, what string) {
		rows.Add(widget.NewLabelWithStyle(keys, fyne.TextAlignLeading, fyne.TextStyle{Bold: true}))
		rows.Add(widgets.Wrapped(what, widget.MediumImportance))
	}
	add("Tab", words.Text("keyboard.tab"))
	add(words.Text("key.enter")+", "+words.Text("key.space"), words.Text("keyboard.enter"))
	add(words.Text("key.arrows"), words.Text("keyboard.arrows"))
	add("Esc", words.Text("keyboard.escape"))
	add("Alt", words.Text("keyboard.alt"))
	for _, c := range m.commands {
		if c.keys != "" {
			add(c.keys, c.name)
		}
	}
	m.u.open(words.Text("menu.keyboard"), container.New(widgets.Width(m.u.dialogWidth(420)), rows), widgets.NewButton(words.Text("OK"), nil, func() {}))
}
