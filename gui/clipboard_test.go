package gui

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// fakeBoard is a clipboard in memory that can hang, and says so after a while, as the real one does.
type fakeBoard struct {
	begun chan bool // where there is one, told when something is copied
	hang  chan bool // closed for what hangs to end
	late  chan bool // where there is one, closed for a read to bring what is there
	err   error

	mu     sync.Mutex
	held   secret.Secret
	marked bool
	copied []string
	number int
}

func (b *fakeBoard) Copy(_ context.Context, s secret.Secret, marked bool) (pasteboard.Claim, error) {
	if b.begun != nil {
		b.begun <- true
	}
	if b.hang != nil {
		<-b.hang
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return nil, b.err
	}
	b.number++
	b.held, b.marked, b.copied = s, marked, append(b.copied, s.Reveal())
	return fakeClaim{b, b.number}, nil
}

func (b *fakeBoard) Read(context.Context, int) (secret.Secret, error) {
	if b.hang != nil {
		<-b.hang
		return secret.Secret{}, pasteboard.ErrUnanswered
	}
	if b.late != nil {
		<-b.late
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held, b.err
}

func (b *fakeBoard) holds(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held.Equal(secret.New(text))
}

// set is what another program copies.
func (b *fakeBoard) set(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.number++
	b.held = secret.New(text)
}

type fakeClaim struct {
	b      *fakeBoard
	number int
}

func (c fakeClaim) Release() bool {
	if c.b.hang != nil {
		<-c.b.hang
	}
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	if c.b.number != c.number {
		return false
	}
	c.b.held = secret.Secret{}
	return true
}

// A display that takes its time keeps the window waiting for nothing, and what was copied last is what stays.
func TestTheDisplayTakesItsTimeToCopy(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{begun: make(chan bool), hang: make(chan bool)}
	s.clipboard.board = b
	var said []string
	put := func(what string) {
		s.clipboard.Put(secret.New(what), func(bool) { said = append(said, what) }, func() {})
	}
	put("first")
	<-b.begun
	put("second")
	put("third")
	go func() { <-b.begun }()
	close(b.hang)
	s.until("the last one is copied", func() bool { return slices.Equal(said, []string{"third"}) })
	if !slices.Equal(b.copied, []string{"first", "third"}) {
		t.Errorf("copied: %q", b.copied)
	}
}

// Where the secret cannot be marked as one, it is copied all the same, and the user is told.
func TestCopyWithoutTheMark(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.list.list.Select(0)
	for _, c := range []struct {
		err  error
		says string
	}{{errors.New("there is none"), "status.copied_unmarked"}, {nil, "status.copied"}} {
		s.clipboard.board = &fakeBoard{err: c.err}
		s.details().key.toClipboard()
		s.until("it says "+c.says, func() bool { return s.details().results.note.Text == words.Text(c.says, words.Facts{"Seconds": "45"}) })
	}
}

// However it is asked for, pasting asks beside the window, and Fyne's own way to the clipboard, which waits, is not taken.
func TestPasting(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	fyne.CurrentApp().Clipboard().SetContent("Fyne's")
	b := &fakeBoard{held: secret.New("TESTpasted")}
	s.clipboard.board = b
	ways := map[string]func(*widgets.Field){
		"shortcut": func(f *widgets.Field) { f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}) },
		"second": func(f *widgets.Field) {
			f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard(), Secondary: true})
		},
		"menu": func(f *widgets.Field) {
			test.TapSecondary(f)
			s.choose("Paste")
		},
	}
	for way, paste := range ways {
		for name, f := range map[string]*widgets.Field{"key": s.form().key.Field, "organization": s.form().organization.Field, "name": s.form().name, "search": s.list.search} {
			f.SetText("")
			paste(f)
			s.until(way+" into "+name, func() bool { return f.Text == "TESTpasted" })
			f.SetText("")
		}
	}
	s.form().name.SetText("a name")
	s.form().name.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.form().name.TypedShortcut(&fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()})
	s.until("it is cut", func() bool { return b.holds("a name") && s.form().name.Text == "" })
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Fyne's" {
		t.Errorf("Fyne's clipboard holds %q", got)
	}
}

// choose takes an item of the menu that is open.
func (s *stage) choose(label string) {
	s.t.Helper()
	for _, o := range test.LaidOutObjects(s.win.Canvas().Overlays().Top()) {
		if item, ok := o.(fyne.Tappable); ok && slices.Contains(lines(o), label) && len(lines(o)) == 1 {
			item.Tapped(&fyne.PointEvent{})
			return
		}
	}
	s.t.Fatalf("there is no %q", label)
}

// informed reports whether there is a dialog with the words of this name.
func (s *stage) informed(name string) bool {
	top := s.win.Canvas().Overlays().Top()
	return top != nil && slices.Contains(lines(top), words.Text(name+".title"))
}

// A clipboard whose holder hangs stops nothing: what is typed counts, and it is said why nothing is pasted or copied.
func TestTheClipboardDoesNotAnswer(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{hang: make(chan bool)}
	s.clipboard.board = b
	test.Type(s.form().name, "typed")
	paste := &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}
	s.form().name.TypedShortcut(paste)
	s.form().name.TypedShortcut(paste) // the key is held down
	test.Tap(s.form().key.Paste)
	test.Type(s.form().name, " on")
	if s.form().name.Text != "typed on" {
		t.Errorf("the field has %q", s.form().name.Text)
	}
	close(b.hang)
	s.until("it says so", func() bool { return s.informed("clipboard_busy") })
	test.Tap(s.labelled(words.Text("OK")))
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("it says so more than once")
	}
	if s.form().name.Text != "typed on" || s.form().key.Text != "" {
		t.Errorf("after that the fields have %q and %q", s.form().name.Text, s.form().key.Text)
	}
	b.hang, b.err = nil, pasteboard.ErrUnanswered
	s.clipboard.Put(secret.New("TEST"), func(bool) { t.Error("it is called copied") }, func() {})
	s.until("it says so of a copy", func() bool { return s.informed("clipboard_busy") })
}

