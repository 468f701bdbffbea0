// Package assets embeds what the program shows besides its own drawing: the icon and the translations.
package assets

import "embed"

// Icon is the app's icon as PNG, drawn from icon.svg by scripts/icon: to draw it at each start took longer than to
// open the window.
//
//go:embed icon.png
var Icon []byte

// Translations holds a file of user texts for each language, under translations/. Another language is one more
// file with the keys of en.json, and a line in gui/language.go.
//
//go:embed translations/*.json
var Translations embed.FS
