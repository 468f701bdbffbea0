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
	Reason   string // from the system; may be empty
}

// Error implements error.
func (e *NoWindowError) Error() string { return fmt.Sprintf("open a window: %s", e.Reason) }

// Open calls show, which makes a window and shows it, or returns nil if it shows the window later. It returns a [NoWindowError] if the
// system cannot open the window. Fyne itself only logs that, and then panics or continues without a window. Open does not stop other panics
// of show.
func Open(show func() fyne.Window) (err error) {
	var logged strings.Builder
	former := log.Writer()
	log.SetOutput(&logged)
	defer func() {
		p := recover()
		log.SetOutput(former) // from here on, logged does not change
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
	switch w := show(); {
	case w == nil && !isStarted():
		return &NoWindowError{Reason: reason(logged.String(), "")}
	case w != nil && !onScreen(w):
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
		return true // a test's window is in memory
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

// reason returns the cause that Fyne logged, or otherwise if there is none.
func reason(logged, otherwise string) string {
	for _, mark := range []string{"Cause: ", "PlatformError: "} {
		if _, cause, ok := strings.Cut(logged, mark); ok {
			line, _, _ := strings.Cut(cause, "\n")
			return strings.TrimSpace(line)
		}
	}
	return otherwise
}
