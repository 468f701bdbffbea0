package gui

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

const (
	// longestList is how many characters the field for a list holds. Fyne lays out all of them at each change. A longer list is taken as it is
	// pasted, and not shown.
	longestList = 4 << 10
	// mostWanted is how many organizations a list may name.
	mostWanted = 20_000
)

// listDialog takes a list of names and Organization IDs, which is typed, pasted or in a file, and selects these.
type listDialog struct {
	m            *many
	field        *widgets.Field
	said         *widget.Label // what came of the list
	answer       *container.Scroll
	choose, file *widgets.Button
	reading      task // reads a file
	hide         func()
}

// openList opens the dialog, unless it is open.
func (m *many) openList() {
	if m.dialog != nil {
		return
	}
	d := &listDialog{m: m, reading: task{work: m.w.work, begin: m.w.work.start}}
	m.dialog = d
	d.said = widgets.Wrapped(words.Text("many.paste.hint"), widget.MediumImportance)
	d.answer = container.NewVScroll(d.said)
	d.answer.SetMinSize(fyne.NewSize(0, 92)) // a dialog does not grow with its content
	d.field = widgets.NewLines(m.w.clipboard, words.Text("many.paste.placeholder"), longestList)
	d.field.SetMinRowsVisible(6)
	d.choose = widgets.NewButton(words.Text("many.paste.select"), theme.ConfirmIcon(), func() { d.take(d.field.Text, false) })
	d.choose.Importance = widget.HighImportance
	d.file = widgets.NewButton(words.Text("many.paste.file"), theme.FolderOpenIcon(), d.chooseFile)
	close := widgets.NewButton(words.Text("about.close"), theme.CancelIcon(), d.closed)
	hide := m.w.open(words.Text("many.paste.title"), container.New(widgets.Width(m.w.dialogWidth(520)),
		container.NewVBox(d.field, widgets.NewFlow(d.choose, d.file), d.answer)), close)
	d.hide = func() { hide(); d.closed() }
	d.field.OnPaste = func(pasted string, put widgets.Putter) {
		if len(d.field.Text)+len(pasted) <= longestList {
			put(pasted, false)
		} else { // behind what is typed
			d.take(strings.TrimPrefix(d.field.Text+"\n", "\n")+pasted, len(pasted) >= longestPaste)
		}
	}
	d.choose.OnEscape, d.file.OnEscape, d.field.OnEscape = close.OnTapped, close.OnTapped, close.OnTapped
	m.w.win.Canvas().Focus(d.field)
}

// closed is called when the dialog has closed.
func (d *listDialog) closed() {
	d.reading.drop()
	d.m.dialog = nil
}

// closeList closes the dialog, if it is open.
func (m *many) closeList() {
	if m.dialog != nil {
		m.dialog.hide()
	}
}

// chooseFile asks for a file. Fyne opens it on the window's thread.
func (d *listDialog) chooseFile() {
	d.m.w.chooseFile(words.Text("many.paste.file_title"), []string{".csv", ".txt", ".tsv"}, func(file fyne.URIReadCloser, err error) {
		switch {
		case d.m.dialog != d:
			if file != nil {
				file.Close()
			}
		case err != nil:
			d.say(unreadable(err))
		case file != nil:
			d.read(func() (io.ReadCloser, error) { return file, nil })
		}
		d.m.w.win.Canvas().Focus(d.choose)
	})
}

// read reads a list beside the window, and takes it.
func (d *listDialog) read(open func() (io.ReadCloser, error)) {
	d.reading.start(func(ctx context.Context, _ func(func())) func() {
		text, err := connector.ReadList(ctx, open)
		wanted, bad := connector.ReadWanted(text)
		return func() {
			setEnabled(true, d.choose, d.file)
			if err != nil {
				d.say(unreadable(err))
				return
			}
			d.use(wanted, bad, false)
		}
	})
	setEnabled(false, d.choose, d.file)
	d.say(words.Text("many.paste.reading"))
}

// unreadable says why a file was not read.
func unreadable(err error) string {
	switch {
	case errors.Is(err, connector.ErrListTooLarge):
		return words.Text("many.paste.large")
	case errors.Is(err, connector.ErrListNotText):
		return words.Text("many.paste.not_text")
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err // the user knows which file it is
	}
	return words.Text("many.paste.unreadable", words.Facts{"Why": strings.TrimSuffix(printable.Line(err.Error()), ".")})
}

