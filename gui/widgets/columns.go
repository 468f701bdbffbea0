package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Side is a part of the window beside the screen.
type Side int

// The sides. NoSide is neither of them.
const (
	NoSide Side = iota
	ListSide
	GuideSide
)

// Columns lays out the window: the list at the left, the screen in the middle, the guide at the right. In a window that is too narrow
// for three columns, the guide is a drawer: its button opens it, and the list makes room. In a window that is too narrow for two, the list
// is a drawer, too, and one column is shown at a time. No column covers another one.
type Columns struct {
	list, middle, guide     fyne.CanvasObject
	listButton, guideButton *Button
	words                   ColumnsWords
	open                    Side // the open drawer
	complete                bool // everything is shown, see Complete
	wide                    bool // see SetWide
	Box                     *fyne.Container
}

// ColumnsWords are the names of the buttons that open and close the drawers.
type ColumnsWords struct{ List, Guide, CloseGuide string }

// The least widths of a window with three and with two columns.
const threeColumns, twoColumns = 1000, 720

const (
	columnGap             = 6
	columnsEdge           = 8 // around all columns
	leftShare, rightShare = 0.18, 0.27
	leftLeast, leftMost   = 204, 260
	rightLeast, rightMost = 208, 360
	middleLeast           = 464 // beside an open drawer
	middleMost            = 860 // longer lines are hard to read
)

// NewColumns makes the columns. They show the middle only, until Complete is called. Toggled is called after a button has opened or closed
// a drawer.
func NewColumns(list, middle, guide fyne.CanvasObject, words ColumnsWords, toggled func()) *Columns {
	c := &Columns{list: list, middle: middle, guide: guide, words: words}
	button := func(side Side) *Button {
		return NewButton("", nil, func() {
			if c.open == side {
				c.Open(NoSide)
			} else {
				c.Open(side)
			}
			toggled()
		})
	}
	c.listButton, c.guideButton = button(ListSide), button(GuideSide)
	c.listButton.IconPlacement = widget.ButtonIconTrailingText
	c.Box = &fyne.Container{Layout: c, Objects: []fyne.CanvasObject{c.listButton, list, c.guideButton, middle, guide}}
	c.Open(NoSide)
	return c
}

// Complete shows what the first frame leaves out.
func (c *Columns) Complete() {
	c.complete = true
	c.Layout(nil, c.Box.Size())
	canvas.Refresh(c.Box)
}

// Open opens the drawer of a side, or closes the open one. Where the window shows the side anyway, nothing changes.
func (c *Columns) Open(side Side) {
	c.open = side
	list, guide, listIcon, guideIcon := c.words.List, c.words.Guide, theme.MenuDropDownIcon(), theme.HelpIcon()
	switch side {
	case ListSide:
		listIcon = theme.MenuDropUpIcon()
	case GuideSide:
		guide, guideIcon = c.words.CloseGuide, theme.CancelIcon()
	}
	c.listButton.Text, c.listButton.Icon, c.guideButton.Text, c.guideButton.Icon = list, listIcon, guide, guideIcon
	c.listButton.Refresh()
	c.guideButton.Refresh()
	c.Layout(nil, c.Box.Size())
	canvas.Refresh(c.Box)
}

// SetWide says whether the middle takes the place of the list, too.
func (c *Columns) SetWide(wide bool) {
	if wide != c.wide {
		c.wide = wide
		c.Layout(nil, c.Box.Size())
		canvas.Refresh(c.Box)
	}
}

// ListBeside reports whether the list is beside the screen, unless that is wide.
func (c *Columns) ListBeside() bool {
	s := c.shownIn(c.Box.Size().Width)
	return s.three || c.Box.Size().Width >= twoColumns && !s.guide
}

// Close closes the open drawer and returns its button, nil if none is open.
func (c *Columns) Close() *Button {
	button := map[Side]*Button{ListSide: c.listButton, GuideSide: c.guideButton}[c.open]
	if button == nil || !button.Visible() {
		return nil
	}
	c.Open(NoSide)
	return button
}

// Covered reports whether a drawer is shown in place of the screen.
func (c *Columns) Covered() bool { return !c.middle.Visible() }

