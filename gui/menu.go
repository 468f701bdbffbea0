package gui

import (
	"cmp"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"controlmap-jumpcloud/gui/words"
)

// command is an item of the menu, and what it does.
type command struct {
	item *fyne.MenuItem
	name string        // the item's words
	keys string        // its shortcut in words; "" for none
	now  func() func() // returns what the item does now; nil if nothing

	usual string        // the key of its words
	other func() string // returns the key of its words now, "" for the usual ones; nil if it has no others
}

// mainMenu holds every action of the window, with its shortcut.
type mainMenu struct {
	u        *UI
	commands []*command
	menu     *fyne.MainMenu
	up, down bool // the window can be scrolled up, or down; as of the last settle
	settles  bool // it will be settled soon, see scrolled
}

func newMainMenu(u *UI) *mainMenu {
	m := &mainMenu{u: u}
	m.menu = fyne.NewMainMenu(m.connection(), m.checks(), m.view(), m.help())
	return m
}

// always returns what [mainMenu.add] needs for an item that can be used at any time.
func always(do func()) func() func() { return func() func() { return do } }

// onScreen returns what [mainMenu.add] needs for an item that the shown screen may offer. Which takes it from what the screen offers.
func (m *mainMenu) onScreen(which func(actions) func()) func() func() {
	return func() func() { return which(m.u.current.actions()) }
}

func (m *mainMenu) connection() *fyne.Menu {
	u := m.u
	menu := fyne.NewMenu(words.Text("menu.connection"),
		m.add("menu.new", fyne.KeyN, always(func() { u.tell(newWanted{}) })),
		m.add("menu.copy_key", fyne.KeyK, m.onScreen(func(a actions) func() { return a.copyKey })),
		m.add("menu.copy_id", fyne.KeyI, m.onScreen(func(a actions) func() { return a.copyID })),
		m.add("menu.rename", "", m.onScreen(func(a actions) func() { return a.rename })),
		m.add("menu.replace", "", m.onScreen(func(a actions) func() { return a.replace })),
		m.add("many.more", "", m.onScreen(func(a actions) func() { return a.more })),
		m.add("menu.remove", "", m.onScreen(func(a actions) func() { return a.remove })),
		m.add("menu.export", "", u.exportNow),
		m.add("menu.wipe", "", func() func() {
			if u.writer.wiping {
				return nil
			}
			return u.writer.wipe
		}))
	quit := m.add("Quit", fyne.KeyQ, always(u.quit))
	quit.IsQuit = true
	menu.Items = append(menu.Items, fyne.NewMenuItemSeparator(), quit)
	return menu
}

func (m *mainMenu) checks() *fyne.Menu {
	menu := fyne.NewMenu(words.Text("menu.checks"),
		m.renamed(func() string { return m.u.current.actions().checkWords }, "menu.check", fyne.KeyReturn, m.onScreen(func(a actions) func() { return a.check })),
		m.add("menu.again", fyne.KeyG, m.onScreen(func(a actions) func() { return a.repeat })),
		m.renamed(m.u.cancelWords, "menu.cancel", fyne.KeyPeriod, m.u.cancelNow),
		m.add("menu.check_all", fyne.KeyL, m.u.list.checkAllNow))
	if m.u.opts.demo() {
		menu.Items = append(menu.Items, m.add("menu.sample", fyne.KeyD, always(func() { m.u.tell(sampleWanted{}) })))
	}
	return menu
}

func (m *mainMenu) view() *fyne.Menu {
	u := m.u
	menu := fyne.NewMenu(words.Text("menu.view"),
		m.add("menu.reveal", fyne.KeyR, m.onScreen(func(a actions) func() { return a.reveal })),
		m.add("menu.search", fyne.KeyF, u.searchNow),
		m.item("menu.up", fyne.KeyPageUp, func() func() { return u.scrollNow(-1) }),
		m.item("menu.down", fyne.KeyPageDown, func() func() { return u.scrollNow(1) }),
		fyne.NewMenuItemSeparator(),
		m.choice("menu.language", languageSetting, languageIDs(), languageName, func(id string) { u.tell(languageWanted{id}) }),
		m.choice("settings.theme", themeSetting, themeValues, themeName, u.chooseTheme),
		m.choice("home.sort", orderSetting, orderSettings(), orderName, func(setting string) { u.list.sortBy(orderOf(setting)) }))
	for i, s := range screenList {
		if s.menu != "" {
			menu.Items = append(menu.Items, m.add(s.menu, s.key, func() func() {
				if h, ok := u.screens[i].(home); u.current == u.screens[i] || ok && !h.isHome() {
					return nil
				}
				return func() { u.visit(u.screens[i]) }
			}))
		}
	}
	return menu
}

