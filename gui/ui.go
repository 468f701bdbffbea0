// Package gui is every screen of the app. It talks to a [connector.Connector] and to nothing else: it makes no
// request and touches no keychain itself, and its thread never waits for either.
package gui

import (
	"context"
	"errors"
	"image/color"
	"net/url"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/crash"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
	"controlmap-jumpcloud/gui/words"
)

// Sample is a key of the demo's simulator.
type Sample struct {
	// Name is its key in the translation files: sample.<name>.
	Name string
	Key  string
	// Organization is the Organization ID to enter with it; "" where the app finds it.
	Organization string
}

// Options are what the window needs to know besides its Connector.
type Options struct {
	// Samples are offered where JumpCloud is simulated; none means that it is real.
	Samples []Sample
	// OpenDemo starts the program once more, on a simulated JumpCloud; nil means that this is it.
	OpenDemo func() error
	// InMemory says that the keychain ends with the program, so that nothing is said to be saved.
	InMemory bool
	// Crashes is where reports of starts that died are; without one, none are looked for.
	Crashes crash.Folder
}

// UI is the main window.
type UI struct {
	app       fyne.App
	win       fyne.Window
	c         *connector.Connector
	opts      Options
	work      *worker
	conceal   *concealer
	clipboard *clipboard
	inSession bool            // the user goes on without the keychain
	removing  int             // removals under way
	wiping    bool            // everything is being removed
	under     map[string]bool // the ids of connections that are being saved or removed
	asking    int             // questions about kept keys on the screen
	support   *fyne.MenuItem
	loads     int  // counts the reads of the keychain: an older one is not shown
	tidied    bool // the keychain is being cleaned up, or has been
	browse    func(*url.URL) error
	exit      func() // ends the program, see Run
	release   func() // lets another start be the first, see Run

	list   *connectionList
	form   *form
	kept   *details // nil until it is needed, see details
	guide  *guide
	banner *banner
	center *fyne.Container
	size   *sameSize
}

// Prepare loads the theme and the texts, in the language that is chosen, into the app: once, before the first window.
func Prepare(app fyne.App) error {
	app.Settings().SetTheme(newLook())
	return speak(app.Preferences().String(languageSetting))
}

// New makes the main window. Show opens it.
func New(app fyne.App, c *connector.Connector, opts Options) *UI {
	work := newWorker(desktop.SystemClock{})
	u := newUI(app, c, opts, work)
	// Fyne 2.8.1 does not know which window an object belongs to before it has drawn it, so that its Refresh does nothing.
	// The window has to be told, by refreshing any object: this one is never seen.
	speck := canvas.NewRectangle(color.Transparent)
	work.draw = func() { u.win.Canvas().Refresh(speck) }
	return u
}

func newUI(app fyne.App, c *connector.Connector, opts Options, work *worker) *UI {
	u := &UI{app: app, win: app.NewWindow(app.Metadata().Name), c: c, opts: opts, work: work, conceal: newConcealer(work), browse: app.OpenURL, under: make(map[string]bool)}
	u.clipboard = newClipboard(work, u.clipboardFailed)
	u.size = &sameSize{UI: u, inner: layout.NewStackLayout(), size: startSize(app.Preferences()), room: room}
	u.make()
	u.win.Resize(startSize(app.Preferences()))
	u.win.SetOnClosed(u.closed)
	u.win.SetCloseIntercept(u.askToClose)
	app.Lifecycle().SetOnExitedForeground(u.conceal.left)
	app.Lifecycle().SetOnEnteredForeground(u.conceal.back)
	c.OnKeychainWaiting(func(waiting bool) { work.do(func() { u.banner.wait(waiting) }) })
	u.showForm()
	return u
}

// make makes what is in the window, in the words of the language in use.
func (u *UI) make() {
	if u.opts.demo() {
		u.win.SetTitle(fyne.CurrentApp().Metadata().Name + " – " + words.Text("app.demo"))
	}
	u.banner = newBanner(u.work.cancelOnKeychain)
	u.guide = newGuide(u)
	u.list = newConnectionList(u)
	u.form = newForm(u)
	u.kept = nil
	u.center = container.NewStack()
	u.win.SetContent(container.New(u.size, u.content()))
	u.win.SetMainMenu(u.menu())
}

// firstFrame is how long the window gets to appear on the screen before more is drawn.
const firstFrame = 200 * time.Millisecond

// Show opens the window. First comes the form, to type into; the icon, the list of checks, and what is beside the form
// take as long to draw again, and follow with the stored connections.
func (u *UI) Show() {
	u.list.box.Hide()
	u.guide.box.Hide()
	u.win.Show()
	u.form.focus()
	u.work.after(firstFrame, func() {
		u.complete()
	})
}

