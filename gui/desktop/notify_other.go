//go:build (windows || darwin) && !headless

package desktop

import (
	"context"
	"runtime"

	"fyne.io/fyne/v2"
)

// send has Fyne show it. Nobody says whether it is shown.
func send(_ context.Context, app fyne.App, title, text string) error {
	plain := withoutMarkup
	if runtime.GOOS == "windows" {
		plain = forPowerShell
	}
	app.SendNotification(fyne.NewNotification(plain(title), plain(text)))
	return nil
}
