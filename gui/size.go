package gui

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// sizeKept is the name of the window's last size in the preferences. Width and height share one text: Fyne writes its file after each
// change, and the second time so late that the program may have ended.
const sizeKept = "window-size"

// The window's sizes: at the first start, the least and the most. At the least, everything can be reached by scrolling.
var (
	firstSize = fyne.NewSize(1180, 800)
	leastSize = fyne.NewSize(480, 400) // a screen of 1280×900 shows it whole at double scale
	mostSize  = fyne.NewSize(3840, 2160)
)

// frame is the size of what the system draws around a window, or a little more.
var frame = fyne.NewSize(16, 48)

// startSize returns the size that the window last had, or firstSize.
func startSize(kept fyne.Preferences) fyne.Size {
	var width, height int
	if _, err := fmt.Sscanf(kept.String(sizeKept), "%dx%d", &width, &height); err != nil {
		return firstSize
	}
	return within(fyne.NewSize(float32(width), float32(height)), mostSize)
}

// within makes a size no larger than most, and no smaller than the window can be.
func within(size, most fyne.Size) fyne.Size { return size.Min(most).Max(leastSize) }

// keepSize keeps the window's size for the next start. The size of a full screen does not count, and a window that is minimized on Windows
// has none. A size that is kept already is not written again.
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
