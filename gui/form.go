package gui

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// typingPause is how long nothing must be typed before the checks start by themselves.
const typingPause = 600 * time.Millisecond

// form takes the credentials, runs the checks on them, and saves what works.
type form struct {
	*entries
	validated
	w     *window
	saver *saver

	title        *widget.Label
	check        *widgets.Button
	cancelButton *widgets.Button
	againButton  *widgets.Button
	keepButton   *widgets.Button
	choice       *fyne.Container // asks which of several keys is meant
	picker       *widgets.Picker
	results      *results
	box          *container.Scroll

	checking    task   // runs the checks
	stopTimer   func() // stops the timer that waits for a pause in the typing
	waiting     bool   // the checks start by themselves once the typing pauses; another screen interrupts that
	stopped     bool   // the user cancelled the last validation
	nameChecked string // the name when the last validation began
	offered     string // the words of the button that saves; "" if there is nothing to save
	shown       bool   // the form is on the screen
}

func newFormScreen(w *window) screen {
	f := &form{w: w, stopTimer: func() {}, checking: task{work: w.work, begin: w.work.start}}
	f.entries = newEntries(w, f.changed, f.submit, f.stop)
	f.saver = &saver{w: w, show: f.offer, saved: f.saved,
		task: task{work: w.work, begin: w.work.startOnKeychain, late: w.loader.load}, // what was dropped may have been saved already
		what: func() (validated, string) { return f.validated, f.nameToSave(f.name.Text) }}
	f.title = widgets.Heading(words.Text("form.title.new"), theme.SizeNameHeadingText)
	f.check = widgets.NewButton(words.Text("form.validate"), theme.MediaPlayIcon(), f.start)
	f.check.Importance = widget.HighImportance
	f.cancelButton = widgets.NewButton(words.Text("form.cancel"), theme.CancelIcon(), f.stop)
	f.againButton = widgets.NewButton(words.Text("help.again"), theme.ViewRefreshIcon(), f.again)
	f.keepButton = widgets.NewButton("", theme.DocumentSaveIcon(), f.keep)
	f.picker = widgets.NewPicker(w.clipboard, widgets.PickerWords{Title: words.Text("choose.title"), None: words.Text("choose.none"), More: words.Text("choose.more"),
		Search: func(count string) string { return words.Text("choose.search", words.Facts{"Count": count}) }}, f.pick)
	f.choice = widgets.NewFlow()
	f.results = newResults(w, words.InForm, f.help, func() check.Report { return f.report })
	f.box = container.NewVScroll(f.layout())
	f.idle()
	return f
}

func (f *form) layout() fyne.CanvasObject {
	buttons := widgets.NewFlow(f.check, f.cancelButton, f.againButton, f.keepButton, layout.NewSpacer(), f.demoLink())
	top := container.NewVBox(f.title, f.rows(), f.choice, buttons)
	if f.samples != nil {
		label := widget.NewLabelWithStyle(words.Text("form.demo.text"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
		top.Objects = append([]fyne.CanvasObject{container.NewBorder(nil, nil, label, nil, f.samples)}, top.Objects...)
	}
	return container.NewVBox(widgets.Card(top), f.picker.Box,
		widgets.Card(container.NewVBox(f.results.head, f.results.note, f.results.list)))
}

func (f *form) focus() { f.w.win.Canvas().Focus(f.key.Field) }

// fill empties the form for a new key of a connection. Without an ID it is for a new connection.
func (f *form) fill(c connector.Connection) {
	f.halt()
	f.setReplaces(c)
	f.entries.fill(c)
	f.box.ScrollToTop()
	f.idle()
}

// reset empties the form for the next connection.
func (f *form) reset() { f.fill(connector.Connection{}) }

// setReplaces says which connection gets the key, and names it in the title.
func (f *form) setReplaces(c connector.Connection) {
	f.replaces = c
	title := words.Text("form.title.new")
	if f.replacing() {
		title = words.Text("form.title.replace", words.Facts{"Name": c.Name})
	}
	f.title.SetText(title)
}

// forget says that the connection that was to get a new key is gone. From now on the entries are for a new connection.
func (f *form) forget() {
	former := f.replaces.Name
	f.setReplaces(connector.Connection{})
	if f.name.Text == former {
		f.name.SetText("")
	}
	if !f.saver.running {
		f.halt() // the offer was about the removed connection; saving it would bring that back
		f.idle()
	}
}

// idle is the form's state before anything has been checked.
func (f *form) idle() {
	f.credentials, f.report, f.offered = check.Credentials{}, check.Report{}, "" // those of former entries are no longer valid
	f.results.note.Hide()
	f.offerKeys(nil)
	f.picker.Hide()
	f.results.reset()
	f.results.status.Set(check.Waiting, words.Text("form.subtitle"))
	f.settle()
}

// settle shows the buttons that fit what is known and what runs. The entries are locked while the connection is being saved: a change
// would be lost when the form is emptied.
func (f *form) settle() {
	checked, running := len(f.report.Results) > 0, f.busy()
	setVisible(f.cancelButton, running)
	setVisible(f.againButton, checked && !running && f.report.Worst() != check.Passed)
	setVisible(f.keepButton, f.offered != "")
	setVisible(f.results.support, checked)
	setEnabled(!f.saver.running, f.check)
	f.lock(f.saver.running)
	f.w.tell(actionsChanged{})
}

// offer shows a status, and a button that saves; "" for none.
func (f *form) offer(state check.State, message, button string) {
	f.results.status.Set(state, message)
	if f.offered = button; button != "" {
		f.keepButton.SetText(words.Text(button))
	}
	f.settle()
}

// changed is called when the user has changed an entry. It clears the results of the former entries, and looks at the new ones once the
// typing pauses.
func (f *form) changed() {
	f.halt()
	f.idle()
	if f.filled() {
		f.wait()
	}
}

// wait starts the wait for a pause in the typing anew.
func (f *form) wait() {
	f.stopTimer()
	f.waiting = true
	f.stopTimer = f.w.work.after(typingPause, f.typingPaused)
}

// typingPaused starts the checks if the entries look complete. Otherwise it says what can be seen without a request.
func (f *form) typingPaused() {
	f.waiting = false
	if f.typed().Plausible() {
		f.start()
	} else {
		f.showShape()
	}
}

// showShape says what can be seen of the entries without a request.
func (f *form) showShape() {
	entered := f.typed()
	f.offerKeys(entered.Keys())
	shape := entered.Shape()
	f.results.set(check.Result{Check: check.IDEntries, Outcome: shape})
	message := "status.unusual"
	if shape.State == check.Failed {
		message = "status.failed"
	}
	f.results.status.Set(shape.State, words.Text(message))
}

// offerKeys asks which of several keys is meant, with a button for each. It shows only the end of a key.
func (f *form) offerKeys(keys []secret.Secret) {
	f.choice.RemoveAll()
	setVisible(f.choice, len(keys) > 0)
	if len(keys) > 0 {
		f.choice.Add(widget.NewLabel(words.Text("form.choose_key")))
	}
	for i, key := range keys {
		f.choice.Add(widgets.NewButton(strconv.Itoa(i+1)+": "+check.KeyHint(key), nil, func() { f.choose(key) }))
	}
}

// choose takes one of several keys that are in the field.
func (f *form) choose(key secret.Secret) {
	f.key.SetText(key.Reveal())
	f.focus() // the buttons are gone
}

// pick takes an organization from the list of those that the key opens.
func (f *form) pick(o check.Organization) {
	f.pasted = check.Credentials{}
	f.quietly(func() { f.organization.SetText(o.ID) })
	f.focus() // the list is gone
	f.again()
}
