package pasteboard

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/secret"
)

const made = "jca_TESTclipboard00000000000000000000000001"

// TestCopy uses the real clipboard: Windows', or Wine's where scripts/test runs this.
func TestCopy(t *testing.T) {
	var board System
	former, err := board.Copy(t.Context(), secret.New("the one before"), true)
	if err != nil {
		t.Fatal(err)
	}
	claim, err := board.Copy(t.Context(), secret.New(made), true)
	if err != nil {
		t.Fatal(err)
	}
	if former.Release() {
		t.Error("what was copied before takes away what is there")
	}
	if got, err := board.Read(t.Context(), 1000); err != nil || !got.Equal(secret.New(made)) {
		t.Errorf("%v is read, %v", got, err)
	}
	if got, err := board.Read(t.Context(), 8); err != nil || !got.Equal(secret.New(made[:8])) {
		t.Errorf("of 8 bytes %v is read, %v", got, err)
	}
	looksMarked(t)
	if !claim.Release() {
		t.Error("it is not taken away")
	}
	if _, err := board.Read(t.Context(), 1000); !errors.Is(err, ErrNoText) {
		t.Errorf("after that it reads %v", err)
	}
	if claim.Release() {
		t.Error("it is taken away twice")
	}
}

// Another thread has the clipboard open, as a program that hangs has: nobody waits for longer than asked.
func TestTheClipboardIsHeld(t *testing.T) {
	held, free, ended := make(chan bool), make(chan bool), make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		// For a window other than ours: Wine takes all of a process that name none for the same holder.
		desktop, _, _ := user32.NewProc("GetDesktopWindow").Call()
		if ok, _, err := openClipboard.Call(desktop); ok == 0 {
			t.Error(err)
		}
		close(held)
		<-free
		closeClipboard.Call()
		close(ended)
	}()
	<-held
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := (System{}).Read(ctx, 1000); !errors.Is(err, ErrUnanswered) {
		t.Errorf("reading: %v", err)
	}
	if _, err := (System{}).Copy(ctx, secret.New(made), true); !errors.Is(err, ErrUnanswered) {
		t.Errorf("copying: %v", err)
	}
	close(free)
	<-ended
}

// looksMarked looks for the text and the marks that are on the clipboard.
func looksMarked(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer closeClipboard.Call()
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
	memory, _, err := getClipboardData.Call(format)
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