// What the clipboard gives late belongs to the screen that asked for it. Once that shows something else, it is dropped.
func TestALatePasteIsDropped(t *testing.T) {
	for name, then := range map[string]func(*stage){
		"another form":    func(s *stage) { s.form().fill(s.connections.all[0]) },
		"a connection":    func(s *stage) { s.list.list.Select(0) },
		"a new form":      func(s *stage) { s.form().reset() },
		"while saving":    func(s *stage) { s.form().lock(true) },
		"everything goes": func(s *stage) { s.writer.removeEverything() },
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keep(t, k, jumpcloudtest.SampleKey)
			s := open(t, k, Options{})
			s.until("it is listed", func() bool { return len(s.connections.all) == 1 })
			b := &fakeBoard{late: make(chan bool)}
			b.set(jumpcloudtest.SampleAdministratorKey)
			s.clipboard.board = b
			test.Tap(s.form().key.Paste)
			then(s)
			close(b.late)
			s.work.running.Wait() // for the clipboard's answer
			s.drain()
			s.pass(2 * typingPause)
			if s.form().key.Text != "" || s.form().cancelButton.Visible() {
				t.Error("what was pasted is in a form that did not ask for it")
			}
		})
	}
}

// The language waits for a paste under way: a new form would not get it.
func TestTheLanguageWaitsForAPaste(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.until("nothing is under way", func() bool { return !s.busy() })
	b := &fakeBoard{hang: make(chan bool)}
	s.clipboard.board = b
	test.Tap(s.form().key.Paste)
	if !s.busy() {
		t.Error("the language could be changed")
	}
	close(b.hang)
	s.until("it has ended", func() bool { return !s.clipboard.reading.running })
	s.keys(fyne.KeyEscape) // what says that the clipboard did not answer
	if s.busy() {
		t.Error("the language still cannot be changed")
	}
}

// What is copied with the keyboard from a key that is shown is marked as a secret. Elsewhere it is a text like any other.
func TestCopyingFromAField(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{}
	s.clipboard.board = b
	for _, f := range []*widgets.Field{s.form().key.Field, s.form().name} {
		f.SetText("TEST")
		f.Password = false
		f.TypedShortcut(&fyne.ShortcutSelectAll{})
		f.TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
		s.work.running.Wait()
		s.drain()
		if !b.holds("TEST") {
			t.Errorf("%q: nothing is copied", f.PlaceHolder)
		}
		if secret := f == s.form().key.Field; (s.clipboard.claim != nil) != secret {
			t.Errorf("%q will be cleared: %v", f.PlaceHolder, !secret)
		}
		b.set("")
		s.clipboard.claim = nil
	}
}

// What the clipboard does not take is not erased by a cut.
func TestACutThatIsNotTaken(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{err: pasteboard.ErrUnanswered}
	s.clipboard.board = b
	cut := func() {
		s.form().name.TypedShortcut(&fyne.ShortcutSelectAll{})
		s.form().name.TypedShortcut(&fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()})
	}
	s.form().name.SetText("TEST")
	cut()
	s.until("it says so", func() bool { return s.informed("clipboard_busy") })
	if s.form().name.Text != "TEST" {
		t.Errorf("the field has %q", s.form().name.Text)
	}
	b.err = nil
	cut()
	s.until("it is cut", func() bool { return s.form().name.Text == "" && b.holds("TEST") })
}

// What was copied is cleared after its time if it is still there, and at the end of the window, whoever hangs meanwhile.
func TestClearing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{}
	s.clipboard.board = b
	copied, cleared := 0, 0
	put := func() {
		former := copied
		s.clipboard.Put(secret.New("TEST"), func(bool) { copied++ }, func() { cleared++ })
		s.until("it is copied", func() bool { return copied > former })
	}
	put()
	if !b.marked {
		t.Error("it is copied without the mark")
	}
	s.pass(45 * time.Second)
	s.until("it is cleared", func() bool { return cleared == 1 && b.holds("") })
	put()
	b.set("the user's own")
	s.pass(45 * time.Second)
	s.clipboard.ending.Wait()
	s.drain()
	if cleared != 1 || !b.holds("the user's own") {
		t.Errorf("what another program copied is cleared")
	}
	put()
	b.hang = make(chan bool)
	s.close() // waits for nothing
	if b.holds("") {
		t.Error("it is cleared before the display answers")
	}
	ended := make(chan bool)
	go func() { s.clipboard.end(); close(ended) }()
	close(b.hang)
	<-ended
	if !b.holds("") {
		t.Error("the key stays on the clipboard")
	}
}

// At the end, the program does not wait for a clipboard that never answers.
func TestTheEndDoesNotWaitForTheClipboard(t *testing.T) {
	c := newClipboard(newWorker(desktop.SystemClock{}), nil, func(error) {})
	c.ending.Add(1)
	defer c.ending.Done()
	c.end()
}
