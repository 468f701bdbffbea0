package gui

import (
	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/printable"
)

// Alert shows a text in a window of the system's own, for want of one of ours, and waits until it is closed.
func Alert(title, words string) {
	caption, err := windows.UTF16PtrFromString(printable.Line(title))
	if err != nil {
		return
	}
	message, err := windows.UTF16PtrFromString(words)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, message, caption, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
