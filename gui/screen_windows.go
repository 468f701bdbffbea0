package gui

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var getWindowRect = windows.NewLazySystemDLL("user32.dll").NewProc("GetWindowRect")

// middle is where the middle of a window is on the screens.
func middle(window uintptr) (x, y int, err error) {
	var r windows.Rect
	if ok, _, err := getWindowRect.Call(window, uintptr(unsafe.Pointer(&r))); ok == 0 {
		return 0, 0, fmt.Errorf("ask where the window is: %w", err)
	}
	return int(r.Left+r.Right) / 2, int(r.Top+r.Bottom) / 2, nil
}
