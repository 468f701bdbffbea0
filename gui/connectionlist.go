package gui

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/words"
)

// connectionList shows the kept connections and their health, and finds among them.
type connectionList struct {
	u          *UI
	all, shown []connector.Connection
	twins      map[string]int // how many connections there are to each organization
	loaded     bool           // the connections have been read, if there are any
	reading    bool           // they are being read, perhaps anew
	unread     bool           // they could not be read
	checkThen  bool           // all are to be checked once they are read
	changes    int            // counts what was put in or dropped
	current    string         // the id of the connection that is on the screen, empty for none
	marked     string         // the one whose row was last marked
	search     *field
	list       *rows
	note       *widget.Label
	more       *widget.Label // that there are more to come
	checkAll   *button
	reload     *button            // shown where the connections could not be read
	cancel     context.CancelFunc // of Check all, nil while it does not run
	box        *fyne.Container
}

func newConnectionList(u *UI) *connectionList {
	l := &connectionList{u: u, search: newField(u.clipboard, words.Text("list.search"), nil), note: wrapped(words.Text("list.loading"), widget.LowImportance), more: caption(words.Text("list.more"))}
	l.search.OnChanged = func(string) { l.filter() }
	l.list = newRows(func() int { return len(l.shown) }, newConnectionRow, l.updateRow)
	l.list.OnSelected = l.selected
	l.list.HideSeparators = true
	l.checkAll = newButton(words.Text("list.check_all"), theme.ViewRefreshIcon(), l.toggleCheckAll)
	l.reload = newButton(words.Text("list.reload"), theme.ViewRefreshIcon(), u.reload)
	add := newButton(words.Text("list.new"), theme.ContentAddIcon(), u.newConnection)
	top := container.NewVBox(heading(words.Text("list.title"), theme.SizeNameSubHeadingText), add, l.search)
	l.box = card(upright(top, container.NewStack(l.list, container.NewVBox(l.note)), container.NewVBox(l.more, l.reload, l.checkAll)))
	l.settle()
	return l
}

// newConnectionRow makes a row: the state's icon, the name, and in small what is known of it.
func newConnectionRow() fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-12), ellipsis(""), caption(""))
	return container.NewBorder(nil, nil, widget.NewIcon(stateIcon(check.Waiting)), nil, lines)
}

func (l *connectionList) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	c := l.shown[i]
	row := o.(*fyne.Container).Objects
	lines := row[0].(*fyne.Container).Objects
	now := l.u.work.now()
	name, state := c.Name, c.Report.AsOf(now).Worst()
	about, ends := words.State(state)+" · "+words.Ago(c.Report.At, now), words.KeyEndsSoon(c.Report, now)
	switch {
	case c.Several:
		name, state, about = words.Text("list.unread"), check.Failed, words.Text("list.several")
	case c.Unread():
		name, state, about = words.Text("list.unread"), check.Failed, words.State(check.Failed)
	case c.Trouble != "":
		state, about = check.Failed, words.State(check.Failed)
	case l.u.forSession(c):
		about = words.State(state) + " · " + words.Text("list.session")
	case ends != "":
		about = words.State(state) + " · " + ends
	}
	if whose := c.Report.Administrator.Email; l.twins[organizationOf(c)] > 1 && c.Trouble == "" && whose != "" {
		about = printable.Line(whose) + " · " + about
	}
	row[1].(*widget.Icon).SetResource(stateIcon(state))
	lines[0].(*widget.Label).SetText(name)
	lines[1].(*widget.Label).SetText(about)
}

// unread is what is called that cannot be read.
func unread(c connector.Connection) string {
	if c.Several {
		return words.Text("list.unread_several")
	}
	return words.Text("list.unread")
}

// selected shows the connection in a row.
func (l *connectionList) selected(i widget.ListItemID) {
	l.current = l.shown[i].ID
	l.marked = l.current
	l.u.showDetails(l.shown[i])
}

