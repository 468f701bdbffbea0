package gui

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
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
	s.use(b)
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
	s.tap("Larkspur Robotics")
	for _, c := range []struct {
		err      error
		unmarked bool
	}{{errors.New("there is none"), true}, {nil, false}} {
		s.use(&fakeBoard{err: c.err})
		s.press("Copy", "API key")
		s.until("it is copied", func() bool { return s.hasLine("Copied · 45 s") })
		if says := s.hasLine(words.Text("secret.unmarked")); says != c.unmarked {
			t.Errorf("%v: it says that a history may keep it: %t", c.err, says)
		}
		s.pass(45 * time.Second)
		s.until("it is cleared", func() bool { return s.hasLine("Cleared") })
		s.pass(said)
	}
}

// However it is asked for, pasting asks beside the window, and Fyne's own way to the clipboard, which waits, is not taken.
func TestPasting(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	keep(t, k, jumpcloudtest.SampleAdministratorKey) // with two, they can be searched
	s := open(t, k, Options{})
	fyne.CurrentApp().Clipboard().SetContent("Fyne's")
	b := &fakeBoard{held: secret.New("TESTpasted")}
	s.use(b)
	for way, paste := range map[string]func(*widgets.Field){
		"shortcut": func(f *widgets.Field) { f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}) },
		"second": func(f *widgets.Field) {
			f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard(), Secondary: true})
		},
		"menu": func(f *widgets.Field) {
			test.TapSecondary(f)
			s.tap("Paste")
		},
	} {
		for _, name := range []string{"API key", "Organization ID", "Name", "Search"} {
			f := s.field(name)
			f.SetText("")
			paste(f)
			s.until(way+" into "+name, func() bool { return f.Text == "TESTpasted" })
			f.SetText("")
		}
	}
	s.fill("Name", "a name")
	s.cutAll()
	s.until("it is cut", func() bool { return b.holds("a name") && s.field("Name").Text == "" })
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Fyne's" {
		t.Errorf("Fyne's clipboard holds %q", got)
	}
}

// cutAll cuts all that is in the field with the focus.
func (s *stage) cutAll() {
	s.shortcut(&fyne.ShortcutSelectAll{})
	s.shortcut(&fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()})
}

// informed reports whether there is a dialog with the words of this name.
func (s *stage) informed(name string) bool {
	return s.dialog() != "" && s.hasLine(words.Text(name+".title"))
}

// A clipboard whose holder hangs stops nothing: what is typed counts, and it is said why nothing is pasted or copied.
func TestTheClipboardDoesNotAnswer(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{hang: make(chan bool)}
	s.use(b)
	s.typeInto("Name", "typed")
	paste := &fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()}
	s.shortcut(paste)
	s.shortcut(paste) // the key is held down
	s.press("Paste", "API key")
	s.typeInto("Name", " on")
	if s.field("Name").Text != "typed on" {
		t.Errorf("the field has %q", s.field("Name").Text)
	}
	close(b.hang)
	s.until("it says so", func() bool { return s.informed("clipboard_busy") })
	s.press("OK")
	if s.dialog() != "" {
		t.Error("it says so more than once")
	}
	if s.field("Name").Text != "typed on" || s.field("API key").Text != "" {
		t.Errorf("after that the fields have %q and %q", s.field("Name").Text, s.field("API key").Text)
	}
	b.hang, b.err = nil, pasteboard.ErrUnanswered
	s.clipboard.Put(secret.New("TEST"), func(bool) { t.Error("it is called copied") }, func() {})
	s.until("it says so of a copy", func() bool { return s.informed("clipboard_busy") })
}

// What the clipboard gives late belongs to the screen that asked for it. Once that shows something else, it is dropped.
func TestALatePasteIsDropped(t *testing.T) {
	for name, then := range map[string]func(*stage){
		"a connection": func(s *stage) { s.tap("Larkspur Robotics") },
		"a new form":   func(s *stage) { s.press("New connection") },
		"everything goes": func(s *stage) {
			s.removeEverything()
			s.until("it is said that nothing is left", func() bool { return s.dialog() != "" })
			s.press("OK")
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := keychain.Memory()
			keep(t, k, jumpcloudtest.SampleKey)
			s := open(t, k, Options{})
			b := &fakeBoard{late: make(chan bool)}
			b.set(jumpcloudtest.SampleAdministratorKey)
			s.use(b)
			s.press("Paste", "API key")
			then(s)
			close(b.late)
			s.settle()
			if !s.formShown() {
				s.press("New connection")
			}
			s.pass(2 * typingPause)
			if s.field("API key").Text != "" || s.offers("Cancel") {
				t.Error("what was pasted is in a form that did not ask for it")
			}
		})
	}
}

