package gui

import (
	"errors"
	"log"
	"os"
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
	if log.Writer() != os.Stderr {
		t.Error("what is logged from now on is lost")
	}
	defer func() {
		if recover() == nil {
			t.Error("a mistake of ours was taken for a missing window")
		}
	}()
	_, _ = Open(windowless{fyne.CurrentApp(), errors.New("index out of range")}, c, Options{})
}

func TestTheReasonIsOneLine(t *testing.T) {
	for logged, want := range map[string]string{
		"2026/11/24 Fyne error:  window creation error\n2026/11/24   Cause: APIUnavailable: none\n  At: x.go:1\n": "APIUnavailable: none",
		"2026/11/24 PlatformError: WGL: Failed to set it\n":                                                       "WGL: Failed to set it",
		"": "otherwise",
	} {
		if got := reason(logged, "otherwise"); got != want {
			t.Errorf("of %q: %q", logged, got)
		}
	}
}

// What Fyne does after the window is gone cannot be brought about here; TestWindowsProgram meets it now and then.
func TestTheProgramEndsWithItsWindow(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	ended := make(chan struct{})
	s.exit = func() { close(ended) }
	s.close()
	<-ended
}
