//go:build !headless

package desktop

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// Minimize minimizes a window that is shown. Call it on the window's thread.
func Minimize(w fyne.Window) {
	// Fyne has a method that makes GLFW's window the current one, but does not promise it.
	native, ok := w.(interface{ RunWithContext(func()) })
	if !ok {
		return
	}
	WithGLFW(func() {
		native.RunWithContext(func() {
			if current := glfw.GetCurrentContext(); current != nil {
				current.Iconify()
			}
		})
	})
}
