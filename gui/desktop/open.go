//go:build !headless

package desktop

import (
	"fmt"
	"log"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// NoWindowError says that the system cannot open a window.
type NoWindowError struct {
	NoOpenGL bool   // there is a screen, but nothing that draws on it
	Reason   string // the system's own words; may be empty
}

// Error implements error.
func (e *NoWindowError) Error() string { return fmt.Sprintf("open a window: %s", e.Reason) }

// Open calls show, which makes a window and shows it. It returns a [NoWindowError] where the system cannot open the window.
// Fyne itself only logs that, and then panics or runs on without a window. Other panics of show go on.
func Open(show func() fyne.Window) (err error) {
	var logged strings.Builder
	former := log.Writer()
	log.SetOutput(&logged)
	defer func() {
		p := recover()
		log.SetOutput(former) // nothing is written to logged from here on
		failure, fromGLFW := p.(*glfw.Error)
		if fromGLFW {
			err = &NoWindowError{NoOpenGL: noOpenGL(failure.Code), Reason: reason(logged.String(), failure.Error())}
		}
		if err == nil {
			_, _ = former.Write([]byte(logged.String()))
		}
		if p != nil && !fromGLFW {
			panic(p)
		}
	}()
	if !onScreen(show()) {
		return &NoWindowError{NoOpenGL: true, Reason: reason(logged.String(), "")}
	}
	return nil
}

func noOpenGL(code glfw.ErrorCode) bool {
	return code == glfw.APIUnavailable || code == glfw.VersionUnavailable || code == glfw.FormatUnavailable
}

// onScreen reports whether the system has a window for w.
func onScreen(w fyne.Window) bool {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return true // a test draws it in memory
	}
	there := false
	native.RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			there = c.WindowHandle != 0
		case driver.WaylandWindowContext:
			there = c.WaylandSurface != 0
		case driver.WindowsWindowContext:
			there = c.HWND != 0
		case driver.MacWindowContext:
			there = c.NSWindow != 0
		}
	})
	return there
}

// reason finds the cause in what Fyne logged. Without one it returns otherwise.
func reason(logged, otherwise string) string {
	for _, mark := range []string{"Cause: ", "PlatformError: "} {
		if _, cause, ok := strings.Cut(logged, mark); ok {
			line, _, _ := strings.Cut(cause, "\n")
			return strings.TrimSpace(line)
		}
	}
	return otherwise
}