// MinSize implements [fyne.Layout].
func (c *Columns) MinSize([]fyne.CanvasObject) fyne.Size {
	size := c.middle.MinSize()
	for _, o := range []fyne.CanvasObject{c.list, c.guide} {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size.AddWidthHeight(2*columnsEdge, 2*columnsEdge+c.bar())
}

// bar returns the height of the buttons above the columns, with the gap below them.
func (c *Columns) bar() float32 { return c.guideButton.MinSize().Height + columnGap }

// shown says what a window shows: which columns, whether there are three, and whether the buttons are in a bar above them.
type shown struct{ list, middle, guide, three, bar bool }

// shownIn returns what a window of this width shows.
func (c *Columns) shownIn(width float32) shown {
	s := shown{three: width >= threeColumns}
	one := width < twoColumns
	s.guide = s.three || c.open == GuideSide
	s.list = !c.wide && (s.three || !one && !s.guide || one && c.open == ListSide)
	s.middle = !one || !s.guide && !s.list
	s.bar = !s.three && (one || s.guide || c.wide)
	return s
}

// area is the part of the window that is still free.
type area struct{ left, top, right, bottom float32 }

// Layout implements [fyne.Layout].
func (c *Columns) Layout(_ []fyne.CanvasObject, window fyne.Size) {
	s := c.shownIn(window.Width)
	SetVisible(c.list, s.list && c.complete)
	SetVisible(c.guide, s.guide && c.complete)
	SetVisible(c.middle, s.middle)
	SetVisible(c.listButton, s.bar && c.complete && !c.wide)
	SetVisible(c.guideButton, !s.three && c.complete)

	free := area{columnsEdge, columnsEdge, window.Width - columnsEdge, window.Height - columnsEdge}
	if s.bar {
		needs := c.guideButton.MinSize()
		put(c.listButton, free.left, free.top, c.listButton.MinSize().Width, needs.Height)
		put(c.guideButton, free.right-needs.Width, free.top, needs.Width, needs.Height)
		free.top += c.bar()
	}
	if s.middle && s.list {
		c.putList(&free, s.three)
	}
	if s.middle && s.guide {
		c.putGuide(&free, s.three)
	}
	width := free.right - free.left
	if !c.wide || !s.middle {
		width = min(width, middleMost)
	}
	for _, o := range []fyne.CanvasObject{c.list, c.middle, c.guide} {
		if o == c.middle || !s.middle {
			put(o, free.left+(free.right-free.left-width)/2, free.top, width, free.bottom-free.top)
		}
	}
}

// putList puts the list at the left of the free area, with the button for the guide below it unless there are three columns.
func (c *Columns) putList(free *area, three bool) {
	width := min(max((free.right-free.left)*leftShare, leftLeast), leftMost)
	below := free.bottom
	if !three {
		height := c.guideButton.MinSize().Height
		put(c.guideButton, free.left, free.bottom-height, width, height)
		below -= c.bar()
	}
	put(c.list, free.left, free.top, width, below-free.top)
	free.left += width + columnGap
}

// putGuide puts the guide at the right of the free area. As a drawer, it leaves the middle its least width.
func (c *Columns) putGuide(free *area, three bool) {
	wanted := free.right - free.left - columnGap - middleLeast
	if three {
		wanted = (free.right - free.left) * rightShare
	}
	width := min(max(wanted, rightLeast), rightMost)
	put(c.guide, free.right-width, free.top, width, free.bottom-free.top)
	free.right -= width + columnGap
}

// put gives an object its place and size.
func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// SetVisible shows or hides an object.
func SetVisible(o fyne.CanvasObject, visible bool) {
	if visible != o.Visible() {
		if visible {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// Upright puts middle between top and bottom, and gives it the remaining height. Unlike in Fyne's NewBorder, Tab goes from top to
// bottom. Bottom may be nil.
func Upright(top, middle, bottom fyne.CanvasObject) *fyne.Container {
	all := []fyne.CanvasObject{top, middle}
	if bottom != nil {
		all = append(all, bottom)
	}
	return &fyne.Container{Layout: layout.NewBorderLayout(top, bottom, nil, nil), Objects: all}
}
