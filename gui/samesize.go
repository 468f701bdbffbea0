package gui

import (
	"time"

	"fyne.io/fyne/v2"
)

// sameSize is the layout around all that is in the window. It keeps the window's size where the scale changes, on another
// screen. Fyne 2.7.1 means to, but fails in two ways: a window that has fewer pixels than its content needs at the new scale
// gets only as many as that; and of a window that opens on another screen than the main one, it reckons the middle with the
// size that it has on the main one, which may be beyond the other's edge, and then keeps the main one's scale.
type sameSize struct {
	*UI
	inner    fyne.Layout
	scale    float32   // the one that size was seen with
	size     fyne.Size // the last one that was not Fyne's doing
	settled  bool      // the window has been on its screen for a while
	resizing bool      // it is about to get that size again
}

// afterRescale is how long Fyne and the system get to agree on a size.
const afterRescale = 300 * time.Millisecond

// MinSize is that of the content.
func (s *sameSize) MinSize(objects []fyne.CanvasObject) fyne.Size { return s.inner.MinSize(objects) }

// Layout sees every change of the scale, and after that those of the size.
func (s *sameSize) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	s.inner.Layout(objects, size)
	switch scale := s.win.Canvas().Scale(); {
	case !s.settled || s.resizing || s.win.Canvas().Size().IsZero(): // the latter is that of a minimized one, on Windows
	case scale == s.scale:
		s.size = s.win.Canvas().Size()
	default:
		s.restore()
	}
}

// restore gives the window the size that it had, as far as its screen has room for that, once the others are done.
func (s *sameSize) restore() {
	s.resizing = true
	s.work.after(afterRescale, func() {
		s.scale, s.resizing = s.win.Canvas().Scale(), false
		if !s.win.FullScreen() {
			s.win.Resize(s.size)
			s.fit(s.screen())
		}
	})
}

// opened fits a window that has just been opened to the main screen. On another one its scale may not be known yet.
func (s *sameSize) opened() {
	s.scale, s.size = s.win.Canvas().Scale(), startSize(s.app.Preferences())
	if screen := s.screen(); !screen.Other {
		s.fit(screen)
	}
}

// settle fits a window that is in its place by now.
func (s *sameSize) settle() {
	defer func() { s.settled = true }()
	screen, scale, size := s.screen(), s.win.Canvas().Scale(), s.win.Canvas().Size()
	if !screen.Other {
		s.scale, s.size = scale, size
		return
	}
	if int(size.Width*scale) > screen.Width || int(size.Height*scale) > screen.Height {
		settings := s.app.Settings()
		settings.SetTheme(settings.Theme()) // any change of the settings has Fyne look for the scale
	}
	if s.win.Canvas().Scale() != s.scale {
		s.restore()
	} else {
		s.fit(screen)
		s.size = s.win.Canvas().Size()
	}
}
