package gui

import (
	"cmp"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// severalOpen is a key and the organizations that it opens.
type severalOpen struct {
	credentials check.Credentials // they name the region
	keyID       string            // see [connector.KeyID]
	report      check.Report      // of the key
	// inForm says that the form has the key, and connects a single organization. One says that only one may be chosen.
	inForm, one bool
}

// newSeveralOpen says what a report on credentials has found.
func newSeveralOpen(credentials check.Credentials, report check.Report) severalOpen {
	credentials.Region = report.Region
	return severalOpen{credentials: credentials, keyID: connector.KeyID(credentials.Cleaned().APIKey), report: report}
}

// many is the screen on which the user chooses among the organizations that a key opens, and connects one or several.
type many struct {
	w *window
	severalOpen
	opening    task                           // reads a kept key, and asks JumpCloud what it opens
	from       connector.Connection           // whose key that is
	connecting task                           // connects the selected ones
	manyRows                                  // the organizations
	connected  map[string]bool                // the ids of those that are connected with the key
	broken     map[string]bool                // the ids of those of them whose connection does not work
	others     map[string]bool                // the ids of those that are connected with another key
	ended      map[string]connector.Connected // how connecting ended last, by the id
	pace       pace
	fresh      []connector.Connection // connected, and not yet in the list of connections
	alone      string                 // the id of the only organization that is being connected, and is shown then; "" for none
	undone     []check.Organization   // what the last run was about and has not come to
	limit      check.Outcome          // with which JumpCloud has refused further requests in the last run; without a cause if it has not
	unkept     check.Cause            // why the keychain has ended the last run; "" if it has not
	next       []check.Organization   // to be connected once the key is read
	dialog     *listDialog            // takes a list; nil while it is closed

	*manyParts // nil before build
}

// manyParts is what is on the screen.
type manyParts struct {
	title, about, hint, note      *widget.Label
	moreNote                      *widget.Label   // there may be other organizations
	again                         *widgets.Button // tries once more to ask which organizations there are
	summary                       *runSummary
	search                        *widgets.Field
	filter                        *widgets.Choice
	selected                      *widget.Label
	all, none                     *widgets.Button
	list                          *widgets.Rows
	nothing                       *widget.Label // no organization matches
	connect, paste, back          *widgets.Button
	progress                      *runProgress
	finder, choosing, actionsIdle *fyne.Container
	running                       *fyne.Container // in the place of the buttons while something runs
	box                           *container.Scroll
}

// newManyScreen makes the screen without its content, so that the start does not wait for it.
func newManyScreen(w *window) screen {
	m := &many{w: w, opening: task{work: w.work, begin: w.work.startOnKeychain}, connecting: task{work: w.work, begin: w.work.startOnKeychain}}
	m.forget()
	return m
}

// forget forgets the key and what it opens.
func (m *many) forget() {
	m.severalOpen, m.from, m.manyRows = severalOpen{}, connector.Connection{}, manyRows{}
	m.fresh, m.next, m.undone, m.limit, m.unkept = nil, nil, nil, check.Outcome{}, ""
	m.closeList()
	m.w.banner.Hide(ownerMany)
	m.connected, m.broken, m.others, m.ended = make(map[string]bool), make(map[string]bool), make(map[string]bool), make(map[string]connector.Connected)
}

// leastList is the least height of the list, in the window's units.
const leastList = 180

// build makes what is on the screen.
func (m *many) build() {
	if m.manyParts != nil {
		return
	}
	p := &manyParts{title: widgets.Heading("", theme.SizeNameHeadingText), about: widgets.Small(""), hint: widgets.Small(words.Text("many.hint")),
		moreNote: widgets.Wrapped(words.Text("choose.more"), widget.MediumImportance), note: widgets.Wrapped("", widget.MediumImportance),
		selected: widget.NewLabel(""), nothing: widgets.Caption(words.Text("choose.none")), progress: newRunProgress(m.w, m.stop)}
	m.manyParts = p
	p.title.Wrapping, p.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	p.again = widgets.NewButton(words.Text("keychain.retry"), theme.ViewRefreshIcon(), m.open)
	p.summary = newRunSummary(m.w, m.hideSummary)
	p.list = widgets.NewSelectable(func() int { return len(m.shown) }, newManyRow, m.updateRow, m.chosen,
		widgets.Several{Mark: m.mark, Toggle: m.toggle, Extend: m.extend, All: m.selectShown})
	p.list.HideSeparators = true
	p.search = widgets.NewSearch(m.w.clipboard, "", p.list, m.find)
	filters := []string{words.Text("many.filter.all"), words.Text("many.filter.not_yet"), words.Text("many.filter.connected"), words.Text("many.filter.broken"), words.Text("many.filter.failed")}
	p.filter = widgets.NewChoice(filters, int(filterAll), func() { m.w.columns.Close() }, func(i int) { m.only = manyFilter(i); m.find() })
	p.filter.PlaceHolder = slices.MaxFunc(filters, func(a, b string) int { // a choice is as wide as its placeholder
		return cmp.Compare(fyne.MeasureText(a, theme.TextSize(), fyne.TextStyle{}).Width, fyne.MeasureText(b, theme.TextSize(), fyne.TextStyle{}).Width)
	})
	quiet := func(key string, do func()) *widgets.Button {
		b := widgets.NewButton(words.Text(key), nil, do)
		b.Importance = widget.LowImportance
		return b
	}
	p.all, p.none = quiet("many.all", m.selectShown), quiet("many.none", m.selectNone)
	p.connect = widgets.NewButton("", theme.LoginIcon(), m.connectSelected)
	p.connect.Importance = widget.HighImportance
	p.paste = widgets.NewButton(words.Text("many.paste"), theme.ContentPasteIcon(), m.openList)
	p.back = widgets.NewButton(words.Text("guide.back"), theme.NavigateBackIcon(), func() { m.w.tell(backWanted{}) })
	p.box = m.w.newScroll(m.layout())
}

func (m *many) layout() fyne.CanvasObject {
	p := m.manyParts
	height := canvas.NewRectangle(color.Transparent) // a list has no height of its own
	height.SetMinSize(fyne.NewSize(0, leastList))
	p.finder = container.NewBorder(nil, nil, nil, p.filter, p.search)
	p.choosing = widgets.NewFlow(p.selected, layout.NewSpacer(), p.all, p.none)
	top := container.NewVBox(p.title, container.New(layout.NewCustomPaddedVBoxLayout(-8), p.about, p.hint), p.moreNote, p.note, widgets.NewFlow(p.again),
		container.New(layout.NewCustomPaddedLayout(0, 6, 0, 0), p.summary.box), p.finder, p.choosing)
	p.actionsIdle = widgets.NewFlow(p.connect, p.paste, layout.NewSpacer(), p.back)
	p.running = p.progress.beside()
	return widgets.Card(widgets.Upright(top, container.NewStack(height, p.list, p.nothing), container.NewStack(p.actionsIdle, p.running)))
}

// fill shows the organizations, and everything about them.
func (m *many) fill() {
	m.title.SetText(words.Text("many.title"))
	if m.one {
		m.title.SetText(words.Text("choose.title"))
	}
	m.search.SetPlaceHolder(words.Text("choose.search", words.Facts{"Count": m.counted(0)["Count"]}))
	widgets.SetVisible(m.moreNote, m.more)
	m.summarize()
	m.find()
}

// counted returns the facts of a text that counts some of the organizations.
func (m *many) counted(some int) words.Facts {
	facts := words.Counted(some, len(m.every))
	if m.more {
		facts["Count"] += "+"
	}
	return facts
}

// settle shows what fits what is known, what is selected and what runs.
func (m *many) settle() {
	focused, isRunning := m.w.win.Canvas().Focused(), m.busy()
	known := len(m.every) > 0
	setText(m.about, m.aboutKey())
	setText(m.note, m.noteNow())
	widgets.SetVisible(m.hint, known && !m.one)
	widgets.SetVisible(m.again, m.from.ID != "" && !m.opening.running && !m.accepted())
	widgets.SetVisible(m.finder, known)
	widgets.SetVisible(m.choosing, known && !m.one)
	widgets.SetVisible(m.list, known)
	widgets.SetVisible(m.paste, m.accepted() && !m.one)
	widgets.SetVisible(m.connect, known && !m.one)
	widgets.SetVisible(m.actionsIdle, !isRunning)
	widgets.SetVisible(m.running, isRunning)
	n := len(m.ids)
	selected := words.Text("many.selected", m.counted(n))
	if len(m.shown) < len(m.every) {
		selected += " · " + words.Text("many.shown", words.Facts{"Count": strconv.Itoa(len(m.shown))})
	}
	m.selected.SetText(selected)
	m.connect.SetText(words.Text("many.connect_none"))
	if n > 0 {
		m.connect.SetText(words.Text("many.connect", words.Facts{"Count": strconv.Itoa(n)}))
	}
	setEnabled(n > 0, m.connect)
	setEnabled(!isRunning, m.all, m.none)
	m.summary.settle(m.cutInWords(), !isRunning)
	m.say()
	if isRunning && (focused == m.connect || focused == m.again || m.summary.has(focused)) {
		m.w.win.Canvas().Focus(m.progress.cancel)
	}
	m.w.tell(actionsChanged{})
}

// accepted reports whether JumpCloud has accepted the key, so that organizations can be connected with it.
func (m *many) accepted() bool {
	state := m.report.Result(check.IDKey).State
	return state == check.Passed || state == check.Warning
}

// aboutKey says whose key it is, and how many organizations it opens.
func (m *many) aboutKey() string {
	var parts []string
	whose := cmp.Or(m.report.Administrator.Email, m.from.Report.Administrator.Email)
	for _, part := range []string{printable.Line(whose), words.Region(m.credentials.Region)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(m.every) > 0 {
		parts = append(parts, words.Text("many.about", m.counted(len(m.connected))))
	}
	return strings.Join(parts, " · ")
}

// noteNow says why there is nothing to choose from; "" if there is.
func (m *many) noteNow() string {
	now := m.w.work.now()
	switch blocker, blocked := m.report.Blocker(); {
	case m.opening.running: // the progress says it
	case m.needsKeychain():
		return words.Text("many.needs_keychain")
	case m.accepted() && len(m.every) == 0:
		return words.Text("many.unlisted")
	case len(m.every) == 1 && len(m.report.Opened()) == 1 && len(m.connected) == 1 && m.accepted() && !m.more && len(m.ended) == 0:
		return words.Text("many.alone")
	case m.accepted():
	case blocked:
		return strings.TrimSpace(words.Seen(blocker.Outcome, now) + " " + words.Move(blocker.Outcome, words.InConnection, now))
	case m.from.ID != "":
		return words.Text("many.unasked")
	}
	return ""
}

// focus gives the focus to what the user needs first.
func (m *many) focus() {
	var to fyne.Focusable = m.search
	switch {
	case m.busy():
		to = m.progress.cancel
	case m.summary.first != nil:
		to = m.summary.first // nothing that does something: a press may be meant for Cancel
	case m.again.Visible():
		to = m.again
	case !m.finder.Visible():
		to = m.back
	}
	m.w.win.Canvas().Focus(to)
}
