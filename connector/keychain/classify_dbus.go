//go:build (dragonfly && cgo) || (freebsd && cgo) || linux || netbsd || openbsd

package keychain

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"

	"github.com/godbus/dbus/v5"
)

// systemKind returns the kind of an error of the session bus or of the Secret Service on it, or nil.
func systemKind(err error) error {
	var answer dbus.Error
	if errors.As(err, &answer) {
		return kindByName(answer.Name)
	}
	var pointer *dbus.Error
	if errors.As(err, &pointer) {
		return kindByName(pointer.Name)
	}
	var (
		network  *net.OpError
		launch   *exec.Error
		launched *exec.ExitError
	)
	switch {
	case errors.As(err, &network): // the bus is not at its address
		return ErrNoService
	case errors.Is(err, io.EOF), errors.Is(err, dbus.ErrClosed): // the bus went away during the call
		return ErrNoService
	case errors.As(err, &launch), errors.As(err, &launched): // no address, and dbus-launch found none either
		return ErrNoService
	}
	return nil
}

// kindByName returns the kind of an error answered over D-Bus, or nil.
func kindByName(name string) error {
	switch name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
		return ErrNoProvider
	case "org.freedesktop.DBus.Error.Disconnected":
		return ErrNoService
	case "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut":
		return ErrTimeout
	case "org.freedesktop.Secret.Error.IsLocked":
		return ErrLocked
	}
	if strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn.") {
		return ErrNoProvider // the bus knows one, but cannot start it
	}
	return nil
}

// explain adds a kind where go-keyring words two failures alike: where there is no collection "login" it unlocks the
// default one, and says the same whether that is missing or remained locked.
func explain(err error) error {
	if err == nil || !strings.Contains(err.Error(), saysNotUnlocked) || !strings.Contains(err.Error(), aliasOfDefault) {
		return err
	}
	bus, busErr := dbus.SessionBus()
	if busErr != nil {
		return err
	}
	var collection dbus.ObjectPath
	service := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	busErr = service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
	if busErr == nil && collection != "/" {
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	return err
}
