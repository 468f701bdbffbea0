package gui

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// topic is a page of the guide, as the translation files name it.
type topic string

const (
	guideRegion       topic = "region"
	guideKey          topic = "key"
	guideOrganization topic = "organization"
	guideName         topic = "name"
	guideNext         topic = "next"
	guideSettings     topic = "settings"
)

// guide explains the field in focus: where to find what it asks for.
type guide struct {
	title *widget.Label
	body  *fyne.Container // empty until fill
	full  bool
	box   *fyne.Container
	open  func() // shows the guide where it is a drawer
	topic topic
	about func() words.Facts // fills the places of the texts
}

// newGuide makes the guide. OpenConsole opens the Admin Portal; about returns what fills the places of the texts.
func newGuide(openConsole func(), about func() words.Facts) *guide {
	g := &guide{about: about, title: widgets.Heading("", theme.SizeNameSubHeadingText), body: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	g.title.Wrapping, g.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	console := widgets.NewButton(words.Text("guide.console"), theme.ComputerIcon(), openConsole)
	g.box = widgets.Card(container.NewBorder(g.title, console, nil, nil, container.NewVScroll(g.body)))
	return g
}

func (g *guide) show(t topic) {
	if g.topic == t {
		return
	}
	g.topic = t
	g.title.SetText(words.Text("guide." + string(t) + ".title"))
	if g.full {
		g.fill()
	}
}

// fill shows the text of the topic. After the first call, show fills in the text of each new topic.
func (g *guide) fill() {
	g.full = true
	g.body.Objects = paragraphs(words.Text("guide."+string(g.topic)+".text", g.about()))
	g.body.Refresh()
}

// step matches a paragraph that begins with a number, and takes the two apart.
var step = regexp.MustCompile(`^(\d+\.) (.*)`)

// paragraphs lays out a text in Markdown. The number of a step stands left of its paragraph: in a list of Fyne's own, lines
// are as much too long as they are indented (Fyne 2.8.1, after https://github.com/fyne-io/fyne/pull/6299).
func paragraphs(markdown string) (all []fyne.CanvasObject) {
	for paragraph := range strings.SplitSeq(markdown, "\n\n") {
		if parts := step.FindStringSubmatch(paragraph); parts != nil {
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
