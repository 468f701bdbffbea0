package gui

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/desktop/autostart"
	"controlmap-jumpcloud/gui/desktop/tray"
)

// fakeTray is a tray in memory. The real one is in the tests of the tray, and of the whole program.
type fakeTray struct {
	mu      sync.Mutex
	here    bool
	changed func(bool) // nil until somebody watches
	icon    *tray.Icon // nil until it is shown
	labels  []string
	renewed int
}

func (f *fakeTray) Watch(_ context.Context, changed func(bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changed = changed
	changed(f.here)
}

func (f *fakeTray) Show(i tray.Icon) (relabel func([]string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.icon = &i
	for _, item := range i.Items {
		f.labels = append(f.labels, item.Label)
	}
	return func(labels []string) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.labels = labels
	}
}

func (f *fakeTray) Renew(context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renewed++
}

func (f *fakeTray) Close() {}

// turn has the tray come or go.
func (f *fakeTray) turn(here bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.here = here
	f.changed(here)
}

// click takes an item of the icon's menu.
func (s *stage) clickTray(f *fakeTray, label string) {
	s.t.Helper()
	f.mu.Lock()
	i := slices.Index(f.labels, label)
	f.mu.Unlock()
	if i < 0 {
		s.t.Fatalf("there is no %q in the tray: %q", label, f.labels)
	}
	f.icon.Items[i].Do()
	s.drain()
}

// fakeLogin is a system that starts programs at login, in memory. Each call may fail.
type fakeLogin struct {
	mu       sync.Mutex
	on       bool
	fails    error
	repaired bool
}

func (f *fakeLogin) Enabled() (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on, nil
}

func (f *fakeLogin) set(on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails == nil {
		f.on = on
	}
	return f.fails
}

func (f *fakeLogin) Enable() error  { return f.set(true) }
func (f *fakeLogin) Disable() error { return f.set(false) }

func (f *fakeLogin) Repair() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.repaired = true
	return errors.New("TEST: somebody else may look")
}

// forgetBackground forgets what is chosen about the background, after the test.
func forgetBackground(t *testing.T) {
	t.Helper()
	forget := func() {
		for _, name := range []string{closingSetting, closingTold} {
			fyne.CurrentApp().Preferences().RemoveValue(name)
		}
	}
	forget()
	t.Cleanup(forget)
}

// openInTray opens a window that goes on in the tray when it is closed, and of which the user was told that.
func openInTray(t *testing.T, k keychain.Backend) (*stage, *fakeTray) {
	t.Helper()
	opts := chooseTray(t)
	s := open(t, k, opts)
	s.until("the icon is there", func() bool { return s.background.relabel != nil })
	return s, opts.Tray.(*fakeTray)
}

// ended reports whether the window has closed for good.
func (s *stage) ended() bool { return s.work.ctx.Err() != nil }

// Unless it is chosen, closing ends the program, and nothing is in the tray.
func TestClosingEndsUnlessItIsChosen(t *testing.T) {
	forgetBackground(t)
	f := &fakeTray{here: true}
	s := open(t, keychain.Memory(), Options{Tray: f})
	s.settle()
	if f.changed != nil || f.icon != nil {
		t.Error("the tray is asked for without a reason")
	}
	s.askToClose()
	s.shut = true
	if !s.ended() || f.icon != nil {
		t.Errorf("ended: %v, icon: %v", s.ended(), f.icon)
	}
}

// Closed into the tray, the window forgets what was typed and copied, goes on checking, and comes back as it was.
func TestClosingIntoTheTray(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s, f := openInTray(t, k)
	if f.icon.Name != fyne.CurrentApp().Metadata().Name || len(f.icon.Picture) == 0 || !slices.Equal(f.labels, []string{"Open", "Check all", "Quit"}) {
		t.Errorf("the tray shows %q with %q", f.icon.Name, f.labels)
	}
	s.tap("Larkspur Robotics")
	s.press("Copy", "API key")
	s.until("it is copied", func() bool { return s.sees("Copied · 45 s") })
	s.press("Show", "API key")
	s.until("it is shown", func() bool { return s.sees(jumpcloudtest.SampleKey) })
	s.askToClose()
	s.settle()
	if s.ended() {
		t.Fatal("the program has ended")
	}
	if !s.background.isHidden || s.sees(jumpcloudtest.SampleKey) || fyne.CurrentApp().Clipboard().Content() != "" || s.sees("Copied · ") {
		t.Errorf("hidden: %v; it holds %q; the window says\n%s", s.background.isHidden, fyne.CurrentApp().Clipboard().Content(), s.screenText())
	}
	s.server.ResetRequests()
	s.clickTray(f, "Check all")
	s.settle()
	if len(s.server.Requests()) == 0 || !s.background.isHidden {
		t.Errorf("%d requests; hidden: %v", len(s.server.Requests()), s.background.isHidden)
	}
	s.clickTray(f, "Open")
	if s.background.isHidden || s.title() != "Larkspur Robotics" {
		t.Errorf("it does not come back; the screen says\n%s", s.screenText())
	}
	s.askToClose()
	f.icon.Open()
	s.drain()
	if s.background.isHidden {
		t.Error("a click on the icon does not open it")
	}
	s.askToClose()
	s.ToFront() // by a second start
	s.drain()
	if s.background.isHidden {
		t.Error("a second start does not open it")
	}
	s.askToClose()
	s.clickTray(f, "Quit")
	s.shut = true
	if !s.ended() {
		t.Error("Quit does not end the program")
	}
}

