package program

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestMonitors starts the app on two monitors of different scale and moves it between them. It must be drawn at the right scale, be
// fully on the screen, and react to clicks where its buttons are drawn.
func TestMonitors(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		insideMonitors(t, app, os.Getenv(homeVar))
		return
	}
	needTools(t, "openbox", "xdotool", "import", "xwininfo", "dbus-daemon", "gnome-keyring-daemon")
	mayLack(t, "Xorg", "xrandr")
	if drivers, _ := filepath.Glob("/usr/lib*/xorg/modules/drivers/dummy_drv.so"); len(drivers) == 0 && os.Getenv("CI") == "" {
		t.Skip("skipped: Xorg's driver dummy is not here. scripts/test installs it where there is apt")
	}
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(),
		fmt.Sprintf("MONITORS=%dx%d/256x160 %dx%d/344x194", sharp.Dx(), sharp.Dy(), small.Dx(), small.Dy())},
		"scripts/with-keyring", "scripts/with-display")
}

// The monitors of TestMonitors, side by side: one of 238 dots an inch, where Fyne draws at scale 2, and one of 101.
var (
	sharp = image.Rect(0, 0, 2400, 1500)
	small = image.Rect(2400, 0, 2400+1366, 768)
)

func insideMonitors(t *testing.T, app, home string) {
	d, key := newDesk(t, app, home)

	d.pointAt(small)
	d.start()
	d.isOn(small, image.Pt(1180, 768-48)) // it wants to be 800 high
	d.typeText(key.Value)
	d.connection()
	d.still()         // it is on the screen, too
	d.click(100, 140) // the first connection in the list
	d.checksAgain()
	d.close()
	d.start()
	single := d.still() // the home, with one row
	d.close()

	d.pointAt(sharp)
	d.start()
	d.isOn(sharp, image.Pt(2*1180, 1500-2*48))
	d.same(single, d.still(), 2)
	d.click(2*100, 2*140)
	d.checksAgain()
	d.close()

	for _, c := range []struct {
		chosen string
		on     image.Rectangle
		scale  float64
	}{{"0.8", small, 0.8}, {"0.75", sharp, 1.5}} {
		t.Setenv("FYNE_SCALE", c.chosen)
		d.pointAt(c.on)
		d.start()
		if place := d.place(); !place.In(c.on) {
			t.Errorf("at scale %g the window is at %v, and the screen at %v", c.scale, place, c.on)
		}
		d.same(single, d.still(), c.scale)
		d.click(int(100*c.scale), int(140*c.scale))
		d.checksAgain()
		d.close()
	}

	t.Setenv("FYNE_SCALE", "1")
	d.pointAt(small)
	d.start()
	d.moveTo(20, 60)
	d.isOn(sharp, image.Pt(2*1180, 2*702))
	d.click(2*100, 2*140)
	d.checksAgain()
	d.moveTo(small.Min.X+20, 40)
	d.isOn(small, image.Pt(1180, 702))
	d.close()
}

// moveTo moves the window.
func (d *desk) moveTo(x, y int) {
	d.t.Helper()
	d.run("xdotool", "windowmove", "--sync", d.window, strconv.Itoa(x), strconv.Itoa(y))
}

// pointAt moves the pointer to a monitor. A window opens where the pointer is.
func (d *desk) pointAt(screen image.Rectangle) {
	d.t.Helper()
	middle := screen.Min.Add(screen.Size().Div(2))
	d.run("xdotool", "mousemove", strconv.Itoa(middle.X), strconv.Itoa(middle.Y))
}

// isOn waits until the window has this size. It must be fully on the monitor.
func (d *desk) isOn(screen image.Rectangle, size image.Point) {
	d.t.Helper()
	var place image.Rectangle
	defer func() {
		if d.t.Failed() {
			d.t.Logf("the window was last at %v", place)
		}
	}()
	d.until(fmt.Sprintf("the window is %v large", size), func() bool {
		place = d.place()
		return place.Size() == size
	})
	d.still()
	if place = d.place(); !place.In(screen) || place.Size() != size {
		d.t.Errorf("the window is at %v, and the screen at %v", place, screen)
	}
}

// place returns where the window's content is on the screen.
func (d *desk) place() image.Rectangle {
	d.t.Helper()
	out, err := exec.Command("xwininfo", "-id", d.window).Output()
	if err != nil {
		d.t.Fatal("xwininfo:", err)
	}
	var x, y, width, height int
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		number, _ := strconv.Atoi(strings.TrimSpace(value))
		switch name {
		case "Absolute upper-left X":
			x = number
		case "Absolute upper-left Y":
			y = number
		case "Width":
			width = number
		case "Height":
			height = number
		}
	}
	return image.Rect(x, y, x+width, y+height)
}

// same compares a picture of the window at a scale with one at scale 1. It compares squares, each about as large as a letter. It
// leaves out the bottom, where the windows may differ in height.
func (d *desk) same(single, scaled image.Image, scale float64) {
	d.t.Helper()
	const side = 20
	all, differ := 0, 0
	for y := 0; y < min(single.Bounds().Dy(), int(float64(scaled.Bounds().Dy())/scale))-5*side; y += side {
		for x := 0; x+side <= single.Bounds().Dx(); x += side {
			all++
			one := brightness(single, x, y, side)
			other := brightness(scaled, int(float64(x)*scale), int(float64(y)*scale), int(side*scale))
			if one-other > 16 || other-one > 16 {
				differ++
			}
		}
	}
	d.t.Logf("at scale %g, %d of %d squares differ", scale, differ, all)
	if differ > all/100 {
		d.t.Errorf("at scale %g the window does not show the same", scale)
	}
}

// brightness returns the mean brightness of a square, from 0 to 255.
func brightness(p image.Image, left, top, side int) int {
	sum := 0
	for y := top; y < top+side; y++ {
		for x := left; x < left+side; x++ {
			r, g, b, _ := p.At(x, y).RGBA()
			sum += int(r>>8+g>>8+b>>8) / 3
		}
	}
	return sum / side / side
}
