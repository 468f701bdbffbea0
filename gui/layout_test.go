package gui

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/desktop/autostart"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// box is where something is in the window.
type box struct{ left, top, right, bottom float32 }

func boxOf(at fyne.Position, size fyne.Size) box {
	return box{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
}

func (b box) within(o box) box {
	return box{max(b.left, o.left), max(b.top, o.top), min(b.right, o.right), min(b.bottom, o.bottom)}
}

// drawn is a text or an icon that is drawn, and what it belongs to.
type drawn struct {
	what  string
	ink   box // of the text, without the room above and below its letters
	owner fyne.CanvasObject
	in    *view
}

// view is the window, or something in it that scrolls: what can be seen of it at a time, and all that there is to be seen.
type view struct{ seen, all box }

// inspector looks through everything that is laid out for what has not got the room that it needs.
type inspector struct {
	t     testing.TB
	where string
	drawn []drawn
}

// slack is what rounding may take, in the window's units.
const slack = 0.6

func (i *inspector) complain(format string, about ...any) {
	i.t.Helper()
	i.t.Errorf("%s: %s", i.where, fmt.Sprintf(format, about...))
}

// look inspects an object and what is in it. Owner is the widget that it is a part of, and own the owner's place.
func (i *inspector) look(o fyne.CanvasObject, at fyne.Position, owner fyne.CanvasObject, own box, in *view) {
	if !o.Visible() {
		return
	}
	here := boxOf(at, o.Size())
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		parts = o.Objects
	case *canvas.Text:
		i.text(o, at, owner, own, in)
	case *canvas.Image:
		if o.Resource != nil {
			i.draw(drawn{"icon " + o.Resource.Name(), here, owner, in})
		}
	case *container.Scroll:
		seen := here.within(in.seen)
		inner := boxOf(at.Add(o.Content.Position()), o.Content.Size())
		all := box{seen.left, inner.top, seen.right, inner.bottom}
		if o.Direction == container.ScrollHorizontalOnly {
			all = box{inner.left, here.top, inner.right, here.bottom}
		}
		i.look(o.Content, at.Add(o.Content.Position()), owner, inner, &view{seen, all})
		return
	case fyne.Widget:
		i.widget(o)
		if owner == nil || isWhole(o) {
			owner, own = o, here
			if o.Size().IsZero() {
				own = boxOf(at, o.MinSize())
			}
		}
		parts = test.WidgetRenderer(o).Objects()
	}
	for _, part := range parts {
		i.look(part, at.Add(part.Position()), owner, own, in)
	}
}

// isWhole reports whether a widget is one that a person sees as one thing, and not a part of another.
func isWhole(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *widget.Label, *widgets.Button, *widgets.Picture, *widget.Entry, *widget.Select, *widgets.Field, *regionSelect, *widgets.Choice, *widgets.Cell:
		return true
	}
	return false
}

// widget looks whether a widget has the room that it says it needs, and shows its text whole.
func (i *inspector) widget(o fyne.Widget) {
	needs, has := o.MinSize(), o.Size()
	if isFynes(o, has) {
		return
	}
	if has.Width < needs.Width-slack || has.Height < needs.Height-slack {
		i.complain("%s needs %v and has %v", named(o), needs, has)
	}
	chosen := ""
	switch o := o.(type) {
	case *widget.Select:
		chosen = cmp.Or(o.Selected, o.PlaceHolder)
	case *regionSelect:
		chosen = o.Selected
	case *widgets.Choice:
		chosen = o.Selected
	}
	if shown := strings.Join(lines(o), ""); chosen != "" && shown != chosen && !isFromOutside(chosen) {
		i.complain("the choice %q is cut to %q", chosen, shown)
	}
	if c, isCell := o.(*widgets.Cell); isCell && !isFromOutside(c.Text) {
		if shown := strings.Join(lines(c), ""); shown != c.Text {
			i.complain("the cell %q is cut to %q", c.Text, shown)
		}
	}
	l, isLabel := o.(*widget.Label)
	if !isLabel || isFromOutside(l.Text) {
		return
	}
	drawn := lines(l)
	if shown := strings.Join(drawn, ""); l.Truncation == fyne.TextTruncateEllipsis && shown != l.Text {
		i.complain("%s is cut to %q", named(o), shown)
	}
	if l.Wrapping == fyne.TextWrapWord && !strings.Contains(l.Text, ".com") && !strings.Contains(l.Text, "127.0.0.1") { // an address may be broken
		for n, line := range drawn[:max(0, len(drawn)-1)] {
			if !strings.Contains(l.Text, line+" ") && !strings.Contains(l.Text, line+"\n") {
				i.complain("%s breaks a word into %q and %q", named(o), line, drawn[n+1])
			}
		}
	}
}

