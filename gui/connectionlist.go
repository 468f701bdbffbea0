package gui

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// connectionList shows the kept connections and their health, and finds among them. It is narrow beside a screen, and wide where it is the
// home; see [listForm]. What it shows is in the [listing].
type connectionList struct {
	w       *window
	marked  string          // the id of the connection whose row was last marked
	pointed string          // the id of the connection whose row is the current one
	form    listForm        // by the width that it has
	icons   listIcons       // one of each, to see whether a row has it already
	said    string          // which end of checks is shown, see [checkEnd]; "" for none
	place   *fyne.Container // what it is in now: beside a screen, or the home
	*listParts
}

// listParts is what is in the list.
type listParts struct {
	title, back       fyne.CanvasObject // of these, one is shown
	heading           *widget.Label
	add               *widgets.Button
	search            *widgets.Field
	chips             *widgets.Chips
	table             *widgets.Table
	heads             *listHeads
	list              *widgets.Rows
	note              *widget.Label
	count             *widget.Label // says how many connections match the search, or that more are being read
	key               *listKey      // about the key of the current row
	checkAll          *widgets.Button
	reload            *widgets.Button // shown where the connections could not be read
	handOver          *widgets.Button
	progress          *runProgress      // of the checks of many
	running           *fyne.Container   // has it
	summary           *runSummary       // how these have ended
	outcome           *widgets.Status   // says that in one sentence
	brief             *fyne.Container   // has it, outside of the home
	room              *canvas.Rectangle // leaves the list some height below the summary
	top, bottom, body *fyne.Container
	box               *fyne.Container
}

func newConnectionList(w *window) *connectionList {
	l := &connectionList{w: w, icons: newListIcons(), listParts: &listParts{}}
	p := l.listParts
	p.note, p.count = widgets.Wrapped(words.Text("list.loading"), widget.LowImportance), widgets.Caption("")
	p.heading = widgets.Heading(words.Text("list.title"), theme.SizeNameSubHeadingText)
	back := widgets.NewButton(words.Text("list.title"), theme.NavigateBackIcon(), func() { w.tell(homeWanted{}) })
	back.Alignment, back.Importance = widget.ButtonAlignLeading, widget.LowImportance
	p.heading.Truncation = fyne.TextTruncateOff // beside the search it would get no room
	p.title, p.back = p.heading, back
	p.table = newListTable()
	p.heads = newListHeads(p.table, l.sortBy)
	p.list = widgets.NewRows(func() int { return len(w.listing.shown) }, l.newRow, l.updateRow, l.chosen)
	p.list.HideSeparators = true
	p.list.OnCurrent = l.point
	p.search = widgets.NewSearch(w.clipboard, words.Text("list.search"), p.list, l.find)
	p.search.Text = w.listing.found
	p.chips = widgets.NewChips(make([]string, len(filterKeys)), func(i int) { l.choose(connectionFilter(i)) })
	p.chips.Choose(w.listing.chip())
	p.checkAll = widgets.NewButton(words.Text("list.check_all"), theme.ViewRefreshIcon(), func() { w.checks.start(false) })
	p.reload = widgets.NewButton(words.Text("list.reload"), theme.ViewRefreshIcon(), w.loader.reload)
	p.handOver = widgets.NewButton(words.Text("home.hand_over"), theme.MailForwardIcon(), l.handOverNext)
	p.handOver.IconPlacement, p.handOver.Importance = widget.ButtonIconTrailingText, widget.HighImportance
	p.key = newListKey(w)
	p.progress, p.running = newRunProgress(w, w.checks.cancel), container.NewStack()
	p.summary, p.outcome = newRunSummary(w, w.checks.forget), widgets.NewStatus()
	p.brief = container.NewVBox(p.outcome.Box, widgets.NewButton(words.Text("secret.show"), nil, func() { w.tell(homeWanted{}) }))
	p.room = canvas.NewRectangle(color.Transparent)
	p.room.SetMinSize(fyne.NewSize(0, leastList))
	p.add = widgets.NewButton(words.Text("list.new"), theme.ContentAddIcon(), func() { w.tell(newWanted{}) })
	p.top, p.bottom = container.NewVBox(), container.NewVBox()
	p.body = widgets.Upright(p.top, container.NewStack(p.room, p.list, container.NewVBox(p.note)), p.bottom)
	p.box = widgets.Card(container.New(&formLayout{list: l}, p.body))
	l.form = formUnknown
	l.setForm(formNarrow)
	l.heads.show(w.listing)
	l.showRun()
	return l
}