// take takes a list that was typed or pasted. Cut says that the clipboard has more, and that the last line may be cut.
func (d *listDialog) take(text string, cut bool) {
	if cut {
		text = text[:strings.LastIndexAny("\n"+text, "\r\n")]
	}
	wanted, bad := connector.ReadWanted(text)
	d.use(wanted, bad, cut)
}

// use selects what a list asks for, and closes the dialog if all of it was found. Bad are lines that cannot be read.
func (d *listDialog) use(wanted []connector.Wanted, bad []int, cut bool) {
	text, complete := d.m.selectListed(wanted, bad, cut)
	if !complete {
		d.say(text)
		return
	}
	d.hide()
	d.m.w.tell(noted{text})
	d.m.w.win.Canvas().Focus(d.m.connect)
}

func (d *listDialog) say(text string) {
	d.said.SetText(text)
	d.answer.ScrollToTop()
}

// dropped takes a file that was dropped on the window as a list.
func (m *many) dropped(file fyne.URI) {
	inFront := m.w.win.Canvas().Overlays().Top() != nil && m.dialog == nil // something else waits for an answer
	if !m.w.shows(m) || !m.accepted() || m.one || m.busy() || inFront {
		return
	}
	m.openList()
	m.dialog.read(func() (io.ReadCloser, error) { return storage.Reader(file) })
}

// selectListed selects the organizations of a list. It returns what to say, and whether all of the list was found.
func (m *many) selectListed(wanted []connector.Wanted, bad []int, cut bool) (said string, complete bool) {
	switch {
	case len(wanted)+len(bad) == 0:
		return words.Text("many.paste.empty"), false
	case len(wanted) > mostWanted:
		return words.Text("many.paste.too_many"), false
	}
	var left []string
	if cut {
		left = append(left, words.Text("many.paste.cut"))
	}
	found, unmatched := connector.Match(wanted, m.every)
	m.addUnlisted(found)
	selectable := m.selectable(found)
	m.set(true, selectable...)
	m.find()
	lines := []string{words.Text("many.paste.selected", words.Facts{"Count": strconv.Itoa(len(selectable))})}
	if n := len(found) - len(selectable); n > 0 {
		lines = append(lines, words.Text("many.paste.already", words.Facts{"Count": strconv.Itoa(n)}))
	}
	left = append(left, m.leftOut(bad, unmatched)...)
	return strings.Join(append(lines, left...), "\n"), len(left) == 0
}

// addUnlisted adds organizations that a list names by their IDs, and JumpCloud has not listed: the key may open them all the same.
func (m *many) addUnlisted(found []check.Organization) {
	if every := withUnlisted(m.every, found); len(every) > len(m.every) {
		m.setOrganizations(every)
		m.follow()
		m.fill()
	}
}

// withUnlisted returns a copy of all, with those of more that are not among them.
func withUnlisted(all, more []check.Organization) []check.Organization {
	listed := make(map[string]bool)
	for _, o := range all {
		listed[o.ID] = true
	}
	all = slices.Clone(all)
	for _, o := range more {
		if !listed[o.ID] {
			o.Name = cmp.Or(o.Name, o.ID)
			all = append(all, o)
		}
	}
	return all
}

// mostLines is how many lines of a list are named of which nothing was found.
const mostLines = 20

// leftOut says which lines of a list select nothing, and why.
func (m *many) leftOut(bad []int, unmatched []connector.Wanted) (lines []string) {
	why := make(map[int]func() string) // a long list may have very many
	for _, line := range bad {
		why[line] = func() string { return words.Text("many.paste.bad", words.Facts{"Line": strconv.Itoa(line)}) }
	}
	for _, w := range unmatched {
		why[w.Line] = func() string { return m.unmatched(w) }
	}
	for i, line := range slices.Sorted(maps.Keys(why)) {
		if i == mostLines {
			return append(lines, words.Text("many.paste.others", words.Facts{"Count": strconv.Itoa(len(why) - mostLines)}))
		}
		lines = append(lines, why[line]())
	}
	return lines
}

// unmatched says why a line of a list names no organization of the key.
func (m *many) unmatched(w connector.Wanted) string {
	about := words.Facts{"Line": strconv.Itoa(w.Line), "Name": w.Name}
	switch {
	case w.Several:
		return words.Text("many.paste.several", about)
	case m.report.MoreChoices || len(m.report.Opened()) == 0:
		return words.Text("many.paste.unlisted", about)
	}
	return words.Text("many.paste.unknown", about)
}