// isFynes reports whether Fyne draws an object without giving it a size: what all dialogs are in, and their titles, which get
// a place only.
func isFynes(o fyne.Widget, has fyne.Size) bool {
	return has.IsZero() || fmt.Sprintf("%T", o) == "*widget.OverlayContainer"
}

// lines is what an object draws, line by line.
func lines(o fyne.CanvasObject) []string {
	var all []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			all = append(all, o.Text)
		case fyne.Widget:
			for _, part := range test.WidgetRenderer(o).Objects() {
				walk(part)
			}
		case *fyne.Container:
			for _, part := range o.Objects {
				walk(part)
			}
		}
	}
	walk(o)
	return all
}

// text looks whether a text is within the widget that it is a part of, and within the window.
func (i *inspector) text(o *canvas.Text, at fyne.Position, owner fyne.CanvasObject, own box, in *view) {
	if strings.TrimSpace(o.Text) == "" {
		return
	}
	needs := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle)
	left := at.X
	switch o.Alignment {
	case fyne.TextAlignCenter:
		left += (o.Size().Width - needs.Width) / 2
	case fyne.TextAlignTrailing:
		left += o.Size().Width - needs.Width
	}
	b := box{left, at.Y, left + needs.Width, at.Y + needs.Height}
	if entry := entryOf(owner); entry != nil && entry.Text != "" {
		return // what is typed may be longer than its field, which scrolls
	}
	if owner != nil && (b.left < own.left-slack || b.right > own.right+slack || b.bottom > own.bottom+slack || b.top < own.top-slack) {
		i.complain("%q is outside of %s: %v in %v", o.Text, named(owner), b, own)
	}
	ink := needs.Height * 0.2
	i.draw(drawn{fmt.Sprintf("%q", o.Text), box{b.left, b.top + ink, b.right, b.bottom - ink}, owner, in})
}

func entryOf(o fyne.CanvasObject) *widget.Entry {
	switch o := o.(type) {
	case *widget.Entry:
		return o
	case *widgets.Field:
		return &o.Entry
	}
	return nil
}

// draw looks whether something is cut by the window or what scrolls in it, or is drawn over something else.
func (i *inspector) draw(d drawn) {
	room := d.in.all
	if d.ink.left < room.left-slack || d.ink.right > room.right+slack || d.ink.top < room.top-slack || d.ink.bottom > room.bottom+slack {
		i.complain("%s of %s is cut: %v in %v", d.what, named(d.owner), d.ink, room)
	}
	_, isPicture := d.owner.(*widgets.Picture) // its texts are drawn over its drawing
	for _, other := range i.drawn {
		if isPicture && other.owner == d.owner {
			continue
		}
		one, two := d.ink, other.ink
		if d.in != other.in {
			one, two = one.within(d.in.seen), two.within(other.in.seen)
		}
		if over := one.within(two); over.right-over.left > 1 && over.bottom-over.top > 1 {
			i.complain("%s is drawn over %s", d.what, other.what)
		}
	}
	i.drawn = append(i.drawn, d)
}

func named(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *widget.Label:
		return fmt.Sprintf("the label %q", o.Text)
	case *widgets.Button:
		return fmt.Sprintf("the button %q", o.Text)
	}
	if e := entryOf(o); e != nil {
		return fmt.Sprintf("the entry %q", e.PlaceHolder)
	}
	return fmt.Sprintf("%T", o)
}

// The names that the layout is tried with. They come from outside, and may be cut.
const (
	longName  = "Wotton & Clavering Industrial Refrigeration Holdings International"
	longEmail = "controlmap.readonly.connection@industrial-refrigeration-holdings.example"
	longRole  = "Administrator With Billing"
)

func isFromOutside(s string) bool {
	for _, name := range append(clientNames, longName, longEmail, longRole, ".example") {
		if strings.Contains(s, name) {
			return true
		}
	}
	return false
}

