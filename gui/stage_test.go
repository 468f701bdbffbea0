package gui

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

func TestMain(m *testing.M) {
	// The tests are in English, whoever runs them.
	os.Unsetenv("LANGUAGE")
	os.Setenv("LC_ALL", "en_US.UTF-8")
	app := test.NewApp()
	if err := Prepare(app); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// stage is a window of Fyne's test driver on a simulated JumpCloud. That driver has no thread of its own and runs
// fyne.Do where it is called: the stage collects what is to be done on the window's thread and does it in pump. Its
// clock stands still until pass.
type stage struct {
	*UI
	t      testing.TB
	server *jumpcloudtest.Server
	jobs   chan func()
	clock  *stillClock
	shut   bool
	page   string // what was opened in the browser
	scaled bool   // what fits looks at is drawn at every scale, too
}

// stillClock is a clock that stands still until told.
type stillClock struct {
	mu     sync.Mutex
	at     time.Time
	timers []*timer
}

type timer struct {
	at   time.Time
	f    func()
	over bool
}

// Now implements [desktop.Clock].
func (c *stillClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// AfterFunc implements [desktop.Clock].
func (c *stillClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{at: c.at.Add(d), f: f}
	c.timers = append(c.timers, t)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		t.over = true
	}
}

// advance moves the clock and ends no timer.
func (c *stillClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// waiting is how many timers run.
func (c *stillClock) waiting() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.timers {
		if !t.over {
			n++
		}
	}
	return n
}

// ring calls what is due.
func (c *stillClock) ring() {
	c.mu.Lock()
	var due []*timer
	for _, t := range c.timers {
		if !t.over && !t.at.After(c.at) {
			t.over = true
			due = append(due, t)
		}
	}
	c.mu.Unlock()
	for _, t := range due {
		t.f()
	}
}

// open opens the window on a keychain and waits until the stored connections are read.
func open(t testing.TB, k keychain.Backend, opts Options) *stage {
	t.Helper()
	return openOn(t, sampleServer(t), k, opts)
}

// sampleServer starts a simulator of the sample world.
func sampleServer(t testing.TB) *jumpcloudtest.Server {
	t.Helper()
	server := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	return server
}

// openOn does the same on this server, with a Connector that is as the tests' usual one but for the options. The form is on the screen.
func openOn(t testing.TB, server *jumpcloudtest.Server, k keychain.Backend, opts Options, more ...connector.Option) *stage {
	t.Helper()
	s := startOn(t, server, k, opts, more...)
	s.until("the connections are read", func() bool { return s.loader.loaded })
	if !s.formShown() {
		s.showScreen(s.screens[0])
	}
	return s
}

// startOn does the same, and does not wait until the stored connections are read. Then the one that needs a hand may be on the screen.
func startOn(t testing.TB, server *jumpcloudtest.Server, k keychain.Backend, opts Options, more ...connector.Option) *stage {
	t.Helper()
	s := &stage{t: t, server: server, jobs: make(chan func(), 1000), clock: &stillClock{at: time.Now()}}
	work := newWorker(s.clock)
	work.do = func(f func()) { s.jobs <- f }
	limit := time.Minute // however busy the computer is
	if _, hangs := k.(*hangingKeychain); hangs {
		limit = time.Second
	}
	c := connector.New(keychain.New(k, "gui.test", keychain.WithTimeouts(20*time.Millisecond, limit)),
		append([]connector.Option{
			connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}, jumpcloud.Region{ID: "eu", Console: alias(server)}),
			connector.WithHTTPClient(func() *http.Client { return impatient(nil) })}, more...)...)
	s.UI = newUI(fyne.CurrentApp(), c, opts, work)
	s.browse = func(page *url.URL) error { s.page = page.String(); return nil }
	s.use(noBoard{})
	s.win.Resize(fyne.NewSize(1000, 600))
	s.Show()
	s.pass(firstFrame)
	t.Cleanup(s.close)
	return s
}

// form is the screen that takes new credentials.
func (s *stage) form() *form { return screenOf[*form](s) }

// many is the screen with the organizations that a key opens.
func (s *stage) many() *many { return screenOf[*many](s) }

// details is the screen of a kept connection.
func (s *stage) details() *details { return screenOf[*details](s) }

func screenOf[T screen](s *stage) T {
	for _, one := range s.screens {
		if found, ok := one.(T); ok {
			return found
		}
	}
	panic("the window has no such screen")
}