// ToFront brings the window before all others. It may be called from any goroutine.
func (u *UI) ToFront() { u.work.do(func() { desktop.Raise(u.win) }) }

// complete shows what the first frame leaves out, and reads the keychain beside it.
func (u *UI) complete() {
	u.win.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	u.form.checks.fill()
	u.guide.fill()
	u.guide.box.Show()
	u.list.box.Show()
	u.load()
	u.lookForCrashes()
}

// forSession reports whether a connection ends with the program.
func (u *UI) forSession(c connector.Connection) bool { return c.SessionOnly || u.opts.InMemory }

func (o Options) demo() bool { return len(o.Samples) > 0 }

func (u *UI) content() fyne.CanvasObject {
	middle := upright(u.banner.box, u.center, nil)
	return container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8),
		container.New(columns{}, u.list.box, middle, u.guide.box))
}

// askToClose closes the window, but asks first while a connection is being saved, or a key is entered that is not.
func (u *UI) askToClose() {
	switch {
	case u.form.saving:
		u.ask("close", nil, u.win.Close)
	case u.removing > 0:
		u.ask("removing", nil, u.win.Close)
	case !u.opts.InMemory && slices.ContainsFunc(u.list.all, func(c connector.Connection) bool { return c.SessionOnly }):
		u.ask("session", nil, u.win.Close)
	case u.form.holdsKey():
		u.ask("discard", nil, u.win.Close)
	default:
		u.win.Close()
	}
}

// inform says something that is to be read before going on, in the words at <name>.title and <name>.text.
func (u *UI) inform(name string, about words.Facts) {
	said := dialog.NewCustomWithoutButtons(words.Text(name+".title"), paragraph(words.Text(name+".text", about)), u.win)
	ok := newButton(words.Text("OK"), nil, said.Hide)
	ok.onEscape = said.Hide
	said.SetButtons([]fyne.CanvasObject{ok})
	said.Show()
	u.win.Canvas().Focus(ok)
}

// clipboardFailed says why nothing was copied or pasted.
func (u *UI) clipboardFailed(err error) {
	if errors.Is(err, pasteboard.ErrNoText) {
		u.inform("clipboard_empty", nil)
	} else {
		u.inform("clipboard_busy", nil)
	}
}

// ask asks whether to go on, in the words at ask.<name>, and does so if the answer is yes. Esc is a no.
func (u *UI) ask(name string, about words.Facts, yes func()) {
	key := "ask." + name
	question := dialog.NewCustomWithoutButtons(words.Text(key+".title"), paragraph(words.Text(key+".text", about)), u.win)
	no := newButton(words.Text(key+".no"), theme.CancelIcon(), question.Hide)
	sure := newButton(words.Text(key+".yes"), theme.ConfirmIcon(), func() { question.Hide(); yes() })
	sure.Importance = widget.DangerImportance
	no.onEscape, sure.onEscape = question.Hide, question.Hide
	question.SetButtons([]fyne.CanvasObject{no, sure})
	question.Show()
	u.win.Canvas().Focus(no)
}

// paragraph is a text of several lines in a dialog.
func paragraph(s string) fyne.CanvasObject { return container.New(width(420), wrapped(s, 0)) }

// closed ends what runs for the window, hides its secrets and forgets them. Before anything that may wait, as for the disk,
// the window is out of sight and the time until the exit runs.
func (u *UI) closed() {
	if u.exit != nil {
		u.work.clock.AfterFunc(endWithin, u.exit)
	}
	u.win.Hide()
	if u.release != nil {
		u.release()
	}
	u.work.stop()
	u.conceal.all()
	u.clipboard.clear(func() {})
	u.form.reset()
	u.keepSize()
}

func (u *UI) showForm() {
	if u.kept != nil {
		u.kept.halt()
		u.banner.hide(ownerDetails)
	}
	u.list.unselect()
	u.show(u.form.box)
	u.guide.show(guideKey)
	u.form.focus()
}

func (u *UI) showDetails(c connector.Connection) {
	u.form.leave()
	u.details().set(c)
	u.show(u.details().box)
	if focused := u.win.Canvas().Focused(); focused != u.list.list && focused != u.list.search {
		u.win.Canvas().Focus(u.details().check) // the form, which had it, is gone
	}
	u.guide.show(guideNext)
}

// details is the screen of a kept connection. It is made when it is first shown: the start does not wait for it.
func (u *UI) details() *details {
	if u.kept == nil {
		u.kept = newDetails(u)
	}
	return u.kept
}

func (u *UI) show(screen fyne.CanvasObject) {
	u.conceal.all()
	u.center.Objects = []fyne.CanvasObject{screen}
	u.center.Refresh()
	u.offerSupport()
}

