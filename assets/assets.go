// Package assets embeds what the program shows besides its own drawing: the icon and the translations.
package assets

import "embed"

// Icon is the app's icon as SVG.
//
//go:embed icon.svg
var Icon []byte

// Translations holds a file of user texts for each language, under translations/. Another language is one more
// file with the keys of en.json.
//
//go:embed translations/*.json
var Translations embed.FS
