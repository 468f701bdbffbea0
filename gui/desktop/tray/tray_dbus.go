//go:build !windows && !darwin && !headless

package tray

import (
	"context"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

// The tray is a program on the session bus with this name. It shows items only while a host, such as a panel, is registered with it.
const (
	watcher     = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	itemPath    = "/StatusNotifierItem" // where systray puts its item
	busName     = "org.freedesktop.DBus"
)

// answerWait is how long the tray may take to answer.
const answerWait = 5 * time.Second

func watch(ctx context.Context, changed func(bool)) {
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		changed(false)
		return
	}
	defer bus.Close()
	signals := make(chan *dbus.Signal, 8)
	bus.Signal(signals)
	for _, options := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(busName), dbus.WithMatchInterface(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcher)},
		{dbus.WithMatchInterface(watcher), dbus.WithMatchMember("StatusNotifierHostRegistered")},
		{dbus.WithMatchInterface(watcher), dbus.WithMatchMember("StatusNotifierHostUnregistered")},
	} {
		if bus.AddMatchSignalContext(ctx, options...) != nil {
			break // then what is so now is all that is known
		}
	}
	for {
		changed(isHere(ctx, bus))
		select {
		case <-ctx.Done():
			return
		case _, open := <-signals:
			if !open { // the bus is gone
				changed(false)
				return
			}
		}
	}
}

// isHere reports whether there is a tray. One that does not say whether a host is registered counts, also because it is busy, as at login.
func isHere(ctx context.Context, bus *dbus.Conn) bool {
	limited, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	owned := false
	if bus.BusObject().CallWithContext(limited, busName+".NameHasOwner", 0, watcher).Store(&owned) != nil || !owned {
		return false
	}
	var has dbus.Variant
	get := bus.Object(watcher, watcherPath).CallWithContext(limited, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		watcher, "IsStatusNotifierHostRegistered")
	if get.Store(&has) != nil {
		return true
	}
	hosted, known := has.Value().(bool)
	return hosted || !known
}

// show has everything ready before systray speaks with the bus, which it does beside the window: a picture that comes while it exports
// its properties is lost (SetIcon in its systray_unix.go).
func show(i Icon, ready func()) {
	start, _ := systray.RunWithExternalLoop(nil, nil)
	systray.SetIcon(i.Picture)
	systray.SetTitle(i.Name)
	systray.SetOnTapped(i.Open)
	ready()
	go start()
}

// renew registers the icon once more. Systray stops to do so after any other signal on its connection, which go-keyring uses, too:
// https://github.com/fyne-io/systray/issues/131.
func renew(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	if bus, err := dbus.SessionBus(); err == nil { // systray's connection: on another one, the item would be a second one
		_ = bus.Object(watcher, watcherPath).CallWithContext(limited, watcher+".RegisterStatusNotifierItem", dbus.FlagNoAutoStart, itemPath).Err
	}
}

// Close does nothing: the icon goes with the program.
func (System) Close() {}
