package program

import (
	"context"
	"image"
	"image/color"
	"os"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// TestHandOver takes a key from the clipboard to ControlMap and marks it as handed over: once with the mouse, once with the keyboard.
// With the mouse it clicks Paste, and then only ever the prominent button. It logs how long each way takes.
func TestHandOver(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		d.run("xdotool", "mousemove", "0", "0")
		d.start()
		d.handsOver("mouse", 1, func() { d.click(819, 207) }, d.clickProminent)
		d.key("ctrl+n")
		d.still()
		d.handsOver("keyboard", 2, func() { d.key("ctrl+v") }, func() { d.key("Return") })
		d.close()
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "xclip", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000", "FYNE_THEME=light"},
		"scripts/with-keyring", "scripts/with-display")
}

// handsOver connects an organization, from an empty form. Paste puts the key into the form, and next presses the next button.
func (d *desk) handsOver(by string, organization int, paste, next func()) {
	d.t.Helper()
	key := newKey(d.server)
	id := jumpcloudtest.OrganizationID(organization)
	key.Organizations = []string{id}
	d.server.SetKey(key)
	d.holdClipboard(key.Value)

	began, presses := time.Now(), 0
	press := func(f func()) { f(); presses++; d.still() }
	press(paste)
	d.kept(id, func(connector.Connection) bool { return true })
	press(next) // Hand over to ControlMap
	press(next) // Copy the API key
	d.holds(key.Value)
	d.t.Logf("by %s: %d presses, %.1f s until the key is on the clipboard", by, presses, time.Since(began).Seconds())
	press(next) // Copy the Organization ID
	d.holds(id)
	press(next) // Mark as handed over
	d.kept(id, func(c connector.Connection) bool { return c.HandOver.Done() })
	d.t.Logf("by %s: %d presses, %.1f s until it is handed over", by, presses, time.Since(began).Seconds())
}

// holds waits until the clipboard holds a text.
func (d *desk) holds(text string) {
	d.t.Helper()
	d.until("the text is on the clipboard", func() bool {
		held, err := d.clipboard("UTF8_STRING")
		return err == nil && held == text
	})
}

// kept waits until a connection of this organization is kept as it should be.
func (d *desk) kept(organization string, asItShould func(connector.Connection) bool) {
	d.t.Helper()
	c := connector.New(keychain.New(keychain.System(), mustMetadata(d.t).ID))
	d.until("the connection is kept", func() bool {
		all, err := c.Connections(context.Background(), nil)
		return err == nil && slices.ContainsFunc(all, func(c connector.Connection) bool {
			return c.Organization.ID == organization && asItShould(c)
		})
	})
	d.still()
}

// clickProminent clicks the one button that stands out. There must be no other.
func (d *desk) clickProminent() {
	d.t.Helper()
	d.run("xdotool", "mousemove", "0", "0") // a button under the pointer has another colour
	all := prominent(d.still())
	if len(all) != 1 {
		d.t.Fatalf("%d buttons stand out: %v", len(all), all)
	}
	d.click(all[0].Min.X+all[0].Dx()/2, all[0].Min.Y+all[0].Dy()/2)
}

// prominent finds the buttons in the theme's main colour: areas that are as large as a button is at least, whatever is written on them.
func prominent(p *image.RGBA) (all []image.Rectangle) {
	primary := color.RGBA{0x0F, 0x6B, 0x74, 0xFF}
	const width, height = 40, 26
	for y := 0; y < p.Rect.Dy(); y++ {
		for x := 0; x < p.Rect.Dx(); x++ {
			if p.RGBAAt(x, y) != primary || slices.ContainsFunc(all, image.Pt(x, y).In) {
				continue
			}
			right, bottom := x, y
			for right < p.Rect.Dx() && p.RGBAAt(right, y) == primary {
				right++
			}
			for bottom < p.Rect.Dy() && p.RGBAAt(x, bottom) == primary {
				bottom++
			}
			if right-x >= width && bottom-y >= height {
				all = append(all, image.Rect(x-8, y-8, right+8, bottom+8))
			}
		}
	}
	return all
}