// fits looks through all that is in the window now.
func (s *stage) fits(where string) {
	s.t.Helper()
	size := s.win.Canvas().Size()
	i := &inspector{t: s.t, where: fmt.Sprintf("%s at %g×%g", where, size.Width, size.Height)}
	root := s.layOut()
	window := boxOf(fyne.Position{}, size)
	i.look(root, fyne.CurrentApp().Driver().AbsolutePositionForObject(root), nil, box{}, &view{window, window})
	if s.scaled {
		s.sameAtEveryScale(where)
	}
	if needs := s.win.Content().MinSize(); needs.Width > size.Width || needs.Height > size.Height {
		i.complain("the window needs %v", needs)
	}
}

// layOut lays out anew the dialog or the menu in front, or else all of the window, and returns it.
func (s *stage) layOut() fyne.CanvasObject {
	root := s.win.Content()
	if top := s.win.Canvas().Overlays().Top(); top != nil {
		root = top
	}
	for range 3 { // what wraps needs another height in another width
		layOut(root)
	}
	return root
}

// layOut lays out anew what is in an object, as the window's driver does with the next frame, and the test's does not.
func layOut(o fyne.CanvasObject) {
	if !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, part := range o.Objects {
			layOut(part)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		r.Layout(o.Size())
		for _, part := range r.Objects() {
			layOut(part)
		}
	}
}

// menuHeight is what the menu takes of the window; the test driver draws none.
const menuHeight = 28

// In every language, at the smallest and at the usual size, whatever the window shows has the room that it needs. In one of
// them it is drawn at every scale, too.
func TestNothingOverflowsItsPlace(t *testing.T) {
	for _, l := range words.Languages {
		t.Run(l.ID, func(t *testing.T) {
			spoken(t, l.ID)
			k := keychain.Memory()
			keep(t, k, jumpcloudtest.SampleKey)
			keep(t, k, jumpcloudtest.SampleAdministratorKey)
			for _, size := range []fyne.Size{leastSize, firstSize} {
				for name, o := range map[string]Options{"": {OpenDemo: func() error { return nil }, Tray: &fakeTray{}, AtLogin: &fakeLogin{}},
					"demo ": {InMemory: true, Samples: []Sample{{Name: "partly", Key: jumpcloudtest.SampleKey}}}} {
					s := open(t, k, o)
					s.win.Resize(fyne.NewSize(size.Width, size.Height-menuHeight))
					s.scaled = l.ID == "en" && size == leastSize && !s.opts.demo()
					everyForm(s, name)
					everyMenu(s, name)
					if !s.opts.demo() { // which differs in its form and its menu only
						everyOutcome(s)
						everyConnection(s)
						everyChoice(s)
						everyMessage(s)
						everySetting(s)
						everyHandOvers(s)
						everyRotation(s)
						everyHome(s)
					}
					s.close()
				}
			}
		})
	}
}

// everyForm shows the form in all its states.
func everyForm(s *stage, name string) {
	f := s.form()
	s.tell(newWanted{})
	s.fits(name + "the form")
	f.more.SetOpen(true)
	for chapter, steps := range chapters {
		for _, step := range steps {
			s.guide.turnTo(chapter + "/" + topic(step))
			s.guideFits()
		}
	}
	for i := range f.region.Options {
		f.quiet = true
		f.region.SetSelectedIndex(i)
		f.quiet = false
		s.fits(name + "a region")
	}
	f.results.box.Show()
	f.results.card.support.Show()
	f.cancelButton.Show()
	s.fits(name + "while it is checked")
	f.cancelButton.Hide()
	for _, button := range []string{"form.save", "form.save_anyway", "form.save_new"} {
		f.offer(check.Warning, words.Text("status.another", words.Facts{"Organization": longName, "Name": longName}), button)
		s.fits(name + button)
	}
	f.idle()
	for _, status := range []string{"unusual", "running", "saving", "cancelled", "not_saved", "name", "connected"} {
		f.results.say(check.Running, words.Text("status."+status))
		s.fits(name + status)
	}
	f.fill(connector.Connection{ID: "x", Name: longName})
	s.fits(name + "the form for another key")
	f.reset()
}

// guideFits looks at the guide, also where it is a drawer: at its narrowest, and in place of the screen.
func (s *stage) guideFits() {
	size := s.win.Canvas().Size()
	for _, width := range []float32{size.Width, 720} {
		s.win.Resize(fyne.NewSize(width, size.Height))
		s.guide.open()
		s.fits(fmt.Sprintf("the guide to %s, step %d", s.guide.chapter, s.guide.at[s.guide.chapter]))
		s.guideBreaksNoWord()
	}
	s.win.Resize(size)
	s.UI.columns.Open(widgets.NoSide)
}