func (m *mainMenu) help() *fyne.Menu {
	return fyne.NewMenu(words.Text("menu.help"),
		m.add("menu.keyboard", "", always(m.showKeys)),
		m.add("menu.console", fyne.KeyO, always(m.u.openConsoleShown)),
		m.add("menu.support", "", m.onScreen(func(a actions) func() { return a.support })),
		m.add("menu.about", "", always(m.u.about)))
}

// add makes an item that does nothing while a dialog or a menu is in front: its shortcut would open another dialog over that.
func (m *mainMenu) add(label string, key fyne.KeyName, now func() func()) *fyne.MenuItem {
	item := m.item(label, key, now)
	do := item.Action
	item.Action = func() {
		if m.u.win.Canvas().Overlays().Top() == nil {
			do()
		}
	}
	return item
}

// renamed does the same for an item that has other words on some screens.
func (m *mainMenu) renamed(other func() string, label string, key fyne.KeyName, now func() func()) *fyne.MenuItem {
	item := m.add(label, key, now)
	m.commands[len(m.commands)-1].other = other
	return item
}

// item makes an item, with Ctrl and a key as its shortcut, "" for none. A shortcut reaches the item also while it is disabled (Fyne 2.8.1,
// triggerMenuShortcut).
func (m *mainMenu) item(label string, key fyne.KeyName, now func() func()) *fyne.MenuItem {
	c := &command{name: words.Text(label), now: now, usual: label}
	c.item = fyne.NewMenuItem(c.name, func() {
		if do := now(); do != nil {
			do()
		}
	})
	if key != "" {
		c.setShortcut(key)
	}
	m.commands = append(m.commands, c)
	return c.item
}

// choice makes an item with the values of a setting by their names, and a mark at the chosen one.
func (m *mainMenu) choice(label, setting string, values []string, name func(string) string, choose func(string)) *fyne.MenuItem {
	menu := fyne.NewMenu("")
	for _, value := range values {
		item := fyne.NewMenuItem(name(value), func() { choose(value) })
		item.Checked = value == m.u.settings.value(setting, values)
		menu.Items = append(menu.Items, item)
	}
	item := fyne.NewMenuItem(words.Text(label), nil)
	item.ChildMenu = menu
	return item
}

// settle disables the items that do nothing now. It draws the menu only if that changes something.
func (m *mainMenu) settle() {
	m.up, m.down = m.u.scrollNow(-1) != nil, m.u.scrollNow(1) != nil
	changed := m.u.win.MainMenu() != m.menu
	for _, c := range m.commands {
		if nothing := c.now() == nil; c.item.Disabled != nothing {
			c.item.Disabled, changed = nothing, true
		}
		if c.other != nil && c.rename(words.Text(cmp.Or(c.other(), c.usual))) {
			changed = true
		}
	}
	if changed && !m.u.background.unmade { // Fyne would keep each of them until it makes the window
		m.u.win.SetMainMenu(m.menu)
	}
}

// scrolled settles the menu soon, if what can be scrolled has changed. It cannot do so at once: the window may be being laid out, and drawing
// the menu lays it out anew.
func (m *mainMenu) scrolled() {
	up, down := m.u.scrollNow(-1) != nil, m.u.scrollNow(1) != nil
	if m.settles || up == m.up && down == m.down {
		return
	}
	m.settles = true
	m.u.work.do(func() {
		m.settles = false
		if m.u.menu == m && m.u.current != nil {
			m.settle()
		}
	})
}

// rename gives the item other words, and reports whether these are new.
func (c *command) rename(name string) (isNew bool) {
	if name == c.name {
		return false
	}
	c.item.Label = name + strings.TrimPrefix(c.item.Label, c.name) // what follows are its keys
	c.name = name
	return true
}

// shortcut is a shortcut's name. A window finds the menu item by it.
type shortcut string

// ShortcutName implements [fyne.Shortcut].
func (s shortcut) ShortcutName() string { return string(s) }

// setShortcut gives the item a shortcut, and names the keys in its label. Where Fyne draws the menu it would draw the keys itself, but
// so faint that they cannot be read: with a fifth of the text's opacity (Fyne 2.8.1, shortcutColor).
func (c *command) setShortcut(key fyne.KeyName) {
	keys := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	name := string(key)
	switch key {
	case fyne.KeyReturn:
		name = words.Text("key.enter")
	case fyne.KeyPageUp:
		name = words.Text("key.page_up")
	case fyne.KeyPageDown:
		name = words.Text("key.page_down")
	}
	if runtime.GOOS == "darwin" { // the menu is the system's
		c.item.Shortcut, c.keys = keys, "Cmd+"+name
		return
	}
	c.keys = words.Text("key.ctrl") + "+" + name
	c.item.Shortcut = shortcut(keys.ShortcutName())
	c.item.Label += " (" + c.keys + ")"
}
