package gui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// form is the screen that takes the credentials of a connection: a new one, or one that gets a new key.
type form struct {
	*validation
	title *widget.Label
	about *widget.Label // says what becomes of the key that is replaced
	shown bool          // the form is on the screen
	inUse string        // the ID of the key with which organizations are being connected; "" for none
}

func newFormScreen(w *window) screen {
	f := &form{validation: newValidation(w), title: widgets.Heading(words.Text("form.title.new"), theme.SizeNameHeadingText)}
	f.title.Wrapping, f.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	f.about = widgets.Wrapped("", widget.LowImportance)
	f.about.Hide()
	f.saver.saved, f.saver.fail = f.saved, f.unsaved
	f.several = f.openSeveral
	f.box = w.newScroll(f.layout())
	f.idle()
	return f
}

func (f *form) layout() fyne.CanvasObject {
	buttons := widgets.NewFlow(f.check, f.cancelButton)
	f.welcome.Add(f.promise())
	tabs := container.New(layout.NewCustomPaddedLayout(6, 0, 0, 0), f.tabs.Box)
	top := container.NewVBox(f.title, f.about, f.steps, tabs, labelled("form.key", f.key.Row), f.choices.keys, f.more.Box, buttons,
		f.welcome)
	if f.samples != nil {
		top.Add(container.New(layout.NewCustomPaddedVBoxLayout(-6), widget.NewLabel(words.Text("form.demo.sample")), f.samples.Box))
	} else if f.w.opts.OpenDemo != nil {
		f.welcome.Add(f.demoLink())
	}
	return container.NewVBox(widgets.Card(top), f.results.box)
}

// promise says in a quiet line what becomes of the key.
func (f *form) promise() fyne.CanvasObject {
	text := "form.promise"
	if f.w.opts.InMemory {
		text = "form.promise_session"
	}
	return widgets.Notice(fyne.NewStaticResource("lock.svg", assets.Lock), words.Text(text))
}

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
	f.about.SetText(f.aboutReplaced())
	widgets.SetVisible(f.about, f.replacing())
}

// aboutReplaced says what becomes of the key that is replaced, and which other connections have it.
func (f *form) aboutReplaced() string {
	text := words.Text("form.replace.about")
	var names []string
	for _, c := range f.w.connections.all {
		if f.replacing() && c.ID != f.replaces.ID && c.Uses(keyOf(f.replaces)) {
			names = append(names, c.Name)
		}
	}
	const most = 3
	if more := len(names) - most; more > 0 {
		names = append(names[:most], words.Text("form.replace.more", words.Facts{"Count": strconv.Itoa(more)}))
	}
	if len(names) > 0 {
		text += " " + words.Text("form.replace.shared", words.Facts{"Names": strings.Join(names, ", ")})
	}
	return text
}

// forget says that the connection that was to get a new key is gone. The entries are for a new connection now.
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

// saved empties the form, and shows what comes next unless another screen is shown: the connection, or, if that has got another key, its
// hand-over.
func (f *form) saved(c connector.Connection) {
	var next event = saved{c}
	apart := c.SessionOnly && !f.replaces.SessionOnly // beside the kept one, whose key stays
	if f.replacing() && !f.isAnother() && !apart && c.KeyID != f.replaces.KeyID {
		next = replaced{c}
	}
	f.w.banner.Hide(ownerForm)
	f.w.connections.saved(c)
	if f.shown {
		f.w.tell(next)
	}
	f.reset() // behind the other screen, where nothing is drawn
}

// unsaved says why nothing was saved. While another screen is shown, the banner says so too.
func (f *form) unsaved(why check.Cause, retry, session func()) {
	f.unkept(why, retry, session)
	if !f.shown && why != check.CauseCancelled {
		f.w.banner.Show(ownerForm, words.Text("status.unkept")+": "+words.Cause(why),
			widgets.Action{Label: words.Text("keychain.retry"), Icon: theme.ViewRefreshIcon(), Do: retry})
	}
}

func (f *form) content() *container.Scroll { return f.box }

// topic implements [screen]. What the checks have found counts more than what the user has chosen.
func (f *form) topic() topic {
	if found := topicFor(f.report); found != "" {
		return found
	}
	if row := f.results.checks.row(check.IDEntries); row != nil && helpful[row.shown.Cause] != "" {
		return helpful[row.shown.Cause] // it is seen without a request
	}
	return f.guideTopic(f.replacing())
}

// entered implements [screen].
func (f *form) entered() {
	back := !f.shown
	f.shown = true
	f.w.banner.Hide(ownerForm)
	f.w.win.Canvas().Focus(f.key.Field)
	if back && f.typing.waiting {
		f.typing.start()
	}
}

