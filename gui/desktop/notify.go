//go:build !windows && !headless

package desktop

import (
	"strings"

	"fyne.io/fyne/v2"
)

// Notify shows a notification of the system's own. It may wait for the system, and does nothing where there are no notifications. The texts
// may come from outside.
func Notify(app fyne.App, title, text string) {
	app.SendNotification(fyne.NewNotification(withoutMarkup(title), withoutMarkup(text)))
}

// withoutMarkup has no tags: a desktop may read the text as markup, and fetch a picture for <img>.
//
// Source: Desktop Notifications Specification, Markup.
func withoutMarkup(s string) string { return strings.NewReplacer("<", "‹", ">", "›").Replace(s) }
