//go:build !headless

package desktop

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
)

// Notify shows a notification of the system's own. It may wait for the system, on Linux for 5 s at most. The texts may come from outside. The
// error says that nothing shows notifications; only Linux tells.
func Notify(ctx context.Context, app fyne.App, title, text string) error {
	return send(ctx, app, title, text)
}

// withoutMarkup has no tags: a desktop may read the text as markup, and fetch a picture for <img>.
//
// Source: Desktop Notifications Specification, Markup.
func withoutMarkup(s string) string { return strings.NewReplacer("<", "‹", ">", "›").Replace(s) }

// forPowerShell has nothing that ends a text in double quotes, or is replaced in it. Fyne 2.8.1 writes the text into a script with %q, whose
// backslashes mean nothing to PowerShell (notificationTemplate in its app_windows.go): a name could else be a command. PowerShell takes
// typographic quotes for straight ones.
//
// Source: about_Quoting_Rules and about_Special_Characters in PowerShell's manual.
func forPowerShell(s string) string {
	return strings.NewReplacer("`", "'", "$", "`$", `\`, "/", `"`, "'", "“", "'", "”", "'", "„", "'", "\r", " ", "\n", " ").Replace(s)
}
