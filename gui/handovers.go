package gui

import (
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

// handOvers is the screen that lists the connections whose present key ControlMap does not have: those that it has a former key of, and
// those that it never got.
type handOvers struct {
	w     *window
	due   connector.ToHandOver
	group int                    // which of the two the user wants to see
	shown []connector.Connection // the connections of that group

	*handOversParts // nil before build
}

// handOversParts is what is on the screen.
type handOversParts struct {
	status           *widgets.Status
	groups           *fyne.Container // a chip for each group
	labels           []string        // what the chips say
	list             *widgets.Rows
	room             *canvas.Rectangle // the least height of the list
	unknown, broken  *widgets.Status   // which ones cannot be handed over
	next, page, back *widgets.Button
	box              *container.Scroll
}

// The groups, in the order in which they can be chosen.
const (
	groupOutdated = iota
	groupNew
)

// newHandOversScreen makes the screen without its content, so that the start does not wait for it.
func newHandOversScreen(w *window) screen { return &handOvers{w: w} }

// build makes what is on the screen.
func (h *handOvers) build() {
	if h.handOversParts != nil {
		return
	}
	p := &handOversParts{status: widgets.NewStatus(), unknown: widgets.NewStatus(), broken: widgets.NewStatus(),
		groups: container.NewStack(), room: canvas.NewRectangle(color.Transparent)}
	h.handOversParts = p
	p.list = widgets.NewRows(func() int { return len(h.shown) }, newHandOversRow, h.updateRow, func(i widget.ListItemID) { h.begin(h.shown[i]) })
	p.list.HideSeparators = true
	p.next = widgets.NewButton(words.Text("handovers.next"), theme.MailForwardIcon(), func() { h.begin(h.due.All()[0]) })
	p.next.Importance = widget.HighImportance
	p.page = widgets.NewButton(words.Text("handovers.page"), theme.DocumentPrintIcon(), h.offerPage)
	p.back = widgets.NewButton(words.Text("guide.back"), theme.NavigateBackIcon(), func() { h.w.tell(backWanted{}) })
	top := container.NewVBox(widgets.Heading(words.Text("details.hand_over"), theme.SizeNameHeadingText), p.status.Box, p.groups)
	bottom := container.NewVBox(p.unknown.Box, p.broken.Box, widgets.NewFlow(p.next, p.page, layout.NewSpacer(), p.back))
	p.box = h.w.newScroll(widgets.Card(widgets.Upright(top, container.NewStack(p.room, p.list), bottom)))
}

// newHandOversRow makes a row: the name, a line of small text, and at the right what a press does.
func newHandOversRow() fyne.CanvasObject {
	open := widget.NewLabel(words.Text("handovers.open"))
	open.Importance = widget.HighImportance
	return container.NewBorder(nil, nil, nil, container.NewCenter(open), newTwoLines())
}

func (h *handOvers) updateRow(i widget.ListItemID, o fyne.CanvasObject) {
	c, now := h.shown[i], h.w.work.now()
	var about []string
	if c.Readiness(now) == connector.ReadyUnchecked {
		about = append(about, words.Unchecked(c.Report))
	}
	if c.HandOver.Outdated {
		about = append(about, words.Text("list.handed_over", words.Facts{"Date": words.Date(c.HandOver.At)}))
	}
	if c.HandOver.Tenant != "" {
		about = append(about, strings.TrimPrefix(c.HandOver.Tenant, "https://"))
	}
	if end := words.KeyEndsShort(c.Report, now); end != "" {
		about = append(about, end)
	}
	if whose := printable.Line(c.Report.Administrator.Email); whose != "" {
		about = append(about, whose)
	}
	if len(about) == 0 {
		about = append(about, words.Text("handovers.never"))
	}
	setTwoLines(o.(*fyne.Container).Objects[0].(*fyne.Container), h.w.connections.nameOf(c), strings.Join(about, " · "))
}

// fill shows what has to be handed over now.
func (h *handOvers) fill() {
	h.due = connector.NotHandedOver(h.w.connections.all, h.w.work.now())
	outdated, fresh := len(h.due.Outdated), len(h.due.New)
	h.fillGroups(outdated, fresh)
	any := outdated+fresh > 0
	h.say(outdated, fresh)
	h.name(h.unknown, check.Skipped, "handovers.unknown", h.due.Unknown)
	h.name(h.broken, check.Failed, "handovers.broken", h.due.Broken)
	for _, o := range []fyne.CanvasObject{h.list, h.next, h.page} {
		widgets.SetVisible(o, any)
	}
	h.back.Importance = widget.MediumImportance
	if !any {
		h.back.Importance = widget.HighImportance
	}
	h.room.SetMinSize(fyne.NewSize(0, leastList))
	h.fillList()
}

// name names those that cannot be handed over, in the words at key.
func (h *handOvers) name(in *widgets.Status, state check.State, key string, some []connector.Connection) {
	var names []string
	for _, c := range some {
		names = append(names, h.w.connections.nameOf(c))
	}
	in.Set(state, words.Text(key, words.Facts{"Names": words.Some(names, mostListed)}))
	widgets.SetVisible(in.Box, len(some) > 0)
}

// fillGroups shows a chip for each group, if there are both.
func (h *handOvers) fillGroups(outdated, fresh int) {
	widgets.SetVisible(h.groups, outdated > 0 && fresh > 0)
	labels := []string{words.Text("handovers.group.outdated", words.Facts{"Count": strconv.Itoa(outdated)}),
		words.Text("handovers.group.new", words.Facts{"Count": strconv.Itoa(fresh)})}
	if slices.Equal(labels, h.labels) {
		return
	}
	chips := widgets.NewChips(labels, func(i int) { h.group = i; h.fillList() })
	chips.Choose(h.group)
	h.labels, h.groups.Objects = labels, []fyne.CanvasObject{chips.Box}
}

// say says how much there is to do.
func (h *handOvers) say(outdated, fresh int) {
	switch {
	case outdated > 0:
		h.status.Set(check.Warning, words.Text("handovers.outdated", words.Facts{"Count": strconv.Itoa(outdated)}))
	case fresh > 0:
		h.status.Set(check.Waiting, words.Text("handovers.new", words.Facts{"Count": strconv.Itoa(fresh)}))
	case len(h.w.connections.all) == 0:
		h.status.Set(check.Waiting, words.Text("list.empty"))
	case len(h.due.Unknown)+len(h.due.Broken) > 0:
		h.status.Set(check.Waiting, words.Text("handovers.nothing"))
	default:
		h.status.Set(check.Passed, words.Text("handovers.all"))
	}
}

// fillList shows the connections of the chosen group, or of the only one.
func (h *handOvers) fillList() {
	h.shown = h.due.Outdated
	if len(h.due.Outdated) == 0 || h.group == groupNew && len(h.due.New) > 0 {
		h.shown = h.due.New
	}
	h.list.Refresh()
	h.box.Refresh()
}

// begin hands over a connection. The others follow.
func (h *handOvers) begin(c connector.Connection) { h.w.tell(handOverInTurn{c}) }
