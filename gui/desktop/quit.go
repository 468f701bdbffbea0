//go:build !headless

package desktop

import (
	"runtime"

	"github.com/go-gl/glfw/v3.4/glfw"
)

// OnQuit calls quit when the system asks the whole program to end, for a program whose window only hides when it is closed. Call it on the
// window's thread. On macOS for Cmd+Q and the Dock (applicationShouldTerminate), and on Windows for WM_QUIT, GLFW 3.4 asks every window to
// close, and tells it no more. So this is a window that nobody sees. Fyne does the same for its own tray, with a window that draws. Other
// systems ask no program in this way.
func OnQuit(quit func()) {
	if runtime.GOOS != "darwin" && runtime.GOOS != "windows" {
		return
	}
	WithGLFW(func() {
		glfw.WindowHint(glfw.Visible, glfw.False)
		glfw.WindowHint(glfw.ClientAPI, glfw.NoAPI)
		unseen, err := glfw.CreateWindow(1, 1, "", nil, nil)
		glfw.DefaultWindowHints() // Fyne sets the others anew for each window
		if err != nil {
			return
		}
		unseen.SetCloseCallback(func(*glfw.Window) { quit() })
	})
}
