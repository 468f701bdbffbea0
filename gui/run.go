package gui

import (
	"errors"
	"image/color"
	"runtime"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/words"
)

// endWithin is how long Fyne may take to end once the window is closed.
const endWithin = 3 * time.Second

// startHeap is for [debug.SetGCPercent]: up to 40 MB of memory are not collected. A start takes half of that, and nearly all of it stays in
// use, so that to look through it again and again took a twentieth of the start.
const startHeap = 1000

// Open makes the main window and shows it, unless it starts hidden. Where the system cannot open a window, the error says why and what to
// do, in words for people.
func Open(app fyne.App, c *connector.Connector, opts Options) (*UI, error) {
	var u *UI
	usual := debug.SetGCPercent(startHeap)
	err := desktop.Open(func() fyne.Window {
		work := newWorker(desktop.SystemClock{})
		u = newUI(app, c, opts, work)
		// Fyne 2.8.1 does not know which window an object belongs to before it has drawn it, so that its Refresh does nothing.
		// The window has to be told, by refreshing any object: this one is never seen.
		speck := canvas.NewRectangle(color.Transparent)
		work.draw = func() { u.win.Canvas().Refresh(speck) }
		u.Show()
		work.after(firstFrame, func() { debug.SetGCPercent(usual) })
		if u.background.isHidden {
			return nil
		}
		return u.win
	})
	if failure, ok := errors.AsType[*desktop.NoWindowError](err); ok {
		return nil, errors.New(noWindow(failure))
	}
	return u, err
}

// noWindow says why there is no window, and what helps.
func noWindow(failure *desktop.NoWindowError) string {
	var message string
	switch {
	case !failure.NoOpenGL:
		message = words.Text("nowindow.screen")
	case runtime.GOOS == "windows":
		message = words.Text("nowindow.opengl") + "\n\n" + words.Text("nowindow.windows")
	default:
		message = words.Text("nowindow.opengl") + "\n\n" + words.Text("nowindow.other")
	}
	message += "\n\n" + words.Text("nowindow.check")
	if failure.Reason != "" {
		message += "\n\n" + words.Text("nowindow.details", words.Facts{"Why": failure.Reason})
	}
	return message
}

// Run runs the app until its window is closed. It calls release once the window is out of sight.
//
// Exit ends the program if Fyne does not come back. In Fyne 2.8.1 its Run can hand a last event to a loop that has just ended, and
// then waits for ever (runOnMainWithWait in its loop.go).
func (u *UI) Run(app fyne.App, release, exit func()) {
	u.release, u.exit = release, exit
	u.work.watch(u.work.rest.Run)
	app.Run()
	u.work.stop() // Fyne does not ask the window where the system shuts down
	u.work.end()
	if u.background.relabel != nil {
		u.opts.Tray.Close()
	}
}
