package gui

import (
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"controlmap-jumpcloud/connector/keychain"
)

// openedOn opens a window as a start does, with its own size, and on a monitor with that many free pixels.
func openedOn(t *testing.T, width, height int) *stage {
	t.Helper()
	s := open(t, keychain.Memory(), Options{})
	s.size.workArea = func(fyne.Window) (int, int) { return width, height }
	s.size.size = startSize(fyne.CurrentApp().Preferences()) // the stage has given it another one
	s.win.Resize(s.size.size)
	s.size.restore(1)
	return s
}

// nativeWindow is a window as one of Fyne's is after it has ended GLFW.
type nativeWindow struct{ fyne.Window }

func (nativeWindow) RunWithContext(f func()) { f() }

// Once Fyne has ended GLFW, the size of the monitor is not known.
func TestAMonitorIsNotKnownWithoutGLFW(t *testing.T) {
	if width, height := workArea(nativeWindow{}); width != 0 || height != 0 {
		t.Errorf("its size is %d×%d", width, height)
	}
}

// What was to happen later does not happen in a window that is closed.
func TestTimersEndWithTheWindow(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.work.after(time.Second, func() { t.Error("it happens behind the window") })
	s.close()
	s.pass(time.Second)
}

// pixelWindow is a window whose size is a whole number of pixels, as that of a real one is.
type pixelWindow struct {
	fyne.Window
	scale float32
}

func (w pixelWindow) Resize(size fyne.Size) {
	whole := func(length float32) float32 { return float32(math.Ceil(float64(length*w.scale))) / w.scale }
	w.Window.Resize(fyne.NewSize(whole(size.Width), whole(size.Height)))
}

// Where the window cannot be as small as its monitor, it is left so: it is not drawn again and again.
func TestAWindowThatIsTooLargeComesToRest(t *testing.T) {
	defer forgetSize()
	for _, c := range []struct {
		width, height int
		scale         float32
	}{{1280, 1024, 1.6}, {1600, 1200, 1.9}, {1050, 1680, 1.3}} {
		s := openedOn(t, c.width, c.height)
		s.win = pixelWindow{s.win, c.scale}
		s.win.Canvas().(test.WindowlessCanvas).SetScale(c.scale)
		s.win.Resize(firstSize)
		if !s.size.restoring {
			t.Fatal("the new scale is not seen")
		}
		for range looks {
			s.pass(afterRescale)
		}
		if s.size.restoring {
			t.Errorf("%d×%d at scale %g: it does not come to rest", c.width, c.height, c.scale)
		}
		s.win.Canvas().(test.WindowlessCanvas).SetScale(1)
	}
}

func forgetSize() {
	fyne.CurrentApp().Preferences().RemoveValue(sizeKept)
}

// The window opens in the size of the last time, and in none that the screen has no room for.
func TestTheSizeIsKept(t *testing.T) {
	forgetSize()
	defer forgetSize()
	s := openedOn(t, 1920, 1080)
	if got := s.win.Canvas().Size(); got != firstSize {
		t.Errorf("the first time it is %v", got)
	}
	s.win.Resize(fyne.NewSize(1024, 700))
	s.close()
	s = openedOn(t, 1920, 1080)
	if got := s.win.Canvas().Size(); got != fyne.NewSize(1024, 700) {
		t.Errorf("the next time it is %v", got)
	}
	s.win.SetFullScreen(true)
	s.win.Resize(fyne.NewSize(1920, 1080))
	s.close()
	if got := startSize(fyne.CurrentApp().Preferences()); got != fyne.NewSize(1024, 700) {
		t.Errorf("after a full screen it is %v", got)
	}
}

// A window manager may give the window a larger size while it opens, for example that of the screen. The window keeps it, unless the
// scale changed meanwhile, or there is no room.
func TestAWindowThatOpensLargerStaysSo(t *testing.T) {
	defer forgetSize()
	for name, c := range map[string]struct {
		given fyne.Size
		scale float32
		want  fyne.Size
	}{
		"larger":               {fyne.NewSize(1280, 900), 1, fyne.NewSize(1280, 900)},
		"wider":                {fyne.NewSize(1600, 800), 1, fyne.NewSize(1600, 800)},
		"wider, and less high": {fyne.NewSize(1600, 600), 1, fyne.NewSize(1600, 600)},
		"as the screen":        {fyne.NewSize(1920, 1080), 1, fyne.NewSize(1920, 1080)},
		"no room":              {fyne.NewSize(2000, 1100), 1, firstSize},
		"too small":            {fyne.NewSize(900, 600), 1, firstSize},
		"by a part of a pixel": {firstSize.AddWidthHeight(0.6, 0.6), 1, firstSize},
		"by another scale":     {fyne.NewSize(1800, 1000), 0.5, firstSize},
	} {
		forgetSize()
		s := open(t, keychain.Memory(), Options{})
		s.size.workArea = func(fyne.Window) (int, int) { return 1920, 1080 }
		s.size.size = firstSize // the stage has given it another one
		s.win.Canvas().(test.WindowlessCanvas).SetScale(c.scale)
		s.win.Resize(c.given)
		for range looks {
			s.pass(afterRescale)
		}
		if got := s.win.Canvas().Size(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		s.win.Canvas().(test.WindowlessCanvas).SetScale(1)
	}
}

// A window that has no room gets less, also if a busy window manager gives it the size of before some times.
func TestALateWindowManager(t *testing.T) {
	defer forgetSize()
	for times := range looks {
		forgetSize()
		s := open(t, keychain.Memory(), Options{})
		s.size.workArea = func(fyne.Window) (int, int) { return 1200, 750 }
		s.size.size, s.size.scale = firstSize, 0 // it opens
		s.win.Resize(firstSize)
		for look := range looks {
			s.pass(afterRescale)
			if look < times {
				s.win.Resize(firstSize)
			}
		}
		if got, want := s.win.Canvas().Size(), fyne.NewSize(1180, 750-frame.Height); got != want {
			t.Errorf("after %d times: %v, want %v", times, got, want)
		}
		if s.size.restoring {
			t.Errorf("after %d times it does not come to rest", times)
		}
	}
}

// What the preferences hold may be anything, and the screen another one than the last time.
func TestTheSizeMakesSense(t *testing.T) {
	defer forgetSize()
	for _, c := range []struct {
		kept             string
		screenW, screenH int
		want             fyne.Size
	}{
		{"-5x0", 1920, 1080, leastSize},
		{"99999999x99999999", 1920, 1080, fyne.NewSize(1920, 1080).Subtract(frame)},
		{"99999999x99999999", 0, 0, mostSize}, // a screen that is not known
		{"99999999999999999999x1", 1920, 1080, firstSize},
		{"nanxnan", 1920, 1080, firstSize},
		{"1180", 1920, 1080, firstSize},
		{"1180x800", 1366, 728, fyne.NewSize(1180, 728-frame.Height)},
		{"1180x800", 960, 540, fyne.NewSize(960, 540).Subtract(frame)}, // as a usual one is at twice the size
		{"1180x800", 640, 450, fyne.NewSize(640, 450).Subtract(frame)}, // as a small one is at twice the size
		{"1180x800", 800, 400, fyne.NewSize(800-frame.Width, leastSize.Height)},
		{"1180x800", 400, 300, leastSize},
	} {
		fyne.CurrentApp().Preferences().SetString(sizeKept, c.kept)
		if got := openedOn(t, c.screenW, c.screenH).win.Canvas().Size(); got != c.want {
			t.Errorf("%s on %d×%d: %v, want %v", c.kept, c.screenW, c.screenH, got, c.want)
		}
	}
}
