package gui

import (
	"encoding/json"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// work is a third party's work that is part of the program.
type work struct {
	Name, Licence, Text string
}

// licences lists the works of third parties, and shows the licence of the chosen one.
type licences struct {
	widget.List
	works  []work
	built  map[string]string // the versions of the modules in this program
	chosen int
	pieces *fyne.Container // the paragraphs that are laid out
	rest   []string        // the paragraphs to come; they are laid out when the user gets there, as a long text takes long
	scroll *container.Scroll

	onEscape func()
}

func newLicences() *licences {
	l := &licences{pieces: container.NewVBox(), built: versions(debug.ReadBuildInfo())}
	l.ExtendBaseWidget(l)
	_ = json.Unmarshal(assets.Licences, &l.works) // it is our own file, and a test reads it
	l.scroll = container.NewVScroll(l.pieces)
	l.scroll.OnScrolled = func(fyne.Position) { l.more() }
	l.Length = func() int { return len(l.works) }
	l.CreateItem = func() fyne.CanvasObject { return widgets.Ellipsis("") }
	l.UpdateItem = func(i widget.ListItemID, row fyne.CanvasObject) { row.(*widget.Label).SetText(l.works[i].Name) }
	l.OnSelected = l.show
	l.Select(0)
	return l
}

// versions returns the versions of the modules that the program is built from, by their names.
func versions(info *debug.BuildInfo, ok bool) map[string]string {
	built := make(map[string]string)
	if ok {
		for _, m := range info.Deps {
			built[m.Path] = m.Version
		}
	}
	return built
}

func (l *licences) show(i widget.ListItemID) {
	l.chosen = i
	w := l.works[i]
	l.rest = pieces(w.Text)
	l.pieces.Objects = []fyne.CanvasObject{widgets.Wrapped(strings.TrimSpace(w.Name+" "+l.built[w.Name])+"\n"+w.Licence, widget.HighImportance)}
	l.more()
	l.scroll.ScrollToTop()
}

// more lays out the next piece of the text when the user is near the end of what is laid out.
func (l *licences) more() {
	height := l.scroll.Size().Height
	if len(l.rest) == 0 || l.pieces.MinSize().Height-l.scroll.Offset.Y > 2*height && len(l.pieces.Objects) > 1 {
		return
	}
	l.pieces.Add(widgets.Wrapped(l.rest[0], widget.MediumImportance))
	l.rest = l.rest[1:]
	l.scroll.Refresh()
}

// pieces cuts a text between paragraphs, so that each piece is some screens long at most.
func pieces(text string) (cut []string) {
	const long = 2000
	piece := ""
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if piece != "" && len(piece)+len(paragraph) > long {
			cut, piece = append(cut, piece), ""
		}
		if piece != "" {
			piece += "\n\n"
		}
		piece += paragraph
	}
	return append(cut, piece)
}

// TypedKey implements [fyne.Focusable]. The arrow keys choose a work, Page Up and Page Down scroll its licence.
func (l *licences) TypedKey(key *fyne.KeyEvent) {
	page := l.scroll.Size().Height * 0.8
	switch key.Name {
	case fyne.KeyDown:
		l.List.TypedKey(key) // which marks it
		l.Select(min(l.chosen+1, len(l.works)-1))
	case fyne.KeyUp:
		l.List.TypedKey(key)
		l.Select(max(l.chosen-1, 0))
	case fyne.KeyPageDown:
		l.turn(page)
	case fyne.KeyPageUp:
		l.turn(-page)
	case fyne.KeyEscape:
		l.onEscape()
	default:
		l.List.TypedKey(key)
	}
}

// turn scrolls the text by a height, down to its end at most.
func (l *licences) turn(by float32) {
	most := l.pieces.MinSize().Height - l.scroll.Size().Height
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(l.scroll.Offset.Y+by, most))))
	l.more()
}

// about says what the program is, and which works of third parties it contains.
func (w *window) about() {
	works := newLicences()
	split := container.NewHSplit(works, works.scroll)
	split.Offset = 0.6 // the longest name fits in a window of the least width
	head := container.NewVBox(w.whatItIs(), widgets.Wrapped(words.Text("about.text"), 0), widgets.Wrapped(words.Text("about.licence"), 0))
	d := dialog.NewCustomWithoutButtons(words.Text("about.title"), container.NewBorder(head, nil, nil, nil, split), w.win)
	end := widgets.NewButton(words.Text("about.close"), nil, d.Hide)
	works.onEscape, end.OnEscape = d.Hide, d.Hide
	d.SetButtons([]fyne.CanvasObject{end})
	size := w.win.Canvas().Size()
	d.Resize(fyne.NewSize(min(size.Width-40, 940), min(size.Height-40, 700)))
	d.Show()
	w.win.Canvas().Focus(works)
}

// whatItIs shows the icon, the name and the version, with a button that copies name and version.
func (w *window) whatItIs() fyne.CanvasObject {
	meta := w.app.Metadata()
	icon := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.Icon))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(56))
	version := words.Text("about.version", words.Facts{"Version": meta.Version})
	name := widgets.Heading(meta.Name, theme.SizeNameSubHeadingText)
	name.Wrapping, name.Truncation = fyne.TextWrapWord, fyne.TextTruncateOff
	var copying *widgets.Button
	copying = widgets.NewButton(words.Text("about.copy"), theme.ContentCopyIcon(), func() {
		w.clipboard.PutText(meta.Name+" "+meta.Version, func() { w.confirm(copying, words.Text("copied")) })
	})
	return container.NewBorder(nil, nil, container.NewPadded(icon), nil,
		container.New(layout.NewCustomPaddedVBoxLayout(-4), name, widgets.NewFlow(widget.NewLabel(version), copying)))
}