// A key that is typed is asked for before the window forgets it; the form can be used again afterwards.
func TestClosingIntoTheTrayAsksAboutWhatIsTyped(t *testing.T) {
	s, _ := openInTray(t, keychain.Memory())
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	s.askToClose()
	if s.background.isHidden || !strings.Contains(s.dialog(), "Discard what is entered?") {
		t.Fatalf("it says %q", s.dialog())
	}
	s.press("Keep")
	if s.background.isHidden || s.field("API key").Text == "" {
		t.Error("it is hidden, or empty, although the answer was to keep")
	}
	s.askToClose()
	s.press("Discard")
	if !s.background.isHidden || s.field("API key").Text != "" || s.ended() {
		t.Errorf("hidden: %v, ended: %v", s.background.isHidden, s.ended())
	}
	s.background.open()
	if s.focused() != s.field("API key") {
		t.Error("the focus is not in the form")
	}
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
}

// A key whose organizations are shown is forgotten with the window, too.
func TestHidingForgetsTheKeyThatOpensSeveral(t *testing.T) {
	s, f := openInTray(t, keychain.Memory())
	s.typeKey(jumpcloudtest.SampleMultiTenantKey)
	s.until("the organizations are shown", func() bool { return s.current == screen(s.many()) && len(s.many().every) > 0 })
	s.askToClose()
	s.press("Discard")
	s.settle()
	if m := s.many(); !s.background.isHidden || !m.credentials.APIKey.Empty() || len(m.every) > 0 {
		t.Errorf("hidden: %v; the key is known: %v; %d organizations", s.background.isHidden, !m.credentials.APIKey.Empty(), len(m.every))
	}
	s.clickTray(f, "Open")
	if !s.formShown() {
		t.Errorf("the screen says\n%s", s.screenText())
	}
}

// The menu's Quit ends the program also where closing does not, and asks as always, in the open window.
func TestQuitAlwaysEnds(t *testing.T) {
	s, f := openInTray(t, broken(keychain.ErrNoProvider))
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	s.askToClose()
	if !s.background.isHidden || s.dialog() != "" {
		t.Fatal("a connection of the session keeps the window from going into the tray, where nothing is lost")
	}
	s.clickTray(f, "Quit")
	if s.background.isHidden || s.ended() || !strings.Contains(s.dialog(), "Close and lose what is not saved?") {
		t.Fatalf("it says %q", s.dialog())
	}
	s.press("Keep open")
	s.hit("Connection", "Quit")
	s.press("Close")
	s.shut = true
	if !s.ended() {
		t.Error("it goes on")
	}
}

// What closing does is said the first time, and never again. There it can be turned off.
func TestTheTrayIsExplainedOnce(t *testing.T) {
	for _, answer := range []string{"Close the window", "Turn this off and quit"} {
		forgetBackground(t)
		fyne.CurrentApp().Preferences().SetString(closingSetting, closingKeeps)
		f := &fakeTray{here: true}
		s := open(t, keychain.Memory(), Options{Tray: f})
		s.until("the icon is there", func() bool { return s.background.relabel != nil })
		s.askToClose()
		if s.background.isHidden || !strings.Contains(s.dialog(), "Quit, there or in the menu Connection, ends the app.") {
			t.Fatalf("it says %q", s.dialog())
		}
		s.press(answer)
		s.settle()
		if off := answer != "Close the window"; s.ended() != off || s.background.isHidden == off ||
			(fyne.CurrentApp().Preferences().String(closingSetting) == "") != off {
			t.Errorf("%s: ended: %v, hidden: %v, kept: %q", answer, s.ended(), s.background.isHidden, fyne.CurrentApp().Preferences().String(closingSetting))
		}
		s.shut = s.ended()
		s.close()
		fyne.CurrentApp().Preferences().SetString(closingSetting, closingKeeps)
		s = open(t, keychain.Memory(), Options{Tray: f})
		s.until("the icon is there", func() bool { return s.background.relabel != nil })
		s.askToClose()
		if !s.background.isHidden || s.dialog() != "" {
			t.Errorf("the next time it says %q", s.dialog())
		}
		s.close()
	}
}

