package gui

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// This file drives the window as a person does: it finds what is on the screen by its words, and types and presses there. What is hidden,
// or behind a dialog or a menu, is not found. Nothing here knows how a screen is made, except for [stage.row].

// part is something on the screen, and the part of the screen that it is in.
type part struct {
	fyne.CanvasObject
	in *part
}

// within reports whether p is in another part, or is that part. Everything is within nil, the screen.
func (p *part) within(other *part) bool {
	for p != nil && p != other {
		p = p.in
	}
	return p == other
}

// partsOf lists what can be seen of an object, in the order in which it was put there.
func partsOf(root fyne.CanvasObject) (all []*part) {
	var walk func(fyne.CanvasObject, *part)
	walk = func(o fyne.CanvasObject, in *part) {
		if o == nil || !o.Visible() {
			return
		}
		p := &part{o, in}
		all = append(all, p)
		var inner []fyne.CanvasObject
		switch o := o.(type) {
		case *fyne.Container:
			inner = o.Objects
		case *container.Scroll:
			inner = []fyne.CanvasObject{o.Content}
		case fyne.Widget:
			if textOf(o) == "" && fieldOf(o) == nil {
				inner = test.WidgetRenderer(o).Objects()
			}
		}
		for _, one := range inner {
			walk(one, p)
		}
	}
	walk(root, nil)
	return all
}

// parts lists what is on the screen: the dialog or the menu in front, or else all of the window.
func (s *stage) parts() []*part {
	if top := s.win.Canvas().Overlays().Top(); top != nil {
		return partsOf(top)
	}
	return partsOf(s.win.Content())
}

// textOf is what can be read on an object.
func textOf(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *widget.Label:
		return o.Text
	case *widget.RichText:
		return o.String()
	case *canvas.Text:
		return o.Text
	case *widgets.Button:
		return o.Text
	case *widgets.Cell:
		return o.Text
	case *widgets.Field:
		if !o.Password {
			return o.Text
		}
	}
	if choice := selectOf(o); choice != nil {
		return choice.Selected
	}
	return ""
}

func fieldOf(o fyne.CanvasObject) *widgets.Field {
	f, _ := o.(*widgets.Field)
	return f
}

func selectOf(o fyne.CanvasObject) *widget.Select {
	switch o := o.(type) {
	case *widget.Select:
		return o
	case *widgets.Choice:
		return &o.Select
	case *regionSelect:
		return &o.Select
	}
	return nil
}

// unfoldAll opens every folded row on the screen, and reports whether there was one.
func (s *stage) unfoldAll() (any bool) {
	for _, p := range s.parts() {
		if b, ok := p.CanvasObject.(*widgets.Button); ok && isFold(b) && b.Icon == theme.MenuExpandIcon() {
			b.OnTapped() // a tap would take the focus
			any = true
		}
	}
	return any
}

// isFold reports whether a button is the head of a folded row.
func isFold(b *widgets.Button) bool {
	return b.Icon == theme.MenuExpandIcon() || b.Icon == theme.MenuDropDownIcon()
}

// find returns the first part on the screen that fits. If there is none, it looks into the folded rows, too. Beside is the label that it
// must be next to, if one is given: in the same box, or in the one around that, and rather after the label than before. It returns nil if
// there is no such part.
func (s *stage) find(beside []string, fits func(fyne.CanvasObject) bool) fyne.CanvasObject {
	if found := s.findShown(beside, fits); found != nil || !s.unfoldAll() {
		return found
	}
	return s.findShown(beside, fits)
}

func (s *stage) findShown(beside []string, fits func(fyne.CanvasObject) bool) fyne.CanvasObject {
	all := s.parts()
	first := func(in *part, some []*part) fyne.CanvasObject {
		for _, p := range some {
			if fits(p.CanvasObject) && p.within(in) {
				return p.CanvasObject
			}
		}
		return nil
	}
	if len(beside) == 0 {
		return first(nil, all)
	}
	for climb := 1; climb <= 2; climb++ {
		for i, p := range all {
			if !isLabel(p.CanvasObject, beside[0]) || p.in == nil || p.in.in == nil {
				continue
			}
			in := map[int]*part{1: p.in, 2: p.in.in}[climb]
			if found := first(in, all[i+1:]); found != nil {
				return found
			}
			if found := first(in, all[:i]); found != nil {
				return found
			}
		}
	}
	return nil
}

