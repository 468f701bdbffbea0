package gui

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"

	"controlmap-jumpcloud/gui/desktop"
)

// workArea returns how many pixels are free for windows on the monitor of this window, or 0 if the system does not tell.
func workArea(w fyne.Window) (width, height int) {
	desktop.WithGLFW(func() { width, height = freePixels(w) })
	return width, height
}

// freePixels is workArea for when GLFW is running.
func freePixels(w fyne.Window) (width, height int) {
	// Fyne has a method that makes GLFW's window the current one, but does not promise it.
	native, ok := w.(interface{ RunWithContext(func()) })
	if !ok || glfw.GetPrimaryMonitor() == nil {
		return 0, 0
	}
	native.RunWithContext(func() {
		current := glfw.GetCurrentContext()
		if current == nil {
			return
		}
		monitor := monitorOf(current)
		_, _, width, height = monitor.GetWorkarea()
		if glfw.GetPlatform() == glfw.PlatformWayland {
			scale, _ := monitor.GetContentScale() // there, GLFW makes sizes larger without telling Fyne
			width, height = int(float32(width)/scale), int(float32(height)/scale)
		}
	})
	return width, height
}

// monitorOf finds the monitor that the middle of a window is on. It is the primary one where Wayland does not tell.
func monitorOf(w *glfw.Window) *glfw.Monitor {
	x, y := w.GetPos()
	width, height := w.GetSize()
	x, y = x+width/2, y+height/2
	for _, monitor := range glfw.GetMonitors() {
		left, top := monitor.GetPos()
		mode := monitor.GetVideoMode()
		if x >= left && x < left+mode.Width && y >= top && y < top+mode.Height {
			return monitor
		}
	}
	return glfw.GetPrimaryMonitor()
}
