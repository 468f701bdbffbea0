package gui

import "controlmap-jumpcloud/gui/crash"

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
	// Crashes is the folder with reports on crashes; "" for none.
	Crashes crash.Folder
}

// demo reports whether JumpCloud is simulated.
func (o Options) demo() bool { return len(o.Samples) > 0 }