// open shows the connection with this id, as if its row had been pressed.
func (l *connectionList) open(id string) {
	if i := rowOf(l.all, id); i >= 0 {
		l.current = id
		l.mark()
		l.u.showDetails(l.all[i])
	}
}

// rowOf is the place of the connection with this id, -1 if it is not there.
func rowOf(rows []connector.Connection, id string) int {
	return slices.IndexFunc(rows, func(c connector.Connection) bool { return c.ID == id })
}

// startReading says that the connections are being read. Those that are known stay.
func (l *connectionList) startReading() {
	l.reading = true
	l.settle()
}

// arrived shows connections that have been read before all are. What is known already is replaced at the end only.
func (l *connectionList) arrived(some []connector.Connection) {
	known := byID(l.all)
	l.all = slices.Clone(l.all)
	for _, c := range some {
		if _, ok := known[c.ID]; !ok {
			l.all = append(l.all, c)
		}
	}
	connector.SortByName(l.all)
	l.filter()
}

// set shows these connections.
func (l *connectionList) set(all []connector.Connection) {
	known := byID(l.all)
	for i, c := range all {
		// A check may have ended since this was read.
		if k, ok := known[c.ID]; ok && k.Saved.Equal(c.Saved) && k.Report.At.After(c.Report.At) {
			all[i].Report = k.Report
		}
	}
	l.all, l.loaded, l.reading, l.unread = all, true, false, false
	l.filter()
	l.readAll()
}

// byID finds connections among many.
func byID(all []connector.Connection) map[string]connector.Connection {
	found := make(map[string]connector.Connection, len(all))
	for _, c := range all {
		found[c.ID] = c
	}
	return found
}

// readAll is the end of the reading: what waited for it begins.
func (l *connectionList) readAll() {
	if l.checkThen {
		l.startCheckAll()
	}
}

// failed says that the stored connections could not be read. Those that are known stay; what is kept for the session is
// found all the same.
func (l *connectionList) failed(found []connector.Connection) {
	l.loaded, l.reading, l.unread = true, false, true
	l.changes++
	read := byID(found)
	l.all = slices.DeleteFunc(slices.Clone(l.all), func(c connector.Connection) bool {
		_, again := read[c.ID]
		return again || c.SessionOnly
	})
	l.all = append(l.all, found...)
	connector.SortByName(l.all)
	l.filter()
	l.readAll()
}

// put adds a connection, or replaces what is known of it. It is seen then, whatever is searched for.
func (l *connectionList) put(c connector.Connection) {
	l.changes++
	l.all = append(slices.DeleteFunc(slices.Clone(l.all), func(old connector.Connection) bool {
		return old.ID == c.ID
	}), c)
	connector.SortByName(l.all)
	l.filter()
	if rowOf(l.shown, c.ID) < 0 {
		l.search.SetText("")
	}
}

// clear says that there are no connections any more, whatever is being read of them.
func (l *connectionList) clear() {
	l.changes++
	l.all = nil
	l.search.SetText("") // nothing is left that it could hide, and what comes next must be seen
	l.set(nil)
}

// drop takes a connection out.
func (l *connectionList) drop(id string) {
	l.changes++
	l.all = slices.DeleteFunc(slices.Clone(l.all), func(c connector.Connection) bool { return c.ID == id })
	l.filter()
}

// organizationOf tells organizations apart.
func organizationOf(c connector.Connection) string { return c.Region + " " + c.Organization.ID }

// tell is what a connection is called where it could be taken for another one: of several to one organization, whose key it
// has is said too.
func (l *connectionList) tell(c connector.Connection) string {
	if whose := c.Report.Administrator.Email; l.twins[organizationOf(c)] > 1 && whose != "" {
		return c.Name + " · " + printable.Line(whose)
	}
	return c.Name
}

func (l *connectionList) filter() {
	l.twins = make(map[string]int)
	for _, c := range l.all {
		if c.Trouble == "" {
			l.twins[organizationOf(c)]++
		}
	}
	wanted := strings.ToLower(strings.TrimSpace(l.search.Text))
	l.shown = nil
	for _, c := range l.all {
		if strings.Contains(strings.ToLower(c.Name+"\n"+c.Organization.Name+"\n"+c.Organization.ID+"\n"+c.Report.Administrator.Email), wanted) {
			l.shown = append(l.shown, c)
		}
	}
	l.settle()
	l.list.Refresh()
	l.mark()
}