// left implements [screen]. It ends the checks, but not saving.
func (f *form) left() {
	f.shown = false
	f.w.clipboard.reading.drop()
	if !f.saver.running {
		f.interrupt()
	}
}

// actions implements [screen].
func (f *form) actions() actions {
	a := actions{support: f.results.supportIn(f.box), region: f.regionShown}
	if f.filled() && !f.saver.running {
		a.check = f.start
	}
	if len(f.report.Results) > 0 && !f.busy() && f.report.Worst() != check.Passed {
		a.repeat = f.repeat
	}
	if f.busy() || f.results.awaits {
		a.cancel = f.stop
	}
	if f.key.Text != "" {
		a.reveal = f.key.Flip
	}
	return a
}

// atClose implements [keeper].
func (f *form) atClose() closeQuestion {
	switch {
	case f.saver.running:
		return stillSaving
	case f.holdsKey() && connector.KeyID(f.typed().Cleaned().APIKey) != f.inUse:
		return keyIsEntered
	}
	return noQuestion
}

// hear takes over what happened in the window.
func (f *form) hear(e event) {
	switch e := e.(type) {
	case firstFrameShown:
		f.results.fill()
	case windowClosed, windowHidden:
		f.reset()
	case newWanted:
		f.open()
	case sampleWanted:
		f.useSample()
	case keyWanted:
		if !f.w.connections.sharesKey(e.Connection) {
			f.openFor(e.Connection)
		}
	case ownKeyWanted:
		f.openFor(e.Connection)
	case organizationChosen:
		if e.keyID == connector.KeyID(f.credentials.Cleaned().APIKey) {
			f.w.show(f)
			f.pick(e.Organization)
		}
	case keyInUse:
		f.inUse = e.keyID
	case keyKept:
		if !f.shown && e.keyID == connector.KeyID(f.typed().Cleaned().APIKey) {
			f.reset()
		}
	case wiping:
		f.reset()
		f.w.show(f)
	case moved:
		if f.replaces.ID == e.from.ID {
			f.setReplaces(e.to)
		}
	case changed:
		if f.replacing() && f.replaces.ID == e.ID {
			if f.name.Text == f.replaces.Name {
				f.quietly(func() { f.name.SetText(e.Name) })
			}
			f.setReplaces(e.Connection)
		}
	case removed:
		if f.replaces.ID == e.id {
			f.forget()
		}
	case connectionsRead:
		if _, known := f.w.connections.find(f.replaces.ID); e.all && f.replacing() && !known {
			f.forget()
		}
		if e.first {
			f.giveWay()
		}
	}
}

// openSeveral shows the organizations that the key opens. A key that replaces another one is for one of them.
func (f *form) openSeveral() {
	if f.shown {
		open := newSeveralOpen(f.credentials, f.report)
		open.inForm, open.one = true, f.replacing()
		f.w.tell(open)
	}
}

// giveWay shows the home, if there is one, unless somebody has begun something in the form.
func (f *form) giveWay() {
	untouched := f.shown && !f.filled() && f.name.Text == "" && f.w.win.Canvas().Focused() == f.key.Field && !f.w.clipboard.reading.running
	if untouched && f.w.hasHome() {
		f.w.tell(homeWanted{})
	}
}

// open shows the form. It empties the form only if that is on the screen already, or for a new key of a connection. So a look at another
// screen does not lose what was typed.
func (f *form) open() {
	if !f.saver.running && (f.shown || f.replacing()) {
		f.startOver(connector.Connection{})
		return
	}
	f.w.show(f)
}

// openFor shows the form for a new key of a connection.
func (f *form) openFor(c connector.Connection) {
	switch {
	case f.w.writer.occupied[c.ID]:
	case f.saver.running, f.replaces.ID == c.ID:
		f.w.show(f)
	default:
		f.startOver(c)
	}
}

// startOver fills the form for a connection, and shows it. It asks first if a key is entered that is kept nowhere yet.
func (f *form) startOver(c connector.Connection) {
	then := func() { f.fill(c); f.w.show(f) }
	if !f.holdsKey() {
		then()
		return
	}
	f.w.ask("discard", nil, then)
}

// carryOver implements [carrier].
func (f *form) carryOver(from screen) {
	former := from.(*form)
	f.fill(former.replaces)
	f.copyFrom(former.entries)
	f.validated, f.nameChecked, f.stopped = former.validated, former.nameChecked, former.stopped
	f.results.carryOver(former.results)
	if len(f.report.Results) > 0 {
		f.present()
	} else if f.filled() && !f.typed().Plausible() {
		f.showShape()
	}
	f.more.SetOpen(former.more.IsOpen())
	f.typing.waiting = former.typing.waiting
}

// fields implements [typist].
func (f *form) fields() []*widgets.Field {
	return []*widgets.Field{f.key.Field, f.organization.Field, f.name}
}
