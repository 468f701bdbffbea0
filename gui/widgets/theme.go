package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// ColorNameCard is the colour of raised surfaces. Fyne has no name for it.
const ColorNameCard fyne.ThemeColorName = "card"

// Theme is the app's theme: Fyne's own with other colours and a little more room.
type Theme struct {
	fyne.Theme
	chosen   fyne.ThemeVariant // light or dark, if isChosen
	isChosen bool
}

// NewTheme returns the theme, light or dark like the system.
func NewTheme() Theme { return Theme{Theme: theme.DefaultTheme()} }

// In returns the theme in light or in dark, regardless of the system.
func (t Theme) In(variant fyne.ThemeVariant) Theme {
	t.chosen, t.isChosen = variant, true
	return t
}

// pair is a colour in the light and in the dark theme.
type pair struct{ light, dark color.NRGBA }

var palette = map[fyne.ThemeColorName]pair{
	theme.ColorNameBackground:          {rgb(0xF3F5F9), rgb(0x14171D)},
	ColorNameCard:                      {rgb(0xFFFFFF), rgb(0x1D2129)},
	theme.ColorNameForeground:          {rgb(0x1A2130), rgb(0xE7EAF0)},
	theme.ColorNamePlaceHolder:         {rgb(0x5D687B), rgb(0x9AA5B8)},
	theme.ColorNameDisabled:            {rgb(0x596479), rgb(0xA0ABBE)},
	theme.ColorNamePrimary:             {rgb(0x0F6B74), rgb(0x4FC3CC)},
	theme.ColorNameHyperlink:           {rgb(0x0F6B74), rgb(0x4FC3CC)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xFFFFFF), rgb(0x08262A)},
	theme.ColorNameFocus:               {rgba(0x0F6B74, 0x40), rgba(0x4FC3CC, 0x3C)},
	theme.ColorNameSelection:           {rgba(0x0F6B74, 0x28), rgba(0x4FC3CC, 0x30)},
	theme.ColorNameButton:              {rgb(0xE6EAF1), rgb(0x2B313C)},
	theme.ColorNameDisabledButton:      {rgb(0xEDF0F5), rgb(0x232831)},
	theme.ColorNameHover:               {rgba(0x1A2130, 0x10), rgba(0xE7EAF0, 0x14)},
	theme.ColorNamePressed:             {rgba(0x1A2130, 0x24), rgba(0xE7EAF0, 0x2A)},
	theme.ColorNameInputBackground:     {rgb(0xF8F9FC), rgb(0x171B22)},
	theme.ColorNameInputBorder:         {rgb(0xC3CBD8), rgb(0x3A4250)},
	theme.ColorNameSeparator:           {rgb(0xDDE2EA), rgb(0x2C323D)},
	theme.ColorNameMenuBackground:      {rgb(0xFFFFFF), rgb(0x232832)},
	theme.ColorNameOverlayBackground:   {rgb(0xFFFFFF), rgb(0x1D2129)},
	theme.ColorNameSuccess:             {rgb(0x18713A), rgb(0x5CCB83)},
	theme.ColorNameWarning:             {rgb(0x935400), rgb(0xF0B04A)},
	theme.ColorNameError:               {rgb(0xB3261E), rgb(0xFF8F86)},
	theme.ColorNameScrollBar:           {rgba(0x1A2130, 0x50), rgba(0xE7EAF0, 0x50)},
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameInnerPadding:    7,
	theme.SizeNameInputRadius:     6,
	theme.SizeNameSelectionRadius: 6,
	theme.SizeNameHeadingText:     21,
	theme.SizeNameSubHeadingText:  16,
	theme.SizeNameCaptionText:     12,
	theme.SizeNameInlineIcon:      18,
}

// Color returns the palette's colour, or Fyne's if the palette has none.
func (t Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if t.isChosen {
		variant = t.chosen
	}
	c, ok := palette[name]
	switch {
	case !ok:
		return t.Theme.Color(name, variant)
	case variant == theme.VariantDark:
		return c.dark
	}
	return c.light
}

// Size returns the app's size, or Fyne's if the app has none.
func (t Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return t.Theme.Size(name)
}

func rgb(hex uint32) color.NRGBA { return rgba(hex, 0xFF) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}