// reload reads the stored connections because the user wants to, unless they are being read.
func (u *UI) reload() {
	if u.list.reading {
		return
	}
	u.inSession = false // and wants to know why if it fails
	u.load()
}

// load reads the stored connections beside the window.
func (u *UI) load() {
	u.banner.hide(ownerList)
	u.loads++
	load, changes := u.loads, u.list.changes
	u.list.startReading()
	u.work.startOnKeychain(func(ctx context.Context) {
		found, err := u.c.Connections(ctx, u.arriving(func(some []connector.Connection) {
			if load == u.loads && changes == u.list.changes {
				u.list.arrived(some)
			}
		}))
		u.work.do(func() {
			if load == u.loads { // else a newer one is on its way
				u.read(found, err, changes != u.list.changes)
			}
		})
	})
}

// read takes over what was read of the stored connections. It is old where something was saved or removed meanwhile.
func (u *UI) read(found []connector.Connection, err error, old bool) {
	partial := connector.IsListPartial(err)
	switch {
	case old && (err == nil || partial):
		u.load()
		return
	case old:
		found = u.list.all // which is newer
	}
	if err == nil {
		u.list.set(found)
		u.follow()
		u.tidy(func() {})
		return
	}
	u.list.failed(found)
	if partial && !u.tidied {
		u.tidy(u.load) // which mends the list of names, if it can
		return
	}
	if !u.inSession {
		u.trouble(ownerList, err, u.reload, nil)
	}
}

// loadIfInSession reads the connections anew where a saved one may have been in the list as one of this session too.
func (u *UI) loadIfInSession(saved connector.Connection) {
	if !saved.SessionOnly && slices.ContainsFunc(u.list.all, func(c connector.Connection) bool { return c.SessionOnly }) {
		u.load()
	}
}

// setUnder says whether a connection is being saved or removed.
func (u *UI) setUnder(id string, under bool) {
	if under {
		u.under[id] = true
	} else {
		delete(u.under, id)
	}
	if u.kept != nil {
		u.kept.settle()
	}
}

// betweenArrivals is how long connections that are read are collected, before the list is drawn anew.
const betweenArrivals = 150 * time.Millisecond

// arriving returns what takes connections as they are read, and has some of them shown on the window's thread from time to
// time: the first ones at once.
func (u *UI) arriving(show func([]connector.Connection)) func([]connector.Connection) {
	var some []connector.Connection
	var last time.Time
	return func(more []connector.Connection) {
		some = append(some, more...)
		if now := u.work.now(); now.Sub(last) >= betweenArrivals {
			batch := some
			last, some = now, nil
			u.work.do(func() { show(batch) })
		}
	}
}

// follow has the screen show what was just read about the connection that is on it.
func (u *UI) follow() {
	if u.form.replacing() && rowOf(u.list.all, u.form.replaces.ID) < 0 {
		u.form.forget()
	}
	if u.list.current == "" {
		return
	}
	if i := rowOf(u.list.all, u.list.current); i >= 0 {
		u.details().follow(u.list.all[i])
	} else {
		u.showForm() // it is gone
	}
}

// tidy cleans up what an earlier run may have left in the keychain: once, beside the window. Then is called afterwards.
func (u *UI) tidy(then func()) {
	if u.tidied {
		return
	}
	u.tidied = true
	u.work.startOnKeychain(func(ctx context.Context) {
		_ = u.c.Tidy(ctx) // what fails here is for the next start
		u.work.do(then)
	})
}

// trouble shows why the keychain failed, with a way to try again and, where there is something to keep, a way to
// go on without it.
func (u *UI) trouble(of owner, err error, retry, session func()) {
	message := words.Text("keychain.cancelled")
	if cause := connector.KeychainCause(err); cause != check.CauseCancelled {
		message = words.Cause(cause)
	}
	actions := []action{{words.Text("keychain.retry"), theme.ViewRefreshIcon(), retry}}
	if session != nil {
		actions = append(actions, action{words.Text("keychain.session"), theme.DocumentSaveIcon(), session})
		message += " " + words.Text("keychain.kept_typed")
	}
	u.banner.show(of, message, actions...)
}

// openDemo opens the demo's window beside this one.
func (u *UI) openDemo() {
	u.work.start(func(context.Context) {
		if err := u.opts.OpenDemo(); err != nil {
			u.work.do(func() { u.inform("demo", nil) })
		}
	})
}

// openConsole opens a region's Admin Portal in the browser.
func (u *UI) openConsole(region string) { u.openPage(u.c.ConsoleURL(region)) }

// openPage opens a page in the browser.
func (u *UI) openPage(page string) {
	address, err := url.Parse(page)
	if err == nil {
		err = u.browse(address)
	}
	if err != nil {
		u.inform("page", words.Facts{"Page": page})
	}
}
