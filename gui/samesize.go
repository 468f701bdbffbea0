package gui

import (
	"time"

	"fyne.io/fyne/v2"
)

// sameSize is the layout around everything in the window. It gives the window its size once it is open, unless somebody has made it
// larger meanwhile, and again when it is moved to a monitor of another scale. Fyne 2.8.1 makes some windows too small there, so that
// their content is cut off, and keeps the wrong scale when a window opens larger than its monitor:
// https://github.com/fyne-io/fyne/issues/2704.
type sameSize struct {
	*UI
	inner     fyne.Layout
	workArea  func(fyne.Window) (width, height int) // see [workArea]
	scale     float32                               // the scale that size belongs to; 0 before the window is open
	before    float32                               // the scale when restoring began
	size      fyne.Size                             // the size to keep
	restoring bool
}

const (
	// afterRescale is how long Fyne and the window manager get to agree on a size.
	afterRescale = 300 * time.Millisecond
	// looks is how often restore looks at a window whose size is wrong. A busy window manager takes longer than afterRescale, and then
	// gives the window the size that it had before.
	looks = 5
)

// MinSize implements [fyne.Layout].
func (s *sameSize) MinSize(objects []fyne.CanvasObject) fyne.Size { return s.inner.MinSize(objects) }

// Layout implements [fyne.Layout]. Fyne calls it for each change of the scale or the size.
func (s *sameSize) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s.inner.Layout(objects, size)
	if s.list.hasFocus() && !s.list.place.Visible() { // the window has become too narrow for the list
		s.win.Canvas().Unfocus()
	}
	now := s.win.Canvas()
	switch {
	case s.restoring || s.background.unmade || now.Size().IsZero(): // a minimized window has no size on Windows
	case now.Scale() == s.scale:
		s.size = now.Size()
	default:
		s.restoring, s.before = true, now.Scale()
		s.work.after(afterRescale, func() { s.restore(looks) })
	}
}

// restore gives the window its size, or less if its monitor is smaller. Left is how many looks are left, with this one. The others follow
// if the first one found another size.
func (s *sameSize) restore(left int) {
	if s.opensLarger() {
		s.size = s.win.Canvas().Size()
	} else if wasOther := s.fit(); left > 1 && (wasOther || left < looks) {
		s.work.after(afterRescale, func() { s.restore(left - 1) })
		return
	}
	s.scale, s.restoring = s.win.Canvas().Scale(), false
}

// opensLarger reports whether somebody has made the window larger while it opened, such as the window manager, and it has room. A
// change of the scale makes windows larger too, but that is Fyne's doing.
func (s *sameSize) opensLarger() bool {
	scale, now, area := s.win.Canvas().Scale(), s.win.Canvas().Size(), s.area()
	pixel := 1 / scale
	isLarger := now.Width > s.size.Width+pixel || now.Height > s.size.Height+pixel
	return s.scale == 0 && scale == s.before && isLarger && now.Min(area) == now
}

// fit resizes the window, and reports whether it had another size. A difference by rounding to whole pixels does not count. If the
// window was larger than its monitor, fit has Fyne read the scale again.
func (s *sameSize) fit() (wasOther bool) {
	if s.win.FullScreen() {
		return false
	}
	now, area := s.win.Canvas().Size(), s.area()
	fits := within(s.size, area.Subtract(frame))
	s.win.Resize(fits)
	pixel := 1 / s.win.Canvas().Scale()
	if now.Width > max(area.Width, fits.Width+pixel) || now.Height > max(area.Height, fits.Height+pixel) {
		settings := s.app.Settings()
		settings.SetTheme(settings.Theme()) // every change of the settings makes Fyne look for the scale
	}
	return abs(now.Width-fits.Width) > pixel || abs(now.Height-fits.Height) > pixel
}

func abs(x float32) float32 { return max(x, -x) }

// area returns the room on the window's monitor. If the monitor is not known, there is room for every size.
func (s *sameSize) area() fyne.Size {
	width, height := s.workArea(s.win)
	if width == 0 {
		return mostSize.Add(frame)
	}
	scale := s.win.Canvas().Scale()
	return fyne.NewSize(float32(width)/scale, float32(height)/scale)
}
