package gui

import (
	"cmp"
	"errors"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// window is what a screen may use of the window that it is in.
type window struct {
	app         fyne.App
	win         fyne.Window
	c           *connector.Connector
	opts        Options
	work        *worker
	minute      time.Time // the time when [minutePassed] was told last: texts that say how long ago something was all count from it
	settings    *settings
	conceal     *widgets.Concealer
	clipboard   *clipboard
	connections *connections
	listing     *listing
	list        *connectionList
	beside      *fyne.Container // has the list, unless the home has it
	loader      *loader
	writer      *writer
	watcher     *watcher
	checks      *checkRun
	banner      *widgets.Banner
	toast       *widgets.Toast
	guide       *guide
	columns     *widgets.Columns
	background  *backgroundMode
	inDialog    *container.Scroll // what scrolls in the open dialog; nil if nothing does
	show        func(screen)      // shows a screen
	shows       func(screen) bool // reports whether a screen is shown
	escape      func()            // does what Esc does where nothing else uses it
	tell        func(event)       // tells everybody in the window what happened
	browse      func(*url.URL) error
}

// inform shows a message that the user has to close, in the words at <name>.title and <name>.text.
func (w *window) inform(name string, about words.Facts) {
	w.say(words.Text(name+".title"), words.Text(name+".text", about))
}

// say does the same with a given title and text.
func (w *window) say(title, text string) {
	w.open(title, w.paragraph(text), widgets.NewButton(words.Text("OK"), nil, func() {}))
}

// ask asks whether to go on, in the words at ask.<name>, and calls yes if the answer is yes. Esc is a no, and so is the returned function.
func (w *window) ask(name string, about words.Facts, yes func()) (hide func()) {
	key := "ask." + name
	sure := widgets.NewButton(words.Text(key+".yes"), theme.ConfirmIcon(), yes)
	sure.Importance = widget.DangerImportance
	no := widgets.NewButton(words.Text(key+".no"), theme.CancelIcon(), func() {})
	return w.open(words.Text(key+".title"), w.paragraph(words.Text(key+".text", about)), no, sure)
}

// open opens a dialog, with the focus on its first button. Each button closes the dialog. Esc presses the first one. The returned function
// closes the dialog, too.
func (w *window) open(title string, content fyne.CanvasObject, buttons ...*widgets.Button) (hide func()) {
	var d *dialog.CustomDialog
	hide = func() {
		w.inDialog = nil
		d.Hide()
		w.tell(scrolled{})
	}
	var row []fyne.CanvasObject
	widest := float32(0)
	for _, b := range buttons {
		do := b.OnTapped
		b.OnTapped = func() { hide(); do() }
		b.OnEscape = buttons[0].OnTapped
		row = append(row, b)
		widest = max(widest, b.MinSize().Width+theme.Padding())
	}
	if float32(len(row))*widest > w.dialogWidth(mostSize.Width) { // side by side, all are as wide as the widest
		row = []fyne.CanvasObject{container.NewVBox(row...)}
	}
	content.Resize(content.MinSize()) // so that text is broken into lines, and has its height
	if most := w.win.Canvas().Size().Height - dialogEdge.Height - row[0].MinSize().Height; content.MinSize().Height > most {
		scroll := w.newScroll(content)
		scroll.SetMinSize(fyne.NewSize(0, most))
		content, w.inDialog = scroll, scroll
	}
	d = dialog.NewCustomWithoutButtons(title, content, w.win)
	d.SetButtons(row)
	d.Show()
	w.win.Canvas().Focus(buttons[0])
	return hide
}

// dialogEdge is what a dialog has around its content and buttons: Fyne's padding, its title, and a little room to the window's edge.
var dialogEdge = fyne.NewSize(72, 96)

// dialogWidth returns a width for a dialog's content: the wanted one, or less if the window is too narrow.
func (w *window) dialogWidth(wanted float32) float32 {
	return min(wanted, w.win.Canvas().Size().Width-dialogEdge.Width)
}

// paragraph is a text of several lines in a dialog.
func (w *window) paragraph(s string) fyne.CanvasObject {
	return container.New(widgets.Width(w.dialogWidth(420)), widgets.Wrapped(s, 0))
}

// clipboardFailed says why nothing was copied or pasted. An empty clipboard gets a note only, which goes by itself.
func (w *window) clipboardFailed(err error) {
	switch {
	case errors.Is(err, pasteboard.ErrNoText):
		w.tell(noted{words.Text("clipboard_empty")})
	case errors.Is(err, pasteboard.ErrNoTool):
		w.inform("clipboard_tool", nil)
	default:
		w.inform("clipboard_busy", nil)
	}
}

// trouble shows why the keychain failed, with a button to try again.
func (w *window) trouble(of widgets.Owner, err error, retry func()) {
	w.troubleWith(of, "", err, retry)
}

// troubleWith does the same, and names the connection that it is about unless the name is "".
func (w *window) troubleWith(of widgets.Owner, name string, err error, retry func()) {
	message := words.Text("keychain.cancelled")
	if cause := connector.KeychainCause(err); cause != check.CauseCancelled {
		message = words.Cause(cause)
	}
	if name != "" {
		message = name + ": " + message
	}
	w.banner.Show(of, message, widgets.Action{Label: words.Text("keychain.retry"), Icon: theme.ViewRefreshIcon(), Do: retry})
}

// newScroll makes what scrolls on a screen or in a dialog.
func (w *window) newScroll(content fyne.CanvasObject) *container.Scroll {
	return widgets.NewScroll(content, func() { w.tell(scrolled{}) })
}

// setText shows a text, and hides its label if there is none.
func setText(l *widget.Label, text string) {
	l.SetText(text)
	widgets.SetVisible(l, text != "")
}

// setEnabled says whether widgets can be used.
func setEnabled(enabled bool, all ...fyne.Disableable) {
	for _, o := range all {
		if enabled {
			o.Enable()
		} else {
			o.Disable()
		}
	}
}

// openConsole opens a region's Admin Portal in the browser.
func (w *window) openConsole(region string) { w.openPage(w.c.ConsoleURL(region)) }

// openPage opens a page in the browser.
func (w *window) openPage(page string) {
	address, err := url.Parse(page)
	if err == nil {
		err = w.browse(address)
	}
	if err != nil {
		w.inform("page", words.Facts{"Page": page})
	}
}

// helpOutside returns the button for a kind of help that is the same on each screen. The Admin Portal is that of the outcome's region,
// or else of the given one.
func (w *window) helpOutside(help check.Help, o check.Outcome, region func() string) (widgets.Action, bool) {
	switch help {
	case check.HelpConsole:
		open := func() { w.openConsole(cmp.Or(o.Facts["Region"], region())) }
		return widgets.Action{Label: words.Text("help.console"), Icon: theme.ComputerIcon(), Do: open}, true
	case check.HelpBrowser:
		return widgets.Action{Label: words.Text("help.browser"), Icon: theme.ComputerIcon(), Do: func() { w.openConsole(region()) }}, true
	case check.HelpStatus:
		return widgets.Action{Label: words.Text("help.status"), Icon: theme.InfoIcon(), Do: func() { w.openPage(check.StatusPage) }}, true
	case check.HelpClose:
		return widgets.Action{Label: words.Text("help.close"), Icon: theme.CancelIcon(), Do: func() { w.tell(closeWanted{}) }}, true
	}
	return widgets.Action{}, false
}

// said is how long a button says what has happened.
const said = 2 * time.Second

// confirm has a button say for a while what it has done.
func (w *window) confirm(b *widgets.Button, text string) {
	w.work.after(said, b.Say(text, theme.ConfirmIcon()))
}

// sayUnkept says that settings and history are not kept, and crashes not reported.
func (w *window) sayUnkept() {
	w.banner.Show(ownerUnkept, words.Text("unkept.text"), widgets.Action{Label: words.Text("OK"), Icon: theme.ConfirmIcon(), Do: func() {}})
}

// The owners of messages in the banner, from the top to the bottom.
const (
	ownerList widgets.Owner = iota
	ownerDetails
	ownerForm
	ownerRun // of many, while it connects organizations
	ownerMany
	ownerWipe
	ownerUnkept
	ownerCrash
	ownerReminder
	owners
)
