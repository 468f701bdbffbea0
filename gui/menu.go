package gui

import (
	"cmp"
	"context"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// menu holds every action of the window, with its shortcut.
func (u *UI) menu() *fyne.MainMenu {
	item := func(key string, letter fyne.KeyName, do func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(words.Text(key), do)
		if letter != "" {
			withShortcut(m, letter)
		}
		return m
	}
	connection := fyne.NewMenu(words.Text("menu.connection"),
		item("menu.new", fyne.KeyN, u.newConnection),
		item("menu.check", fyne.KeyReturn, u.checkShown),
		item("menu.again", fyne.KeyG, u.againShown),
		item("menu.cancel", fyne.KeyPeriod, u.cancelShown),
		item("menu.check_all", fyne.KeyL, u.list.toggleCheckAll))
	connection.Items = append(connection.Items, fyne.NewMenuItemSeparator(), item("menu.wipe", "", u.wipe))
	if u.opts.demo() {
		connection.Items = append(connection.Items, fyne.NewMenuItemSeparator(), item("menu.sample", fyne.KeyD, u.useSample))
	}
	u.support = item("menu.support", "", u.supportShown)
	u.support.Disabled = u.nothingToCopy()
	return fyne.NewMainMenu(connection,
		fyne.NewMenu(words.Text("menu.view"),
			item("menu.reveal", fyne.KeyR, u.flipShown),
			item("menu.search", fyne.KeyF, func() { u.win.Canvas().Focus(u.list.search) }),
			item("menu.up", fyne.KeyPageUp, func() { u.scroll(-1) }),
			item("menu.down", fyne.KeyPageDown, func() { u.scroll(1) }),
			fyne.NewMenuItemSeparator(), u.languageMenu()),
		fyne.NewMenu(words.Text("menu.help"),
			item("menu.console", fyne.KeyO, func() { u.openConsole(u.region()) }),
			u.support,
			item("menu.about", "", u.about)))
}

// shortcut is one by its name, which is all that a window needs to find the menu item by.
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

// formShown reports whether the form is on the screen, rather than a kept connection.
func (u *UI) formShown() bool { return len(u.center.Objects) == 1 && u.center.Objects[0] == u.form.box }

// region is the region of what is on the screen, empty where none is known.
func (u *UI) region() string {
	if u.formShown() {
		return u.form.regionShown()
	}
	return u.details().c.Region
}

// newConnection shows the form. It is emptied only if it is on the screen already, or is about another connection: what was
// typed there must not be lost by a look at something else.
func (u *UI) newConnection() {
	switch {
	case u.form.saving: // it goes on
	case u.formShown(), u.form.replacing():
		u.discarding(u.form.reset)
		return
	}
	u.showForm()
}

// replaceKey shows the form for a new key of a connection.
func (u *UI) replaceKey(c connector.Connection) {
	if u.under[c.ID] {
		return
	}
	if u.form.saving || u.form.replaces.ID == c.ID {
		u.showForm()
		return
	}
	u.discarding(func() { u.form.replace(c) })
}

// discarding fills the form anew and shows it, but asks first where a key is entered that is kept nowhere yet.
func (u *UI) discarding(fill func()) {
	then := func() { fill(); u.showForm() }
	if !u.form.holdsKey() {
		then()
		return
	}
	u.ask("discard", nil, then)
}

// wipe removes everything, if the user is sure.
func (u *UI) wipe() {
	if !u.wiping {
		u.ask("wipe", nil, u.removeEverything)
	}
}

func (u *UI) removeEverything() {
	if u.wiping {
		return
	}
	u.wiping = true
	u.banner.hide(ownerWipe)
	u.form.reset()
	u.showForm()
	u.removing++
	u.work.startOnKeychain(func(ctx context.Context) {
		err := u.c.RemoveEverything(ctx)
		u.work.do(func() {
			u.removing--
			u.wiping = false
			if err != nil {
				u.trouble(ownerWipe, err, u.wipe, nil) // and asks again: there may be more by then
				u.load()                               // a part may be gone
				return
			}
			u.list.clear()
			u.load() // something may have been saved since
			u.inform("wiped", nil)
		})
	})
}

// moved takes over that a connection of the session was saved: its own, or in the place of another one.
func (u *UI) moved(from, saved connector.Connection) {
	u.inSession = false
	if u.form.replaces.ID == from.ID {
		u.form.replaces = saved
		u.form.titled()
	}
	shown := u.list.current == from.ID
	u.list.drop(from.ID)
	u.list.put(saved)
	if shown {
		u.list.open(saved.ID)
	}
}

// removed takes over that a connection is gone.
func (u *UI) removed(id string) {
	if u.form.replaces.ID == id {
		u.form.forget()
	}
	if u.list.current == id {
		u.showForm()
	}
	u.list.drop(id)
}

func (u *UI) checkShown() {
	if u.formShown() {
		u.form.start()
	} else {
		u.details().start()
	}
}

func (u *UI) againShown() {
	if u.formShown() {
		u.form.again()
	} else {
		u.details().start()
	}
}

func (u *UI) cancelShown() {
	u.form.stop()
	if u.kept != nil {
		u.kept.cancel()
	}
}

func (u *UI) supportShown() {
	if u.formShown() {
		u.copyForSupport(u.reportShown(), u.form.tell)
	} else {
		u.copyForSupport(u.reportShown(), u.details().tell)
	}
}

// reportShown is the report on what is on the screen: none where that is being checked, or has been edited since.
func (u *UI) reportShown() check.Report {
	if u.formShown() {
		return u.form.report
	}
	return u.details().report()
}

// nothingToCopy reports whether there is no report on what is on the screen, or no screen yet.
func (u *UI) nothingToCopy() bool {
	return u.center == nil || len(u.center.Objects) == 0 || len(u.reportShown().Results) == 0
}

// offerSupport has the menu offer a copy for support only where there is something to copy.
func (u *UI) offerSupport() {
	if u.win.MainMenu() == nil {
		return // the window is being made
	}
	if nothing := u.nothingToCopy(); u.support.Disabled != nothing {
		u.support.Disabled = nothing
		u.win.MainMenu().Refresh()
	}
}

// scroll moves the screen by most of its height.
func (u *UI) scroll(direction float32) {
	s := u.form.box
	if !u.formShown() {
		s = u.details().box
	}
	y := s.Offset.Y + direction*0.8*s.Size().Height
	s.ScrollToOffset(fyne.NewPos(0, max(0, min(y, s.Content.Size().Height-s.Size().Height))))
}

func (u *UI) flipShown() {
	if u.formShown() {
		u.form.key.flip()
	} else {
		u.details().key.flip()
	}
}

func (u *UI) useSample() {
	if u.form.saving {
		return
	}
	if !u.formShown() {
		u.newConnection()
	}
	u.form.samples.SetSelectedIndex(0)
}

// helpOutside returns the button that opens a page where the remedy is to be done. The Admin Portal is that of the region which
// the outcome is about.
func (u *UI) helpOutside(o check.Outcome) (action, bool) {
	switch o.Cause.Meaning().Help {
	case check.HelpConsole:
		open := func() { u.openConsole(cmp.Or(o.Facts["Region"], u.region())) }
		return action{words.Text("help.console"), theme.ComputerIcon(), open}, true
	case check.HelpStatus:
		return action{words.Text("help.status"), theme.InfoIcon(), func() { u.openPage(check.StatusPage) }}, true
	}
	return action{}, false
}

// copyForSupport copies what support needs to know of a report, which holds nothing secret or personal.
func (u *UI) copyForSupport(r check.Report, told func(string)) {
	meta := fyne.CurrentApp().Metadata()
	u.clipboard.putText(r.ForSupport(meta.Name+" "+meta.Version), func() { told(words.Text("support.copied")) })
}