// guideBreaksNoWord looks whether each word of the guide fits a line of it.
func (s *stage) guideBreaksNoWord() {
	for _, o := range test.LaidOutObjects(s.guide.body) {
		paragraph, ok := o.(*widget.RichText)
		if !ok {
			continue
		}
		room := paragraph.Size().Width - 2*theme.InnerPadding()
		for _, word := range strings.Fields(paragraph.String()) {
			if needs := fyne.MeasureText(word, theme.TextSize(), fyne.TextStyle{}).Width; needs > room && !strings.Contains(word, ".com") {
				s.t.Errorf("the guide to %s: %q needs %g, and a line has %g", s.guide.chapter, word, needs, room)
			}
		}
	}
}

// outcomeFacts fill the places of an outcome's words, with what is long.
var outcomeFacts = check.Facts{"Field": "organizations.settings", "Status": "503", "Organization": longName, "Email": longEmail, "Host": "console.eu.jumpcloud.com",
	"Count": "12345", "Region": "us", "Chosen": "eu", "Role": longRole, "MFA": "12345", "Encrypted": "12345", "Issuer": longName,
	"Names": "proxy.industrial-refrigeration-holdings.example", "Expired": "2026-09-30T10:00:00Z", "Now": "2026-09-30T10:00:00Z", "Off": "12m0s", "Ahead": "true",
	"Worked": "2026-09-30T10:00:00Z", "Created": "2026-09-30T10:00:00Z", "Expires": "2026-09-30T10:00:00Z", "Days": "364", "Product": "Google Cloud"}

// everyOutcome shows each way in which each check can end, in the form and for a kept connection.
func everyOutcome(s *stage) {
	s.tell(newWanted{})
	ofCheck := make(map[check.ID][]check.Meaning)
	most := 0
	for _, m := range check.Meanings() {
		one := scenarios[m.Cause].check
		ofCheck[one] = append(ofCheck[one], m)
		most = max(most, len(ofCheck[one]))
	}
	kept := s.connections.all[0]
	for n := range most {
		var results []check.Result
		var causes []string
		for _, one := range check.All() {
			if of := ofCheck[one.ID]; n < len(of) {
				outcome := check.Outcome{State: of[n].State, Cause: of[n].Cause, Facts: outcomeFacts}
				results = append(results, check.Result{Check: one.ID, Outcome: outcome, Took: 12340 * time.Millisecond})
				causes = append(causes, string(of[n].Cause))
			}
		}
		s.showScreen(s.screens[0])
		s.form().report = check.Report{Results: results}
		s.form().present()
		s.fits(fmt.Sprintf("the form with %v", causes))
		kept.Report = check.Report{At: s.clock.Now(), Results: results}
		s.tell(opened{Connection: kept})
		s.fits(fmt.Sprintf("a connection with %v", causes))
	}
	s.showScreen(s.screens[0])
	s.form().reset()
	for state := check.Waiting; state <= check.Skipped; state++ {
		s.form().results.box.Show()
		for _, row := range s.form().results.checks.rows {
			row.set(check.Result{Check: row.id, Outcome: check.Outcome{State: state}, Took: 12340 * time.Millisecond})
		}
		s.fits("all " + state.String())
	}
	s.form().reset()
}

// everySetting shows the settings.
func everySetting(s *stage) {
	s.menu(words.Text("menu.view"), words.Text("menu.settings"))
	s.settle()
	s.fits("the settings, without a tray")
	card := screenOf[*settingsScreen](s).behind
	for _, err := range []error{autostart.ErrTemporary, autostart.ErrPath, errors.New(longName)} {
		card.showLogin(true, err)
		s.fits("the settings where the start at login fails")
	}
	card.showLogin(false, nil)
	b := s.background
	b.here, b.relabel = true, func([]string) {}
	card.showTray()
	s.fits("the settings with a tray")
	s.app.Preferences().RemoveValue(closingTold)
	b.close()
	s.fits("the first time in the tray")
	s.press(words.Text("background.told.keep"))
	s.settle()
	for _, name := range []string{closingTold, closingSetting} {
		s.app.Preferences().RemoveValue(name)
	}
	b.open()
	s.settle()
	b.here, b.relabel = false, nil
	s.tell(backWanted{})
}

