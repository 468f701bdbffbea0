//go:build !headless

package desktop

import (
	"errors"
	"log"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

func TestWhyThereIsNoWindow(t *testing.T) {
	for name, of := range map[string]struct {
		code     glfw.ErrorCode
		noOpenGL bool
	}{
		"nothing that draws": {glfw.FormatUnavailable, true},
		"no screen":          {0x10001, false}, // GLFW_NOT_INITIALIZED
	} {
		err := Open(func() fyne.Window { panic(&glfw.Error{Code: of.code, Desc: "in its own words"}) })
		failure, ok := errors.AsType[*NoWindowError](err)
		if !ok || failure.NoOpenGL != of.noOpenGL || failure.Reason != (&glfw.Error{Code: of.code, Desc: "in its own words"}).Error() {
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
	_ = Open(func() fyne.Window { panic(errors.New("index out of range")) })
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
