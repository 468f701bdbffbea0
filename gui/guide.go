package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// topic is a page of the guide, as the translation files name it.
type topic string

const (
	guideRegion       topic = "region"
	guideKey          topic = "key"
	guideOrganization topic = "organization"
	guideName         topic = "name"
	guideNext         topic = "next"
)

// guide explains the field in focus: where to find what it asks for.
type guide struct {
	title *widget.Label
	body  *widget.RichText // empty until fill
	full  bool
	box   *fyne.Container
	topic topic
}

func newGuide(u *UI) *guide {
	g := &guide{title: heading("", theme.SizeNameSubHeadingText), body: widget.NewRichText()}
	g.title.Wrapping, g.title.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	g.body.Wrapping = fyne.TextWrapWord
	console := newButton(text("guide.console"), theme.ComputerIcon(), func() { u.openConsole(u.region()) })
	g.box = card(container.NewBorder(g.title, console, nil, nil, container.NewVScroll(g.body)))
	return g
}

func (g *guide) show(t topic) {
	if g.topic == t {
		return
	}
	g.topic = t
	g.title.SetText(text("guide." + string(t) + ".title"))
	if g.full {
		g.body.ParseMarkdown(text("guide." + string(t) + ".text"))
	}
}

// fill shows the topic's text, and that of those to come.
func (g *guide) fill() {
	g.full = true
	g.body.ParseMarkdown(text("guide." + string(g.topic) + ".text"))
}
