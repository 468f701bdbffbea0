//go:build windows

package pasteboard

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
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
	getClipboardData = user32.NewProc("GetClipboardData")
	sequenceNumber   = user32.NewProc("GetClipboardSequenceNumber")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	globalSize       = kernel32.NewProc("GlobalSize")
	moveMemory       = kernel32.NewProc("RtlMoveMemory")
)

const (
	unicodeText = 13 // CF_UNICODETEXT
	moveable    = 2  // GMEM_MOVEABLE
)

// marks are formats that keep a text out of clipboard histories and away from other devices. Each holds a number; 0 means no. See
// https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats.
var marks = []string{"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"}

// put replaces the content of the clipboard.
func put(ctx context.Context, s secret.Secret, marked bool) (Claim, error) {
	text, err := windows.UTF16FromString(s.Reveal())
	if err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	var data []byte
	for _, unit := range text {
		data = binary.LittleEndian.AppendUint16(data, unit)
	}
	runtime.LockOSThread() // the clipboard is open for one thread
	defer runtime.UnlockOSThread()
	if err := open(ctx); err != nil {
		return nil, err
	}
	err = replace(data, marked)
	closeClipboard.Call()
	if err != nil {
		return nil, err
	}
	number, _, _ := sequenceNumber.Call()
	return claim(number), nil
}

// replace puts a text on the open clipboard.
func replace(text []byte, marked bool) error {
	if ok, _, err := emptyClipboard.Call(); ok == 0 {
		return fmt.Errorf("empty the clipboard: %w", err)
	}
	if marked { // before the text, so that it is never there without marks
		if err := putMarks(); err != nil {
			return err
		}
	}
	return putAs(unicodeText, text)
}

func putMarks() error {
	for _, mark := range marks {
		name, err := windows.UTF16PtrFromString(mark)
		if err != nil {
			return err
		}
		format, _, err := registerFormat.Call(uintptr(unsafe.Pointer(name)))
		if format == 0 {
			return fmt.Errorf("mark the copy: %w", err)
		}
		if err := putAs(format, make([]byte, 4)); err != nil {
			return err
		}
	}
	return nil
}

// claim is the clipboard's sequence number after put. It changes with the clipboard.
type claim uintptr

// Release implements [Claim].
func (c claim) Release() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if open(ctx) != nil {
		return false
	}
	defer closeClipboard.Call()
	if number, _, _ := sequenceNumber.Call(); number != uintptr(c) {
		return false
	}
	ok, _, _ := emptyClipboard.Call()
	return ok != 0
}

// read returns the text on the clipboard. The program that copied it may provide it only now; then Windows waits for that program.
func read(ctx context.Context, limit int) (secret.Secret, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := open(ctx); err != nil {
		return secret.Secret{}, err
	}
	defer closeClipboard.Call()
	memory, _, _ := getClipboardData.Call(unicodeText)
	if memory == 0 {
		return secret.Secret{}, ErrNoText
	}
	address, _, err := globalLock.Call(memory)
	if address == 0 {
		return secret.Secret{}, fmt.Errorf("paste: %w", err)
	}
	defer globalUnlock.Call(memory)
	size, _, _ := globalSize.Call(memory)
	units := make([]uint16, min(int(size)/2, limit))
	if len(units) > 0 {
		moveMemory.Call(uintptr(unsafe.Pointer(&units[0])), address, uintptr(2*len(units)))
	}
	text := windows.UTF16ToString(units)
	if text == "" {
		return secret.Secret{}, ErrNoText
	}
	return secret.New(strings.ToValidUTF8(text[:min(len(text), limit)], "")), nil
}

// open opens the clipboard for the thread's window, if it has one. It waits while another program has the clipboard open.
func open(ctx context.Context) error {
	window, _, _ := getActiveWindow.Call()
	for {
		if ok, _, _ := openClipboard.Call(window); ok != 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ErrUnanswered
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// putAs puts data on the open clipboard, which then owns the memory of the data.
func putAs(format uintptr, data []byte) error {
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