// Without a tray, closing ends the program whatever is chosen, for nothing would open the window again.
func TestWithoutATrayClosingEnds(t *testing.T) {
	s, f := openInTray(t, keychain.Memory())
	f.turn(false)
	s.drain()
	s.askToClose()
	s.shut = true
	if !s.ended() {
		t.Error("it is out of reach")
	}
}

// An icon is registered again when the tray comes back.
func TestTheTrayComesBack(t *testing.T) {
	s, f := openInTray(t, keychain.Memory())
	first := f.icon
	f.turn(false)
	f.turn(true)
	s.drain()
	s.settle()
	if f.renewed != 1 || f.icon != first {
		t.Errorf("registered again %d times; a second icon: %v", f.renewed, f.icon != first)
	}
}

// The icon's menu follows the language.
func TestTheTraySpeaksTheLanguage(t *testing.T) {
	spoken(t, "")
	s, f := openInTray(t, keychain.Memory())
	s.menu("View", "Language", "Deutsch")
	s.settle()
	if !slices.Equal(f.labels, []string{"Öffnen", "Alle prüfen", "Beenden"}) {
		t.Errorf("it says %q", f.labels)
	}
}

// Started hidden, nothing is shown until the user asks for it; the connections are read all the same.
func TestStartingHidden(t *testing.T) {
	forgetBackground(t)
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	f, login := &fakeTray{here: true}, &fakeLogin{}
	s := startOn(t, sampleServer(t), k, Options{Tray: f, AtLogin: login, Hidden: true})
	s.until("the connections are read", func() bool { return s.loader.loaded })
	s.pass(trayWait)
	if !s.background.isHidden || f.icon == nil || !login.repaired {
		t.Fatalf("hidden: %v, icon: %v, repaired: %v", s.background.isHidden, f.icon, login.repaired)
	}
	s.clickTray(f, "Open")
	if s.background.isHidden || !s.homeShown() || s.win.MainMenu() == nil {
		t.Errorf("the window says\n%s", s.screenText())
	}
}

// Where only the start at login is chosen, closing the opened window asks once whether the watching goes on.
func TestClosingWhatWasStartedAtLogin(t *testing.T) {
	for _, answer := range []string{"Close the window", "Turn this off and quit"} {
		forgetBackground(t)
		f := &fakeTray{here: true}
		s := startOn(t, sampleServer(t), keychain.Memory(), Options{Tray: f, Hidden: true})
		s.until("the icon is there", func() bool { return f.icon != nil })
		s.clickTray(f, "Open")
		s.askToClose()
		if s.ended() || s.background.isHidden || s.dialog() == "" {
			t.Fatalf("ended: %v, hidden: %v, it says %q", s.ended(), s.background.isHidden, s.dialog())
		}
		s.press(answer)
		s.settle()
		off := answer != "Close the window"
		if s.ended() != off || s.background.isHidden == off || s.background.wanted() == off {
			t.Errorf("%s: ended: %v, hidden: %v, chosen: %v", answer, s.ended(), s.background.isHidden, s.background.wanted())
		}
		s.shut = s.ended()
		s.close()
		if !off {
			continue
		}
		s = startOn(t, sampleServer(t), keychain.Memory(), Options{Tray: f, Hidden: true})
		s.until("the window is hidden", func() bool { return s.background.relabel != nil })
		s.clickTray(f, "Open")
		s.askToClose()
		s.shut = true
		if !s.ended() {
			t.Error("it asks again, although it was turned off")
		}
		s.close()
	}
}

