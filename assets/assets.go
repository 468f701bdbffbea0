// Package assets embeds what the program shows besides its own drawing: the icon, the translations, the licences.
package assets

import "embed"

// Icon is the app's icon as PNG, drawn from icon.svg by scripts/icon: to draw it at each start took longer than to
// open the window.
//
//go:embed icon.png
var Icon []byte

// Tray is the icon for the desktop's tray, small: a 64-pixel PNG, made with Icon.
//
//go:embed tray.png
var Tray []byte

// Lock is a small drawing of a lock, for what is kept safe.
//
//go:embed lock.svg
var Lock []byte

// Licences is the list of whose work is in the program, as scripts/licences writes it.
//
//go:embed licences.json
var Licences []byte

// Translations holds a file of user texts for each language, under translations/, and one of the texts of Fyne's own widgets, under
// translations/fyne/. Another language is one more of each, with the keys of en.json, and a line in gui/words/language.go.
//
//go:embed translations/*.json translations/fyne/*.json
var Translations embed.FS

// Guide holds the pictures of the guide, under guide/: a file for each of its steps that has one.
//
//go:embed guide/*.svg
var Guide embed.FS
