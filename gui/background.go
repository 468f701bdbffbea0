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

// trayWait is how long a start in the background waits for the tray, which may start after the programs do when the user logs in.
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

// trayIs takes over whether there is a tray. One that comes back may have forgotten the icon.
func (b *backgroundMode) trayIs(here bool) {
	b.known, b.here = true, here
	if here && b.relabel != nil {
		b.u.work.watch(b.u.opts.Tray.Renew)
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

// checkAll checks all connections, unless that runs already.
func (b *backgroundMode) checkAll() {
	if b.u.list.checkAllNow() != nil {
		b.u.list.startCheck(true)
	}
}

// chosen is called when the user has chosen what closing the window does.
func (b *backgroundMode) chosen() { b.look(); b.settle() }

// keeps reports whether closing the window keeps the program going now.
func (b *backgroundMode) keeps() bool { return b.wanted() && b.here && b.relabel != nil }

// close hides the window in the tray. The first time ever it says so, and the user may choose otherwise. It asks where something that was
// typed would be lost.
func (b *backgroundMode) close() {
	hide := func() { b.u.askIf(b.u.typedAtClose(), b.hide) }
	if b.u.app.Preferences().String(closingTold) != "" {
		hide()
		return
	}
	b.u.settings.keep(b.u.work, closingTold, "yes", func() {})
	keep := widgets.NewButton(words.Text("background.told.keep"), nil, hide)
	off := widgets.NewButton(words.Text("background.told.off"), nil, func() {
		b.u.settings.keep(b.u.work, closingSetting, "", func() { b.u.tell(settingKept{}) })
		b.u.quit()
	})
	b.u.open(words.Text("background.told.title"), b.u.paragraph(words.Text("background.told.text")), keep, off)
}

// hide takes the window out of sight. Its secrets are hidden and forgotten, as when it closes.
func (b *backgroundMode) hide() {
	b.isHidden = true
	b.u.win.Hide()
	b.u.conceal.All()
	b.u.clipboard.forget()
	b.u.hear(windowHidden{})
}

// open shows the window again, and brings it to the front.
func (b *backgroundMode) open() {
	if b.isHidden {
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

// openWithoutTray opens the window, minimized, if the program was started in the background and the desktop has no tray.
func (b *backgroundMode) openWithoutTray() {
	if b.isHidden && b.relabel == nil {
		b.open()
		desktop.Minimize(b.u.win)
	}
}
