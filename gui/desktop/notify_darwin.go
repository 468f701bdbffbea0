//go:build !headless

package desktop

import (
	"context"

	"fyne.io/fyne/v2"
)

// send has Fyne show it. Nobody says whether it is shown.
func send(_ context.Context, app fyne.App, title, text string) error {
	app.SendNotification(fyne.NewNotification(withoutMarkup(title), withoutMarkup(text)))
	return nil
}
