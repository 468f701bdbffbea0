package gui

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/keychain"
)

// windowless is an app whose system fails to make a window.
type windowless struct {
	fyne.App
	fails any
}

func (w windowless) NewWindow(string) fyne.Window { panic(w.fails) }

func TestWhyThereIsNoWindow(t *testing.T) {
	c := connector.New(keychain.New(keychain.Memory(), "test"))
	for name, of := range map[string]struct {
		code glfw.ErrorCode
		says string
	}{
		"nothing that draws": {glfw.FormatUnavailable, "OpenGL 2.1"},
		"no screen":          {0x10001, "no screen can be reached"}, // GLFW_NOT_INITIALIZED
	} {
		_, err := Open(windowless{fyne.CurrentApp(), &glfw.Error{Code: of.code, Desc: "in its own words"}}, c, Options{})
		if err == nil || !strings.Contains(err.Error(), of.says) || !strings.Contains(err.Error(), "in its own words") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What Fyne does after the window is gone cannot be brought about here; TestWindowsProgram meets it now and then.
func TestTheProgramEndsWithItsWindow(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	ended := false
	s.exit = func() { ended = true }
	s.close()
	s.pass(endWithin)
	if !ended {
		t.Error("the program goes on where Fyne does not end")
	}
}

// A watcher runs for hours. The window rests meanwhile, but not while somebody waits for a result.
func TestTheWindowRestsWhileSomethingIsWatched(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for name, c := range map[string]struct {
		run  func(func(context.Context)) context.CancelFunc
		rest bool
	}{
		"watched": {s.work.watch, true},
		"started": {s.work.start, false},
	} {
		s.work.running.Wait()
		began := make(chan bool)
		cancel := c.run(func(ctx context.Context) { close(began); <-ctx.Done() })
		<-began
		if s.work.rest.Busy() == c.rest {
			t.Errorf("what is %s keeps the window from resting: %v", name, !c.rest)
		}
		cancel()
	}
}
