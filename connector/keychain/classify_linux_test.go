package keychain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
)

func TestClassify(t *testing.T) {
	answer := func(name string) error { return dbus.Error{Name: name} }
	for name, c := range map[string]struct{ err, kind error }{
		"not found":                    {keyring.ErrNotFound, ErrNotFound},
		"not found, wrapped":           {fmt.Errorf("get: %w", keyring.ErrNotFound), ErrNotFound},
		"too big":                      {keyring.ErrSetDataTooBig, ErrTooBig},
		"unknown system":               {keyring.ErrUnsupportedPlatform, ErrNoProvider},
		"a kind":                       {fmt.Errorf("unlock: %w", ErrLocked), ErrLocked},
		"context":                      {fmt.Errorf("call: %w", context.Canceled), context.Canceled},
		"no service of the name":       {answer("org.freedesktop.DBus.Error.ServiceUnknown"), ErrNoProvider},
		"no owner of the name":         {answer("org.freedesktop.DBus.Error.NameHasNoOwner"), ErrNoProvider},
		"cannot be started":            {answer("org.freedesktop.DBus.Error.Spawn.ExecFailed"), ErrNoProvider},
		"not started by systemd":       {answer("org.freedesktop.systemd1.NoSuchUnit"), ErrNoProvider},
		"forbidden":                    {answer("org.freedesktop.DBus.Error.AccessDenied"), ErrNotPermitted},
		"not let in":                   {answer("org.freedesktop.DBus.Error.AuthFailed"), ErrNotPermitted},
		"the bus hung up":              {answer("org.freedesktop.DBus.Error.Disconnected"), ErrNoService},
		"no answer":                    {answer("org.freedesktop.DBus.Error.NoReply"), ErrFailed},
		"time out":                     {answer("org.freedesktop.DBus.Error.TimedOut"), ErrTimeout},
		"locked":                       {answer("org.freedesktop.Secret.Error.IsLocked"), ErrLocked},
		"by pointer":                   {&dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}, ErrLocked},
		"network":                      {&net.OpError{Op: "dial", Err: errors.New("refused")}, ErrNoService},
		"end of the stream":            {io.EOF, ErrNoService},
		"closed":                       {dbus.ErrClosed, ErrNoService},
		"words: collection locked":     {errors.New("failed to unlock correct collection '" + loginPath + "'"), ErrLocked},
		"words: no default collection": {errors.New("failed to unlock correct collection '" + aliasOfDefault + "'"), ErrNoKeyring},
		"words: anything else":         {errors.New("out of luck"), ErrFailed},
	} {
		t.Run(name, func(t *testing.T) {
			if kind := classify(c.err); kind != c.kind {
				t.Errorf("%v is of the kind %v, want %v", c.err, kind, c.kind)
			}
		})
	}
}

// In a Flatpak, the bus denies that there is a keychain if the app may not use it.
func TestAKeychainThatAFlatpakMayNotUse(t *testing.T) {
	unknown := fmt.Errorf("get: %w", dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"})
	if kind := classify(explain(unknown)); kind != ErrNoProvider {
		t.Errorf("outside of a Flatpak it is of the kind %v", kind)
	}
	defer func(path string) { flatpakInfo = path }(flatpakInfo)
	flatpakInfo = filepath.Join(t.TempDir(), ".flatpak-info")
	if err := os.WriteFile(flatpakInfo, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if kind := classify(explain(unknown)); kind != ErrNotPermitted {
		t.Errorf("in a Flatpak it is of the kind %v", kind)
	}
}
