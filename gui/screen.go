package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// Screen is one of those that windows can be on.
type Screen struct {
	Width, Height int  // what is free for windows, in the pixels that Fyne counts in
	Other         bool // than the main one
}

// ScreenOf finds the screen that the middle of a window is on, or the main one where the system does not tell. Fyne has
// started GLFW, but tells of neither.
func ScreenOf(w fyne.Window) (screen Screen) {
	main, all := glfw.GetPrimaryMonitor(), glfw.GetMonitors()
	native, ok := w.(driver.NativeWindow)
	if main == nil || !ok {
		return screen
	}
	native.RunNative(func(context any) {
		monitor, scale := main, float32(1)
		under := func(window uintptr) {
			if x, y, err := middle(window); err == nil {
				monitor = monitorAt(x, y, all, main)
			}
		}
		switch c := context.(type) {
		case driver.X11WindowContext:
			if len(all) > 1 {
				under(c.WindowHandle)
			}
		case driver.WindowsWindowContext:
			under(c.HWND)
		case driver.WaylandWindowContext:
			scale, _ = main.GetContentScale() // there, sizes are made larger behind Fyne's back
		}
		_, _, width, height := monitor.GetWorkarea()
		screen = Screen{int(float32(width) / scale), int(float32(height) / scale), *monitor != *main}
	})
	return screen
}

// monitorAt is the one with that point, or otherwise the one given.
func monitorAt(x, y int, all []*glfw.Monitor, otherwise *glfw.Monitor) *glfw.Monitor {
	for _, monitor := range all {
		left, top := monitor.GetPos()
		mode := monitor.GetVideoMode()
		if x >= left && x < left+mode.Width && y >= top && y < top+mode.Height {
			return monitor
		}
	}
	return otherwise
}
