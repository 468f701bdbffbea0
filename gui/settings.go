package gui

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// The settings' names among the app's preferences. None is a secret.
const (
	languageSetting  = "language" // the id of a language; "" for the system's
	themeSetting     = "theme"    // light or dark; "" for the system's
	scaleSetting     = "scale"    // multiplies the system's scale; "" for 1
	hideSetting      = "hide-after"
	clipboardSetting = "clipboard-after"
	watchSetting     = "watch"        // how often connections are checked again
	orderSetting     = "order"        // the column that connections are sorted by
	orderDownSetting = "order-down"   // not empty if they are sorted by it the other way round
	closingSetting   = "closing"      // what closing the window does; "" ends the program
	closingTold      = "closing-told" // not empty once the user was told that closing goes on in the tray
)

// The values of the settings. The first is the default.
var (
	themeValues     = []string{"", "light", "dark"}
	scaleValues     = []string{"", "0.8", "1.25", "1.5", "2"}
	hideValues      = []string{"30", "10", "60", "120"} // seconds
	clipboardValues = []string{"45", "20", "90", "180"} // seconds
	watchValues     = []string{"day", "hour", "week", "off"}
	closingValues   = []string{"", closingKeeps}
)

// closingKeeps is the value of closingSetting that keeps the program going.
const closingKeeps = "watch"

// scaleVariable is the environment variable from which Fyne reads what to multiply the system's scale with.
const scaleVariable = "FYNE_SCALE"

// settings are what the user has chosen. They belong to the window's thread.
type settings struct {
	app     fyne.App
	scale   string     // the scale that the environment asked for at the start
	writing sync.Mutex // is held while a choice is written
	latest  sync.Map   // what was chosen last, by the name of the setting
}

func newSettings(app fyne.App) *settings {
	return &settings{app: app, scale: os.Getenv(scaleVariable)}
}

// keep keeps a choice beside the window, as it waits for the disk, and then calls kept on the window's thread. However fast the choices
// follow each other, the last one of a setting is kept.
func (s *settings) keep(work *worker, name, value string, kept func()) {
	s.latest.Store(name, value)
	work.start(func(context.Context) {
		s.writing.Lock()
		defer s.writing.Unlock()
		latest, _ := s.latest.Load(name)
		s.app.Preferences().SetString(name, latest.(string))
		work.do(kept)
	})
}

// value is the chosen value of a setting: one of the values, or else the first.
func (s *settings) value(name string, values []string) string {
	if chosen := s.app.Preferences().String(name); slices.Contains(values, chosen) {
		return chosen
	}
	return values[0]
}

// hideAfter is how long a secret stays readable on the screen.
func (s *settings) hideAfter() time.Duration { return s.seconds(hideSetting, hideValues) }

// clipboardAfter is how long a copied secret stays on the clipboard.
func (s *settings) clipboardAfter() time.Duration {
	return s.seconds(clipboardSetting, clipboardValues)
}

// watchEvery is how often connections are checked again; 0 for never.
func (s *settings) watchEvery() time.Duration {
	return map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[s.value(watchSetting, watchValues)]
}

func (s *settings) seconds(name string, values []string) time.Duration {
	n, _ := strconv.Atoi(s.value(name, values)) // all values are numbers
	return time.Duration(n) * time.Second
}

// facts fill the places of texts that speak of a setting.
func (s *settings) facts() words.Facts {
	return words.Facts{"Seconds": strconv.Itoa(int(s.clipboardAfter().Seconds()))}
}

// order is how connections are sorted.
func (s *settings) order() (o connectionOrder, down bool) {
	return orderOf(s.value(orderSetting, orderSettings())), s.app.Preferences().String(orderDownSetting) != ""
}

// keepOrder keeps how connections are sorted, see keep.
func (s *settings) keepOrder(work *worker, o connectionOrder, down bool, kept func()) {
	way := ""
	if down {
		way = "down"
	}
	s.keep(work, orderDownSetting, way, func() {})
	s.keep(work, orderSetting, listColumns[o].setting, kept)
}

// applyScale gives Fyne the chosen scale. Fyne looks for it when a window opens, and whenever the theme is set.
func (s *settings) applyScale() {
	if scale := cmp.Or(s.value(scaleSetting, scaleValues), s.scale); scale != "" {
		_ = os.Setenv(scaleVariable, scale) // fails only for an invalid name
	} else {
		_ = os.Unsetenv(scaleVariable)
	}
}

// applyTheme gives Fyne the chosen theme.
func (s *settings) applyTheme() {
	l := widgets.NewTheme()
	switch s.value(themeSetting, themeValues) {
	case "light":
		l = l.In(theme.VariantLight)
	case "dark":
		l = l.In(theme.VariantDark)
	}
	s.app.Settings().SetTheme(l)
}
