package gui

import (
	"context"

	"controlmap-jumpcloud/gui/crash"
	"controlmap-jumpcloud/gui/desktop/tray"
)

// Sample is a key of the demo's simulator.
type Sample struct {
	// Name is its key in the translation files: sample.<name>.
	Name string
	Key  string
	// Organization is the Organization ID to enter with it; "" where the app finds it.
	Organization string
}

// Options are the window's settings that do not come from its Connector.
type Options struct {
	// Samples are offered where JumpCloud is simulated; none means that it is real.
	Samples []Sample
	// OpenDemo starts the program once more, on a simulated JumpCloud; nil means that this is it.
	OpenDemo func() error
	// InMemory says that the keychain ends with the program. Then the window does not say that something is saved.
	InMemory bool
	// Unkept says that files end with the program, because the user's own folders cannot be written to. The keychain's entries stay.
	Unkept bool
	// Crashes is the folder with reports on crashes; "" for none.
	Crashes crash.Folder
	// Tray is the desktop's tray; nil if the program always ends with its window.
	Tray Tray
	// AtLogin has the system start the program at login; nil if that is not offered.
	AtLogin AtLogin
	// Hidden starts the program without its window, in the tray. It needs a Tray.
	Hidden bool
}

// Tray is a place on the desktop for the icons of programs, see [tray.System].
type Tray interface {
	Watch(ctx context.Context, changed func(here bool))
	Show(tray.Icon) (relabel func(labels []string))
	Renew(context.Context)
	Close()
}

// AtLogin is what the system has noted about starting the program at login, see [autostart.Entry]. Its methods may block.
type AtLogin interface {
	Enabled() (bool, error)
	Enable() error
	Disable() error
	Repair() error
}

// demo reports whether JumpCloud is simulated.
func (o Options) demo() bool { return len(o.Samples) > 0 }
