package desktop

import (
	"golang.org/x/sys/windows"

	"controlmap-jumpcloud/connector/printable"
)

// Alert shows a text in a window of the system, and waits until the user closes it. It is for a program that cannot open its own
// window.
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
