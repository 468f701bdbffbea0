package gui

import (
	"cmp"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// listForm is how the list looks. It follows from its width alone.
type listForm int

const (
	formUnknown listForm = iota
	formNarrow           // beside a screen: rows of two lines, and little around them
	formLines            // rows of two lines, with the filters
	formTable            // rows of columns
)

// The least widths of the forms that are not narrow. A window of 720 has a table.
const (
	linesLeast = 380
	tableLeast = 684
)

func formOf(width float32) listForm {
	switch {
	case width < linesLeast:
		return formNarrow
	case width < tableLeast:
		return formLines
	}
	return formTable
}

// formLayout gives the list the form that fits its width, and then lays it out.
type formLayout struct{ list *connectionList }

// MinSize implements [fyne.Layout].
func (f *formLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[0].MinSize().Height)
}

// Layout implements [fyne.Layout].
func (f *formLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.list.setForm(formOf(size.Width))
	if f.list.form == formTable && f.list.table.Fit(size.Width) {
		f.list.heads.box.Refresh()
		f.list.list.Refresh()
	}
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

// setForm arranges the parts of the list.
func (l *connectionList) setForm(form listForm) {
	if form == l.form {
		return
	}
	l.form = form
	switch form {
	case formNarrow:
		l.top.Objects = []fyne.CanvasObject{l.title, l.back, l.add, l.search}
		l.bottom.Objects = []fyne.CanvasObject{l.brief, l.count, l.reload, l.running, l.checkAll}
		l.running.Objects = []fyne.CanvasObject{l.progress.stacked()}
	case formLines:
		l.top.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, nil, l.add, l.title), l.summary.box, l.search, l.chips.Box}
		l.bottom.Objects = []fyne.CanvasObject{l.brief, l.count, l.running, l.buttons()}
		l.running.Objects = []fyne.CanvasObject{l.progress.beside()}
	default:
		l.top.Objects = []fyne.CanvasObject{
			&fyne.Container{Layout: layout.NewBorderLayout(nil, nil, l.title, l.add), Objects: []fyne.CanvasObject{l.title, l.search, l.add}},
			l.summary.box, l.chips.Box, l.heads.box}
		l.bottom.Objects = []fyne.CanvasObject{l.brief, l.key.box, l.count, l.running, l.buttons()}
		l.running.Objects = []fyne.CanvasObject{l.progress.beside()}
	}
	l.settle()
	l.list.Refresh() // the rows have another height
	l.body.Refresh()
	l.mark()
}

// buttons puts the buttons below the list side by side.
func (l *connectionList) buttons() fyne.CanvasObject {
	return widgets.NewFlow(l.checkAll, l.reload, layout.NewSpacer(), l.handOver)
}

// listHeads are the heads of the columns. Pressing one sorts by it.
type listHeads struct {
	buttons []*widgets.Button
	box     *fyne.Container
}

// newListTable makes the columns.
func newListTable() *widgets.Table {
	return widgets.NewTable(func() (columns []widgets.TableColumn) {
		for _, c := range listColumns {
			least := max(c.least(), widgets.HeadWidth(words.Text(c.title)))
			columns = append(columns, widgets.TableColumn{Least: least, Most: c.most, Drop: c.drop})
		}
		return columns
	})
}

func newListHeads(table *widgets.Table, sort func(connectionOrder)) *listHeads {
	h := &listHeads{}
	cells := container.New(table)
	for i, c := range listColumns {
		b := widgets.NewHead(words.Text(c.title), func() { sort(connectionOrder(i)) })
		h.buttons = append(h.buttons, b)
		cells.Add(b)
	}
	h.box = container.NewStack(widgets.Heads(container.NewBorder(nil, nil, widget.NewIcon(nil), nil, cells)))
	return h
}

// show marks the column that is sorted by, with an arrow.
func (h *listHeads) show(known *listing) {
	for i, b := range h.buttons {
		var icon fyne.Resource
		switch {
		case i != int(known.order):
		case known.down:
			icon = theme.MenuDropDownIcon()
		default:
			icon = theme.MenuDropUpIcon()
		}
		if b.Icon != icon {
			b.SetIcon(icon)
		}
	}
}

// listKey is the line about the key of the current row: whose it is, how many connections use it, and what can be done with it.
type listKey struct {
	w     *window
	one   *listed
	about *widget.Label
	more  *widgets.Button
	box   *fyne.Container
}

func newListKey(w *window) *listKey {
	k := &listKey{w: w, about: widgets.Caption("")}
	k.more = widgets.NewButton("", theme.MoreHorizontalIcon(), k.openMenu)
	k.more.Importance = widget.LowImportance
	k.box = container.NewBorder(nil, nil, nil, k.more, k.about)
	k.box.Hide()
	return k
}

// show says whose key a connection has.
func (k *listKey) show(one *listed, users int) {
	k.one = one
	if one.Unread() {
		k.box.Hide()
		return
	}
	whose := cmp.Or(printable.Line(one.Report.Administrator.Email), words.Text("details.unknown"))
	setNew(k.about, words.Text("home.key", words.Facts{"Whose": whose, "Count": strconv.Itoa(users)}))
	widgets.SetVisible(k.box, true)
}

// openMenu opens the menu of what can be done with the key.
func (k *listKey) openMenu() {
	c := k.one.Connection
	items := []*fyne.MenuItem{{Label: words.Text("details.replace"), Icon: theme.LoginIcon(), Action: func() { k.w.tell(keyWanted{c}) }}}
	if c.Trouble == "" {
		items = append([]*fyne.MenuItem{{Label: words.Text("many.more"), Icon: theme.ContentAddIcon(), Action: func() { k.w.tell(moreWanted{c}) }}}, items...)
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), k.w.win.Canvas())
	above := fyne.CurrentApp().Driver().AbsolutePositionForObject(k.more).AddXY(k.more.Size().Width-menu.MinSize().Width, -menu.MinSize().Height)
	menu.ShowAtPosition(above)
	k.w.win.Canvas().Focus(menu)
}
