package gui

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// longestList is how many characters the field for a list holds. Fyne lays out all of them at each change. A longer list is taken as it is
// pasted, and not shown.
const longestList = 4 << 10

// openPaste opens a dialog that takes a list of names and Organization IDs, and selects these.
func (m *many) openPaste() {
	said := widgets.Wrapped(words.Text("many.paste.hint"), widget.MediumImportance)
	answer := container.NewVScroll(said)
	answer.SetMinSize(fyne.NewSize(0, 92)) // a dialog does not grow with its content
	field := widgets.NewLines(m.w.clipboard, words.Text("many.paste.placeholder"), longestList)
	field.SetMinRowsVisible(6)
	choose := widgets.NewButton(words.Text("many.paste.select"), theme.ConfirmIcon(), nil)
	choose.Importance = widget.HighImportance
	close := widgets.NewButton(words.Text("about.close"), theme.CancelIcon(), func() {})
	hide := m.w.open(words.Text("many.paste.title"), container.New(widgets.Width(m.w.dialogWidth(520)),
		container.NewVBox(field, container.NewHBox(choose), answer)), close)
	take := func(list string) {
		text, complete := m.selectListed(list)
		said.SetText(text)
		answer.ScrollToTop()
		if complete {
			hide()
			m.w.tell(noted{text})
			m.w.win.Canvas().Focus(m.connect)
		}
	}
	choose.OnTapped = func() { take(field.Text) }
	field.OnPaste = func(pasted string, put widgets.Putter) {
		if len(field.Text)+len(pasted) <= longestList {
			put(pasted, false)
		} else {
			take(pasted)
		}
	}
	choose.OnEscape, field.OnEscape = close.OnTapped, close.OnTapped
	m.w.win.Canvas().Focus(field)
}

// selectListed selects the organizations of a list. It returns what to say, and whether all of the list was found.
func (m *many) selectListed(text string) (said string, complete bool) {
	var left []string
	if len(text) >= longestPaste { // the clipboard has more, and the last line may be cut
		text = text[:strings.LastIndexAny("\n"+text, "\r\n")]
		left = append(left, words.Text("many.paste.cut"))
	}
	wanted, bad := connector.ReadWanted(text)
	if len(wanted)+len(bad) == 0 {
		return words.Text("many.paste.empty"), false
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
	listed := make(map[string]bool)
	for _, o := range m.every {
		listed[o.ID] = true
	}
	every := m.every
	for _, o := range found {
		if !listed[o.ID] {
			if o.Name == "" {
				o.Name = o.ID
			}
			every = append(every, o)
		}
	}
	if len(every) > len(m.every) {
		m.setOrganizations(every)
		m.follow()
		m.fill()
	}
}

// mostLines is how many lines of a list are named of which nothing was found.
const mostLines = 20

// leftOut says which lines of a list select nothing, and why.
func (m *many) leftOut(bad []int, unmatched []connector.Wanted) (lines []string) {
	why := make(map[int]string)
	for _, line := range bad {
		why[line] = words.Text("many.paste.bad", words.Facts{"Line": strconv.Itoa(line)})
	}
	for _, w := range unmatched {
		about := words.Facts{"Line": strconv.Itoa(w.Line), "Name": w.Name}
		switch {
		case w.Several:
			why[w.Line] = words.Text("many.paste.several", about)
		case m.report.MoreChoices || len(m.report.Opened()) == 0:
			why[w.Line] = words.Text("many.paste.unlisted", about)
		default:
			why[w.Line] = words.Text("many.paste.unknown", about)
		}
	}
	for i, line := range slices.Sorted(maps.Keys(why)) {
		if i == mostLines {
			return append(lines, words.Text("many.paste.others", words.Facts{"Count": strconv.Itoa(len(why) - mostLines)}))
		}
		lines = append(lines, why[line])
	}
	return lines
}
