package instance

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// bell is a named event of Windows. A second start in the same session finds it by its name. Windows has sockets in folders only
// since Windows 10 1803, and Wine's support is newer still.
type bell struct {
	rings, ends windows.Handle
}

// newBell makes the bell of the folder's first instance.
func newBell(folder string) (*bell, error) {
	name, err := bellName(folder)
	if err != nil {
		return nil, err
	}
	// A second start that is ringing may hold the event already. Then CreateEvent returns a handle and an error.
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

// bellName returns a name for the folder. A hash replaces its path, because names are short and hold no backslashes.
func bellName(folder string) (*uint16, error) {
	return windows.UTF16PtrFromString(fmt.Sprintf(`Local\%s-%x`, filepath.Base(folder), sha256.Sum256([]byte(folder))))
}

// rung waits for a ring. It returns false after silence.
func (b *bell) rung() bool {
	which, err := windows.WaitForMultipleObjects([]windows.Handle{b.ends, b.rings}, false, windows.INFINITE)
	return err == nil && which == windows.WAIT_OBJECT_0+1
}

// silence makes rung return.
func (b *bell) silence() { _ = windows.SetEvent(b.ends) }

// close frees the bell, once rung has returned.
func (b *bell) close() {
	_ = windows.CloseHandle(b.rings)
	_ = windows.CloseHandle(b.ends)
}

var allowSetForegroundWindow = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// ring rings the bell of the folder's first instance. It reports whether there is one.
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
	// Windows only lets the program that the user has just started come to the front. This passes the right on.
	const anyProcess = 0xFFFFFFFF
	_, _, _ = allowSetForegroundWindow.Call(anyProcess)
	return windows.SetEvent(event) == nil
}
