package gui

import (
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// guide teaches what to do outside of the program, one step at a time, each with a picture of where to click.
type guide struct {
	about   func() words.Facts // fills the places of the texts
	wanted  topic              // what show was called with last
	chapter topic              // the chapter on the page
	at      map[topic]int      // the index of the step that each chapter is open at
	from    map[topic]int      // the index of the step that each chapter was opened at; the steps before it may not have been done
	full    bool               // the page is filled, see fill

	title      *widget.Label
	progress   *fyne.Container // a mark for each step of the chapter
	count      *widget.Label
	body       *fyne.Container // the step
	page       *container.Scroll
	back, next *widgets.Button
	instead    *widgets.Button // opens the chapter that leads to the same in another way
	box        *fyne.Container
	open       func() // shows the guide where it is a drawer
}

// newGuide makes the guide. OpenConsole opens the Admin Portal; about returns what fills the places of the texts.
func newGuide(openConsole func(), about func() words.Facts) *guide {
	g := &guide{about: about, at: make(map[topic]int), from: make(map[topic]int), title: widgets.Heading("", theme.SizeNameSubHeadingText), count: widgets.Caption(""),
		progress: container.New(layout.NewCustomPaddedHBoxLayout(2)), body: container.New(&pageLayout{})}
	g.title.Wrapping, g.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	g.page = container.NewVScroll(g.body)
	g.back = widgets.NewButton(words.Text("guide.back"), theme.NavigateBackIcon(), func() { g.turn(-1) })
	g.next = widgets.NewButton(words.Text("guide.next"), theme.NavigateNextIcon(), func() { g.turn(1) })
	g.next.IconPlacement = widget.ButtonIconTrailingText
	g.instead = widgets.NewButton("", nil, func() { g.turnTo(insteadOf[g.chapter]) })
	g.instead.Importance = widget.LowImportance
	console := widgets.NewButton(words.Text("guide.console"), theme.ComputerIcon(), openConsole)
	progress := container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), 0), container.NewCenter(g.progress))
	head := container.New(layout.NewCustomPaddedVBoxLayout(-4), g.title, container.NewBorder(nil, nil, progress, nil, g.count))
	g.box = widgets.Card(widgets.Upright(head, g.page, container.New(&footLayout{}, g.back, g.next, console)))
	return g
}

// show turns to a topic, unless it was shown last. So nobody who turns the pages is interrupted, unless there is something new.
func (g *guide) show(t topic) {
	if t == "" || t == g.wanted {
		return
	}
	g.wanted = t
	g.turnTo(t)
}

// turnTo turns to a topic. A chapter opens where it was left.
func (g *guide) turnTo(t topic) {
	chapter, step := t.split()
	g.chapter = chapter
	if step >= 0 {
		g.at[chapter], g.from[chapter] = step, step
	}
	if g.full {
		g.fill()
	}
}

// carryOver opens the guide where another one is open. Nothing is drawn before fill.
func (g *guide) carryOver(from *guide) {
	g.wanted, g.chapter, g.at, g.from = from.wanted, from.chapter, from.at, from.from
}

// turn goes this many steps on.
func (g *guide) turn(by int) {
	g.at[g.chapter] = min(max(g.at[g.chapter]+by, 0), len(chapters[g.chapter])-1)
	g.fill()
	pressed, other := g.next, g.back
	if by < 0 {
		pressed, other = other, pressed
	}
	if !pressed.Visible() {
		fyne.CurrentApp().Driver().CanvasForObject(g.box).Focus(other) // the focus does not stay on a button that is gone
	}
}

