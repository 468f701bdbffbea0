package gui

import (
	"math"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// settingsScreen shows what can be set. Each choice counts at once.
type settingsScreen struct {
	w        *window
	language *widgets.Choice
	chosen   []func() // show what is chosen
	behind   *backgroundCard
	box      *container.Scroll // nil before content
}

func newSettingsScreen(w *window) screen { return &settingsScreen{w: w} }

func (s *settingsScreen) left()            {}
func (s *settingsScreen) busy() bool       { return false }
func (s *settingsScreen) actions() actions { return actions{} }
func (s *settingsScreen) topic() topic     { return guideSettings }

// entered implements [screen].
func (s *settingsScreen) entered() {
	s.w.win.Canvas().Focus(s.language)
	s.behind.entered()
}

// content implements [screen].
func (s *settingsScreen) content() *container.Scroll {
	if s.box == nil {
		s.build()
	}
	return s.box
}

// hear takes over what happened in the window.
func (s *settingsScreen) hear(e event) {
	if s.box == nil {
		return
	}
	switch e.(type) {
	case settingKept:
		for _, show := range s.chosen {
			show()
		}
		s.behind.showTray()
	case trayChanged:
		s.behind.showTray()
	}
}

func (s *settingsScreen) build() {
	s.language = s.choose(languageSetting, languageIDs(), languageName, func() {})
	look := container.NewVBox(
		labelled("menu.language", s.language),
		labelled("settings.theme", s.choose(themeSetting, themeValues, themeName, s.w.settings.applyTheme)),
		labelled("settings.scale", s.choose(scaleSetting, scaleValues, scaleName, s.rescale)))
	keys := container.NewVBox(
		labelled("settings.hide", s.choose(hideSetting, hideValues, secondsName, func() {})),
		labelled("settings.clear", s.choose(clipboardSetting, clipboardValues, secondsName, func() {})))
	test := widgets.NewButton(words.Text("watch.test"), theme.InfoIcon(), nil)
	test.OnTapped = func() {
		s.w.watcher.notify(words.Text("watch.test.title"), words.Text("watch.test.text"), func(err error) {
			if err != nil {
				s.w.say(words.Text("unshown.title"), words.Text("unshown.text"))
				return
			}
			s.w.confirm(test, words.Text("watch.tested"))
		})
	}
	watch := container.NewVBox(
		labelled("watch.every", s.choose(watchSetting, watchValues, watchName, func() {})),
		widgets.Wrapped(words.Text("watch.text"), widget.LowImportance), widgets.NewFlow(test))
	wipe := widgets.NewButton(words.Text("menu.wipe"), theme.DeleteIcon(), s.w.writer.wipe)
	done := widgets.NewButton(words.Text("settings.done"), theme.ConfirmIcon(), s.done)
	done.Importance = widget.HighImportance
	done.OnEscape, wipe.OnEscape, test.OnEscape = s.done, s.done, s.done
	cards := container.NewVBox(
		widgets.Card(container.NewVBox(widgets.Heading(words.Text("settings.title"), theme.SizeNameHeadingText), look)),
		widgets.Card(container.NewVBox(widgets.Heading(words.Text("settings.keys"), theme.SizeNameSubHeadingText), keys)),
		widgets.Card(container.NewVBox(widgets.Heading(words.Text("watch.title"), theme.SizeNameSubHeadingText), watch)))
	s.behind = s.newBackgroundCard()
	if card := s.behind.content(); card != nil {
		cards.Add(card)
	}
	s.box = s.w.newScroll(container.NewVBox(cards,
		widgets.Card(container.NewVBox(widgets.Heading(words.Text("ask.wipe.yes"), theme.SizeNameSubHeadingText),
			widgets.Wrapped(words.Text("ask.wipe.text"), widget.MediumImportance), widgets.NewFlow(wipe))),
		container.New(layout.NewCustomPaddedLayout(6, 6, 0, 10), widgets.NewFlow(layout.NewSpacer(), done))))
}

// choose offers the values of a setting by their names. It keeps the chosen value and calls apply. The language is left to the window.
func (s *settingsScreen) choose(setting string, values []string, name func(string) string, apply func()) *widgets.Choice {
	var names []string
	for _, value := range values {
		names = append(names, name(value))
	}
	chosen := slices.Index(values, s.w.settings.value(setting, values))
	choice := widgets.NewChoice(names, chosen, s.done, func(i int) {
		if setting == languageSetting {
			s.w.tell(languageWanted{values[i]})
			return
		}
		s.w.settings.keep(s.w.work, setting, values[i], func() {
			apply()
			s.w.tell(settingKept{})
		})
	})
	s.chosen = append(s.chosen, func() {
		choice.Selected = name(s.w.settings.value(setting, values))
		choice.Refresh()
	})
	return choice
}

// rescale draws the window at the chosen scale. It is laid out once more when it has its new size: on the way there, texts are broken into
// more lines, and Fyne 2.8.1 leaves the space of these lines empty.
func (s *settingsScreen) rescale() {
	s.w.settings.applyScale()
	s.w.settings.applyTheme()
	s.w.work.after(2*afterRescale, func() { s.w.win.Content().Refresh() })
}

// done goes back to the screen before.
func (s *settingsScreen) done() { s.w.tell(backWanted{}) }

func languageIDs() []string {
	ids := []string{""}
	for _, l := range words.Languages {
		ids = append(ids, l.ID)
	}
	return ids
}

// languageName is what a language calls itself.
func languageName(id string) string {
	for _, l := range words.Languages {
		if l.ID == id {
			return l.Name
		}
	}
	return words.Text("settings.system")
}

func themeName(value string) string {
	if value == "" {
		return words.Text("settings.system")
	}
	return words.Text("settings.theme." + value)
}

func scaleName(value string) string {
	scale, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return words.Text("settings.system")
	}
	return words.Text("settings.percent", words.Facts{"Percent": strconv.Itoa(int(math.Round(100 * scale)))})
}

// watchName says how often connections are checked again.
func watchName(value string) string {
	return map[string]string{"hour": words.Text("watch.hour"), "day": words.Text("watch.day"), "week": words.Text("watch.week"), "off": words.Text("watch.off")}[value]
}

func secondsName(value string) string {
	n, _ := strconv.Atoi(value) // all values are numbers
	return words.Duration(time.Duration(n) * time.Second)
}