// settle shows what fits the number of connections.
func (l *connectionList) settle() {
	l.note.Hidden = len(l.shown) > 0
	switch {
	case len(l.all) > 0:
		l.note.SetText(words.Text("list.none"))
	case l.unread:
		l.note.SetText(words.Text("list.failed"))
	case l.loaded:
		l.note.SetText(words.Text("list.empty"))
	}
	l.reload.Hidden = !l.unread
	if l.reading {
		l.reload.Disable()
	} else {
		l.reload.Enable()
	}
	l.search.Hidden = len(l.all) < 2 && l.search.Text == ""
	l.more.Hidden = !l.reading || len(l.all) == 0
	l.checkAll.Hidden = (len(l.all) < 2 || !l.more.Hidden) && l.cancel == nil
	l.box.Refresh()
}

// mark has the row of the connection on the screen, and no other, look selected. The list itself knows rows by their
// place only, which changes with what is searched for.
func (l *connectionList) mark() {
	onSelected := l.list.OnSelected
	l.list.OnSelected = nil // it is on the screen already
	defer func() { l.list.OnSelected = onSelected }()
	scrolled := l.list.GetScrollOffset()
	l.list.UnselectAll()
	if i := rowOf(l.shown, l.current); i >= 0 {
		l.list.Select(i) // which scrolls there
	}
	if l.current == l.marked {
		l.list.ScrollToOffset(scrolled)
	}
	l.marked = l.current
}

// unselect says that no connection is on the screen.
func (l *connectionList) unselect() {
	l.current = ""
	l.mark()
}

// toggleCheckAll validates every connection, or cancels that.
func (l *connectionList) toggleCheckAll() {
	if l.cancel != nil {
		l.cancel()
	} else {
		l.startCheckAll()
	}
}

// startCheckAll validates every connection, unless that is being done.
func (l *connectionList) startCheckAll() {
	l.checkThen = l.reading // for which are there is not known yet
	if l.cancel != nil || l.reading {
		return
	}
	l.u.banner.hide(ownerList)
	var ids []string
	for _, c := range l.all {
		if c.Trouble == "" {
			ids = append(ids, c.ID)
		}
	}
	done, progress := 0, func(done int) {
		l.checkAll.SetText(words.Text("list.checking", words.Facts{"Done": strconv.Itoa(done), "Count": strconv.Itoa(len(ids))}))
	}
	l.checkAll.SetIcon(theme.CancelIcon())
	progress(0)
	l.cancel = l.u.work.startOnKeychain(func(ctx context.Context) {
		var failed error
		l.u.c.CheckEach(ctx, ids, func(id string, report check.Report, err error) {
			changed := errors.Is(err, connector.ErrReplaced)
			if !changed {
				failed = firstError(failed, err)
			}
			l.u.work.do(func() {
				done++
				progress(done)
				if !changed {
					l.checked(id, report)
				}
			})
		})
		l.u.work.do(func() { l.checkedAll(failed) })
	})
}

// checked takes over a new report on a connection. The place of its row does not change.
func (l *connectionList) checked(id string, report check.Report) {
	if !report.Complete() {
		return
	}
	for _, rows := range [][]connector.Connection{l.all, l.shown} {
		if i := rowOf(rows, id); i >= 0 {
			rows[i].Report = report
		}
	}
	l.list.Refresh()
	if l.current == id {
		l.u.details().reported(report)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *connectionList) checkedAll(err error) {
	l.cancel = nil
	l.checkAll.SetIcon(theme.ViewRefreshIcon())
	l.checkAll.SetText(words.Text("list.check_all"))
	l.settle()
	if err != nil && connector.KeychainCause(err) != check.CauseCancelled {
		l.u.trouble(ownerList, err, l.startCheckAll, nil)
	}
}
