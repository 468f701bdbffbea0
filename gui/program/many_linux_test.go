package program

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// TestManyOrganizations connects organizations of one key by keyboard, in a real window with a real Secret Service: three that a search
// finds, and then all others. It logs how long that takes.
func TestManyOrganizations(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		d.start()
		d.typeText(jumpcloudtest.SampleMultiTenantKey)
		d.until("the organizations were asked for", func() bool { return len(d.server.Requests()) > 1 })
		d.still() // they are shown, with the focus in the search
		d.typeText("ashby")
		d.key("Tab", "Tab", "Tab", "Tab", "space", "shift+Down", "shift+Down", "ctrl+Return")
		if names := d.names(3); !slices.Equal(names, []string{"Ashby Clinic", "Ashby Energy", "Ashby Foods"}) {
			t.Errorf("%q are connected", names)
		}
		d.still()
		began := time.Now()
		d.key("shift+Tab", "shift+Tab", "shift+Tab", "shift+Tab", "Escape", "ctrl+a", "ctrl+Return") // back to the search
		d.names(127)
		t.Logf("124 more take 7 presses and %.0f s", time.Since(began).Seconds())
		d.nowhere(jumpcloudtest.SampleMultiTenantKey)
		d.still()
		d.close()
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"},
		"scripts/with-keyring", "scripts/with-display")
}

// names waits until so many connections are kept, and returns their names.
func (d *desk) names(count int) (names []string) {
	d.t.Helper()
	c := connector.New(keychain.New(keychain.System(), mustMetadata(d.t).ID))
	d.untilIn(4*time.Minute, "they are connected", func() bool {
		all, err := c.Connections(context.Background(), nil)
		names = nil
		for _, one := range all {
			names = append(names, one.Name)
		}
		time.Sleep(500 * time.Millisecond) // the keychain has more to do than to answer this
		return err == nil && len(all) >= count
	})
	return names
}
