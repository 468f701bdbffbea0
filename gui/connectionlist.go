package gui

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"fyne.io/fyne/v2"
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

// connectionList shows the kept connections and their health, and finds among them.
type connectionList struct {
	w         *window
	shown     []connector.Connection // the connections that match the search
	checkThen bool                   // the user wants to check all, once they are read
	marked    string                 // the id of the connection whose row was last marked
	search    *widgets.Field
	list      *widgets.Rows
	note      *widget.Label
	count     *widget.Label // says how many connections match the search, or that more are being read
	checkAll  *widgets.Button
	reload    *widgets.Button // shown where the connections could not be read
	checking  task            // Check all
	box       *fyne.Container
}

func newConnectionList(w *window) *connectionList {
	l := &connectionList{w: w, checking: task{work: w.work, begin: w.work.startOnKeychain}}
	l.note, l.count = widgets.Wrapped(words.Text("list.loading"), widget.LowImportance), widgets.Caption("")
	l.list = widgets.NewRows(func() int { return len(l.shown) }, newConnectionRow, l.updateRow, l.chosen)
	l.list.HideSeparators = true
	l.search = widgets.NewSearch(w.clipboard, words.Text("list.search"), l.list, l.filter)
	l.checkAll = widgets.NewButton(words.Text("list.check_all"), theme.ViewRefreshIcon(), l.toggleCheckAll)
	l.reload = widgets.NewButton(words.Text("list.reload"), theme.ViewRefreshIcon(), w.loader.reload)
	add := widgets.NewButton(words.Text("list.new"), theme.ContentAddIcon(), func() { w.tell(newWanted{}) })
	top := container.NewVBox(widgets.Heading(words.Text("list.title"), theme.SizeNameSubHeadingText), add, l.search)
	l.box = widgets.Card(widgets.Upright(top, container.NewStack(l.list, container.NewVBox(l.note)), container.NewVBox(l.count, l.reload, l.checkAll)))
	l.settle()
	return l
}

// newConnectionRow makes a row: the icon of the state, the name, and a line of small text.
func newConnectionRow() fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-12), widgets.Ellipsis(""), widgets.Caption(""))
	return container.NewBorder(nil, nil, widget.NewIcon(widgets.StateIcon(check.Waiting)), nil, lines)
}

func (l *connectionList) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	c := l.shown[i]
	row := o.(*fyne.Container).Objects
	lines := row[0].(*fyne.Container).Objects
	now := l.w.work.now()
	name, state := c.Name, c.Report.AsOf(now).Worst()
	about := words.State(state) + " · " + words.Ago(c.Report.At, l.w.minute)
	switch {
	case c.Several:
		name, state, about = words.Text("list.unread"), check.Failed, words.Text("list.several")
	case c.Unread():
		name, state, about = words.Text("list.unread"), check.Failed, words.State(check.Failed)
	case c.Trouble != "":
		state, about = check.Failed, words.State(check.Failed)
	case c.Report.Undecided() && !c.Report.Worked.IsZero():
		state, about = check.Skipped, words.Text("list.unclear", words.Facts{"Date": words.Date(c.Report.Worked)})
	case l.w.connections.forSession(c):
		about = words.State(state) + " · " + words.Text("list.session")
	case c.HandOver.Outdated:
		about = words.State(state) + " · " + words.Text("list.outdated")
	case c.HandOver.Done():
		about = words.Text("list.handed_over", words.Facts{"Date": words.Date(c.HandOver.At)})
		if state != check.Passed {
			about = words.State(state) + " · " + about
		}
	}
	if end := words.KeyEndsShort(c.Report, now); end != "" && c.Trouble == "" && state != check.Skipped {
		about = end + " · " + about // first, because the end of a long line is cut off, and the icon shows the state
	}
	if whose := c.Report.Administrator.Email; l.w.connections.twin(c) && c.Trouble == "" && whose != "" {
		about = printable.Line(whose) + " · " + about
	}
	row[1].(*widget.Icon).SetResource(widgets.StateIcon(state))
	lines[0].(*widget.Label).SetText(name)
	lines[1].(*widget.Label).SetText(about)
}

// chosen opens the connection in a row. The focus stays in the list, if that stays in view.
func (l *connectionList) chosen(i widget.ListItemID) {
	l.marked = l.shown[i].ID
	l.w.tell(opened{l.shown[i], l.hasFocus() && !l.w.columns.Covered()})
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
		l.filter()
		if e.show != "" && rowOf(l.shown, e.show) < 0 {
			l.search.SetText("") // the search would hide the new connection
		}
	case connectionsRead:
		if l.checkThen {
			l.startCheckAll()
		}
	case minutePassed:
		l.list.Refresh()
	case currentChanged:
		l.mark()
	case reported:
		if i := rowOf(l.shown, e.id); i >= 0 {
			l.shown[i].Report = e.report // its row stays in its place
		}
		l.list.Refresh()
	case wiped:
		l.search.SetText("") // the next connection must be seen
	}
}

