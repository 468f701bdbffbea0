package gui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
)

// connectionList shows the kept connections and their health, and finds among them.
type connectionList struct {
	u          *UI
	all, shown []connector.Connection
	loaded     bool // the connections have been read, if there are any
	search     *widget.Entry
	list       *widget.List
	note       *widget.Label
	checkAll   *widget.Button
	cancel     context.CancelFunc // of Check all, nil while it does not run
	box        *fyne.Container
}

func newConnectionList(u *UI) *connectionList {
	l := &connectionList{u: u, search: widget.NewEntry(), note: wrapped(text("list.loading"), widget.LowImportance)}
	l.search.SetPlaceHolder(text("list.search"))
	l.search.OnChanged = func(string) { l.filter() }
	l.list = widget.NewList(func() int { return len(l.shown) }, newConnectionRow, l.updateRow)
	l.list.OnSelected = func(i widget.ListItemID) { u.showDetails(l.shown[i]) }
	l.list.HideSeparators = true
	l.checkAll = widget.NewButtonWithIcon(text("list.check_all"), theme.ViewRefreshIcon(), l.toggleCheckAll)
	add := widget.NewButtonWithIcon(text("list.new"), theme.ContentAddIcon(), u.newConnection)
	top := container.NewVBox(heading(text("list.title"), theme.SizeNameSubHeadingText), add, l.search)
	l.box = card(container.NewBorder(top, l.checkAll, nil, nil, container.NewStack(l.list, container.NewVBox(l.note))))
	l.settle()
	return l
}

// newConnectionRow makes a row: the state's icon, the name, and in small what is known of it.
func newConnectionRow() fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-12), ellipsis(""), caption(""))
	return container.NewBorder(nil, nil, widget.NewIcon(stateIcon(connector.Waiting)), nil, lines)
}

func (l *connectionList) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	c := l.shown[i]
	row := o.(*fyne.Container).Objects
	lines := row[0].(*fyne.Container).Objects
	name, state := c.Name, c.Report.Worst()
	about := []string{stateWord(state), ago(c.Report.At, l.u.work.now())}
	switch {
	case c.Trouble != "":
		name, state = text("list.unread"), connector.Failed
		about = []string{causeText(c.Trouble)}
	case l.u.forSession(c):
		about = append(about, text("list.session"))
	}
	row[1].(*widget.Icon).SetResource(stateIcon(state))
	lines[0].(*widget.Label).SetText(name)
	lines[1].(*widget.Label).SetText(strings.Join(about, " · "))
}

// set shows these connections.
func (l *connectionList) set(all []connector.Connection) {
	l.all, l.loaded = all, true
	l.filter()
}

func (l *connectionList) filter() {
	wanted := strings.ToLower(strings.TrimSpace(l.search.Text))
	l.shown = nil
	for _, c := range l.all {
		if strings.Contains(strings.ToLower(c.Name+"\n"+c.Organization.Name+"\n"+c.Organization.ID), wanted) {
			l.shown = append(l.shown, c)
		}
	}
	l.settle()
	l.list.Refresh()
}

// settle shows what fits the number of connections.
func (l *connectionList) settle() {
	l.note.Hidden = len(l.shown) > 0
	switch {
	case len(l.all) > 0:
		l.note.SetText(text("list.none"))
	case l.loaded:
		l.note.SetText(text("list.empty"))
	}
	l.search.Hidden = len(l.all) < 2
	l.checkAll.Hidden = len(l.all) < 2 && l.cancel == nil
	l.box.Refresh()
}

// selectID selects the connection with this id, if it is shown.
func (l *connectionList) selectID(id string) {
	i := slices.IndexFunc(l.shown, func(c connector.Connection) bool { return c.ID == id })
	if i < 0 {
		return
	}
	// Selected without the screen being built anew: it shows this connection already.
	onSelected := l.list.OnSelected
	l.list.OnSelected = nil
	l.list.Select(i)
	l.list.OnSelected = onSelected
}

func (l *connectionList) unselect() { l.list.UnselectAll() }

// checksAtOnce is how many connections Check all validates side by side: few enough not to meet JumpCloud's limits.
const checksAtOnce = 4

// toggleCheckAll validates every connection, or cancels that.
func (l *connectionList) toggleCheckAll() {
	if l.cancel != nil {
		l.cancel()
		return
	}
	ids := make(chan string, len(l.all))
	for _, c := range l.all {
		ids <- c.ID
	}
	close(ids)
	count, done := len(l.all), 0
	progress := func() {
		l.checkAll.SetText(text("list.checking", facts{"Done": strconv.Itoa(done), "Count": strconv.Itoa(count)}))
	}
	l.checkAll.SetIcon(theme.CancelIcon())
	progress()
	l.cancel = l.u.work.start(func(ctx context.Context) {
		failed := l.u.checkEach(ctx, ids, func() { done++; progress() })
		found, err := l.u.c.Connections(context.WithoutCancel(ctx))
		l.u.work.do(func() { l.checkedAll(found, firstError(failed, err)) })
	})
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *connectionList) checkedAll(found []connector.Connection, err error) {
	l.cancel = nil
	l.checkAll.SetIcon(theme.ViewRefreshIcon())
	l.checkAll.SetText(text("list.check_all"))
	if err != nil {
		l.u.trouble(err, l.toggleCheckAll, nil)
	}
	if found != nil {
		l.set(found)
		l.u.details().refresh(found)
	}
}

// checkEach validates the connections with these ids, some at once, and returns the first failure of the keychain.
func (u *UI) checkEach(ctx context.Context, ids <-chan string, each func()) error {
	failures := make(chan error, checksAtOnce)
	for range checksAtOnce {
		go func() {
			var failed error
			for id := range ids {
				if ctx.Err() != nil {
					break
				}
				if _, err := u.c.Check(ctx, id, func(connector.Result) {}); err != nil && failed == nil {
					failed = err
				}
				u.work.do(each)
			}
			failures <- failed
		}()
	}
	var first error
	for range checksAtOnce {
		first = firstError(first, <-failures)
	}
	return first
}
