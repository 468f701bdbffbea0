//go:build !windows && !headless

package desktop

import "fyne.io/fyne/v2"

// Raise brings a window to the front. Call it on the window's thread.
func Raise(w fyne.Window) { w.RequestFocus() }
