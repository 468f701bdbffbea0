//go:build !headless

package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// MakeHidden has Fyne make a window, and leaves it hidden. It reports whether it did. Fyne 2.8.1 asks every window of Windows for its handle
// when the system's colours change, also a window that it has not made, and dies (setDarkMode). It makes one only to show it: so this shows
// it where no monitor is.
func MakeHidden(w fyne.Window) bool {
	d, ok := w.(desktop.Window)
	if !ok {
		return false
	}
	const away = -30_000
	d.RequestPosition(away, away)
	w.Show()
	w.Hide()
	w.CenterOnScreen() // for when it is shown
	return true
}
