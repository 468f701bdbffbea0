package instance

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// bell is an event of Windows, by whose name a second start in the same session finds it. Sockets in a folder, as other
// systems have them, came with Windows 10 1803, and Wine got them later still.
type bell struct {
	rings, ends windows.Handle
}

// newBell makes the bell of the folder's first instance.
func newBell(folder string) (*bell, error) {
	name, err := bellName(folder)
	if err != nil {
		return nil, err
	}
	// It may be there already, held by a second start that is just ringing it; then there is a handle beside the error.
	rings, err := windows.CreateEvent(nil, 0, 0, name)
	if rings == 0 {
		return nil, err
	}
	ends, err := windows.CreateEvent(nil, 1, 0, nil)
	if ends == 0 {
		_ = windows.CloseHandle(rings)
		return nil, err
	}
	return &bell{rings, ends}, nil
}

// bellName has the folder in it, in a form in which its length and its backslashes do not matter.
func bellName(folder string) (*uint16, error) {
	return windows.UTF16PtrFromString(fmt.Sprintf(`Local\%s-%x`, filepath.Base(folder), sha256.Sum256([]byte(folder))))
}

// rung waits until somebody rings, and reports false once it is silenced.
func (b *bell) rung() bool {
	which, err := windows.WaitForMultipleObjects([]windows.Handle{b.ends, b.rings}, false, windows.INFINITE)
	return err == nil && which == windows.WAIT_OBJECT_0+1
}

// silence ends waiting.
func (b *bell) silence() { _ = windows.SetEvent(b.ends) }

// close is called when nobody waits any more.
func (b *bell) close() {
	_ = windows.CloseHandle(b.rings)
	_ = windows.CloseHandle(b.ends)
}

var allowSetForegroundWindow = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// ring rings the bell of the folder's first instance, and reports whether there is one.
func ring(folder string) bool {
	name, err := bellName(folder)
	if err != nil {
		return false
	}
	event, err := windows.OpenEvent(windows.EVENT_MODIFY_STATE, false, name)
	if err != nil {
		return false
	}
	defer windows.CloseHandle(event)
	// Windows lets only that program come to the front which the user has just started; this one hands the right on.
	const anyProcess = 0xFFFFFFFF
	_, _, _ = allowSetForegroundWindow.Call(anyProcess)
	return windows.SetEvent(event) == nil
}