// A paste that comes while the connection is being saved neither changes the entries nor ends saving.
func TestAPasteWhileSavingIsDropped(t *testing.T) {
	k := &gatedKeychain{Backend: keychain.Memory()}
	s := open(t, k, Options{})
	s.idle()
	b := &fakeBoard{late: make(chan bool)}
	b.set(jumpcloudtest.SampleAdministratorKey)
	s.use(b)
	s.typeInto("API key", jumpcloudtest.SampleKey)
	s.press("Paste", "API key")
	k.close()
	s.pass(typingPause)
	s.until("it is being saved", s.saving)
	close(b.late)
	s.until("the paste has come", func() bool { return !s.clipboard.reading.running })
	if s.field("API key").Text != jumpcloudtest.SampleKey || !s.saving() {
		t.Errorf("the screen says %s", s.screenText())
	}
	k.open()
	s.shown()
}

// The language waits for a paste under way: a new form would not get it.
func TestTheLanguageWaitsForAPaste(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.until("nothing is under way", func() bool { return !s.busy() })
	b := &fakeBoard{hang: make(chan bool)}
	s.use(b)
	s.press("Paste", "API key")
	if !s.busy() {
		t.Error("the language could be changed")
	}
	close(b.hang)
	s.settle()
	s.keys(fyne.KeyEscape) // what says that the clipboard did not answer
	if s.busy() {
		t.Error("the language still cannot be changed")
	}
}

// What is copied with the keyboard from a key that is shown is marked as a secret. Elsewhere it is a text like any other.
func TestCopyingFromAField(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{}
	s.use(b)
	for _, name := range []string{"API key", "Name"} {
		s.typeInto(name, "TEST")
		if name == "API key" {
			s.press("Show", name)
		}
		s.field(name).TypedShortcut(&fyne.ShortcutSelectAll{})
		s.field(name).TypedShortcut(&fyne.ShortcutCopy{Clipboard: fyne.CurrentApp().Clipboard()})
		s.settle()
		if !b.holds("TEST") || b.marked != (name == "API key") {
			t.Errorf("%s: it is copied: %v, marked: %v", name, b.holds("TEST"), b.marked)
		}
		b.set("")
	}
}

// What the clipboard does not take is not erased by a cut.
func TestACutThatIsNotTaken(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{err: pasteboard.ErrUnanswered}
	s.use(b)
	s.fill("Name", "TEST")
	s.cutAll()
	s.until("it says so", func() bool { return s.informed("clipboard_busy") })
	s.press("OK")
	if s.field("Name").Text != "TEST" {
		t.Errorf("the field has %q", s.field("Name").Text)
	}
	b.err = nil
	s.win.Canvas().Focus(s.field("Name"))
	s.cutAll()
	s.until("it is cut", func() bool { return s.field("Name").Text == "" && b.holds("TEST") })
}

// What was copied is cleared after its time if it is still there, and at the end of the window, whoever hangs meanwhile.
func TestClearing(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	b := &fakeBoard{}
	s.use(b)
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
	s.work.ending.Wait()
	s.drain()
	if cleared != 1 || !b.holds("the user's own") {
		t.Errorf("what another program copied is cleared")
	}
	put()
	b.hang = make(chan bool)
	s.pass(45 * time.Second) // waits for nothing
	if b.holds("") {
		t.Error("it is cleared before the clipboard answers")
	}
	close(b.hang)
	s.until("it is cleared once the clipboard answers", func() bool { return cleared == 2 && b.holds("") })
	b.hang = nil
	put()
	b.hang = make(chan bool)
	s.close() // waits for nothing
	if b.holds("") {
		t.Error("it is cleared before the display answers")
	}
	ended := make(chan bool)
	go func() { s.work.end(); close(ended) }()
	close(b.hang)
	<-ended
	if !b.holds("") {
		t.Error("the key stays on the clipboard")
	}
}

// At the end, the program does not wait for a clipboard that never answers.
func TestTheEndDoesNotWaitForTheClipboard(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	c := s.clipboard
	c.work.ending.Add(1)
	defer c.work.ending.Done()
	ended, before := make(chan bool), s.clock.waiting()
	go func() { c.work.end(); close(ended) }()
	for s.clock.waiting() == before {
		runtime.Gosched()
	}
	select {
	case <-ended:
		t.Fatal("it does not wait at all")
	default:
	}
	s.pass(clipboardWait)
	<-ended
}