// However often and in whatever order the window is closed and the program quit, one question is open.
func TestQuestionsBeforeTheCloseDoNotStack(t *testing.T) {
	typed := func(s *stage) {
		s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
		s.checked()
	}
	session := func(s *stage) {
		s.typeKey(jumpcloudtest.SampleKey)
		s.saveFails()
		s.press("Keep for this session only")
		s.shown()
	}
	untold := func(*stage) { fyne.CurrentApp().Preferences().RemoveValue(closingTold) }
	const discard, lose, told = "Discard what is entered?", "Close and lose what is not saved?", "Close the window"
	for _, one := range []struct {
		name   string
		before func(*stage)
		does   string // c for the window's cross, q for Quit
		asks   string // "" if it ends
	}{
		{"the cross, with a typed key", typed, "ccc", discard},
		{"Quit, with a typed key", typed, "qqq", discard},
		{"both", typed, "cqcq", discard},
		{"Quit, with a connection of the session", session, "qqq", lose},
		{"Quit and then the cross, as macOS does", session, "qc", lose},
		{"the cross, the first time", untold, "ccc", told},
		{"the cross, the first time, and then Quit", untold, "cq", ""},
		{"Quit and then the cross, the first time", untold, "qc", ""},
	} {
		k := keychain.Backend(keychain.Memory())
		if one.asks == lose {
			k = broken(keychain.ErrNoProvider)
		}
		s, f := openInTray(t, k)
		one.before(s)
		for _, key := range one.does {
			if key == 'c' {
				s.askToClose()
			} else {
				s.clickTray(f, "Quit")
			}
			s.settle()
		}
		s.shut = s.ended()
		if one.asks == "" {
			if !s.ended() || fyne.CurrentApp().Preferences().String(closingTold) != "" {
				t.Errorf("%s: ended: %v; kept as told: %v", one.name, s.ended(), s.background.isTold())
			}
			continue
		}
		if n := len(s.win.Canvas().Overlays().List()); n != 1 || s.ended() || s.background.isHidden || !strings.Contains(s.dialog(), one.asks) {
			t.Errorf("%s: %d dialogs, ended: %v, hidden: %v; it says %q", one.name, n, s.ended(), s.background.isHidden, s.dialog())
		}
		s.close()
	}
}

// A tray that goes while the window is hidden, and does not come back, leaves the window within reach. One that starts anew does not.
func TestTheTrayGoesWhileTheWindowIsHidden(t *testing.T) {
	for _, comes := range []bool{true, false} {
		s, f := openInTray(t, keychain.Memory())
		s.askToClose()
		f.turn(false)
		s.drain()
		s.pass(trayWait - time.Second)
		if !s.background.isHidden {
			t.Fatal("it does not wait")
		}
		if comes {
			f.turn(true)
			s.drain()
		}
		s.pass(time.Second)
		if s.background.isHidden != comes {
			t.Errorf("the tray comes back: %v; the window is hidden: %v", comes, s.background.isHidden)
		}
		s.close()
	}
}

// What is being connected when the window closes into the tray goes on, without a question. Its end is told, and its key forgotten then.
func TestConnectingGoesOnInTheTray(t *testing.T) {
	for _, one := range []struct {
		fails bool
		told  string
	}{{false, "5 connected | The organizations that you selected are connected."}, {true, "0 connected, 5 not | Not connected: "}} {
		s, _ := openInTray(t, keychain.Memory())
		var told []string
		s.watcher.notify = func(title, text string, ended func(error)) { told = append(told, title+" | "+text); ended(nil) }
		s.typeKey(jumpcloudtest.SampleMultiTenantKey)
		s.until("the organizations are shown", func() bool { return s.current == screen(s.many()) && len(s.many().every) > 0 })
		if one.fails {
			s.server.Fail(jumpcloudtest.Unauthorized())
		}
		m := s.many()
		m.connectThese(m.every[:5])
		s.askToClose()
		if !s.background.isHidden || !m.connecting.running {
			t.Fatalf("hidden: %v, connecting: %v; it asks %q", s.background.isHidden, m.connecting.running, s.dialog())
		}
		s.settle()
		s.pass(time.Minute)
		s.settle()
		if n := len(s.connections.all); n != 5 != one.fails || len(told) != 1 || !strings.HasPrefix(told[0], one.told) {
			t.Errorf("fails: %v; %d connections; told of %q", one.fails, n, told)
		}
		if !m.credentials.APIKey.Empty() || one.fails && len(m.every) > 0 { // without a kept key they cannot be connected any more
			t.Errorf("fails: %v; the key is known: %v; %d organizations", one.fails, !m.credentials.APIKey.Empty(), len(m.every))
		}
		s.close()
	}
}

// A hidden window that was never open can be quit.
func TestQuittingBeforeTheWindowWasOpen(t *testing.T) {
	forgetBackground(t)
	f := &fakeTray{here: true}
	s := startOn(t, sampleServer(t), keychain.Memory(), Options{Tray: f, Hidden: true})
	s.until("the icon is there", func() bool { return f.icon != nil })
	s.clickTray(f, "Quit")
	s.shut = true
	if !s.ended() || s.background.isHidden != true {
		t.Error("it goes on")
	}
}

