package gui

import (
	"maps"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// place is where something is in the window.
type place struct {
	fyne.Position
	fyne.Size
}

// buttonPlaces says where each button on the screen is.
func (s *stage) buttonPlaces() map[*widgets.Button]place {
	all := make(map[*widgets.Button]place)
	for _, p := range s.parts() {
		if b, ok := p.CanvasObject.(*widgets.Button); ok {
			all[b] = place{fyne.CurrentApp().Driver().AbsolutePositionForObject(b), b.Size()}
		}
	}
	return all
}

// redraw lays out everything in the window anew, as a change of the least size does.
func (s *stage) redraw() {
	s.win.Content().Refresh()
	if top := s.win.Canvas().Overlays().Top(); top != nil {
		top.Refresh()
	}
}

// A button that copies says for two seconds, in its place, that it has. Nothing moves, and nothing else says so.
func TestACopyIsSaidInTheButton(t *testing.T) {
	refused := func(t *testing.T) *stage {
		s := open(t, keychain.Memory(), Options{})
		s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
		s.checked()
		return s
	}
	press := func(_ *stage, b *widgets.Button) { b.OnTapped() }
	for name, c := range map[string]struct {
		open  func(*testing.T) *stage
		label string // of the button, in the words of the translation files
		press func(*stage, *widgets.Button)
	}{
		"the message":            {refused, "help.message", press},
		"for support":            {refused, "form.support", press},
		"for support, by menu":   {refused, "form.support", func(s *stage, _ *widgets.Button) { s.menu(words.Text("menu.help"), words.Text("menu.support")) }},
		"the message of a point": {pointed, "help.message", press},
		"the version": {func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.about()
			return s
		}, "about.copy", press},
	} {
		for _, language := range words.Languages {
			t.Run(name+" "+language.ID, func(t *testing.T) {
				spoken(t, language.ID)
				s := c.open(t)
				fyne.CurrentApp().Clipboard().SetContent("")
				label, copied := words.Text(c.label), words.Text("copied")
				b := s.button(label)
				s.pass(said) // the window gets its size
				s.redraw()
				widgets.Reveal(s.current.content(), b)
				before := s.buttonPlaces()
				for range 2 { // the second time before the first one has passed
					c.press(s, b)
					s.settle()
					if b.Text != copied || b.Icon != theme.ConfirmIcon() || fyne.CurrentApp().Clipboard().Content() == "" {
						t.Fatalf("the button says %q", b.Text)
					}
					s.pass(said - time.Second/2)
				}
				s.redraw()
				if b.Text != copied || !maps.Equal(s.buttonPlaces(), before) {
					t.Errorf("the button says %q, or something has moved", b.Text)
				}
				if len(s.toast.Box.Objects) > 1 {
					t.Errorf("a toast says %q", textIn(s.toast.Box))
				}
				s.pass(said)
				if b.Text != label || b.Icon == theme.ConfirmIcon() || !maps.Equal(s.buttonPlaces(), before) {
					t.Errorf("in the end the button says %q", b.Text)
				}
			})
		}
	}
}

// pointed opens the window on a connection with a point that somebody else has to look at.
func pointed(t *testing.T) *stage {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleAdministratorKey)
	s := open(t, k, Options{})
	s.tell(opened{Connection: s.connections.all[0]})
	return s
}

// A button that has become another one meanwhile does not say that it has copied, nor does it get its former words back.
func TestAButtonThatBecomesAnotherOne(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	b := s.button("Copy message for them")
	test.Tap(b)
	s.until("it is copied", func() bool { return b.Text == "Copied" })
	s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
	s.press("Check")
	s.checked()
	says := b.Text
	s.pass(said)
	if says == "Copied" || s.offers("Copy message for them") || b.Text == "Copy message for them" {
		t.Errorf("it says %q, and then %q", says, b.Text)
	}
}