// isLabel reports whether an object says beside what something is: a label, perhaps with a number behind it, or the button in the place of one
// that leads back to the list.
func isLabel(o fyne.CanvasObject, text string) bool {
	if b, ok := o.(*widgets.Button); ok {
		return b.Text == text && b.Icon == theme.NavigateBackIcon()
	}
	l, ok := o.(*widget.Label)
	return ok && (l.Text == text || strings.HasPrefix(l.Text, text+" ("))
}

// must fails the test if something is not on the screen.
func must[T fyne.CanvasObject](s *stage, what, name string, beside []string, found fyne.CanvasObject) T {
	s.t.Helper()
	if found == nil {
		s.t.Fatalf("there is no %s %q beside %q; the screen says:\n%s", what, name, beside, s.screenText())
	}
	return found.(T)
}

// screenText is all that can be read on the screen.
func (s *stage) screenText() string { return text(s.parts()) }

// textIn is all that can be read in an object.
func textIn(o fyne.CanvasObject) string { return text(partsOf(o)) }

func text(parts []*part) string {
	var all []string
	for _, p := range parts {
		if t := textOf(p.CanvasObject); t != "" {
			all = append(all, t)
		}
	}
	return strings.Join(all, "\n")
}

// sees reports whether a text is on the screen, perhaps as part of a longer one.
func (s *stage) sees(text string) bool {
	return slices.ContainsFunc(s.parts(), func(p *part) bool { return strings.Contains(textOf(p.CanvasObject), text) })
}

// hasLine reports whether a text is on the screen as a whole.
func (s *stage) hasLine(text string) bool {
	return slices.ContainsFunc(s.parts(), func(p *part) bool { return textOf(p.CanvasObject) == text })
}

// blames reports whether the screen says what a cause of the keychain is, and what to do.
func (s *stage) blames(cause check.Cause) bool {
	o := check.Outcome{Cause: cause}
	return s.hasLine(words.Title(o, s.work.now())) && s.hasLine(words.Remedy(o, words.InConnection, s.work.now()))
}

// button finds the button with this name, beside a label if one is given.
func (s *stage) button(name string, beside ...string) *widgets.Button {
	s.t.Helper()
	return must[*widgets.Button](s, "button", name, beside, s.findButton(name, beside))
}

func (s *stage) findButton(name string, beside []string) fyne.CanvasObject {
	if len(beside) > 0 {
		s.unfold(beside[0])
	}
	return s.find(beside, func(o fyne.CanvasObject) bool {
		b, ok := o.(*widgets.Button)
		return ok && textOf(b) == name
	})
}

// offers reports whether there is such a button or an item of the menu behind ⋯, and it can be pressed.
func (s *stage) offers(name string, beside ...string) bool {
	b, ok := s.findButton(name, beside).(*widgets.Button)
	if !ok && s.openMore() {
		defer s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
		return s.hasLine(name)
	}
	return ok && !b.Disabled()
}

// openMore opens the menu behind ⋯, if there is one that can be opened.
func (s *stage) openMore() bool {
	more, ok := s.findButton("More", nil).(*widgets.Button)
	if ok = ok && !more.Disabled(); ok {
		test.Tap(more)
	}
	return ok
}

// press presses a button, which must not be disabled, or takes an item of the menu behind ⋯.
func (s *stage) press(name string, beside ...string) {
	s.t.Helper()
	if s.findButton(name, beside) == nil && s.openMore() {
		s.tap(name)
		return
	}
	b := s.button(name, beside...)
	if b.Disabled() {
		s.t.Fatalf("%q is disabled", name)
	}
	test.Tap(b)
}

// pressOn presses a button in a part of the screen.
func (s *stage) pressOn(in fyne.CanvasObject, name string) {
	s.t.Helper()
	for _, p := range partsOf(in) {
		if b, ok := p.CanvasObject.(*widgets.Button); ok && textOf(b) == name {
			test.Tap(b)
			return
		}
	}
	s.t.Fatalf("there is no button %q in %s", name, textIn(in))
}

// click clicks on a button like somebody who does not look whether it is disabled.
func (s *stage) click(name string, beside ...string) {
	s.t.Helper()
	if b, ok := s.findButton(name, beside).(*widgets.Button); ok {
		test.Tap(b)
	} else if s.openMore() {
		s.tap(name)
	}
}

// unfold opens the form's options if the label is one of theirs.
func (s *stage) unfold(label string) {
	isOption := slices.ContainsFunc([]string{"form.organization", "form.region", "form.name"}, func(key string) bool { return words.Text(key) == label })
	if f := s.form(); isOption && s.formShown() && !f.more.IsOpen() {
		test.Tap(f.more.Head)
	}
}

