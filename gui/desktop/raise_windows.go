//go:build !headless

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

var (
	user32     = windows.NewLazySystemDLL("user32.dll")
	isIconic   = user32.NewProc("IsIconic")
	showWindow = user32.NewProc("ShowWindow")
)

// Raise brings a window to the front. Call it on the window's thread. It restores a minimized window first, because the focus alone
// would leave it minimized.
func Raise(w fyne.Window) {
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			c, ok := context.(driver.WindowsWindowContext)
			if !ok {
				return
			}
			if minimized, _, _ := isIconic.Call(c.HWND); minimized != 0 {
				const restore = 9 // SW_RESTORE
				_, _, _ = showWindow.Call(c.HWND, restore)
			}
		})
	}
	w.RequestFocus()
}
