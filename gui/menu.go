package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
)

// menu holds every action of the window, with its shortcut.
func (u *UI) menu() *fyne.MainMenu {
	item := func(key string, letter fyne.KeyName, do func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(text(key), do)
		if letter != "" {
			m.Shortcut = &desktop.CustomShortcut{KeyName: letter, Modifier: fyne.KeyModifierShortcutDefault}
		}
		return m
	}
	connection := fyne.NewMenu(text("menu.connection"),
		item("menu.new", fyne.KeyN, u.newConnection),
		item("menu.check", fyne.KeyReturn, u.checkShown),
		item("menu.cancel", "", u.cancelShown),
		item("menu.check_all", fyne.KeyL, u.list.toggleCheckAll))
	if u.opts.demo() {
		connection.Items = append(connection.Items, fyne.NewMenuItemSeparator(), item("menu.sample", fyne.KeyD, u.useSample))
	}
	return fyne.NewMainMenu(connection,
		fyne.NewMenu(text("menu.view"),
			item("menu.reveal", fyne.KeyR, u.flipShown),
			item("menu.search", fyne.KeyF, func() { u.win.Canvas().Focus(u.list.search) })),
		fyne.NewMenu(text("menu.help"),
			item("menu.console", fyne.KeyO, func() { u.openConsole(u.region()) }),
			item("menu.about", "", u.about)))
}

// formShown reports whether the form is on the screen, rather than a kept connection.
func (u *UI) formShown() bool { return len(u.center.Objects) == 1 && u.center.Objects[0] == u.form.box }

// region is that of what is on the screen.
func (u *UI) region() string {
	if u.formShown() {
		return u.form.region.id()
	}
	return u.details().c.Region
}

func (u *UI) newConnection() {
	u.form.reset()
	u.showForm()
}

func (u *UI) replaceKey(c connector.Connection) {
	u.form.replace(c)
	u.showForm()
}

func (u *UI) checkShown() {
	if u.formShown() {
		u.form.start()
	} else {
		u.details().start()
	}
}

func (u *UI) cancelShown() {
	u.form.stop()
	u.details().cancel()
}

func (u *UI) flipShown() {
	if u.formShown() {
		u.form.key.flip()
	} else {
		u.details().key.flip()
	}
}

func (u *UI) useSample() {
	if !u.formShown() {
		u.newConnection()
	}
	u.form.key.SetText(u.opts.Samples[0].Key)
}

func (u *UI) about() {
	meta := fyne.CurrentApp().Metadata()
	dialog.ShowInformation(text("about.title"), text("about.text", facts{"Name": meta.Name, "Version": meta.Version}), u.win)
}

// consoleAction offers the Admin Portal where the remedy is to be done there.
func (u *UI) consoleAction(o connector.Outcome) (action, bool) {
	if !o.Cause.InConsole() {
		return action{}, false
	}
	return action{text("guide.console"), theme.ComputerIcon(), func() { u.openConsole(u.region()) }}, true
}
