//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keychain

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// systemKind returns the kind of an error of the session bus or the Secret Service, or nil.
func systemKind(err error) error {
	var answer dbus.Error
	if errors.As(err, &answer) {
		return kindByName(answer.Name)
	}
	var pointer *dbus.Error
	if errors.As(err, &pointer) {
		return kindByName(pointer.Name)
	}
	var network *net.OpError
	switch {
	case errors.As(err, &network), // the bus is not at its address
		errors.Is(err, io.EOF), errors.Is(err, dbus.ErrClosed): // the bus went away during the call
		return ErrNoService
	}
	return nil
}

// kindByName returns the kind of a D-Bus error, or nil.
func kindByName(name string) error {
	switch name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
		return ErrNoProvider
	case "org.freedesktop.DBus.Error.Disconnected", "org.freedesktop.DBus.Error.NoServer":
		return ErrNoService
	case "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus.Error.AuthFailed":
		return ErrNotPermitted // by a rule of the bus, AppArmor or SELinux
	case "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut":
		return ErrTimeout
	case "org.freedesktop.Secret.Error.IsLocked":
		return ErrLocked
	}
	if strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn.") || strings.HasPrefix(name, "org.freedesktop.systemd1.") {
		return ErrNoProvider // the bus knows one, but the bus or systemd cannot start it
	}
	return nil
}

// flatpakInfo is a file that every app in a Flatpak has.
var flatpakInfo = "/.flatpak-info"

// explain adds the right kind to a misleading error. Go-keyring returns the same error if there is no keyring and if a keyring
// stayed locked. In a Flatpak, the bus says that there is no keychain if the app may not use it.
func explain(err error) error {
	if err == nil {
		return nil
	}
	kind := classify(err)
	switch kind {
	case ErrNoProvider:
		if _, missing := os.Stat(flatpakInfo); missing == nil {
			return fmt.Errorf("%w: %w", ErrNotPermitted, err)
		}
	case ErrFailed, ErrLocked, ErrNoKeyring:
		if state := keyringState(); state != nil && state != kind {
			return fmt.Errorf("%w: %w", state, err)
		}
	}
	return err
}

// The Secret Service, and the collection that go-keyring stores in. If it is missing, go-keyring uses the default collection.
const (
	secretServiceName = "org.freedesktop.secrets"
	secretServicePath = "/org/freedesktop/secrets"
	loginCollection   = "/org/freedesktop/secrets/collection/login"
)

// keyringState returns ErrNoKeyring if there is no keyring, ErrLocked if it is locked, or else nil.
func keyringState() error {
	bus, err := dbus.SessionBus() // go-keyring's connection
	if err != nil {
		return nil
	}
	service := bus.Object(secretServiceName, secretServicePath)
	property, err := service.GetProperty("org.freedesktop.Secret.Service.Collections")
	if err != nil {
		return nil
	}
	collection := dbus.ObjectPath(loginCollection)
	if all, ok := property.Value().([]dbus.ObjectPath); !ok || !slices.Contains(all, collection) {
		if service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection) != nil {
			return nil
		}
	}
	if collection == "/" {
		return ErrNoKeyring
	}
	locked, err := bus.Object(secretServiceName, collection).GetProperty("org.freedesktop.Secret.Collection.Locked")
	if err == nil && locked.Value() == true {
		return ErrLocked
	}
	return nil
}

// busVariable holds the address of the session bus.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// isBusKnown reports whether the address of a session bus is known. Without one, the D-Bus library would start a bus with the
// program dbus-launch, and nobody would end that bus.
func isBusKnown() bool {
	known := func() bool { a := os.Getenv(busVariable); return a != "" && a != "autolaunch:" }
	if known() {
		return true
	}
	if bus, err := dbus.SessionBusPrivateNoAutoStartup(); err == nil { // it sets busVariable if it finds a bus
		bus.Close()
	}
	return known()
}

// NoNewBus keeps this process and its children from starting a session bus if there is none. Other libraries use the bus, too, so
// call it before them.
func NoNewBus() {
	if !isBusKnown() {
		os.Setenv(busVariable, "disabled:")
	}
}

// reach connects to the session bus, if it is not connected yet. So its errors are about the bus, and later ones about the
// keychain.
func reach() error {
	if !isBusKnown() {
		return ErrNoService
	}
	_, err := dbus.SessionBus() // go-keyring uses the same connection
	switch {
	case err == nil:
		return nil
	case systemKind(err) == ErrNotPermitted:
		return fmt.Errorf("%w: %w", ErrNotPermitted, err)
	}
	return fmt.Errorf("%w: %w", ErrNoService, err)
}
