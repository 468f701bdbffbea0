//go:build !windows && !darwin && !headless

package desktop

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"github.com/godbus/dbus/v5"
)

// The service that shows notifications.
//
// Source: Desktop Notifications Specification, D-BUS Protocol.
const (
	notifier     = "org.freedesktop.Notifications"
	notifierPath = "/org/freedesktop/Notifications"
)

// notifyWait is how long the service may take to answer.
const notifyWait = 5 * time.Second

// send asks the desktop's service itself: Fyne 2.8.1 waits for it without limit, and keeps its failure to itself.
func send(ctx context.Context, app fyne.App, title, text string) error {
	limited, cancel := context.WithTimeout(ctx, notifyWait)
	defer cancel()
	bus, err := dbus.SessionBus() // the one that all parts of the program share
	if err != nil {
		return err
	}
	const whenever = int32(-1) // it goes when the desktop likes
	name, id := app.Metadata().Name, app.UniqueID()
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(id)}
	return bus.Object(notifier, notifierPath).CallWithContext(limited, notifier+".Notify", 0, name, uint32(0), id, withoutMarkup(title),
		withoutMarkup(text), []string{}, hints, whenever).Err
}
