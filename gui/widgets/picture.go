package widgets

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Picture shows a drawing, as wide as its place, in the theme's colours. The drawing is an SVG file in the colours of the light theme. In the
// dark theme, each of them is replaced by its dark one. Fyne draws no texts of an SVG file, so the picture adds them.
type Picture struct {
	widget.BaseWidget
	drawing drawing
	name    string
	svg     string
	width   float32 // of the last layout
}

// drawing is what a picture needs to know of its SVG file.
type drawing struct {
	ViewBox string `xml:"viewBox,attr"`
	Texts   []struct {
		X      float32 `xml:"x,attr"`
		Y      float32 `xml:"y,attr"` // of the baseline
		Size   float32 `xml:"font-size,attr"`
		Weight string  `xml:"font-weight,attr"`
		Anchor string  `xml:"text-anchor,attr"`
		Fill   string  `xml:"fill,attr"`
		Text   string  `xml:",chardata"`
	} `xml:"text"`
	size fyne.Size
}

// colour matches a colour in an SVG file.
var colour = regexp.MustCompile(`#[0-9A-Fa-f]{3,8}\b`)

// NewPicture makes a picture of an SVG file of ours. The error says if the file cannot be read, or has a colour that the theme does not have.
func NewPicture(name string, svg []byte) (*Picture, error) {
	p := &Picture{name: name, svg: string(svg), width: usualPicture}
	if err := xml.Unmarshal(svg, &p.drawing); err != nil {
		return nil, fmt.Errorf("read the picture %s: %w", name, err)
	}
	if _, err := fmt.Sscanf(p.drawing.ViewBox, "0 0 %g %g", &p.drawing.size.Width, &p.drawing.size.Height); err != nil {
		return nil, fmt.Errorf("read the size of the picture %s: %w", name, err)
	}
	for _, c := range colour.FindAllString(p.svg, -1) {
		if _, ok := inks[c]; !ok {
			return nil, fmt.Errorf("the picture %s has the colour %s, which is not the theme's", name, c)
		}
	}
	p.ExtendBaseWidget(p)
	return p, nil
}

// CreateRenderer implements [fyne.Widget].
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	r := &pictureRenderer{p: p, image: &canvas.Image{FillMode: canvas.ImageFillStretch}}
	r.objects = []fyne.CanvasObject{r.image}
	for _, t := range p.drawing.Texts {
		text := &canvas.Text{Text: t.Text, TextStyle: fyne.TextStyle{Bold: t.Weight == "bold"}}
		r.texts = append(r.texts, text)
		r.objects = append(r.objects, text)
	}
	r.Refresh()
	return r
}

type pictureRenderer struct {
	p       *Picture
	image   *canvas.Image
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

// MinSize implements [fyne.WidgetRenderer]. The height follows from the width of the last layout.
func (r *pictureRenderer) MinSize() fyne.Size {
	return fyne.NewSize(0, r.p.width*r.p.drawing.size.Height/r.p.drawing.size.Width)
}

// Layout implements [fyne.WidgetRenderer].
func (r *pictureRenderer) Layout(size fyne.Size) {
	r.p.width = min(size.Width, mostPicture)
	scale := r.p.width / r.p.drawing.size.Width
	left := (size.Width - r.p.width) / 2
	r.image.Move(fyne.NewPos(left, 0))
	r.image.Resize(fyne.NewSize(r.p.width, r.p.drawing.size.Height*scale))
	for i, t := range r.p.drawing.Texts {
		text := r.texts[i]
		text.TextSize = t.Size * scale
		needs := text.MinSize()
		_, baseline := fyne.CurrentApp().Driver().RenderedTextSize(t.Text, text.TextSize, text.TextStyle, nil)
		x := left + t.X*scale
		if t.Anchor == "middle" {
			x -= needs.Width / 2
		}
		text.Move(fyne.NewPos(x, t.Y*scale-baseline))
		text.Resize(needs)
	}
}

// The widths of a picture, in the window's units: before it is laid out, and at most.
const usualPicture, mostPicture = 270, 320

// inks are the colours that a drawing may use, by their light values.
var inks = func() map[string]fyne.ThemeColorName {
	all := make(map[string]fyne.ThemeColorName)
	for _, name := range []fyne.ThemeColorName{ColorNameCard, theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNamePrimary,
		theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameInputBorder, theme.ColorNameSeparator,
		theme.ColorNameSuccess, theme.ColorNameWarning} {
		all[hex(palette[name].light)] = name
	}
	return all
}()

// Refresh applies the theme's colours.
func (r *pictureRenderer) Refresh() {
	th, v := r.p.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	var pairs []string
	for light, name := range inks {
		pairs = append(pairs, light, hex(th.Color(name, v)))
	}
	name := r.p.name + "-" + hex(th.Color(ColorNameCard, v))[1:] + ".svg" // Fyne keeps what it has drawn by its name
	r.image.Resource = fyne.NewStaticResource(name, []byte(strings.NewReplacer(pairs...).Replace(r.p.svg)))
	r.image.Refresh()
	for i, t := range r.p.drawing.Texts {
		r.texts[i].Color = th.Color(inks[t.Fill], v)
		r.texts[i].Refresh()
	}
}

// Objects implements [fyne.WidgetRenderer].
func (r *pictureRenderer) Objects() []fyne.CanvasObject { return r.objects }

// Destroy implements [fyne.WidgetRenderer].
func (r *pictureRenderer) Destroy() {}

// hex writes a colour as #RRGGBB.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02X%02X%02X", n.R, n.G, n.B)
}
