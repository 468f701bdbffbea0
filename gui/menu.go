package gui

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"controlmap-jumpcloud/gui/words"
)

// menu holds every action of the window, with its shortcut.
func (u *UI) menu() *fyne.MainMenu {
	// of returns a function that does what the shown screen does for an item.
	of := func(which func(actions) func()) func() {
		return func() {
			if do := which(u.current.actions()); do != nil {
				do()
			}
		}
	}
	connection := fyne.NewMenu(words.Text("menu.connection"),
		menuItem("menu.new", fyne.KeyN, func() { u.tell(newWanted{}) }),
		menuItem("menu.check", fyne.KeyReturn, of(func(a actions) func() { return a.check })),
		menuItem("menu.again", fyne.KeyG, of(func(a actions) func() { return a.repeat })),
		menuItem("menu.cancel", fyne.KeyPeriod, u.cancel),
		menuItem("menu.check_all", fyne.KeyL, u.list.toggleCheckAll),
		fyne.NewMenuItemSeparator(), menuItem("menu.wipe", "", u.writer.wipe))
	if u.opts.demo() {
		connection.Items = append(connection.Items, fyne.NewMenuItemSeparator(),
			menuItem("menu.sample", fyne.KeyD, func() { u.tell(sampleWanted{}) }))
	}
	view := fyne.NewMenu(words.Text("menu.view"),
		menuItem("menu.reveal", fyne.KeyR, of(func(a actions) func() { return a.reveal })),
		menuItem("menu.search", fyne.KeyF, u.openList),
		menuItem("menu.up", fyne.KeyPageUp, func() { u.scroll(-1) }),
		menuItem("menu.down", fyne.KeyPageDown, func() { u.scroll(1) }),
		fyne.NewMenuItemSeparator(), languageMenu(u.window))
	for i, s := range screenList {
		if s.menu != "" {
			view.Items = append(view.Items, menuItem(s.menu, s.key, func() { u.show(u.screens[i]) }))
		}
	}
	u.support = menuItem("menu.support", "", u.copyForSupportShown)
	u.support.Disabled = true // see offerSupport
	return fyne.NewMainMenu(connection, view,
		fyne.NewMenu(words.Text("menu.help"),
			menuItem("menu.console", fyne.KeyO, u.openConsoleShown),
			u.support,
			menuItem("menu.about", "", u.about)))
}

// menuItem makes an item of the menu, with Ctrl and a key as its shortcut, "" for none.
func menuItem(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(words.Text(label), do)
	if key != "" {
		withShortcut(m, key)
	}
	return m
}

// shortcut is a shortcut's name. A window finds the menu item by it.
type shortcut string

// ShortcutName implements [fyne.Shortcut].
func (s shortcut) ShortcutName() string { return string(s) }

// withShortcut gives a menu item a shortcut, and names the keys in its label. Where Fyne draws the menu it would draw the keys
// itself, but so faint that they cannot be read: with a fifth of the text's opacity (Fyne 2.8.1, shortcutColor).
func withShortcut(m *fyne.MenuItem, key fyne.KeyName) {
	keys := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	if runtime.GOOS == "darwin" { // the menu is the system's
		m.Shortcut = keys
		return
	}
	name := string(key)
	switch key {
	case fyne.KeyReturn:
		name = words.Text("key.enter")
	case fyne.KeyPageUp:
		name = words.Text("key.page_up")
	case fyne.KeyPageDown:
		name = words.Text("key.page_down")
	}
	m.Shortcut = shortcut(keys.ShortcutName())
	m.Label += " (" + words.Text("key.ctrl") + "+" + name + ")"
}

// cancel cancels the checks of every screen, shown or not.
func (u *UI) cancel() {
	for _, s := range u.screens {
		if cancel := s.actions().cancel; cancel != nil {
			cancel()
		}
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

// copyForSupportShown copies the report on the screen for support.
func (u *UI) copyForSupportShown() {
	if a := u.current.actions(); a.report != nil {
		u.copyForSupport(a.report(), a.note)
	}
}

// scroll moves the screen by most of its height.
func (u *UI) scroll(direction float32) {
	s := u.current.content()
	y := s.Offset.Y + direction*0.8*s.Size().Height
	s.ScrollToOffset(fyne.NewPos(0, max(0, min(y, s.Content.Size().Height-s.Size().Height))))
}