// everyHome shows the home with connections in every state, sorted, filtered, and while they are checked.
func everyHome(s *stage) {
	all := s.connections.all
	some := manyConnections(40, s.clock.Now())
	some[0].Name, some[0].Report.Administrator.Email, some[0].Report.Administrator.Role = longName, longEmail, longRole
	some[1].Trouble, some[2].SessionOnly, some[3].Report = check.CauseKeychainDamaged, true, check.Report{}
	some[4].Trouble, some[4].Several = check.CauseKeychainDamaged, true
	for i := range check.All() { // each is named once
		some[5+i].Report.Results = slices.Clone(some[5+i].Report.Results)
		some[5+i].Report.Results[i].Outcome = check.Outcome{State: check.Failed, Cause: check.CauseKeyStopped}
	}
	s.loader.set(some)
	s.hideNote() // it lies over the screen
	s.tell(homeWanted{})
	s.fits("the home")
	s.list.sortBy(byHealth)
	s.fits("the home, the other way round")
	for f := range filterKeys {
		s.list.choose(connectionFilter(f))
		s.fits(fmt.Sprint("the home, filtered by ", filterKeys[f]))
	}
	s.list.choose(allConnections)
	forgetOrder(s)
	s.list.search.SetText("nowhere")
	s.fits("the home without matches")
	s.list.search.SetText("")
	everyCheckRun(s)
	s.loader.set(all)
	s.showScreen(s.screens[0])
}

// everyConnection shows the list and kept connections in all their states.
func everyConnection(s *stage) {
	all := s.connections.all
	c := all[0]
	states := map[string]func(*connector.Connection){
		"a connection":         func(*connector.Connection) {},
		"one with a long name": func(c *connector.Connection) { c.Name, c.Organization.Name = longName, longName },
		"one with a long address": func(c *connector.Connection) {
			c.Report.Administrator.Email, c.Report.Administrator.Role = longEmail, longRole
		},
		"one with a note":         func(c *connector.Connection) { c.Note = strings.Repeat("note ", 20) },
		"one of this session":     func(c *connector.Connection) { c.SessionOnly = true },
		"one checked long ago":    func(c *connector.Connection) { c.Report.At = s.clock.Now().AddDate(0, 0, -300) },
		"one checked hours ago":   func(c *connector.Connection) { c.Report.At = s.clock.Now().Add(-11 * time.Hour) },
		"one that is not checked": func(c *connector.Connection) { c.Report = check.Report{} },
		"one with former numbers": func(c *connector.Connection) {
			c.Report.Results = slices.DeleteFunc(slices.Clone(c.Report.Results), func(r check.Result) bool { return r.Check == check.IDPeople || r.Check == check.IDGroups })
			former := check.Figure{At: s.clock.Now().AddDate(0, 0, -300), Facts: check.Facts{"Count": "12345+", "MFA": "12345+"}}
			c.Report.Former = map[check.ID]check.Figure{check.IDPeople: former, check.IDGroups: former}
		},
		"one that is damaged":   func(c *connector.Connection) { c.Trouble = check.CauseKeychainDamaged },
		"one whose key is gone": func(c *connector.Connection) { c.Trouble = check.CauseKeychainGone },
		"several that are gone": func(c *connector.Connection) { c.Trouble, c.Several = check.CauseConnectionsGone, true },
		"several that are damaged": func(c *connector.Connection) {
			c.Trouble, c.Several = check.CauseKeychainDamaged, true
		},
	}
	for what, change := range states {
		changed := c
		change(&changed)
		s.loader.set([]connector.Connection{changed, all[1]})
		s.tell(opened{Connection: changed})
		s.fits(what)
		s.details().results.begin(widgets.Action{Label: words.Text("form.cancel"), Do: func() {}})
		s.details().key.copy.Say(words.Text("secret.copied", words.Facts{"Seconds": "120"}), theme.ConfirmIcon())
		s.fits(what + ", while it is checked")
		s.details().checking.drop()
	}
	s.tell(opened{Connection: c})
	everyPast(s)
	for _, status := range []string{"cancelled_check", "replaced"} {
		s.details().results.say(check.Passed, words.Text("status."+status))
		s.fits("a connection: " + status)
	}
	s.details().key.cleared()
	s.details().key.toggle.SetText(words.Text("secret.hide"))
	s.fits("a connection whose key is shown")
	s.UI.columns.Open(widgets.ListSide)
	defer s.UI.columns.Open(widgets.NoSide)
	everyCheckRun(s)
	for _, l := range []loader{{}, {loaded: true}, {unread: true, loaded: true}, {reading: task{running: true}}} {
		s.loader.loaded, s.loader.unread, s.loader.reading.running = l.loaded, l.unread, l.reading.running
		s.list.note.SetText(words.Text("list.loading"))
		s.connections.all = nil
		s.tell(connectionsChanged{})
		s.fits("an empty list")
	}
	s.connections.all = all
	s.list.count.SetText(words.Text("list.more"))
	s.list.count.Show()
	s.list.reload.Show()
	s.list.box.Refresh()
	s.fits("a list that is read")
	s.list.search.SetText("nowhere")
	s.fits("a list without matches")
	s.list.search.SetText("")
	s.loader.set(all)
	everyHandOver(s, c)
	s.showScreen(s.screens[0])
}

