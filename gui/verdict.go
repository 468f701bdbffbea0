package gui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// verdict is what a validation comes to. Empty parts are not shown.
type verdict struct {
	state    check.State
	above    string // what has become of a connection that worked
	title    string // names the cause
	text     string // what was seen
	progress float32
	way      []check.State  // how far it came, by station
	who      string         // whose move it is
	remedy   string         // what to do
	points   []check.Result // warnings, each in a line of its own
	cancel   widgets.Action // stops what runs, or leaves everything as it is
	next     widgets.Action // the button of high importance
	quiet    []widgets.Action
	about    check.ID  // the check that all of this is about; its row need not repeat it
	runsAt   time.Time // when the checks run again by themselves; zero for never
}

// offer adds a button: the first one is the next step.
func (v *verdict) offer(a widgets.Action) {
	if v.next.Do == nil {
		v.next = a
	} else {
		v.quiet = append(v.quiet, a)
	}
}

// inWords is a verdict in words only. A line break parts the title from the text.
func inWords(state check.State, message string) verdict {
	title, text, _ := strings.Cut(message, "\n")
	return verdict{state: state, title: strings.TrimSuffix(title, "."), text: text, progress: 1}
}

// verdictCard shows a verdict: what it is, whose move it is, and what to press next.
type verdictCard struct {
	icon     *widget.Icon
	above    *widget.Label
	title    *widget.Label
	text     *widget.Label
	progress *widgets.Bar
	way      *widgets.Way
	who      *widget.Label
	remedy   *widget.Label
	points   *fyne.Container
	cancel   *widgets.Button
	next     *widgets.Button // the one of the next step: of the plain or of the storing ones
	plain    []*widgets.Button
	storing  []*widgets.Button // those whose press changes what is kept
	isOff    bool              // the next step cannot be taken now
	buttons  *fyne.Container
	support  *widgets.Button
	box      *fyne.Container
}

// newVerdictCard makes an empty card. Support copies the report.
func newVerdictCard(support func()) *verdictCard {
	var stations []string
	for _, s := range check.Stations() {
		stations = append(stations, words.Station(s))
	}
	c := &verdictCard{icon: widget.NewIcon(nil), above: widgets.Small(""), title: widgets.Wrapped("", widget.MediumImportance),
		text: widgets.Wrapped("", widget.LowImportance), progress: widgets.NewBar(), way: widgets.NewWay(stations),
		who: widgets.Wrapped("", widget.HighImportance), remedy: widgets.Wrapped("", widget.MediumImportance),
		points: container.New(layout.NewCustomPaddedVBoxLayout(-8)), cancel: widgets.NewButton("", nil, nil), buttons: widgets.NewFlow()}
	c.title.SizeName, c.title.TextStyle.Bold, c.who.TextStyle.Bold = theme.SizeNameHeadingText, true, true
	c.next = buttonOf(&c.plain, 0)
	c.support = widgets.NewButton(words.Text("form.support"), theme.ContentCopyIcon(), support)
	c.support.Importance = widget.LowImportance
	close := layout.NewCustomPaddedVBoxLayout(-10)
	icon := container.New(layout.NewCustomPaddedLayout(5, 0, 0, 4), container.NewGridWrap(fyne.NewSize(30, 30), c.icon))
	head := container.NewBorder(nil, nil, container.NewVBox(icon), nil, container.New(close, c.above, c.title, c.text))
	below := container.New(layout.NewCustomPaddedLayout(0, 0, icon.MinSize().Width+theme.Padding(), 0),
		container.NewVBox(c.points, container.New(close, c.who, c.remedy), c.buttons))
	c.box = widgets.Card(container.NewVBox(head, c.progress, c.way.Box, below))
	return c
}