// point takes over that another row is the current one.
func (l *connectionList) point(i widget.ListItemID) {
	l.pointed = ""
	if i >= 0 && i < len(l.w.listing.shown) {
		l.pointed = l.w.listing.shown[i].ID
	}
	l.showKey()
}

// chosen opens the connection in a row. The focus stays in the list, if that stays in view.
func (l *connectionList) chosen(i widget.ListItemID) {
	one := l.w.listing.shown[i]
	l.marked = one.ID
	l.w.tell(opened{one.Connection, l.hasFocus() && l.w.columns.ListBeside()})
}

// focus moves the focus into the list: to the search, if there is one.
func (l *connectionList) focus() {
	if l.search.Visible() {
		l.w.win.Canvas().Focus(l.search)
	} else {
		l.w.win.Canvas().Focus(l.list)
	}
}

// hasFocus reports whether the list, or the search in it, has the focus.
func (l *connectionList) hasFocus() bool {
	focused := l.w.win.Canvas().Focused()
	return focused == l.list || focused == l.search
}

// hear takes over what happened in the window.
func (l *connectionList) hear(e event) {
	switch e := e.(type) {
	case connectionsChanged:
		l.w.listing.take(l.w.connections.all)
		switch {
		case e.show != "" && l.w.listing.at(e.show) < 0:
			l.showAll() // the search or the filter would hide the new connection
		case len(l.w.connections.all) <= 1:
			l.unfilter() // there are no chips to choose another one
		}
		l.arranged()
		l.summarize()
	case minutePassed:
		l.w.listing.age()
		l.arranged()
		l.summarize()
	case checksChanged:
		if !l.w.checks.running {
			l.w.listing.arrange()
			l.arranged()
		}
		l.showRun()
	case currentChanged:
		l.mark()
	case reported:
		l.w.listing.report(e.id, e.report)
		if i := l.w.listing.at(e.id); i >= 0 {
			l.list.RefreshItem(i)
		}
		l.settle()
	case settingKept:
		l.list.Refresh() // when each is checked next
	case wiped:
		l.showAll() // the next connection must be seen
		l.arranged()
	}
}

// find shows what matches the search.
func (l *connectionList) find() {
	l.w.listing.search(l.search.Text)
	l.arranged()
}

// choose shows what a filter lets through.
func (l *connectionList) choose(f connectionFilter) {
	l.w.listing.choose(f)
	l.arranged()
	l.list.SetCurrent(0)
}

// showAll ends the search and the filter.
func (l *connectionList) showAll() {
	l.unfilter()
	l.search.SetText("")
}

func (l *connectionList) unfilter() {
	l.chips.Choose(int(allConnections))
	l.w.listing.choose(allConnections)
}

// sortBy sorts by a column, or the other way round if it is that already, and keeps that.
func (l *connectionList) sortBy(o connectionOrder) {
	down := o == l.w.listing.order && !l.w.listing.down
	l.w.listing.sortBy(o, down)
	l.heads.show(l.w.listing)
	l.arranged()
	l.w.settings.keepOrder(l.w.work, o, down, func() { l.w.tell(settingKept{}) })
}

// arranged shows other rows, or the same in another order. The row that was the current one stays it.
func (l *connectionList) arranged() {
	pointed := l.pointed
	l.settle()
	l.list.Refresh()
	if i := l.w.listing.at(pointed); i >= 0 && i != l.list.Current() {
		l.list.Point(i)
	}
	l.mark()
	l.point(l.list.Current())
}