// everyPast shows the history of the connection on the screen with each cause, and each reason why a part of it is missing.
func everyPast(s *stage) {
	p := s.details().past
	p.fold.SetOpen(true)
	defer p.fold.SetOpen(false)
	var all []check.Past
	at := s.clock.Now().AddDate(0, 0, -len(check.Meanings()))
	for _, m := range check.Meanings() {
		at = at.AddDate(0, 0, 1)
		all = append(all, check.Past{At: at, Until: at, Times: 24, State: m.State, Cause: m.Cause})
		if len(all) == changesShown || at.After(s.clock.Now().AddDate(0, 0, -1)) {
			p.show(all, nil)
			s.fits("a history up to " + string(m.Cause))
			all = nil
		}
	}
	for _, err := range []error{history.ErrUnreadable, history.ErrNewer, errors.New("no disk"), nil} {
		p.show(nil, err)
		s.fits(fmt.Sprintf("a history with %v", err))
	}
}

// everyHandOver shows the hand-over of a connection in all its states.
func everyHandOver(s *stage, c connector.Connection) {
	for what, change := range map[string]func(*connector.Connection){
		"that works":         func(*connector.Connection) {},
		"with a long name":   func(c *connector.Connection) { c.Name = longName },
		"handed over":        func(c *connector.Connection) { c.HandOver.At = s.clock.Now() },
		"handed over before": func(c *connector.Connection) { c.HandOver.At, c.HandOver.Outdated = s.clock.Now(), true },
		"whose key is gone":  func(c *connector.Connection) { c.Trouble = check.CauseKeychainGone },
		"that fails":         func(c *connector.Connection) { c.Report = check.Report{} },
	} {
		changed := c
		change(&changed)
		s.tell(handOverWanted{changed})
		s.fits("the hand-over of a connection " + what)
	}
	s.tell(handOverWanted{c})
	h := screenOf[*handOver](s)
	h.tenant.SetText("https://wotton-clavering-industrial-refrigeration-holdings.app.eu.ctrlmap.com")
	h.opened, h.keyCopied, h.idCopied = true, true, true
	h.key.copy.Say(words.Text("secret.copied", words.Facts{"Seconds": "120"}), theme.ConfirmIcon())
	h.organization.cleared()
	h.settle()
	s.fits("a hand-over that is nearly done")
	h.key.flip()
	s.until("the key is shown", func() bool { return h.key.isShown })
	s.fits("a hand-over whose key is shown")
	s.writer.rename(c)
	s.fits("another name")
	s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
	c.Note = strings.Repeat("note ", 20)
	s.writer.annotate(c)
	s.fits("a note")
	s.win.Canvas().Overlays().Remove(s.win.Canvas().Overlays().Top())
}

// everyToast shows each note that lies over the window, over a screen that has nothing there.
func everyToast(s *stage) {
	content := s.center.Objects
	s.center.Objects = nil
	for _, text := range []string{"clipboard_empty", "secret.unmarked", "checkall.doubtful_why"} {
		s.tell(noted{words.Text(text, words.Facts{"Count": "5000"})})
		s.fits("the note " + text)
	}
	hide := s.toast.Show(words.Text("removed.text"), undoTime, widgets.Action{Label: words.Text("removed.undo"), Icon: theme.ContentUndoIcon()})
	s.fits("a connection that is removed")
	hide()
	s.hideNote()
	s.center.Objects = content
}