// fill shows the step. After the first call, each change of the step fills the page anew.
func (g *guide) fill() {
	g.full = true
	steps, at := chapters[g.chapter], g.at[g.chapter]
	g.title.SetText(words.Text("guide." + string(g.chapter)))
	g.count.SetText(words.Text("guide.count", words.Facts{"Step": strconv.Itoa(at + 1), "Count": strconv.Itoa(len(steps))}))
	g.progress.RemoveAll()
	for i := range steps {
		g.progress.Add(container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(theme.IconInlineSize())), widget.NewIcon(stepMark(i, g.from[g.chapter], at))))
	}
	widgets.SetVisible(g.count, len(steps) > 1)
	widgets.SetVisible(g.progress, len(steps) > 1)
	widgets.SetVisible(g.back, at > 0)
	widgets.SetVisible(g.next, at < len(steps)-1)
	g.body.Objects = g.step(steps[at])
	g.body.Refresh()
	g.page.ScrollToTop()
}

// stepMark returns the mark of a step: done since the chapter was opened, current, or another one.
func stepMark(step, from, at int) fyne.Resource {
	switch {
	case from <= step && step < at:
		return widgets.StateIcon(check.Passed)
	case step == at:
		return theme.NewPrimaryThemedResource(theme.RadioButtonCheckedIcon())
	}
	return widgets.StateIcon(check.Waiting)
}

// step makes the parts of a step: its title and its warning, its picture, its text.
func (g *guide) step(name string) []fyne.CanvasObject {
	head := paragraphsBox(bold(words.Text("guide."+name+".title"), theme.ColorNameForeground))
	if hasWarning[name] {
		head.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon())), nil,
			bold(words.Text("guide."+name+".warning"), theme.ColorNameWarning)))
	}
	picture := container.New(layout.NewCustomPaddedLayout(2, 4, 0, 0))
	picture.Hide()
	if svg, err := assets.Guide.ReadFile("guide/" + name + ".svg"); err == nil {
		if p, err := widgets.NewPicture(name, svg); err == nil { // a test reads all pictures
			picture.Add(p)
			picture.Show()
		}
	}
	text := paragraphsBox(paragraphs(words.Text("guide."+name+".text", g.about()))...)
	if other := insteadOf[g.chapter]; other != "" {
		g.instead.SetText(words.Text("guide." + string(other) + ".instead"))
		text.Add(widgets.NewFlow(g.instead))
	}
	return []fyne.CanvasObject{head, picture, text}
}

// paragraphsBox puts paragraphs below each other. They have padding of their own.
func paragraphsBox(all ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), all...)
}

// numbered matches a paragraph that begins with a number, and takes the two apart.
var numbered = regexp.MustCompile(`^(\d+\.) (.*)`)

// paragraphs lays out a text in Markdown. The number of a step stands left of its paragraph: in a list of Fyne's own, lines
// are as much too long as they are indented (Fyne 2.8.1, after https://github.com/fyne-io/fyne/pull/6299).
func paragraphs(markdown string) (all []fyne.CanvasObject) {
	for paragraph := range strings.SplitSeq(markdown, "\n\n") {
		if parts := numbered.FindStringSubmatch(paragraph); parts != nil {
			number := widget.NewLabelWithStyle(parts[1], fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
			all = append(all, container.New(hanging{}, number, prose(parts[2])))
			continue
		}
		all = append(all, prose(paragraph))
	}
	return all
}

// prose is a paragraph in Markdown.
func prose(markdown string) *widget.RichText {
	p := widget.NewRichTextFromMarkdown(markdown)
	p.Wrapping = fyne.TextWrapWord
	return p
}

// bold is a paragraph in bold letters of a colour.
func bold(text string, color fyne.ThemeColorName) *widget.RichText {
	p := widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: color, TextStyle: fyne.TextStyle{Bold: true}}})
	p.Wrapping = fyne.TextWrapWord
	return p
}

// hanging puts a number left of its paragraph. Both have padding; between them it is used once.
type hanging struct{}

func (hanging) indent(objects []fyne.CanvasObject) float32 {
	return objects[0].MinSize().Width - theme.InnerPadding()
}

// MinSize implements [fyne.Layout].
func (h hanging) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(h.indent(objects), 0)
}

// Layout implements [fyne.Layout].
func (h hanging) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(objects[0].MinSize())
	objects[1].Move(fyne.NewPos(h.indent(objects), 0))
	objects[1].Resize(size.SubtractWidthHeight(h.indent(objects), 0))
}
