//go:build !headless

package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
)

// Notify shows a notification of the system's own. It may wait for the system: on Linux for 5 s at most, on Windows for a minute. The texts may
// come from outside. The error says that nothing shows notifications; macOS does not tell.
func Notify(ctx context.Context, app fyne.App, title, text string) error {
	return send(ctx, app, title, text)
}

// withoutMarkup has no tags: a desktop may read the text as markup, and fetch a picture for <img>.
//
// Source: Desktop Notifications Specification, Markup.
func withoutMarkup(s string) string { return strings.NewReplacer("<", "‹", ">", "›").Replace(s) }
