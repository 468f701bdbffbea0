package gui

import "fyne.io/fyne/v2"

// Where the preferences hold the size that the window had.
const (
	widthKept  = "window-width"
	heightKept = "window-height"
)

// The window's sizes: at the first start, and what it is never under or over. A screen may have less, see fit.
var (
	firstSize = fyne.NewSize(1180, 800)
	leastSize = fyne.NewSize(900, 600)
	mostSize  = fyne.NewSize(3840, 2160)
)

// frame is what the system draws around a window, with some room to spare.
var frame = fyne.NewSize(16, 48)

// startSize is the size of the last time, if there was one.
func startSize(kept fyne.Preferences) fyne.Size {
	width := kept.IntWithFallback(widthKept, int(firstSize.Width))
	height := kept.IntWithFallback(heightKept, int(firstSize.Height))
	return within(fyne.NewSize(float32(width), float32(height)), mostSize)
}

// within makes a size no larger than most, and no smaller than the window can be.
func within(size, most fyne.Size) fyne.Size { return size.Min(most).Max(leastSize) }

// fit makes a window that has just been opened no larger than its screen has room for. Not before that is it known how many
// pixels its sizes are.
func (u *UI) fit() {
	scale := u.win.Canvas().Scale()
	if u.opts.Screen == nil || scale <= 0 {
		return
	}
	screen := u.opts.Screen(u.win)
	size := u.win.Canvas().Size()
	room := fyne.NewSize(float32(screen.Width)/scale, float32(screen.Height)/scale).Subtract(frame)
	if fits := within(size, room); screen.Width > 0 && fits != size {
		u.win.Resize(fits)
	}
}

// rescale has Fyne look again how many pixels a window's sizes are, if it has been opened on another screen than the main
// one, and is too large for it. Fyne 2.7.1 looks when the window comes there, but as it takes it to be as large as it was to be
// on the main one, it may find its middle beyond the other one's edge.
func (u *UI) rescale() {
	if u.opts.Screen == nil {
		return
	}
	screen, scale, size := u.opts.Screen(u.win), u.win.Canvas().Scale(), u.win.Canvas().Size()
	if !screen.Other || int(size.Width*scale) <= screen.Width && int(size.Height*scale) <= screen.Height {
		return
	}
	settings := u.app.Settings()
	settings.SetTheme(settings.Theme()) // any change of the settings has it look
	if u.win.Canvas().Scale() != scale {
		u.win.Resize(startSize(u.app.Preferences()))
		u.fit()
	}
}

// keepSize keeps the window's size for the next start. That of a full screen is not the window's. Where it is kept already,
// nothing is written: the window would wait for the disk.
func (u *UI) keepSize() {
	size := within(u.win.Canvas().Size(), mostSize)
	width, height := int(size.Width), int(size.Height)
	kept := u.app.Preferences()
	if u.win.FullScreen() || kept.Int(widthKept) == width && kept.Int(heightKept) == height {
		return
	}
	kept.SetInt(widthKept, width)
	kept.SetInt(heightKept, height)
}
