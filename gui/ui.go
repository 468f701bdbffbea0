// Package gui is every screen of the app. It talks to a [connector.Connector] and to nothing else: it makes no
// request and touches no keychain itself, and its thread never waits for either.
package gui

import (
	"slices"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// UI is the main window: it shows one screen at a time, between the list of connections and the guide. It knows no particular screen.
type UI struct {
	*window
	screens       []screen        // in the order of screenList
	current       screen          // the one that is shown
	trail         []screen        // leads to the current one; Back shows the last
	center        *fyne.Container // holds the screen
	size          *sameSize
	menu          *mainMenu
	reminders     *reminders
	hideNote      func()            // hides the note that is shown, if there is one
	question      fyne.CanvasObject // the dialog that asked last before the window closes; nil if none did
	hideQuestion  func()
	languageWaits bool   // a language was chosen, and is shown when nothing is under way
	exit          func() // ends the program, see Run
	release       func() // lets another start be the first, see Run
}

// Prepare loads the theme, and the texts in the chosen language, into the app. It is called once, before the first window.
func Prepare(app fyne.App) error {
	newSettings(app).applyTheme()
	return speak(app.Preferences().String(languageSetting))
}

// newUI makes the main window. Show opens it.
func newUI(app fyne.App, c *connector.Connector, opts Options, work *worker) *UI {
	w := &window{app: app, c: c, opts: opts, work: work, minute: work.now(), settings: newSettings(app), browse: app.OpenURL}
	w.settings.applyScale()
	w.win = app.NewWindow(app.Metadata().Name)
	w.conceal = widgets.NewConcealer(work.after, w.settings.hideAfter)
	u := &UI{window: w}
	w.show, w.tell = u.showScreen, u.hear
	w.escape = u.onEscape
	w.background = &backgroundMode{u: u}
	w.shows = func(s screen) bool { return u.current == s }
	w.clipboard = newClipboard(work, w.settings.clipboardAfter, w.clipboardFailed)
	w.connections, w.loader, w.writer = &connections{w: w, hidden: make(map[string]bool)}, newLoader(w), newWriter(w)
	w.watcher, u.reminders = newWatcher(w), newReminders(w)
	w.listing = &listing{now: work.now, next: w.watcher.next}
	w.listing.order, w.listing.down = w.settings.order()
	w.checks = newCheckRun(w)
	w.watcher.others = func() bool { return w.checks.running }
	u.size = &sameSize{UI: u, inner: layout.NewStackLayout(), size: startSize(app.Preferences()), workArea: workArea}
	u.make()
	u.win.Resize(startSize(app.Preferences()))
	u.win.SetOnClosed(u.closed)
	u.win.SetCloseIntercept(u.askToClose)
	u.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if len(files) == 1 {
			u.tell(dropped{files[0]})
		}
	})
	app.Lifecycle().SetOnExitedForeground(u.conceal.Left)
	app.Lifecycle().SetOnEnteredForeground(u.conceal.Back)
	c.OnKeychainWaiting(func(waiting bool) { work.do(func() { u.banner.Wait(waiting) }) })
	u.showScreen(u.screens[0])
	return u
}

// make makes everything in the window, in the language in use.
func (u *UI) make() {
	if u.opts.demo() {
		u.win.SetTitle(fyne.CurrentApp().Metadata().Name + " – " + words.Text("app.demo"))
	}
	u.screens, u.current, u.trail = nil, nil, nil
	u.toast, u.hideNote = widgets.NewToast(u.work.after), func() {}
	u.banner = widgets.NewBanner(owners, words.Text("keychain.waiting"), words.Text("form.cancel"), u.work.cancelOnKeychain, u.bannerShown)
	u.guide = newGuide(u.openConsoleShown, u.settings.facts)
	u.list = newConnectionList(u.window)
	for _, s := range screenList {
		u.screens = append(u.screens, s.make(u.window))
	}
	u.center, u.beside = container.NewStack(), container.NewStack()
	u.list.moveTo(u.beside)
	top := u.banner.Box
	if u.opts.demo() {
		top = container.NewVBox(widgets.Notice(theme.InfoIcon(), words.Text("demo.invented")), top)
	}
	middle := widgets.Upright(top, u.center, nil)
	u.columns = widgets.NewColumns(u.beside, middle, u.guide.box, widgets.ColumnsWords{List: words.Text("list.title"),
		Guide: words.Text("guide.open"), CloseGuide: words.Text("guide.close")}, u.drawerToggled)
	u.guide.open = func() { u.columns.Open(widgets.GuideSide) }
	u.win.SetPadded(false) // the columns have an edge of their own
	u.win.SetContent(container.New(u.size, u.columns.Box, u.toast.Box))
	u.win.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			u.onEscape()
		}
	})
	u.menu = newMainMenu(u)
}

