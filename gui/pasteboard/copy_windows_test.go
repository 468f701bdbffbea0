package pasteboard

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/secret"
)

// TestCopy uses the real clipboard: Windows', or Wine's where scripts/test runs this.
func TestCopy(t *testing.T) {
	const made = "jca_TESTclipboard00000000000000000000000001"
	if err := Copy(secret.New(made)); err != nil {
		t.Fatal(err)
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		emptyClipboard.Call()
		closeClipboard.Call()
	}()
	if got := windows.UTF16PtrToString((*uint16)(held(t, unicodeText))); got != made {
		t.Errorf("%d characters of something else are on the clipboard", len(got))
	}
	for _, name := range marks {
		wide, err := windows.UTF16PtrFromString(name)
		if err != nil {
			t.Fatal(err)
		}
		format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(wide)))
		if value := *(*uint32)(held(t, format)); value != 0 {
			t.Errorf("%s is %d", name, value)
		}
	}
}

// held is the memory that the open clipboard has in this format.
func held(t *testing.T, format uintptr) unsafe.Pointer {
	t.Helper()
	memory, _, err := user32.NewProc("GetClipboardData").Call(format)
	if memory == 0 {
		t.Fatalf("nothing is there in format %d: %v", format, err)
	}
	address, _, err := globalLock.Call(memory)
	if address == 0 {
		t.Fatal(err)
	}
	t.Cleanup(func() { globalUnlock.Call(memory) })
	return *(*unsafe.Pointer)(unsafe.Pointer(&address)) // it is the system's memory, which does not move
}
