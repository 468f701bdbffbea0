//go:build windows

package pasteboard

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/secret"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	getActiveWindow  = user32.NewProc("GetActiveWindow")
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	moveMemory       = kernel32.NewProc("RtlMoveMemory")
)

const (
	unicodeText = 13 // CF_UNICODETEXT
	moveable    = 2  // GMEM_MOVEABLE
)

// marks are the formats by which Windows and other programs know what to leave out of the clipboard's history and not to
// send to other devices: https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats. Each holds a number, 0 for no.
var marks = []string{"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"}

// Copy puts the secret on the clipboard, where it stays until something else is copied.
func Copy(s secret.Secret) error {
	text, err := windows.UTF16FromString(s.Reveal())
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	var data []byte
	for _, unit := range text {
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	runtime.LockOSThread() // which the clipboard is then open for
	defer runtime.UnlockOSThread()
	if err := open(); err != nil {
		return err
	}
	defer closeClipboard.Call()
	if ok, _, err := emptyClipboard.Call(); ok == 0 {
		return fmt.Errorf("empty the clipboard: %w", err)
	}
	for _, name := range marks { // first, so that there is nothing without them
		name, err := windows.UTF16PtrFromString(name)
		if err != nil {
			return err
		}
		format, _, err := registerFormat.Call(uintptr(unsafe.Pointer(name)))
		if format == 0 {
			return fmt.Errorf("mark what is copied: %w", err)
		}
		if err := put(format, make([]byte, 4)); err != nil {
			return err
		}
	}
	return put(unicodeText, data)
}

// open opens the clipboard for the thread's window, if it has one. Another program may have it open for a moment.
func open() (err error) {
	window, _, _ := getActiveWindow.Call()
	for range 5 {
		var ok uintptr
		if ok, _, err = openClipboard.Call(window); ok != 0 {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("open the clipboard: %w", err)
}

// put puts data on the open clipboard, which then owns the memory that it is in.
func put(format uintptr, data []byte) error {
	memory, _, err := globalAlloc.Call(moveable, uintptr(len(data)))
	if memory == 0 {
		return fmt.Errorf("copy: %w", err)
	}
	address, _, err := globalLock.Call(memory)
	if address == 0 {
		globalFree.Call(memory)
		return fmt.Errorf("copy: %w", err)
	}
	moveMemory.Call(address, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
	globalUnlock.Call(memory)
	if ok, _, err := setClipboardData.Call(format, memory); ok == 0 {
		globalFree.Call(memory)
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}
