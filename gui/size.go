package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// sizeKept is where the preferences hold the size that the window had. Both numbers are in one text: Fyne writes its file
// once for each that is set, and the second time so late that the program may have ended.
const sizeKept = "window-size"

// The window's sizes: at the first start, and what it is never under or over. At the least, all is reached by scrolling.
var (
	firstSize = fyne.NewSize(1180, 800)
	leastSize = fyne.NewSize(900, 480) // a screen of 1920×1080 has room for it at double scale
	mostSize  = fyne.NewSize(3840, 2160)
)

// frame is what the system draws around a window, with some room to spare.
var frame = fyne.NewSize(16, 48)

// startSize is the size of the last time, if there was one.
func startSize(kept fyne.Preferences) fyne.Size {
	var width, height int
	if _, err := fmt.Sscanf(kept.String(sizeKept), "%dx%d", &width, &height); err != nil {
		return firstSize
	}
	return within(fyne.NewSize(float32(width), float32(height)), mostSize)
}

// within makes a size no larger than most, and no smaller than the window can be.
func within(size, most fyne.Size) fyne.Size { return size.Min(most).Max(leastSize) }

// keepSize keeps the window's size for the next start. That of a full screen is not the window's, nor is none at all, as a
// minimized one has on Windows. Where it is kept already, nothing is written.
func (u *UI) keepSize() {
	size, kept := u.win.Canvas().Size(), u.app.Preferences()
	if u.win.FullScreen() || size.IsZero() {
		return
	}
	size = within(size, mostSize)
	if now := fmt.Sprintf("%.0fx%.0f", size.Width, size.Height); now != kept.String(sizeKept) {
		kept.SetString(sizeKept, now)
	}
}
