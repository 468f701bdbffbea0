package gui

import (
	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/printable"
)

// Alert shows a text in a window of the system's own, for want of one of ours, and waits until it is closed.
func Alert(title, message string) {
	caption, err := windows.UTF16PtrFromString(printable.Line(title))
	if err != nil {
		return
	}
	text, err := windows.UTF16PtrFromString(message)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, text, caption, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