// field finds the field with this label, or else with this placeholder.
func (s *stage) field(label string) *widgets.Field {
	s.t.Helper()
	s.unfold(label)
	found := s.find([]string{label}, func(o fyne.CanvasObject) bool { return fieldOf(o) != nil })
	if found == nil {
		found = s.find(nil, func(o fyne.CanvasObject) bool { return fieldOf(o) != nil && fieldOf(o).PlaceHolder == label })
	}
	return must[*widgets.Field](s, "field", label, nil, found)
}

// typeInto clicks into a field and types.
func (s *stage) typeInto(label, text string) {
	s.t.Helper()
	s.win.Canvas().Focus(s.field(label))
	s.types(text)
}

// fill types a text into a field, in place of what is there.
func (s *stage) fill(label, text string) {
	s.t.Helper()
	f := s.field(label)
	s.win.Canvas().Focus(f)
	f.TypedShortcut(&fyne.ShortcutSelectAll{})
	if text == "" {
		s.keys(fyne.KeyBackspace)
	}
	s.types(text)
}

// choice finds the choice beside a label.
func (s *stage) choice(label string) fyne.CanvasObject {
	s.t.Helper()
	s.unfold(label)
	return must[fyne.CanvasObject](s, "choice", label, nil,
		s.find([]string{label}, func(o fyne.CanvasObject) bool { return selectOf(o) != nil }))
}

// chosen is what is chosen beside a label.
func (s *stage) chosen(label string) string {
	s.t.Helper()
	return selectOf(s.choice(label)).Selected
}

// pick chooses one of the options beside a label.
func (s *stage) pick(label, option string) {
	s.t.Helper()
	test.Tap(s.choice(label).(fyne.Tappable))
	s.tap(option)
}

// tap taps a row of a list or an item of an open menu, by a text in it.
func (s *stage) tap(text string) {
	s.t.Helper()
	for _, p := range s.parts() {
		if textOf(p.CanvasObject) != text {
			continue
		}
		for in := p.in; in != nil; in = in.in {
			if row, ok := in.CanvasObject.(fyne.Tappable); ok {
				row.Tapped(&fyne.PointEvent{})
				return
			}
		}
	}
	s.t.Fatalf("there is no row or item %q; the screen says:\n%s", text, s.screenText())
}

// listBelow finds the list below a heading.
func (s *stage) listBelow(heading string) *widgets.Rows {
	s.t.Helper()
	return must[*widgets.Rows](s, "list", heading, nil, s.findList(heading))
}

func (s *stage) findList(heading string) fyne.CanvasObject {
	if heading == words.Text("list.title") && s.list.place.Visible() && s.win.Canvas().Overlays().Top() == nil {
		return s.list.list // in the home, the heading is in a line of its own
	}
	return s.find([]string{heading}, func(o fyne.CanvasObject) bool { _, ok := o.(*widgets.Rows); return ok })
}

// rows is what the rows of the list below a heading say, also those to which one has to scroll.
func (s *stage) rows(heading string) (all []string) {
	l, ok := s.findList(heading).(*widgets.Rows)
	if !ok {
		return nil
	}
	for i := range l.Length() {
		row := l.CreateItem()
		l.UpdateItem(i, row)
		all = append(all, textIn(row))
	}
	return all
}

// marked is what the marked row of a list says; "" if none is marked.
func (s *stage) marked() string {
	selection := theme.Color(theme.ColorNameSelection)
	for _, p := range s.parts() {
		if r, ok := p.CanvasObject.(*canvas.Rectangle); ok && sameColor(r.FillColor, selection) && p.in != nil {
			if _, isRow := p.in.CanvasObject.(fyne.Tappable); isRow {
				return textIn(p.in.CanvasObject)
			}
		}
	}
	return ""
}

func sameColor(a, b color.Color) bool {
	return a != nil && color.NRGBAModel.Convert(a) == color.NRGBAModel.Convert(b)
}

// textBeside is what is said beside a label, such as the fact below its name.
func (s *stage) textBeside(label string) string {
	s.t.Helper()
	return must[*widget.Label](s, "text beside", label, nil, s.find([]string{label}, func(o fyne.CanvasObject) bool {
		l, ok := o.(*widget.Label)
		return ok && l.Text != label
	})).Text
}

// title is the heading of the screen.
func (s *stage) title() string {
	heading, _ := s.find(nil, func(o fyne.CanvasObject) bool {
		l, ok := o.(*widget.Label)
		return ok && l.SizeName == theme.SizeNameHeadingText
	}).(*widget.Label)
	if heading == nil {
		return ""
	}
	return heading.Text
}

