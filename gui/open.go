package gui

import (
	"errors"
	"log"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/go-gl/glfw/v3.4/glfw"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/words"
)

// Open makes the main window and shows it. Where the system cannot open one, the error says why and what to do, in words
// for people: Fyne itself only logs it, and then runs on without a window, or panics.
func Open(app fyne.App, c *connector.Connector, opts Options) (u *UI, err error) {
	var logged strings.Builder
	former := log.Writer()
	log.SetOutput(&logged)
	defer func() {
		p := recover()
		log.SetOutput(former) // nothing is written to logged from here on
		failure, fromGLFW := p.(*glfw.Error)
		switch {
		case fromGLFW:
			u, err = nil, noWindow(reason(logged.String(), failure.Error()), failure.Code)
		case p == nil && !onScreen(u.win):
			u, err = nil, noWindow(reason(logged.String(), ""), glfw.APIUnavailable)
		default:
			_, _ = former.Write([]byte(logged.String()))
		}
		if p != nil && !fromGLFW {
			panic(p)
		}
	}()
	u = New(app, c, opts)
	u.Show()
	return u, nil
}

// endWithin is how long Fyne may take to end once the window is closed.
const endWithin = 3 * time.Second

// Run runs the app until its window is closed. Fyne 2.7.1 sometimes did not come back then: its Run handed a last event to a
// loop that had just ended, and waited for it for ever. Fyne 2.8.1 still has a moment in which this can happen (runOnMainWithWait
// in its loop.go). So exit ends the program, which nobody sees any more.
//
// Release is called once the window is out of sight.
func (u *UI) Run(app fyne.App, release, exit func()) {
	u.release, u.exit = release, exit
	u.work.letRest()
	app.Run()
	u.work.stop() // the window is not asked where the system shuts down
	u.clipboard.end()
}

// onScreen reports whether the system has a window for w.
func onScreen(w fyne.Window) bool {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return true // it is drawn in memory, for a test
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

// reason finds the cause in what was logged, and is otherwise the text given.
func reason(logged, otherwise string) string {
	for _, mark := range []string{"Cause: ", "PlatformError: "} {
		if _, cause, ok := strings.Cut(logged, mark); ok {
			line, _, _ := strings.Cut(cause, "\n")
			return strings.TrimSpace(line)
		}
	}
	return otherwise
}

// noWindow says that no window can be opened: there is no screen, or nothing that draws on it.
func noWindow(why string, code glfw.ErrorCode) error {
	var message string
	switch {
	case code != glfw.APIUnavailable && code != glfw.VersionUnavailable && code != glfw.FormatUnavailable:
		message = words.Text("nowindow.screen")
	case runtime.GOOS == "windows":
		message = words.Text("nowindow.opengl") + "\n\n" + words.Text("nowindow.windows")
	default:
		message = words.Text("nowindow.opengl") + "\n\n" + words.Text("nowindow.other")
	}
	message += "\n\n" + words.Text("nowindow.check")
	if why != "" {
		message += "\n\n" + words.Text("nowindow.details", words.Facts{"Why": why})
	}
	return errors.New(message)
}
