package gui

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
)

// luminance is WCAG's relative luminance of an opaque colour.
func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// contrast is WCAG's contrast of two opaque colours, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	one, two := luminance(a), luminance(b)
	return (max(one, two) + 0.05) / (min(one, two) + 0.05)
}

// blended is what is seen of a colour that lies on an opaque one.
func blended(under, on color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 {
		return uint8(math.Round((float64(a)*float64(255-on.A) + float64(b)*float64(on.A)) / 255))
	}
	return color.NRGBA{mix(under.R, on.R), mix(under.G, on.G), mix(under.B, on.B), 255}
}

// ground is what text and icons are on: a colour of the theme, and those that lie on it one after the other.
type ground []fyne.ThemeColorName

const (
	page       = theme.ColorNameBackground
	input      = theme.ColorNameInputBackground
	ordinary   = theme.ColorNameButton
	primary    = theme.ColorNamePrimary
	failure    = theme.ColorNameError
	menu       = theme.ColorNameMenuBackground
	overlay    = theme.ColorNameOverlayBackground
	hover      = theme.ColorNameHover
	pressed    = theme.ColorNamePressed
	focus      = theme.ColorNameFocus
	selection  = theme.ColorNameSelection
	foreground = theme.ColorNameForeground
	quiet      = theme.ColorNameDisabled // captions, too, are in this colour
)

// readable lists what is read on what: everything that the screens, the dialogs and the menus draw.
var readable = []struct {
	what string
	text []fyne.ThemeColorName
	on   []ground
}{
	{"text, icons and what is said in colour", []fyne.ThemeColorName{foreground, quiet, primary, theme.ColorNameHyperlink, theme.ColorNameSuccess, theme.ColorNameWarning, failure},
		[]ground{{page}, {widgets.ColorNameCard}, {overlay}}},
	{"a row of a list, below the mouse or in focus, and chosen", []fyne.ThemeColorName{foreground, quiet, theme.ColorNameSuccess, theme.ColorNameWarning, failure},
		[]ground{{widgets.ColorNameCard, hover}, {widgets.ColorNameCard, selection}}},
	{"what is typed, the placeholder, and what is typed while it is off", []fyne.ThemeColorName{foreground, theme.ColorNamePlaceHolder, quiet}, []ground{{input}}},
	{"what is typed and selected", []fyne.ThemeColorName{foreground}, []ground{{input, selection}}},
	{"what is chosen in a select", []fyne.ThemeColorName{foreground}, []ground{{input}, {widgets.ColorNameCard, hover}, {widgets.ColorNameCard, focus}}},
	{"a select that is off", []fyne.ThemeColorName{quiet}, []ground{{theme.ColorNameDisabledButton}}},
	{"a button", []fyne.ThemeColorName{foreground}, []ground{{ordinary}, {ordinary, hover}, {ordinary, pressed}, {ordinary, focus}, {ordinary, focus, pressed}, {ordinary, hover, pressed}}},
	{"a quiet button", []fyne.ThemeColorName{foreground}, []ground{{widgets.ColorNameCard, hover}, {widgets.ColorNameCard, focus}, {widgets.ColorNameCard, hover, pressed}}},
	{"a button that is off", []fyne.ThemeColorName{quiet}, []ground{{theme.ColorNameDisabledButton}, {widgets.ColorNameCard}}},
	{"the most important button", []fyne.ThemeColorName{theme.ColorNameForegroundOnPrimary}, []ground{{primary}, {primary, hover}, {primary, focus}, {primary, pressed}, {primary, focus, pressed}, {primary, hover, pressed}}},
	{"a dangerous button", []fyne.ThemeColorName{theme.ColorNameForegroundOnError}, []ground{{failure}, {failure, hover}, {failure, focus}, {failure, pressed}, {failure, focus, pressed}, {failure, hover, pressed}}},
	{"a menu", []fyne.ThemeColorName{foreground}, []ground{{menu}, {menu, hover}, {menu, focus}, {page}, {page, hover}, {page, focus}, {overlay, hover}, {overlay, focus}}},
	{"what is off in a menu", []fyne.ThemeColorName{quiet}, []ground{{menu}, {overlay}}},
}

func seenColor(name fyne.ThemeColorName, v fyne.ThemeVariant) color.NRGBA {
	return color.NRGBAModel.Convert(widgets.NewTheme().Color(name, v)).(color.NRGBA)
}

func (g ground) color(v fyne.ThemeVariant) color.NRGBA {
	c := seenColor(g[0], v)
	for _, on := range g[1:] {
		c = blended(c, seenColor(on, v))
	}
	return c
}

var variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}

// Text and icons have a contrast of 4.5:1 at least (WCAG 2.2, 1.4.3), computed from the theme.
func TestTextIsReadable(t *testing.T) {
	for name, v := range variants {
		least, where := 21.0, ""
		for _, r := range readable {
			for _, on := range r.on {
				for _, text := range r.text {
					c := contrast(seenColor(text, v), on.color(v))
					if c < 4.5 {
						t.Errorf("%s: %s: %s on %v has a contrast of %.2f only", name, r.what, text, on, c)
					}
					if c < least {
						least, where = c, fmt.Sprintf("%s, %s on %v", r.what, text, on)
					}
				}
			}
		}
		t.Logf("%s: the least contrast of text is %.2f (%s)", name, least, where)
	}
}

// The contrast is computed as WCAG says: these are its own values.
func TestContrastIsWCAGs(t *testing.T) {
	white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}
	for _, c := range []struct {
		a, b color.NRGBA
		want float64
	}{{white, black, 21}, {white, white, 1}, {white, color.NRGBA{0x76, 0x76, 0x76, 255}, 4.54}, {white, color.NRGBA{0x77, 0x77, 0x77, 255}, 4.48}} {
		if got := contrast(c.a, c.b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%v and %v: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
	if got := blended(white, color.NRGBA{0, 0, 0, 128}); got != (color.NRGBA{127, 127, 127, 255}) {
		t.Errorf("half black on white is %v", got)
	}
}

// Every item of the menu is readable, and names its shortcut.
func TestShortcutsAreReadable(t *testing.T) {
	window := open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{{Name: "good", Key: jumpcloudtest.SampleKey}}})
	app := fyne.CurrentApp()
	former := app.Settings().Theme()
	defer app.Settings().SetTheme(former)
	for name, v := range variants {
		app.Settings().SetTheme(inVariant{widgets.NewTheme(), v})
		for _, m := range window.win.MainMenu().Items {
			for _, o := range test.LaidOutObjects(widget.NewMenu(m)) {
				l, ok := o.(*canvas.Text)
				if !ok {
					continue
				}
				shown := blended(seenColor(menu, v), color.NRGBAModel.Convert(l.Color).(color.NRGBA))
				if c := contrast(shown, seenColor(menu, v)); c < 4.5 {
					t.Errorf("%s: %q has a contrast of %.2f", name, l.Text, c)
				}
			}
			for _, i := range m.Items {
				if _, drawnByFyne := i.Shortcut.(fyne.KeyboardShortcut); i.Shortcut != nil && (drawnByFyne || !strings.Contains(i.Label, "Ctrl+")) {
					t.Errorf("the shortcut of %q is not in its label", i.Label)
				}
			}
		}
	}
}

// inVariant is a theme in the light or the dark variant, whatever the settings say.
type inVariant struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

func (i inVariant) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return i.Theme.Color(name, i.variant)
}