// fyneOnly is a clipboard that only Fyne can write to, such as a Wayland session's. Read stands in for wl-paste.
type fyneOnly struct {
	read func() (secret.Secret, error)
}

func (fyneOnly) Copy(context.Context, secret.Secret, bool) (pasteboard.Claim, error) {
	return nil, pasteboard.ErrUnsupported
}

func (f fyneOnly) Read(context.Context, int) (secret.Secret, error) { return f.read() }

// What Fyne had to copy is cleared, but not what another program has copied since if that can be seen. The window waits for no program, and
// without wl-paste Fyne is not asked what is there: it would wait for that program.
func TestClearingWhatFyneCopied(t *testing.T) {
	system := fyne.CurrentApp().Clipboard()
	hang, tries := make(chan bool), 0
	for name, c := range map[string]struct {
		read  func() (secret.Secret, error)
		other string // what another program copies meanwhile
		stays bool
	}{
		"it is there":           {read: func() (secret.Secret, error) { return secret.New(system.Content()), nil }},
		"another text is there": {read: func() (secret.Secret, error) { return secret.New("other"), nil }, other: "other", stays: true},
		"another program hangs": {read: func() (secret.Secret, error) { <-hang; return secret.Secret{}, pasteboard.ErrUnanswered }, other: "other", stays: true},
		"it answers later": {read: func() (secret.Secret, error) {
			if tries++; tries == 1 {
				return secret.Secret{}, pasteboard.ErrUnanswered
			}
			return secret.New(system.Content()), nil
		}},
		"no wl-paste":          {read: func() (secret.Secret, error) { return secret.Secret{}, pasteboard.ErrNoTool }},
		"no wl-paste, another": {read: func() (secret.Secret, error) { return secret.Secret{}, pasteboard.ErrNoTool }, other: "other"},
		"it cannot be read":    {read: func() (secret.Secret, error) { return secret.Secret{}, pasteboard.ErrUnsupported }},
		"it is empty":          {read: func() (secret.Secret, error) { return secret.Secret{}, pasteboard.ErrNoText }, other: " ", stays: true},
	} {
		s := open(t, keychain.Memory(), Options{})
		s.use(fyneOnly{c.read})
		copied, cleared := false, false
		s.clipboard.Put(secret.New("TEST"), func(marked bool) { copied = !marked }, func() { cleared = true })
		s.until("it is copied", func() bool { return copied && system.Content() == "TEST" })
		if c.other != "" {
			system.SetContent(c.other)
		}
		s.pass(45 * time.Second)
		if name == "another program hangs" {
			s.typeInto("Name", "still here")
			close(hang)
		}
		s.settle()
		if name == "it answers later" {
			s.pass(45 * time.Second)
			s.settle()
		}
		want := ""
		if c.stays {
			want = c.other
		}
		if cleared == c.stays || system.Content() != want {
			t.Errorf("%s: it is cleared: %t, and %q is there", name, cleared, system.Content())
		}
	}
}

// The same text copied twice stays for the time of the second copy.
func TestCopyingTheSameTwiceByFyne(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	system := fyne.CurrentApp().Clipboard()
	s.use(fyneOnly{func() (secret.Secret, error) { return secret.New(system.Content()), nil }})
	copied := 0
	for range 2 {
		before := copied
		s.clipboard.Put(secret.New("TEST"), func(bool) { copied++ }, func() { t.Error("it is called cleared") })
		s.until("it is copied", func() bool { return copied > before })
		s.settle()
		s.pass(30 * time.Second)
		s.settle()
		if system.Content() != "TEST" {
			t.Fatal("it is not there any more")
		}
	}
	system.SetContent("")
}

// Without wl-paste, pasting says what to install, and nothing is lost.
func TestPastingWithoutATool(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.use(fyneOnly{func() (secret.Secret, error) { return secret.Secret{}, pasteboard.ErrNoTool }})
	s.typeInto("Name", "typed")
	s.press("Paste", "API key")
	s.until("it says so", func() bool { return s.informed("clipboard_tool") })
	s.press("OK")
	if s.field("Name").Text != "typed" || s.field("API key").Text != "" {
		t.Errorf("the fields have %q and %q", s.field("Name").Text, s.field("API key").Text)
	}
}