// remake makes everything in the window anew, in another language. What is typed, chosen and found out stays, and so does the focus if
// a field has it. Nothing starts by itself but what waited for a pause in the typing.
func (u *UI) remake() {
	field, caret := u.typedInto()
	guide, former, shown, trail := u.guide, u.screens, slices.Index(u.screens, u.current), u.trail
	u.conceal.All()
	u.win.Canvas().Unfocus() // else a field of the former language would go on drawing its caret
	u.make()
	u.guide.carryOver(guide)
	u.guide.fill()
	u.columns.Complete()
	u.hear(firstFrameShown{})
	for i, s := range u.screens {
		if c, ok := s.(carrier); ok {
			c.carryOver(former[i])
		}
		if l, ok := former[i].(listener); ok {
			l.hear(windowClosed{}) // the former screen holds secrets, too
		}
	}
	u.connections.replace(u.connections.all, "") // each language has its order
	u.background.speak()
	u.showScreen(u.screens[shown])
	u.trail = nil
	for _, s := range trail {
		u.trail = append(u.trail, u.screens[slices.Index(former, s)])
	}
	u.typeOn(field, caret)
	if u.loader.unread {
		u.loader.load()
	}
}

// fields returns the fields that the user can see: those of the screen, and the search in the list.
func (u *UI) fields() (all []*widgets.Field) {
	if t, ok := u.current.(typist); ok {
		all = t.fields()
	}
	if u.list.place.Visible() {
		all = append(all, u.list.search)
	}
	return all
}

// typedInto returns which of the fields has the focus, -1 for none, and where its caret is.
func (u *UI) typedInto() (field, caret int) {
	focused := u.win.Canvas().Focused()
	for i, f := range u.fields() {
		if focused == f {
			return i, f.CursorColumn
		}
	}
	return -1, 0
}

// typeOn gives the focus to one of the fields, with the caret where typedInto found it.
func (u *UI) typeOn(field, caret int) {
	if all := u.fields(); field >= 0 && field < len(all) {
		all[field].CursorColumn = min(caret, utf8.RuneCountInString(all[field].Text))
		u.win.Canvas().Focus(all[field])
	}
}

// firstFrame is how long the window gets to appear on the screen before more is drawn.
const firstFrame = 200 * time.Millisecond

// Show opens the window, or starts without it, see [Options]. The first frame is the screen alone, to type into. The icon, the list of
// checks, and what is beside the screen take as long to draw again. They follow with the stored connections.
func (u *UI) Show() {
	if !u.background.begin() {
		u.win.Show()
	}
	u.current.entered()
	u.work.after(firstFrame, u.complete)
}

// ToFront brings the window before all others, also out of the tray. It may be called from any goroutine.
func (u *UI) ToFront() { u.work.do(u.background.open) }

// complete shows what the first frame leaves out, and reads the keychain beside it.
func (u *UI) complete() {
	u.win.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	u.hear(firstFrameShown{})
	u.guide.fill()
	u.columns.Complete()
	u.loader.load()
	u.lookForCrashes()
	if u.opts.Unkept {
		u.sayUnkept()
	}
	u.tellMinutes()
}

// tellMinutes tells each minute that it has passed.
func (u *UI) tellMinutes() {
	u.work.after(time.Minute, func() {
		u.minute = u.work.now()
		u.hear(minutePassed{})
		u.tellMinutes()
	})
}

// showScreen shows a screen in place of the current one.
func (u *UI) showScreen(s screen) {
	u.conceal.All()
	if u.current != nil && u.current != s {
		u.current.left()
		if u.before() == s {
			u.trail = u.trail[:max(0, len(u.trail)-1)] // the user is back there
		} else {
			u.comeFrom(u.current, s)
		}
		if !u.list.hasFocus() || !u.columns.ListBeside() {
			u.win.Canvas().Unfocus() // else the keyboard would work on the former screen if this one gives the focus to nothing
		}
	}
	u.current = s
	u.columns.Open(widgets.NoSide)
	u.center.Objects = []fyne.CanvasObject{s.content()}
	u.center.Refresh()
	u.guide.show(s.topic())
	s.entered()
	u.menu.settle()
}

// visit shows a screen from which Back leads to the current one, wherever the user has been before.
func (u *UI) visit(s screen) {
	from := u.current
	u.showScreen(s)
	u.comeFrom(from, s)
}

// comeFrom has Back lead from one screen to another.
func (u *UI) comeFrom(from, to screen) {
	u.trail = append(slices.DeleteFunc(u.trail, func(s screen) bool { return s == from || s == to }), from)
}

// before returns the screen from which the current one was reached.
func (u *UI) before() screen {
	if n := len(u.trail); n > 0 {
		return u.trail[n-1]
	}
	return u.screens[0]
}

// drawerToggled moves the focus when a drawer has opened or closed: into the list if that opened, and into the screen if the drawer that
// closed had the focus.
func (u *UI) drawerToggled() {
	switch {
	case u.columns.Covered() && u.list.place.Visible():
		u.list.focus()
	case !u.columns.Covered() && u.win.Canvas().Focused() == nil:
		u.current.entered()
	}
}

// closeDrawer closes the open drawer, and moves the focus to its button.
func (u *UI) closeDrawer() {
	if button := u.columns.Close(); button != nil {
		u.win.Canvas().Focus(button)
	}
}