func (l *connectionList) filter() {
	match := widgets.Match(l.search.Text)
	l.shown = nil
	for _, c := range l.w.connections.all {
		if match(c.Name, c.Organization.Name, c.Organization.ID, c.Report.Administrator.Email) {
			l.shown = append(l.shown, c)
		}
	}
	l.settle()
	l.list.Refresh()
	l.mark()
}

// settle shows the search, the buttons and the note that fit the number of connections and what is being done.
func (l *connectionList) settle() {
	l.note.Hidden = len(l.shown) > 0
	switch {
	case len(l.w.connections.all) > 0:
		l.note.SetText(words.Text("list.none"))
	case l.w.loader.unread:
		l.note.SetText(words.Text("list.failed"))
	case l.w.loader.loaded:
		l.note.SetText(words.Text("list.empty"))
	}
	l.reload.Hidden = !l.w.loader.unread
	setEnabled(!l.w.loader.reading.running, l.reload)
	l.search.Hidden = len(l.w.connections.all) < 2 && l.search.Text == ""
	all, reading := len(l.w.connections.all), l.w.loader.reading.running
	l.count.Hidden = false
	switch {
	case reading && all > 0:
		l.count.SetText(words.Text("list.more"))
	case len(l.shown) < all:
		l.count.SetText(countOf(len(l.shown), all))
	default:
		l.count.Hidden = true
	}
	l.checkAll.Hidden = (all < 2 || reading) && !l.checking.running
	l.w.tell(actionsChanged{})
	l.box.Refresh()
}

// countOf says how many of all rows match a search.
func countOf(found, all int) string {
	return words.Text("list.found", words.Facts{"Found": strconv.Itoa(found), "All": strconv.Itoa(all)})
}

// mark marks the row of the connection on the screen, and no other. Fyne's list knows rows by their index only, and the search
// changes that.
func (l *connectionList) mark() {
	scrolled := l.list.GetScrollOffset()
	l.list.Mark(rowOf(l.shown, l.w.connections.current)) // this scrolls to the row
	if l.w.connections.current == l.marked {
		l.list.ScrollToOffset(scrolled)
	}
	l.marked = l.w.connections.current
}

// checkAllNow returns what starts or cancels the checks of all connections; nil if there are none.
func (l *connectionList) checkAllNow() func() {
	if len(l.w.connections.all) == 0 && !l.w.loader.reading.running {
		return nil
	}
	return l.toggleCheckAll
}

// toggleCheckAll validates every connection, or cancels that.
func (l *connectionList) toggleCheckAll() {
	if l.checking.running {
		l.checking.cancel()
	} else {
		l.startCheckAll()
	}
}

// startCheckAll validates every connection, unless that runs already.
func (l *connectionList) startCheckAll() {
	l.checkThen = l.w.loader.reading.running // before that, not all connections are known
	if l.checking.running || l.w.loader.reading.running {
		return
	}
	l.w.banner.Hide(ownerList)
	var readable []connector.Connection
	for _, c := range l.w.connections.all {
		if c.Trouble == "" {
			readable = append(readable, c)
		}
	}
	done, progress := 0, func(done int) {
		l.checkAll.SetText(words.Text("list.checking", words.Facts{"Done": strconv.Itoa(done), "Count": strconv.Itoa(len(readable))}))
	}
	l.checkAll.SetIcon(theme.CancelIcon())
	progress(0)
	l.checking.start(func(ctx context.Context, show func(func())) func() {
		var failed error
		l.w.c.CheckEach(ctx, readable, func(id string, report check.Report, err error) {
			changed := errors.Is(err, connector.ErrReplaced)
			if !changed {
				failed = cmp.Or(failed, err) // the first one
			}
			show(func() {
				done++
				progress(done)
				if !changed {
					l.w.connections.checked(id, report)
				}
			})
		})
		return func() { l.checkedAll(failed) }
	})
}

// checkedAll shows that Check all has ended, and with which error.
func (l *connectionList) checkedAll(err error) {
	l.checkAll.SetIcon(theme.ViewRefreshIcon())
	l.checkAll.SetText(words.Text("list.check_all"))
	l.settle()
	if err != nil && connector.KeychainCause(err) != check.CauseCancelled {
		l.w.trouble(ownerList, err, l.startCheckAll)
	}
}