// settle shows the chips, the buttons and the note that fit the connections and what is being done.
func (l *connectionList) settle() {
	known, all, reading := l.w.listing, len(l.w.connections.all), l.w.loader.reading.running
	full := l.form != formNarrow
	widgets.SetVisible(l.chips.Box, full && all > 1)
	widgets.SetVisible(l.heads.box, l.form == formTable && len(known.shown) > 0)
	widgets.SetVisible(l.search, all > 1 || l.search.Text != "")
	widgets.SetVisible(l.back, !full && l.w.hasHome())
	widgets.SetVisible(l.title, !l.back.Visible())
	heading := words.Text("list.title")
	if full && all > 0 {
		heading = words.Text("home.title", words.Facts{"Count": strconv.Itoa(all)})
	}
	setNew(l.heading, heading)
	if l.chips.Box.Visible() {
		l.settleChips()
	}
	l.settleNote()
	widgets.SetVisible(l.reload, l.w.loader.unread)
	setEnabled(!reading, l.reload)
	count := l.countNow()
	setNew(l.count, count)
	widgets.SetVisible(l.count, count != "")
	widgets.SetVisible(l.checkAll, all > 1 && !reading && known.readable > 0 && !l.w.checks.running)
	l.checkAll.SetText(l.checkLabel())
	widgets.SetVisible(l.handOver, full && known.handOver() != nil)
	l.showKey()
	l.w.tell(actionsChanged{})
}

// settleChips says how many connections each filter lets through.
func (l *connectionList) settleChips() {
	known := l.w.listing
	for i, n := range known.counts {
		l.chips.Set(i, words.Text(filterKeys[i], words.Facts{"Count": strconv.Itoa(n)}), n > 0 || i == int(known.filter) || i == int(allConnections))
	}
}

// settleNote says why there is no connection to show.
func (l *connectionList) settleNote() {
	widgets.SetVisible(l.note, len(l.w.listing.shown) == 0)
	switch {
	case len(l.w.connections.all) > 0:
		setNew(l.note, words.Text("list.none"))
	case l.w.loader.unread:
		setNew(l.note, words.Text("list.failed"))
	case l.w.loader.loaded:
		setNew(l.note, words.Text("list.empty"))
	}
}

// countNow says that more connections are being read, or what is shown of all.
func (l *connectionList) countNow() string {
	known := l.w.listing
	var parts []string
	switch all := len(known.all); {
	case l.w.loader.reading.running && all > 0:
		return words.Text("list.more")
	case l.form == formNarrow && known.filter != allConnections: // its chips are not there
		parts = append(parts, words.Text(filterKeys[known.filter], words.Facts{"Count": strconv.Itoa(known.counts[known.filter])}))
	}
	if (strings.TrimSpace(known.found) != "" || known.only != nil) && known.restricted() {
		parts = append(parts, countOf(len(known.shown), len(known.all)))
	}
	return strings.Join(parts, " · ")
}

// countOf says how many of all rows match a search.
func countOf(found, all int) string {
	return words.Text("list.found", words.Facts{"Found": strconv.Itoa(found), "All": strconv.Itoa(all)})
}

// setNew gives a label another text: to draw a text takes long, and most do not change.
func setNew(label *widget.Label, text string) {
	if label.Text != text {
		label.SetText(text)
	}
}

// mark marks the row of the connection on the screen, and no other. Fyne's list knows rows by their index only, and the search
// changes that.
func (l *connectionList) mark() {
	scrolled := l.list.GetScrollOffset()
	l.list.Mark(l.w.listing.at(l.w.connections.current)) // this scrolls to the row
	if l.w.connections.current == l.marked {
		l.list.ScrollToOffset(scrolled)
	}
	l.marked = l.w.connections.current
}

// handOverNext shows the hand-over of the next connection.
func (l *connectionList) handOverNext() {
	if next := l.w.listing.handOver(); next != nil {
		l.w.tell(handOverWanted{next.Connection})
	}
}

// showKey says whose key the current row has. A list of lines has no room for that.
func (l *connectionList) showKey() {
	i := l.w.listing.at(l.pointed)
	if i < 0 || l.form != formTable {
		l.key.box.Hide()
		return
	}
	one := l.w.listing.shown[i]
	l.key.show(one, l.w.connections.users(one.Connection))
}

// moveTo puts the list into another place. It keeps what it shows, and the focus.
func (l *connectionList) moveTo(place *fyne.Container) {
	if l.place != nil {
		l.place.Objects = nil
	}
	l.place = place
	place.Objects = []fyne.CanvasObject{l.box}
	l.summarize() // the home has room for more
	place.Refresh()
}
