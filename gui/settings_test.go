package gui

import (
	"errors"
	"image/color"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/desktop/pasteboard"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// openSettings opens a window on the settings, as its menu does. Afterwards nothing is set.
func openSettings(t *testing.T, k keychain.Backend) *stage {
	t.Helper()
	t.Setenv(scaleVariable, "")
	t.Cleanup(func() {
		for _, name := range []string{themeSetting, scaleSetting, hideSetting, clipboardSetting} {
			fyne.CurrentApp().Preferences().RemoveValue(name)
		}
		newSettings(fyne.CurrentApp()).applyTheme()
	})
	spoken(t, "")
	s := open(t, k, Options{})
	s.menu("View", "Settings…")
	return s
}

// set chooses one of the options beside a label, and waits until it is kept.
func (s *stage) set(label, option string) {
	s.t.Helper()
	s.pick(label, option)
	s.settle()
}

func background() color.Color {
	settings := fyne.CurrentApp().Settings()
	return settings.Theme().Color(theme.ColorNameBackground, settings.ThemeVariant())
}

func backgroundIn(variant fyne.ThemeVariant) color.Color {
	return widgets.NewTheme().Color(theme.ColorNameBackground, variant)
}

func TestTheColorsCanBeSet(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	for _, option := range []struct {
		name string
		want color.Color
	}{
		{"Dark", backgroundIn(theme.VariantDark)},
		{"Light", backgroundIn(theme.VariantLight)},
	} {
		s.set("Colors", option.name)
		if got := background(); got != option.want {
			t.Errorf("%s: the background is %v", option.name, got)
		}
	}
	s.set("Colors", "Dark")
	newSettings(fyne.CurrentApp()).applyTheme() // as the next start does
	if background() != backgroundIn(theme.VariantDark) {
		t.Error("the next time it is light again")
	}
}

func TestTheSizeCanBeSet(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.set("Size", "150%")
	if got := os.Getenv(scaleVariable); got != "1.5" {
		t.Errorf("Fyne is given the scale %q", got)
	}
	s.set("Size", "As the system")
	if got := os.Getenv(scaleVariable); got != "" {
		t.Errorf("as the system, Fyne is given the scale %q", got)
	}
}

// Whoever starts the program with a scale of its own gets that back.
func TestTheScaleOfTheEnvironmentStays(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	t.Setenv(scaleVariable, "1.1")
	s.settings.scale = "1.1" // as a start with it
	s.set("Size", "200%")
	s.set("Size", "As the system")
	if got := os.Getenv(scaleVariable); got != "1.1" {
		t.Errorf("Fyne is given the scale %q", got)
	}
}

func TestHowLongAKeyIsShownCanBeSet(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.set("Hide a shown key after", "10 s")
	s.press("Done")
	s.typeInto("API key", "abc")
	s.menu("View", "Show or hide the API key")
	s.pass(9 * time.Second)
	if !s.sees("abc") {
		t.Error("it is hidden too early")
	}
	s.pass(time.Second)
	if s.sees("abc") {
		t.Error("it is still shown")
	}
}

func TestWhenTheClipboardIsClearedCanBeSet(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := openSettings(t, k)
	s.set("Clear the clipboard after", "20 s")
	s.tap("Larkspur Robotics")
	s.press("Copy", "API key")
	s.until("it is copied", func() bool { return s.sees("Copied · 20 s") })
	s.pass(19 * time.Second)
	if fyne.CurrentApp().Clipboard().Content() != jumpcloudtest.SampleKey {
		t.Error("it is cleared too early")
	}
	s.pass(time.Second)
	s.until("it is cleared", func() bool { return fyne.CurrentApp().Clipboard().Content() == "" })
	s.press("Next")
	if !s.sees("cleared 20 s after each copy") {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// A language counts at once, and the settings stay on the screen.
func TestTheLanguageCanBeSetAmongTheSettings(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.set("Language", "Deutsch")
	if !s.offers("Fertig") || !s.sees("Einstellungen") {
		t.Error("the settings are not shown in German")
	}
	if got := s.chosen("Sprache"); got != "Deutsch" {
		t.Errorf("chosen is %q", got)
	}
	s.press("Fertig")
	if !s.formShown() {
		t.Error("Done does not lead back")
	}
}

// Done leads back to the connection that was on the screen, which is as it is by then.
func TestDoneLeadsBack(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := openSettings(t, k)
	s.tap("Larkspur Robotics")
	s.press("Check again")
	s.menu("View", "Settings…")
	if s.marked() != "" {
		t.Error("the list marks a connection that is not on the screen")
	}
	s.settle()
	s.keys(fyne.KeyEscape)
	if !strings.HasPrefix(s.marked(), "Larkspur Robotics") || s.offers("Cancel") || !s.sees("In your system keychain") {
		t.Errorf("it leads to %s", s.screenText())
	}
}

func TestEverythingIsRemovedFromTheSettings(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := openSettings(t, k)
	s.press("Remove everything…")
	s.press("Remove everything")
	s.until("it is said that all is gone", func() bool { return s.dialog() != "" })
	s.press("OK")
	if len(s.names()) != 0 || !s.formShown() {
		t.Errorf("%q are left", s.names())
	}
}

// The settings by keyboard alone: Ctrl and a comma, Tab, the arrows, Esc.
func TestTheSettingsByKeyboard(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	if keys := s.menuItem("View", "Settings…").Shortcut; !strings.Contains(keys.ShortcutName(), ",") {
		t.Errorf("the shortcut is %v", keys)
	}
	if any(s.focused()) != any(s.choice("Language")) {
		t.Error("the focus is not on the first setting")
	}
	s.tab(s.choice("Colors"))
	s.keys(fyne.KeyRight)
	s.settle()
	if s.chosen("Colors") != "Light" || background() != backgroundIn(theme.VariantLight) {
		t.Errorf("the arrow chooses %q", s.chosen("Colors"))
	}
	s.keys(fyne.KeyEscape)
	if !s.formShown() {
		t.Error("Esc does not lead back")
	}
}

// Once the settings are left, the keyboard changes none of them, wherever the focus was before.
func TestTheKeyboardLeavesTheSettings(t *testing.T) {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := openSettings(t, k)
	s.keys(fyne.KeyEscape)
	list := s.listBelow("Connections")
	s.tab(list, true)
	s.keys(fyne.KeyReturn)
	if s.formShown() || s.focused() != list {
		t.Fatal("the connection is not there, or the focus does not stay in the list")
	}
	for _, occupied := range []bool{false, true} { // then Check has no focus to take
		s.menu("View", "Settings…")
		s.writer.setOccupied(s.details().c.ID, occupied)
		s.keys(fyne.KeyEscape)
		if focused := s.focused(); focused != nil && focused != s.button("Hand over to ControlMap") {
			t.Errorf("occupied %v: the focus is at %T", occupied, focused)
		}
	}
}

// What happens to a connection while the settings are shown is known when Done leads back to it.
func TestDoneLeadsBackToWhatThereIs(t *testing.T) {
	settings := func(s *stage) { s.menu("View", "Settings…") }
	for name, err := range map[string]error{"removed": nil, "not removed": keychain.ErrLocked} {
		k := broken(nil)
		keep(t, k, jumpcloudtest.SampleKey)
		s := openSettings(t, k)
		s.tap("Larkspur Robotics")
		k.fail(err)
		s.remove()
		settings(s)
		s.pass(undoTime)
		s.idle()
		s.keys(fyne.KeyEscape)
		if removed := name == "removed"; !s.formShown() || (len(s.names()) == 0) != removed {
			t.Errorf("%s: the screen says %s", name, s.screenText())
		}
		s.close()
	}

	k := broken(keychain.ErrNoProvider)
	s := openSettings(t, k)
	s.press("Done")
	s.typeKey(jumpcloudtest.SampleKey)
	s.saveFails()
	s.press("Keep for this session only")
	s.shown()
	k.fail(nil)
	s.press("Save in the keychain")
	settings(s)
	s.idle()
	s.keys(fyne.KeyEscape)
	if s.title() != "Larkspur Robotics" || s.textBeside("Kept in") != "System keychain" || s.inWindow("Save in the keychain") || !strings.HasPrefix(s.marked(), "Larkspur Robotics") {
		t.Errorf("it leads to %s", s.screenText())
	}
}

// slowApp is an app whose disk takes its time for the first choice: until another one is written, if one can be meanwhile.
type slowApp struct {
	fyne.App
	slow *slowPreferences
}

func (a slowApp) Preferences() fyne.Preferences { return a.slow }

type slowPreferences struct {
	fyne.Preferences
	written     atomic.Bool   // a write has begun
	began, more chan struct{} // the first write has begun; another one was asked for
}

func (p *slowPreferences) SetString(name, value string) {
	if first := !p.written.Swap(true); first {
		close(p.began)
		<-p.more
		for range 1000 { // in which another one is made, if it can be
			runtime.Gosched()
		}
	}
	p.Preferences.SetString(name, value)
}

// Of two choices in quick succession the last one is kept, however long the disk takes for the first.
func TestTheLastChoiceIsKept(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	slow := &slowPreferences{Preferences: fyne.CurrentApp().Preferences(), began: make(chan struct{}), more: make(chan struct{})}
	s.app = slowApp{fyne.CurrentApp(), slow}
	s.settings.app = s.app
	s.pick("Colors", "Light")
	<-slow.began
	s.pick("Colors", "Dark")
	close(slow.more)
	s.settle()
	if kept := slow.String(themeSetting); kept != "dark" || background() != backgroundIn(theme.VariantDark) {
		t.Errorf("kept is %q", kept)
	}
}

// The language that is chosen in the menu is the one that the settings show, also while it waits for what is under way.
func TestTheSettingsFollowTheMenu(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.writer.setOccupied("x", true)
	s.menu("View", "Language", "Deutsch")
	s.settle()
	if !s.sees("The language changes as soon as what is under way has ended.") {
		t.Error("it is not said when the language changes")
	}
	if got := s.chosen("Language"); got != "Deutsch" {
		t.Errorf("chosen is %q", got)
	}
}

// A look at the settings while a key is being typed does not keep the checks from starting by themselves.
func TestTheChecksStartAfterALookAtTheSettings(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.keys(fyne.KeyEscape)
	s.typeInto("API key", jumpcloudtest.SampleCommandRunnerKey)
	s.menu("View", "Settings…")
	s.pass(typingPause)
	if s.settle(); len(s.server.Requests()) > 0 {
		t.Error("they start behind the settings")
	}
	s.keys(fyne.KeyEscape)
	s.pass(typingPause)
	s.checked()
	s.server.ResetRequests()
	s.menu("View", "Settings…")
	s.keys(fyne.KeyEscape)
	s.pass(typingPause)
	if s.settle(); len(s.server.Requests()) > 0 {
		t.Error("what has been checked is checked again")
	}
}

// An empty clipboard is told for a while, over the screen.
func TestAnEmptyClipboardAmongTheSettings(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	s.use(&fakeBoard{err: pasteboard.ErrNoText})
	s.clipboard.Read(func(string) { t.Error("something is pasted") })
	const note = "The clipboard holds no text. Copy the text, then paste again."
	s.until("it is said", func() bool { return s.hasLine(note) })
	s.pass(noteTime)
	if s.hasLine(note) {
		t.Error("it is still said")
	}
	s.keys(fyne.KeyEscape)
	if !s.formShown() {
		t.Error("the focus does not return to the settings")
	}
}

// At three times the size, a small screen of 1366×768 shows the left part of the window only. The choices are in it.
func TestTheChoicesAreSeenAtThreeTimesTheSize(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	for _, label := range []string{"Language", "Colors", "Size", "Hide a shown key after", "Clear the clipboard after"} {
		left := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.choice(label)).X
		if left > 1366/3*2/3 {
			t.Errorf("the choice of %s begins at %v", label, left)
		}
	}
}

// A test notification is called sent only where something shows it.
func TestTheTestNotification(t *testing.T) {
	s := openSettings(t, keychain.Memory())
	var failure error
	s.watcher.notify = func(_, _ string, ended func(error)) { ended(failure) }
	s.press(words.Text("watch.test"))
	if !s.hasLine(words.Text("watch.tested")) {
		t.Errorf("the screen says %s", s.screenText())
	}
	s.pass(said)
	failure = errors.New("there is no such service")
	s.press(words.Text("watch.test"))
	if !s.informed("unshown") || s.hasLine(words.Text("watch.tested")) {
		t.Errorf("the screen says %s", s.screenText())
	}
}

// Where nothing can be written to the user's folders, the window says what is not kept, until that is read.
func TestSettingsAreNotKept(t *testing.T) {
	for _, unkept := range []bool{false, true} {
		s := open(t, keychain.Memory(), Options{Unkept: unkept})
		if s.hasLine(words.Text("unkept.text")) != unkept {
			t.Errorf("unkept %v: the screen says %s", unkept, s.screenText())
		}
		if unkept {
			if s.press("OK"); s.hasLine(words.Text("unkept.text")) {
				t.Error("it stays")
			}
		}
	}
}