// show shows a verdict.
func (c *verdictCard) show(v verdict, now time.Time) {
	c.icon.SetResource(widgets.StateIcon(v.state))
	for label, text := range map[*widget.Label]string{c.above: v.above, c.title: v.title, c.text: v.text, c.who: v.who, c.remedy: v.remedy} {
		setText(label, text)
	}
	c.progress.Set(v.progress, theme.ColorNamePrimary)
	widgets.SetVisible(c.progress, v.state == check.Running)
	widgets.SetVisible(c.way.Box, v.way != nil)
	if v.way != nil {
		c.way.Set(v.way)
	}
	c.points.RemoveAll()
	for _, p := range v.points {
		line := words.Verdict(p, []check.Result{p}, now)
		if who := words.Who(p.Cause.Meaning().Move); who != "" && !p.Cause.Meaning().Repeats {
			line += ". " + who
		}
		c.points.Add(container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(widgets.StateIcon(p.State))), nil, widgets.Wrapped(line, widget.MediumImportance)))
	}
	c.showButtons(v)
}

// showButtons shows the buttons, with Cancel in the first place. What changes what is kept has buttons of its own, behind the others. So when
// a run ends, no click and no Enter that is meant for Cancel, or for another button, comes to one of these. A button that is not needed does
// nothing any more: a press that is meant for it may come late.
func (c *verdictCard) showButtons(v verdict) {
	set(c.cancel, v.cancel)
	widgets.SetVisible(c.cancel, v.cancel.Do != nil)
	c.next = c.plain[0]
	plain, storing := 0, 0
	for i, a := range v.actions() {
		pool, used := &c.plain, &plain
		if a.Stores {
			pool, used = &c.storing, &storing
		}
		b := buttonOf(pool, *used) // the same button as before, for it may have the focus
		*used++
		b.Importance = widget.LowImportance
		if i == 0 {
			b.Importance, c.next = widget.HighImportance, b
		}
		set(b, a)
		setEnabled(i > 0 || !c.isOff, b)
		b.Show()
	}
	for _, b := range slices.Concat(c.plain[plain:], c.storing[storing:]) {
		set(b, widgets.Action{})
		b.Hide()
	}
	c.buttons.Objects = []fyne.CanvasObject{c.cancel}
	for _, b := range slices.Concat(c.plain, c.storing) {
		c.buttons.Objects = append(c.buttons.Objects, b)
	}
	c.buttons.Objects = append(c.buttons.Objects, c.support)
	c.keepFocus()
}

// actions are what the buttons do, but for Cancel.
func (v verdict) actions() []widgets.Action {
	if v.next.Do == nil {
		return v.quiet
	}
	return append([]widgets.Action{v.next}, v.quiet...)
}

// buttonOf returns button i of a pool, which has at least i buttons.
func buttonOf(pool *[]*widgets.Button, i int) *widgets.Button {
	if i == len(*pool) {
		*pool = append(*pool, widgets.NewButton("", nil, nil))
	}
	return (*pool)[i]
}

// keepFocus moves the focus if it was on a button of the card that is gone.
func (c *verdictCard) keepFocus() {
	on := fyne.CurrentApp().Driver().CanvasForObject(c.box)
	if on == nil {
		return
	}
	focused, isButton := on.Focused().(*widgets.Button)
	switch first := c.first(); {
	case !isButton || !slices.Contains(c.buttons.Objects, fyne.CanvasObject(focused)) || focused.Visible():
	case first.Visible():
		on.Focus(first)
	default:
		on.Unfocus()
	}
}

// first is the button that may get the focus by itself: Cancel, or else the first one that changes nothing of what is kept. It is hidden if
// there is none.
func (c *verdictCard) first() *widgets.Button {
	if c.cancel.Visible() {
		return c.cancel
	}
	return c.plain[0]
}

// setOff says whether the next step cannot be taken now.
func (c *verdictCard) setOff(isOff bool) {
	c.isOff = isOff
	setEnabled(!isOff, c.next)
}

// set gives a button the label, the icon and the effect of an action.
func set(b *widgets.Button, a widgets.Action) {
	b.OnTapped = a.Do
	b.SetText(a.Label)
	b.SetIcon(a.Icon)
}
