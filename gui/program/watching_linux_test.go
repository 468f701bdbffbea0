package program

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/connector/wire"
)

// clients is how many organizations the watched key opens.
const clients = 200

// TestWatching opens a window on 200 connections that were last checked two days ago. One of them breaks on the server: it is asked about
// twice, told in one notification, and kept as broken, although nobody has touched the window. The service that shows notifications is the
// test's own.
func TestWatching(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		key := d.connectClients(time.Now().AddDate(0, 0, -2))
		told := d.notifications()
		key.Organizations = key.Organizations[1:]
		d.server.SetKey(key)
		d.start()
		before := d.still()
		began := time.Now()
		select {
		case one := <-told:
			t.Logf("told %.0f s after the window was drawn: %s", time.Since(began).Seconds(), one)
			if want := "Ashby 000 stopped working"; !strings.HasPrefix(one, want) {
				t.Errorf("notified of %q, not of %q", one, want)
			}
		case <-time.After(5 * time.Minute):
			t.Fatalf("nobody is told after five minutes and %d requests", len(d.server.Requests()))
		}
		d.kept(key.Organizations[0], func(c connector.Connection) bool { return !c.Report.Broken() })
		d.kept(jumpcloudtest.OrganizationID(1000), func(c connector.Connection) bool { return c.Report.Broken() })
		if differing(before, d.still()) == 0 {
			t.Error("the list looks as before")
		}
		d.nowhere(key.Value)
		d.close()
		if more := len(told); more > 0 {
			t.Errorf("%d more notifications", more)
		}
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"}, "scripts/with-keyring", "scripts/with-display")
}

// connectClients keeps connections to all organizations of a new key, as if they had been made at this time. The first one is the oldest.
func (d *desk) connectClients(at time.Time) jumpcloudtest.Key {
	d.t.Helper()
	world := jumpcloudtest.World{}
	key := newKey(d.server)
	key.MultiTenant, key.Organizations = true, nil
	var organizations []check.Organization
	for i := range clients {
		o := jumpcloudtest.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: fmt.Sprintf("Ashby %03d", i), People: 5, Systems: 4, Administrators: 2}
		world.Organizations, key.Organizations = append(world.Organizations, o), append(key.Organizations, o.ID)
		organizations = append(organizations, check.Organization{ID: o.ID, Name: o.Name})
	}
	world.Keys = []jumpcloudtest.Key{key}
	d.server = jumpcloudtest.NewTLS(world)
	d.t.Cleanup(d.server.Close)
	d.trust()
	trusting := func() *http.Client {
		client := wire.NewHTTPClient()
		client.Transport = d.server.Client().Transport
		return client
	}
	c := connector.New(keychain.New(keychain.System(), mustMetadata(d.t).ID), connector.WithRegions(customRegion(d.server.URL)),
		connector.WithHTTPClient(trusting), connector.WithClock(func() time.Time { return at }))
	region := c.Regions()[0]
	for i, some := range [][]check.Organization{organizations[:1], organizations[1:]} {
		at = at.Add(time.Duration(i) * time.Hour)
		d.server.SetClock(time.Until(at))
		err := c.ConnectEach(context.Background(), check.Credentials{Region: region, APIKey: secret.New(key.Value)}, some, func(one connector.Connected) {
			if one.Err != nil {
				d.t.Errorf("%s: %v", one.Organization.Name, one.Err)
			}
		})
		if err != nil {
			d.t.Fatal(err)
		}
	}
	d.server.SetClock(0)
	return key
}

// notifier shows notifications.
type notifier struct{ told chan string }

// Notify is a method of org.freedesktop.Notifications.
func (n notifier) Notify(_ string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.told <- title + " | " + text
	return 1, nil
}

// notifications takes the place of the desktop's service for notifications, and returns those that are to be shown.
func (d *desk) notifications() <-chan string {
	d.t.Helper()
	bus, n := d.bus(), notifier{make(chan string, 100)}
	if err := bus.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		d.t.Fatal(err)
	}
	if got, err := bus.RequestName("org.freedesktop.Notifications", dbus.NameFlagDoNotQueue); err != nil || got != dbus.RequestNameReplyPrimaryOwner {
		d.t.Fatalf("the name of the service: %v, %v", got, err)
	}
	return n.told
}
