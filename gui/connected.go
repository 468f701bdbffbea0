package gui

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// keyQuestion asks what to do with the kept keys of an organization when the user saves another key for it.
type keyQuestion struct {
	kept  []connector.Connection        // the connections to the organization, at least one
	fresh connector.Connection          // the connection with the new key, not saved yet
	save  func(...connector.SaveOption) // saves the new key
	leave func()                        // leaves everything as it is
}

// ask shows the question. The focus is on the answer that changes nothing; Esc gives that answer, too. The returned function hides the
// question.
func (q keyQuestion) ask(w *window) (hide func()) {
	sortConnections(q.kept)
	chosen, kept, fresh := 0, newKeyColumn("connected.kept"), newKeyColumn("connected.new")
	describe := func() { kept.describe(q.kept[chosen], w) }
	describe()
	fresh.describe(q.fresh, w)
	organization := cmp.Or(q.fresh.Organization.Name, q.fresh.Organization.ID)
	content := container.NewVBox(widgets.Wrapped(words.Text("connected.text", words.Facts{"Organization": organization}), 0),
		widgets.NewFlow(kept.box, fresh.box))
	no := widgets.NewButton(words.Text("connected.leave"), theme.CancelIcon(), q.leave)
	both := widgets.NewButton(words.Text("connected.both"), theme.ContentAddIcon(), func() { q.save(connector.KeepingBoth()) })
	yes := widgets.NewButton(words.Text("connected.replace"), theme.ConfirmIcon(), func() { q.save(connector.Replacing(q.kept[chosen])) })
	yes.Importance = widget.DangerImportance
	if len(q.kept) > 1 {
		which := widgets.NewChoice(q.names(), 0, func() { no.OnTapped() }, func(i int) { chosen = i; describe() })
		content.Objects = slices.Insert(content.Objects, 1,
			fyne.CanvasObject(container.NewBorder(nil, nil, widget.NewLabel(words.Text("connected.which")), nil, which)))
	}
	return w.open(words.Text("connected.title"), container.New(widgets.Width(w.dialogWidth(2*keyColumnWidth+4)), content), no, both, yes)
}

// names returns the names of the kept connections. Connections to one organization never have the same name.
func (q keyQuestion) names() []string {
	var names []string
	for _, c := range q.kept {
		names = append(names, c.Name)
	}
	return names
}

// keyColumnWidth is the width of a keyColumn.
const keyColumnWidth = 250

// keyColumn shows what is known of one of the two keys.
type keyColumn struct {
	lines [6]*widget.Label
	box   *fyne.Container
}

func newKeyColumn(title string) *keyColumn {
	k := &keyColumn{}
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-14), widgets.Heading(words.Text(title), theme.SizeNameText))
	for i := range k.lines {
		k.lines[i] = widgets.Wrapped("", widget.MediumImportance)
		lines.Add(k.lines[i])
	}
	k.lines[0].Truncation, k.lines[0].Wrapping = fyne.TextTruncateEllipsis, fyne.TextWrapOff
	k.box = container.New(widgets.Width(keyColumnWidth), lines)
	return k
}

// describe shows whose key a connection has, what it may do, until when, and how its last check went.
func (k *keyColumn) describe(c connector.Connection, w *window) {
	now := w.work.now()
	a := c.Report.Administrator
	saved := words.Text("connected.unsaved")
	switch {
	case c.ID != "" && w.connections.forSession(c):
		saved = words.Text("details.kept.session")
	case c.ID != "":
		saved = words.Text("connected.saved", words.Facts{"Date": words.Date(c.Saved)})
	}
	unknown := words.Text("details.unknown")
	for i, line := range []string{
		cmp.Or(c.Name, c.Organization.Name, c.Organization.ID),
		cmp.Or(printable.Line(a.Email), words.Text("connected.nobody")),
		cmp.Or(printable.Line(a.Role), words.Text("details.role")+": "+unknown),
		words.Text("details.ends") + ": " + cmp.Or(words.KeyEnds(c.Report, now), unknown),
		saved,
		words.Health(c.Health(now)) + " · " + words.Ago(c.Report.At, w.minute),
	} {
		k.lines[i].SetText(line)
	}
	k.box.Refresh()
}