// inWindow reports whether the window has a button with this name, also behind a dialog.
func (s *stage) inWindow(button string) bool {
	return slices.ContainsFunc(partsOf(s.win.Content()), func(p *part) bool {
		b, ok := p.CanvasObject.(*widgets.Button)
		return ok && b.Text == button
	})
}

// homeShown reports whether the home is on the screen, and nothing else of the window's middle.
func (s *stage) homeShown() bool {
	return s.current == screen(screenOf[*homeScreen](s)) && s.list.place.Visible()
}

// formShown reports whether the form is on the screen.
func (s *stage) formShown() bool {
	return slices.ContainsFunc(partsOf(s.win.Content()), func(p *part) bool {
		f := fieldOf(p.CanvasObject)
		return f != nil && f.PlaceHolder == words.Text("form.key.placeholder")
	})
}

// alias is another address of a server.
func alias(s *jumpcloudtest.Server) string {
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// noBoard is no clipboard, so that the tests' is Fyne's.
type noBoard struct{}

func (noBoard) Copy(context.Context, secret.Secret, bool) (pasteboard.Claim, error) {
	return nil, pasteboard.ErrUnsupported
}

func (noBoard) Read(context.Context, int) (secret.Secret, error) {
	return secret.Secret{}, pasteboard.ErrUnsupported
}

// impatient makes an HTTP client that retries at once, with a transport that change has changed.
func impatient(change func(*http.Transport)) *http.Client {
	h := wire.NewHTTPClient()
	retry := h.Transport.(*wire.Retry)
	retry.Wait = func(context.Context, time.Duration) error { return nil }
	if change != nil {
		change(retry.Base.(*http.Transport))
	}
	return h
}

// close closes the window, and waits for what runs for it: nothing may go on behind it.
func (s *stage) close() {
	if !s.shut {
		s.shut = true
		s.win.Close()
	}
	s.work.running.Wait()
}

// pass lets time go by, and what was to happen meanwhile happen. What this starts beside the window brings its results later.
func (s *stage) pass(d time.Duration) {
	s.clock.advance(d)
	s.clock.ring()
	for range len(s.jobs) {
		(<-s.jobs)()
	}
}

// makeSure lets the time pass after which JumpCloud is asked again about what was refused once, if anything was.
func (s *stage) makeSure() {
	for s.settle(); s.watcher.watch.Doubts(); s.settle() {
		s.pass(time.Minute)
		s.tell(minutePassed{}) // a clock that a test has set back rings later
	}
}

// until does what comes in for the window's thread, until ok.
func (s *stage) until(what string, ok func() bool) {
	s.t.Helper()
	deadline := time.After(60 * time.Second)
	for !ok() {
		select {
		case f := <-s.jobs:
			f()
		case <-deadline:
			s.t.Fatalf("it did not come about that %s; the screen says:\n%s", what, s.screenText())
		}
	}
}

// drain does what has come in for the window's thread.
func (s *stage) drain() {
	for len(s.jobs) > 0 {
		(<-s.jobs)()
	}
}

// typeKey types into the field for the key and waits for the pause after which the checks start.
func (s *stage) typeKey(key string) {
	s.typeInto(words.Text("form.key"), key)
	s.pass(typingPause)
}

// checked waits until a validation has ended, and its report can be copied.
func (s *stage) checked() {
	s.t.Helper()
	s.until("the checks have ended", s.checksEnded)
}

// checksEnded reports whether a validation in the form has ended, and nothing is being saved; or the organizations to choose from are shown.
func (s *stage) checksEnded() bool {
	if s.current == screen(s.many()) {
		return !s.many().busy()
	}
	return s.inWindow(words.Text("form.support")) && !s.inWindow(words.Text("form.cancel"))
}

// saved waits until a validation has ended, and what works is saved and shown.
func (s *stage) saved() {
	s.t.Helper()
	s.until("the checks have ended, and what works is saved", func() bool { return !s.formShown() || s.checksEnded() })
}

// shown waits until a kept connection is shown, and the list has it.
func (s *stage) shown() {
	s.t.Helper()
	s.until("a connection is shown", func() bool {
		return (s.current == screen(s.details()) || s.inWindow(words.Text("handover.mark"))) && len(s.connections.all) > 0
	})
}

// results are those on the screen.
func (s *stage) results() *results {
	if s.formShown() {
		return s.form().results
	}
	return s.details().results
}

// result is what the line of a check on the screen is about.
func (s *stage) result(id check.ID) check.Result { return s.results().checks.row(id).shown }

// kept is what is kept in the keychain, or for the session.
func (s *stage) kept() []connector.Connection {
	kept, _ := s.c.Connections(s.t.Context(), nil) // where the keychain fails, those of the session
	return kept
}

// names is what the connections in the list are called.
func (s *stage) names() (all []string) {
	for _, row := range s.rows(words.Text("list.title")) {
		name, _, _ := strings.Cut(row, "\n")
		all = append(all, name)
	}
	return all
}

// saving reports whether the form says that the connection is being saved.
func (s *stage) saving() bool { return s.sees(words.Text("status.saving")) }

// saveFails waits until a connection could not be saved, and the form says why.
func (s *stage) saveFails() {
	s.t.Helper()
	s.until("saving has failed", func() bool { return s.offers(words.Text("keychain.session")) })
}

// submit presses Enter in the field for the key.
func (s *stage) submit() {
	s.t.Helper()
	s.win.Canvas().Focus(s.field(words.Text("form.key")))
	s.keys(fyne.KeyReturn)
}

// replaceKey opens a connection, and the form for another key of it.
func (s *stage) replaceKey(name string) {
	s.t.Helper()
	s.tap(name)
	s.press("Replace key")
}

// remove removes the connection on the screen, and lets the time go by in which that can be undone.
func (s *stage) remove() {
	s.t.Helper()
	s.press("Remove")
	s.press("Remove")
	s.pass(undoTime)
}

// removeEverything does so by the menu.
func (s *stage) removeEverything() {
	s.t.Helper()
	s.menu("Connection", "Remove everything…")
	s.press("Remove everything")
}

// reread has the window read the stored connections again, as it does when something may have changed them. They must not be being read.
func (s *stage) reread() {
	s.t.Helper()
	if s.loader.reading.running {
		s.t.Fatal("the connections are being read already")
	}
	s.loader.reload()
}

// use puts another clipboard in the place of the system's.
func (s *stage) use(b board) { s.clipboard.board = b }

// settle waits until nothing runs beside the window, and everything that this brings is done.
func (s *stage) settle() {
	for s.work.running.Wait(); len(s.jobs) > 0; s.work.running.Wait() {
		s.drain()
	}
}

// leave is the window losing the focus to another program's, and comeBack its return.
func (s *stage) leave()    { lifecycle().OnExitedForeground()() }
func (s *stage) comeBack() { lifecycle().OnEnteredForeground()() }

// hooks are those of an app's lifecycle, which Fyne's own windows call.
type hooks interface {
	OnExitedForeground() func()
	OnEnteredForeground() func()
}

func lifecycle() hooks { return fyne.CurrentApp().Lifecycle().(hooks) }

// brokenKeychain fails with an error, as long as there is one.
type brokenKeychain struct {
	keychain.Backend
	err atomic.Value // of brokenBy
}

type brokenBy struct{ error }

// broken is a keychain that fails with err, or works for now.
func broken(err error) *brokenKeychain {
	b := &brokenKeychain{Backend: keychain.Memory()}
	b.fail(err)
	return b
}

// fail has every call fail from now on, or none.
func (b *brokenKeychain) fail(err error) { b.err.Store(brokenBy{err}) }

func (b *brokenKeychain) Get(service, user string) (string, error) {
	if err := b.err.Load().(brokenBy).error; err != nil {
		return "", err
	}
	return b.Backend.Get(service, user)
}

func (b *brokenKeychain) Set(service, user, secret string) error {
	if err := b.err.Load().(brokenBy).error; err != nil {
		return err
	}
	return b.Backend.Set(service, user, secret)
}

// hangingKeychain answers no call until it is released.
type hangingKeychain struct {
	keychain.Backend
	release chan struct{}
}

func (h *hangingKeychain) Get(service, user string) (string, error) {
	<-h.release
	return h.Backend.Get(service, user)
}

// gatedKeychain answers no question while its gate is closed; where there is an only one, not that one.
type gatedKeychain struct {
	keychain.Backend
	only string
	gate sync.RWMutex
}

func (g *gatedKeychain) close() { g.gate.Lock() }
func (g *gatedKeychain) open()  { g.gate.Unlock() }

func (g *gatedKeychain) Get(service, user string) (string, error) {
	if g.only != "" && g.only != user {
		return g.Backend.Get(service, user)
	}
	g.gate.RLock()
	defer g.gate.RUnlock()
	return g.Backend.Get(service, user)
}

// stubbornKeychain deletes nothing, as one whose user has refused.
type stubbornKeychain struct{ keychain.Backend }

func (stubbornKeychain) Delete(string, string) error { return keychain.ErrLocked }
func (stubbornKeychain) DeleteAll(string) error      { return keychain.ErrLocked }
