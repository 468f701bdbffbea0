//go:build !windows && !headless

package desktop

import "fyne.io/fyne/v2"

// MakeHidden does nothing: Fyne needs no window here before it is shown.
func MakeHidden(fyne.Window) bool { return false }