// A tray that comes after the program, as at login, is waited for. If none comes, the window opens.
func TestStartingHiddenBeforeTheTray(t *testing.T) {
	for _, comes := range []bool{true, false} {
		forgetBackground(t)
		f := &fakeTray{}
		s := startOn(t, sampleServer(t), keychain.Memory(), Options{Tray: f, Hidden: true})
		s.until("the desktop has answered", func() bool { return s.background.known })
		s.pass(trayWait - firstFrame - time.Second)
		if f.icon != nil || !s.background.isHidden {
			t.Fatal("it does not wait")
		}
		if comes {
			f.turn(true)
			s.drain()
		}
		s.pass(time.Second)
		if s.background.isHidden != comes || (f.icon != nil) != comes {
			t.Errorf("the tray comes: %v; hidden: %v, icon: %v", comes, s.background.isHidden, f.icon != nil)
		}
		s.close()
	}
}

// openBackgroundSettings opens the settings of a window with this tray and system.
func openBackgroundSettings(t *testing.T, f *fakeTray, login AtLogin) *stage {
	t.Helper()
	forgetBackground(t)
	s := open(t, keychain.Memory(), Options{Tray: f, AtLogin: login})
	s.menu("View", "Settings…")
	s.settle()
	return s
}

// isOff reports whether the choice beside a label cannot be used.
func (s *stage) isOff(label string) bool {
	s.t.Helper()
	return selectOf(s.choice(label)).Disabled()
}

// Chosen in the settings, the icon comes at once, and closing keeps the program going.
func TestClosingCanBeSet(t *testing.T) {
	f := &fakeTray{here: true}
	s := openBackgroundSettings(t, f, nil)
	if s.chosen("Closing keeps watching") != "Off" || f.icon != nil {
		t.Fatal("it is on without being chosen")
	}
	s.set("Closing keeps watching", "On")
	if f.icon == nil || !s.background.keeps() {
		t.Error("it does not count at once")
	}
	s.set("Closing keeps watching", "Off")
	if s.background.keeps() || !s.sees("The icon in the tray stays until the app ends.") {
		t.Errorf("turned off, the screen says\n%s", s.screenText())
	}
}

// A desktop without a tray cannot have it, and says why. That follows the desktop.
func TestWithoutATrayTheSettingIsOff(t *testing.T) {
	f := &fakeTray{}
	s := openBackgroundSettings(t, f, nil)
	const why = "This desktop has no tray"
	if !s.isOff("Closing keeps watching") || !s.sees(why) {
		t.Errorf("the screen says\n%s", s.screenText())
	}
	f.turn(true)
	s.drain()
	if s.isOff("Closing keeps watching") || s.sees(why) {
		t.Error("a tray that comes is not noticed")
	}
}

// The settings show what the system says, and change it.
func TestStartAtLoginCanBeSet(t *testing.T) {
	login := &fakeLogin{on: true}
	s := openBackgroundSettings(t, &fakeTray{}, login)
	if s.chosen("Start at login") != "On" {
		t.Fatal("it does not show what the system says")
	}
	s.set("Start at login", "Off")
	if login.on || s.chosen("Start at login") != "Off" {
		t.Error("it is not off")
	}
	s.set("Start at login", "On")
	if !login.on || s.chosen("Start at login") != "On" || s.isOff("Start at login") {
		t.Error("it is not on")
	}
	s.press("Done")
	_ = login.Disable() // by the system's own settings
	s.menu("View", "Settings…")
	s.settle()
	if s.chosen("Start at login") != "Off" {
		t.Error("a change elsewhere is not noticed")
	}
}

// Where the system does not do it, the settings say why, and show what is so.
func TestStartAtLoginFails(t *testing.T) {
	for says, err := range map[string]error{
		"runs from a temporary place":       autostart.ErrTemporary,
		"a file with such a path":           autostart.ErrPath,
		"The system does not do that: TEST": errors.New("TEST\x1b"),
		"permission denied":                 &os.PathError{Op: "open", Path: "x", Err: os.ErrPermission},
	} {
		login := &fakeLogin{fails: err}
		s := openBackgroundSettings(t, &fakeTray{}, login)
		s.set("Start at login", "On")
		if !s.sees(says) || s.chosen("Start at login") != "Off" {
			t.Errorf("%v: the screen says\n%s", err, s.screenText())
		}
		login.fails = nil
		s.set("Start at login", "On")
		if s.sees(says) || !login.on {
			t.Errorf("%v: it does not go when it is tried again", err)
		}
		s.close()
	}
}

// Where the program has neither a tray nor a start at login, as in the demo, there is nothing to set.
func TestNothingToSetAboutTheBackground(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.menu("View", "Settings…")
	if s.sees("In the background") {
		t.Error("it is offered")
	}
}
