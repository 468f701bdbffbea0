package gui

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/words"
)

// remembering opens a window that keeps histories in a folder, at noon of a day.
func remembering(t *testing.T, k keychain.Backend, folder string) *stage {
	t.Helper()
	noon := time.Date(2026, time.November, 24, 12, 0, 0, 0, time.Local)
	var s *stage
	now := func() time.Time {
		if s == nil {
			return noon
		}
		return s.clock.Now()
	}
	s = startOn(t, sampleServer(t), k, Options{}, connector.WithClock(now), connector.WithHistory(folder))
	s.clock.advance(noon.Sub(s.clock.Now()))
	s.server.SetClock(time.Until(noon))
	s.until("the connections are read", func() bool { return s.loader.loaded })
	return s
}

// ends checks the connection on the screen, after this time.
func (s *stage) ends(after time.Duration, how ...*jumpcloudtest.Fault) {
	s.t.Helper()
	s.pass(after)
	s.server.SetClock(time.Until(s.clock.Now()))
	s.server.Heal()
	for _, f := range how {
		s.server.Fail(f)
	}
	s.details().start()
	s.makeSure()
}

func TestTheHistoryOfAConnection(t *testing.T) {
	s := remembering(t, keychain.Memory(), t.TempDir())
	s.typeKey(jumpcloudtest.SampleKey)
	s.saved()
	s.settle()
	s.ends(24 * time.Hour)
	s.ends(24*time.Hour, jumpcloudtest.Unauthorized())
	s.ends(time.Hour, jumpcloudtest.Unauthorized())
	s.ends(24*time.Hour, jumpcloudtest.Status(http.StatusInternalServerError))
	if !s.hasLine("does not work since 2026-11-26") {
		t.Errorf("it does not say since when it does not work:\n%s", s.screenText())
	}
	s.ends(24 * time.Hour)
	s.press(words.Text("history.title"))
	changes := "2026-11-28 13:01 · Works\n2026-11-26 12:01 · JumpCloud no longer knows this key\n2026-11-24 12:00 · Works"
	if seen := s.screenText(); !strings.Contains(seen, changes) || strings.Contains(seen, words.Text("history.none")) {
		t.Errorf("the changes are not\n%s\nin\n%s", changes, seen)
	}
	s.layOut()
	s.win.Canvas().Focus(s.details().past.line)
	for _, step := range []struct {
		key  fyne.KeyName
		says string
	}{
		{"", "2026-11-28 · Works · 1 check"},
		{fyne.KeyLeft, "2026-11-27 · Could not be checked: JumpCloud itself had a problem · 1 check"},
		{fyne.KeyLeft, "2026-11-26 · JumpCloud no longer knows this key · 2 checks"},
		{fyne.KeyLeft, "2026-11-25 · Works · 1 check"},
		{fyne.KeyHome, "2026-09-26 · not checked"},
		{fyne.KeyEnd, "2026-11-28 · Works · 1 check"},
		{fyne.KeyRight, "2026-11-28 · Works · 1 check"},
	} {
		if step.key != "" {
			s.keys(step.key)
		}
		if !s.hasLine(step.says) && step.key != fyne.KeyHome { // how far the line goes back depends on the window
			t.Errorf("after %q it does not say %q:\n%s", step.key, step.says, s.screenText())
		}
	}
}

// A history that is lost, foreign or of a later version is said, and costs nothing else.
func TestALostHistoryIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, file string)
		says string
	}{
		"torn":    {func(t *testing.T, file string) { must0(t, os.Truncate(file, 20)) }, "history.lost"},
		"foreign": {func(t *testing.T, file string) { must0(t, os.WriteFile(file, []byte("hello"), 0o600)) }, "history.lost"},
		"empty":   {func(t *testing.T, file string) { must0(t, os.WriteFile(file, nil, 0o600)) }, "history.lost"},
		"deleted": {func(t *testing.T, file string) { must0(t, os.Remove(file)) }, "history.none"},
		"no file": {func(t *testing.T, file string) {
			must0(t, os.Remove(file))
			must0(t, os.Mkdir(file, 0o700))
		}, "history.lost"},
	} {
		t.Run(name, func(t *testing.T) {
			k, folder := keychain.Memory(), t.TempDir()
			s := remembering(t, k, folder)
			s.typeKey(jumpcloudtest.SampleKey)
			s.saved()
			s.settle()
			s.close()
			files, err := filepath.Glob(filepath.Join(folder, "*.age"))
			if err != nil || len(files) != 1 {
				t.Fatalf("the histories are %q, %v", files, err)
			}
			c.harm(t, files[0])
			s = remembering(t, k, folder)
			s.tell(opened{Connection: s.connections.all[0]})
			s.settle()
			s.press(words.Text("history.title"))
			if !s.sees(words.Text(c.says)) || s.result(check.IDKey).State != check.Passed {
				t.Errorf("it says:\n%s", s.screenText())
			}
		})
	}
}

func must0(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What is kept until the window is closed has no history.
func TestNoHistoryWithoutAKeychain(t *testing.T) {
	s := open(t, keychain.Memory(), Options{InMemory: true})
	s.typeKey(jumpcloudtest.SampleKey)
	s.saved()
	s.settle()
	if s.sees(words.Text("history.title")) {
		t.Errorf("it shows a history:\n%s", s.screenText())
	}
}
