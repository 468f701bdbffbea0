package gui

import (
	"context"
	"time"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/desktop/tray"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// trayWait is how long a hidden window waits for the tray, which may start after the programs do when the user logs in, or anew.
const trayWait = 30 * time.Second

// backgroundMode keeps the program going without its window, with an icon in the desktop's tray. It belongs to the window's thread.
type backgroundMode struct {
	u        *UI
	looking  bool                  // the desktop is asked whether it has a tray
	known    bool                  // it has answered
	here     bool                  // there is a tray
	relabel  func(labels []string) // gives the icon's menu other words; nil until there is the icon
	isHidden bool                  // the window is out of sight
	unmade   bool                  // the window was never shown: Fyne makes it then, and cannot close it before
}

// begin is called at the start, before anything is shown. It reports whether the window stays hidden.
func (b *backgroundMode) begin() (isHidden bool) {
	if login := b.u.opts.AtLogin; login != nil {
		b.u.work.watch(func(context.Context) { _ = login.Repair() }) // the settings say what is wrong, if it stays so
	}
	b.isHidden = b.u.opts.Hidden && b.u.opts.Tray != nil
	if b.isHidden {
		b.unmade = !desktop.MakeHidden(b.u.win)
		b.u.work.after(trayWait, b.openWithoutTray)
	}
	if b.isHidden || b.wanted() {
		b.look()
	}
	return b.isHidden
}

// wanted reports whether the user wants closing the window to keep the program going.
func (b *backgroundMode) wanted() bool {
	return b.u.settings.value(closingSetting, closingValues) == closingKeeps
}

// look asks the desktop for its tray from now on.
func (b *backgroundMode) look() {
	if b.looking || b.u.opts.Tray == nil {
		return
	}
	b.looking = true
	b.u.work.watch(func(ctx context.Context) {
		b.u.opts.Tray.Watch(ctx, func(here bool) { b.u.work.do(func() { b.trayIs(here) }) })
	})
}

// trayIs takes over whether there is a tray. A panel that has started anew does not know the icon. Without a panel, nothing but a second start
// would open a hidden window.
func (b *backgroundMode) trayIs(here bool) {
	b.known, b.here = true, here
	switch {
	case here && b.relabel != nil:
		b.u.work.watch(b.u.opts.Tray.Renew)
	case !here && b.isHidden:
		b.u.work.after(trayWait, b.openWithoutTray)
	}
	b.settle()
	b.u.tell(trayChanged{})
}

// settle shows the icon where it is needed. It stays until the program ends, see [tray.System].
func (b *backgroundMode) settle() {
	if !b.here || b.relabel != nil || !b.isHidden && !b.wanted() {
		return
	}
	beside := func(f func()) func() { return func() { b.u.work.do(f) } }
	does := []func(){b.open, b.checkAll, b.u.quit}
	icon := tray.Icon{Name: b.u.app.Metadata().Name, Picture: assets.Tray, Open: beside(b.open)}
	for i, label := range b.labels() {
		icon.Items = append(icon.Items, tray.Item{Label: label, Do: beside(does[i])})
	}
	b.relabel = b.u.opts.Tray.Show(icon)
	desktop.OnQuit(b.u.quit)
}

// labels are the words of the icon's menu.
func (b *backgroundMode) labels() []string {
	return []string{words.Text("background.open"), words.Text("list.check_all"), words.Text("Quit")}
}

// speak puts the icon's menu into the language in use.
func (b *backgroundMode) speak() {
	if b.relabel != nil {
		labels, relabel := b.labels(), b.relabel
		b.u.work.watch(func(context.Context) { relabel(labels) })
	}
}

// checkAll checks all connections, unless that runs already. Where nobody sees the window, those that could not be read are read first, and a
// notification tells how it has ended.
func (b *backgroundMode) checkAll() {
	if b.isHidden && b.u.loader.unread && !b.u.loader.reading.running {
		b.u.loader.load()
	}
	b.u.checks.start(true)
}

// chosen is called when the user has chosen what closing the window does.
func (b *backgroundMode) chosen() { b.look(); b.settle() }

// keeps reports whether closing the window keeps the program going now. Where the program was started to watch, and nothing is chosen, it
// does so too until the user was asked.
func (b *backgroundMode) keeps() bool {
	return b.here && b.relabel != nil && (b.wanted() || b.u.opts.Hidden && !b.isTold())
}

// isTold reports whether the user was told that closing the window keeps the program going, and could choose.
func (b *backgroundMode) isTold() bool { return b.u.app.Preferences().String(closingTold) != "" }

// close hides the window in the tray. The first time ever it says so, and the user chooses whether that stays so.
func (b *backgroundMode) close() {
	if b.isTold() {
		b.askToHide()
		return
	}
	choose := func(value string, then func()) func() {
		return func() {
			b.u.settings.keep(b.u.work, closingTold, "yes", func() {})
			b.u.settings.keep(b.u.work, closingSetting, value, func() { b.u.tell(settingKept{}) })
			then()
		}
	}
	keep := widgets.NewButton(words.Text("background.told.keep"), nil, choose(closingKeeps, b.askToHide))
	off := widgets.NewButton(words.Text("background.told.off"), nil, choose("", b.u.quit))
	b.u.asks(b.u.open(words.Text("background.told.title"), b.u.paragraph(words.Text("background.told.text")), keep, off))
}

// askToHide hides the window. It asks first where something that was typed would be lost. What is being connected goes on.
func (b *backgroundMode) askToHide() {
	b.u.askIf(b.u.typedAtClose(stillConnecting), b.hide)
}

// hide takes the window out of sight. Its secrets are hidden and forgotten, as when it closes.
func (b *backgroundMode) hide() {
	b.isHidden = true
	b.u.win.Hide()
	b.u.conceal.All()
	b.u.clipboard.forget()
	b.u.hear(windowHidden{})
}

// open shows the window again with what is kept now, and brings it to the front.
func (b *backgroundMode) open() {
	if b.isHidden {
		if b.u.loader.loaded && !b.u.loader.reading.running {
			b.u.loader.load()
		}
		b.isHidden = false
		b.u.win.Show()
		if b.unmade {
			b.unmade = false
			b.u.menu.settle()
			b.u.win.Content().Refresh() // has the window look at its size and scale
		}
		if b.u.win.Canvas().Overlays().Top() == nil {
			b.u.current.entered()
		}
	}
	desktop.Raise(b.u.win)
}

// openWithoutTray opens the window, minimized, if it is hidden and the desktop has no tray.
func (b *backgroundMode) openWithoutTray() {
	if b.isHidden && !b.here {
		b.open()
		desktop.Minimize(b.u.win)
	}
}