// seenCheck is one check on the screen.
type seenCheck struct {
	check.Result // what the row is about; its state is also on the screen
	says         string
	button       *widgets.Button // the one that helps; nil where there is none
}

// row finds a check on the screen by its title. The row is the largest part of the screen with this title and no other.
func (s *stage) row(id check.ID) seenCheck {
	s.t.Helper()
	s.unfoldAll()
	all := partsOf(s.results().box)
	titles := make(map[*part]bool)
	var row *part
	for _, p := range all {
		l, ok := p.CanvasObject.(*widget.Label)
		if ok && slices.ContainsFunc(check.All(), func(one check.Check) bool { return words.CheckTitle(one.ID) == l.Text }) {
			titles[p] = true
			if l.Text == words.CheckTitle(id) {
				row = p
			}
		}
	}
	alone := func(in *part) bool {
		n := 0
		for title := range titles {
			if title.within(in) {
				n++
			}
		}
		return n == 1
	}
	for row != nil && row.in != nil && alone(row.in) {
		row = row.in
	}
	if row == nil {
		s.t.Fatalf("the check %s is not on the screen", id)
	}
	seen := seenCheck{Result: s.result(id), says: textIn(row.CanvasObject)}
	if state := words.State(seen.State); !strings.Contains(seen.says, state) {
		s.t.Errorf("%s is %q, and the screen says %q", id, state, seen.says)
	}
	for _, p := range partsOf(row.CanvasObject) {
		if b, ok := p.CanvasObject.(*widgets.Button); ok && !isFold(b) {
			seen.button = b
		}
	}
	return seen
}

// dialog is all that the dialog in front says; "" if there is none.
func (s *stage) dialog() string {
	if s.win.Canvas().Overlays().Top() == nil {
		return ""
	}
	return s.screenText()
}

// menu takes an item of the main menu, by the words on the way to it.
func (s *stage) menu(way ...string) {
	s.t.Helper()
	one := s.menuItem(way...)
	if one.Disabled {
		s.t.Fatalf("%q is disabled", way)
	}
	one.Action()
}

// hit presses the shortcut of an item of the main menu. The window takes it also where the item is disabled.
func (s *stage) hit(way ...string) {
	s.t.Helper()
	s.menuItem(way...).Action()
}

// menuItem finds an item of the main menu. Behind its label its keys may be named.
func (s *stage) menuItem(way ...string) *fyne.MenuItem {
	s.t.Helper()
	var items []*fyne.MenuItem
	for _, m := range s.win.MainMenu().Items {
		items = append(items, &fyne.MenuItem{Label: m.Label, ChildMenu: m})
	}
	var found *fyne.MenuItem
	for _, label := range way {
		i := slices.IndexFunc(items, func(one *fyne.MenuItem) bool { return one.Label == label || strings.HasPrefix(one.Label, label+" (") })
		if i < 0 {
			s.t.Fatalf("there is no %q in the menu: %q", label, way)
		}
		if found = items[i]; found.ChildMenu != nil {
			items = found.ChildMenu.Items
		}
	}
	return found
}

// focused is what has the keyboard.
func (s *stage) focused() fyne.Focusable { return s.win.Canvas().Focused() }

// keys presses keys, in what has the focus.
func (s *stage) keys(names ...fyne.KeyName) {
	s.t.Helper()
	for _, name := range names {
		if s.focused() == nil {
			s.t.Fatalf("nothing has the focus for %s", name)
		}
		s.focused().TypedKey(&fyne.KeyEvent{Name: name})
		if focused := s.focused(); name == fyne.KeySpace && focused != nil {
			focused.TypedRune(' ') // as a window does
		}
	}
}

// types types text into what has the focus.
func (s *stage) types(text string) {
	for _, r := range text {
		s.focused().TypedRune(r)
	}
}

// shortcut presses the keys of a shortcut, in what has the focus.
func (s *stage) shortcut(keys fyne.Shortcut) { s.focused().(fyne.Shortcutable).TypedShortcut(keys) }

// tab presses Tab, or Shift+Tab, until this has the focus.
func (s *stage) tab(to any, back ...bool) {
	s.t.Helper()
	next := test.FocusNext
	if len(back) > 0 {
		next = test.FocusPrevious
	}
	for range 80 {
		if any(s.focused()) == to {
			return
		}
		next(s.win.Canvas())
	}
	s.t.Fatalf("the Tab key does not reach %T; it ends at %T", to, s.focused())
}