// onEscape is called for Esc where it does nothing else: it closes the open drawer, or else shows the home, unless the user is in the middle of
// something on the screen.
func (u *UI) onEscape() {
	if button := u.columns.Close(); button != nil {
		u.win.Canvas().Focus(button)
		return
	}
	k, keeps := u.current.(keeper)
	if u.hasHome() && !u.current.busy() && !(keeps && k.atClose() != noQuestion) {
		u.showHome()
	}
}

// showHome shows the home, or the first screen where there is none.
func (u *UI) showHome() {
	for _, s := range u.screens {
		if h, ok := s.(home); ok && h.isHome() {
			u.showScreen(s)
			return
		}
	}
	u.showScreen(u.screens[0])
}

// bannerShown closes a drawer that covers the banner.
func (u *UI) bannerShown() {
	if u.columns.Covered() {
		u.closeDrawer()
	}
}

// noteTime is how long a note is shown.
const noteTime = 5 * time.Second

// listener is a part of the window that hears of events.
type listener interface{ hear(event) }

// hear takes an event and passes it on to all that listen.
func (u *UI) hear(e event) {
	switch e := e.(type) {
	case closeWanted:
		u.quit()
	case homeWanted:
		u.showHome()
	case backWanted:
		u.showScreen(u.before())
	case noted:
		u.hideNote()
		u.hideNote = u.toast.Show(e.text, noteTime)
	case actionsChanged:
		if u.current != nil {
			u.guide.show(u.current.topic())
		}
	case scrolled:
		if u.current != nil {
			u.menu.scrolled()
		}
		return
	case languageWanted:
		u.choose(e.id)
	default:
		if _, ok := e.(settingKept); ok {
			u.menu = newMainMenu(u)
		}
		u.list.hear(e)
		u.loader.hear(e)
		u.watcher.hear(e)
		u.checks.hear(e)
		u.reminders.hear(e)
		for _, s := range u.screens {
			if l, ok := s.(listener); ok {
				l.hear(e)
			}
		}
	}
	if u.current != nil { // else the window is being made
		u.menu.settle()
	}
}

// busy reports whether somebody waits for a result in the window, or a message says that something has failed and what can be done.
func (u *UI) busy() bool {
	return !u.guide.full || u.checks.running || u.loader.reading.running || u.writer.busy() || u.clipboard.reading.running ||
		u.win.Canvas().Overlays().Top() != nil || // a question about what is in the window now
		u.banner.ShowsBut(ownerList, ownerReminder) || // these messages are shown again
		slices.ContainsFunc(u.screens, screen.busy)
}

// askToClose is called when the user closes the window. The program ends with it, or goes on in the tray. It is also called when the system
// asks the whole program to end, perhaps after quit, see [desktop.OnQuit].
func (u *UI) askToClose() {
	switch {
	case u.work.ctx.Err() != nil:
	case u.isAsking():
		u.background.open()
	case u.background.keeps():
		u.background.close()
	default:
		u.quit()
	}
}

// quit ends the program. It asks first where something would be lost, in place of any other question before the window closes.
func (u *UI) quit() {
	if u.isAsking() {
		u.hideQuestion()
	}
	u.askIf(max(u.writer.atClose(), u.typedAtClose(noQuestion)), u.end)
}

// asks notes that the dialog that has just been opened asks before the window closes.
func (u *UI) asks(hide func()) { u.question, u.hideQuestion = u.win.Canvas().Overlays().Top(), hide }

// isAsking reports whether such a dialog is open.
func (u *UI) isAsking() bool {
	return u.question != nil && slices.Contains(u.win.Canvas().Overlays().List(), u.question)
}

// typedAtClose returns what has to be asked about what the screens hold, before they forget it. One question is not asked.
func (u *UI) typedAtClose(but closeQuestion) (question closeQuestion) {
	for _, s := range u.screens {
		if k, ok := s.(keeper); ok {
			if q := k.atClose(); q != but {
				question = max(question, q)
			}
		}
	}
	return question
}

// askIf asks the question, if there is one, in the open window. It goes on with then, unless the user says no.
func (u *UI) askIf(question closeQuestion, then func()) {
	if question == noQuestion {
		then()
		return
	}
	u.background.open()
	u.asks(u.ask(question.name(), nil, then))
}

// end closes the window, and the program with it. Fyne 2.8.1 does not close a window that it has not made.
func (u *UI) end() {
	if u.background.unmade {
		u.closed()
		u.app.Quit()
		return
	}
	u.win.Close()
}

// closed ends what runs for the window, hides its secrets and forgets them. Before anything that may wait, as for the disk, the window is
// out of sight and the time until the exit runs.
func (u *UI) closed() {
	if u.exit != nil {
		u.work.clock.AfterFunc(endWithin, u.exit)
	}
	u.win.Hide()
	if u.release != nil {
		u.release()
	}
	u.writer.finish()
	u.work.stop()
	u.conceal.All()
	u.clipboard.clear(func() {})
	u.hear(windowClosed{})
	u.keepSize()
}