// everyMessage shows what the window asks, and says about the keychain.
func everyMessage(s *stage) {
	everyToast(s)
	s.banner.Wait(true)
	s.fits("the keychain waits")
	s.banner.Wait(false)
	s.sayUnkept()
	s.fits("nothing is kept")
	s.banner.Hide(ownerUnkept)
	for _, err := range []error{keychain.ErrNoService, keychain.ErrNoProvider, keychain.ErrNoKeyring, keychain.ErrNotPermitted, keychain.ErrGone, keychain.ErrIncomplete, keychain.ErrLocked, keychain.ErrTimeout, keychain.ErrDamaged, keychain.ErrNewer, keychain.ErrNotFound,
		keychain.ErrBusy, keychain.ErrTooBig, keychain.ErrNotSaved, keychain.ErrFailed} {
		s.trouble(ownerDetails, err, func() {})
		s.fits(fmt.Sprint("the keychain: ", err))
		s.banner.Hide(ownerDetails)
		s.form().unkept(connector.KeychainCause(err), func() {}, func() {})
		s.fits(fmt.Sprint("a key that cannot be kept: ", err))
	}
	s.form().reset()
	overlays := s.win.Canvas().Overlays()
	said := func(what string) {
		s.t.Helper()
		top := overlays.Top()
		if top == nil {
			s.t.Fatalf("%s is not on the screen", what)
		}
		s.fits(what)
		overlays.Remove(top)
	}
	everyKeyQuestion(s, said)
	for _, question := range []string{"remove", "remove_unread", "remove_several", "discard", "wipe", "changing", "removing", "connecting", "session", "close"} {
		s.ask(question, words.Facts{"Name": longName}, func() {})
		said(question)
	}
	s.about()
	said("about")
	for _, what := range []string{"wiped", "demo", "page", "unshown"} {
		s.inform(what, words.Facts{"Page": "https://console.eu.jumpcloud.com/#/settings/organization"})
		said(what)
	}
}

// everyKeyQuestion asks what becomes of a kept key, of which little, much, and very much is known.
func everyKeyQuestion(s *stage, said func(string)) {
	little := connector.Connection{ID: "little", Name: "Larkspur Robotics", Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1)}, SessionOnly: true}
	kept := s.connections.all[0]
	much := connector.Connection{ID: "much", Name: longName, Organization: check.Organization{ID: jumpcloudtest.OrganizationID(1), Name: longName}, Saved: s.clock.Now()}
	much.Report = kept.Report
	much.Report.Administrator = check.Administrator{Email: longEmail, Role: longRole, KeyExpires: s.clock.Now().AddDate(0, 0, 12)}
	for what, q := range map[string]keyQuestion{
		"a connected organization":                      {kept: s.connections.all[:1], fresh: little},
		"one of which little is known":                  {kept: []connector.Connection{little}, fresh: little},
		"one of which much is known":                    {kept: []connector.Connection{much}, fresh: much},
		"one of which several keys are kept":            {kept: []connector.Connection{kept, little}, fresh: much},
		"one of which several long-named ones are kept": {kept: []connector.Connection{much, much, kept}, fresh: much},
	} {
		q.leave, q.save = func() {}, func(...connector.SaveOption) {}
		q.ask(s.window)
		said(what)
	}
	s.trouble(ownerDetails, keychain.ErrLocked, func() {})
	for _, p := range s.parts() {
		if l, ok := p.CanvasObject.(*widget.Label); ok && strings.Contains(l.Text, words.Cause(check.CauseKeychainLocked)) {
			l.SetText(longName + ": " + l.Text)
		}
	}
	s.fits("trouble about a connection that is not on the screen")
	s.banner.Hide(ownerDetails)
}

// everyMenu opens the menus.
func everyMenu(s *stage, name string) {
	width := float32(0)
	var open func(string, *fyne.Menu)
	open = func(what string, m *fyne.Menu) {
		menu := widget.NewPopUpMenu(m, s.win.Canvas())
		menu.ShowAtPosition(fyne.NewPos(0, 0))
		s.fits(name + what)
		menu.Hide()
		for _, i := range m.Items {
			if i.ChildMenu != nil {
				open(i.Label, i.ChildMenu)
			}
		}
	}
	for _, m := range s.win.MainMenu().Items {
		open(m.Label, m)
		width += widgets.NewButton(m.Label, nil, nil).MinSize().Width
	}
	if width > s.win.Canvas().Size().Width {
		s.t.Errorf("the menu is %g wide", width)
	}
}
