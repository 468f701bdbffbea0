package gui

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/history"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

var (
	picturesIn  = flag.String("pictures", "", "the folder that TestPictures draws every screen into")
	everyLayout = flag.Bool("every-layout", false, "draw each screen in every size, in light and in dark, and in German")
)

// layouts are the sizes and scales in which a screen is drawn. The first one is the usual one.
var layouts = []struct {
	name  string
	size  fyne.Size // with the menu, which the test driver does not draw
	scale float32
}{
	{"1280", fyne.NewSize(1280, 900), 1},
	{"480", fyne.NewSize(480, 600), 1},
	{"900", fyne.NewSize(900, 600), 1},
	{"scale2", fyne.NewSize(640, 450), 2},
	{"1920", fyne.NewSize(1920, 1080), 1},
}

// picture is a screen that is drawn: what it is called, and how it comes about.
type picture struct {
	name string
	open func(t *testing.T) *stage
}

// TestPictures draws the screens for people to look at; scripts/pictures calls it. It compares nothing: the other tests say what is on
// these screens.
func TestPictures(t *testing.T) {
	if *picturesIn == "" {
		t.Skip("skipped: -pictures DIR draws every screen into that folder")
	}
	for _, language := range []string{"en", "de"} {
		if language != "en" && !*everyLayout {
			continue
		}
		spoken(t, language)
		for _, p := range everyPicture() {
			t.Run(language+" "+p.name, func(t *testing.T) { p.draw(t, language) })
		}
	}
}

// draw draws a screen in each layout, in light and in dark.
func (p picture) draw(t *testing.T, language string) {
	s := p.open(t)
	defer fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme().In(theme.VariantLight))
	for variant, name := range map[fyne.ThemeVariant]string{theme.VariantLight: "light", theme.VariantDark: "dark"} {
		fyne.CurrentApp().Settings().SetTheme(widgets.NewTheme().In(variant))
		for i, l := range layouts {
			if !*everyLayout && (i > 0 || name == "dark") {
				continue
			}
			s.shoot(filepath.Join(*picturesIn, fmt.Sprintf("%s-%s-%s-%s.png", p.name, language, name, l.name)), l.size, l.scale)
		}
	}
}

// shoot draws what is in the window at a size and a scale.
func (s *stage) shoot(file string, size fyne.Size, scale float32) {
	s.t.Helper()
	s.win.Resize(size.SubtractWidthHeight(0, menuHeight))
	s.win.Canvas().(test.WindowlessCanvas).SetScale(scale)
	defer s.win.Canvas().(test.WindowlessCanvas).SetScale(1)
	s.layOut()
	f, err := os.Create(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, s.win.Canvas().Capture()); err != nil {
		s.t.Fatal(err)
	}
}

// everyPicture lists the screens that are drawn.
func everyPicture() []picture {
	all := []picture{
		{"first-run", func(t *testing.T) *stage {
			return open(t, keychain.Memory(), Options{OpenDemo: func() error { return nil }})
		}},
		{"running", func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.typeKey(jumpcloudtest.SampleKey)
			s.until("some checks have ended", func() bool { return s.result(check.IDOrganization).State.Final() })
			return s
		}},
		{"success", tried(jumpcloudtest.SampleKey)},
		{"many-connections", func(t *testing.T) *stage {
			k := keychain.Memory()
			for _, key := range []string{jumpcloudtest.SampleKey, jumpcloudtest.SampleAdministratorKey} {
				keep(t, k, key)
			}
			return open(t, k, Options{})
		}},
		{"list-drawer", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.UI.columns.Open(widgets.ListSide)
			s.win.Canvas().Focus(s.list.list)
			return s
		}},
		{"guide-drawer", func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.guide.open()
			return s
		}},
		{"keyboard", func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.menu(words.Text("menu.help"), words.Text("menu.keyboard"))
			return s
		}},
		{"replace", replacing},
		{"replace-same-key", func(t *testing.T) *stage {
			s := replacing(t)
			s.typeKey(jumpcloudtest.SampleKey)
			return s
		}},
		{"replaced", func(t *testing.T) *stage {
			s := replacing(t)
			s.typeKey(jumpcloudtest.SampleSecondKey)
			s.until("the hand-over is shown", func() bool { return s.inWindow(words.Text("handover.mark")) })
			return s
		}},
		{"hand-over", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.tell(handOverWanted{s.details().c})
			return s
		}},
		{"hand-over-copied", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.tell(handOverWanted{s.details().c})
			s.press(words.Text("secret.copy"), words.Text("details.key"))
			s.settle()
			s.pass(7 * time.Second)
			return s
		}},
		{"hand-over-done", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.tell(handOverWanted{s.details().c})
			s.press(words.Text("handover.mark"))
			s.settle()
			return s
		}},
		{"doubtful", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.server.Fail(jumpcloudtest.Unauthorized())
			s.details().start()
			s.settle()
			return s
		}},
		{"stopped", func(t *testing.T) *stage { // and cannot be handed over
			s := tried(jumpcloudtest.SampleKey)(t)
			s.server.Fail(jumpcloudtest.Unauthorized())
			s.details().start()
			s.makeSure()
			return s
		}},
		{"hand-over-broken", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.server.Fail(jumpcloudtest.Unauthorized())
			s.details().start()
			s.makeSure()
			s.tell(handOverWanted{s.details().c})
			return s
		}},
		{"note", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			c := s.details().c
			s.connections.change(c.ID, func(c *connector.Connection) {
				c.Note = "Ticket 4711, contact: Ms Ashby, renew before the audit in May"
			})
			s.writer.annotate(s.details().c)
			return s
		}},
		{"history", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.details().past.fold.SetOpen(true)
			s.details().past.show(samplePast(s.clock.Now()), nil)
			s.details().results.box.Hide() // so that the history is in the picture
			return s
		}},
		{"history-lost", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.details().past.fold.SetOpen(true)
			s.details().past.show(samplePast(s.clock.Now())[70:], history.ErrUnreadable)
			s.details().results.box.Hide()
			return s
		}},
		{"removed", func(t *testing.T) *stage {
			s := tried(jumpcloudtest.SampleKey)(t)
			s.writer.remove(s.details().c.ID)
			return s
		}},
		{"no-keychain", func(t *testing.T) *stage {
			s := open(t, broken(keychain.ErrNoProvider), Options{})
			s.typeKey(jumpcloudtest.SampleKey)
			s.saveFails()
			return s
		}},
		{"hand-over-outdated", func(t *testing.T) *stage {
			k := keychain.Memory()
			keep(t, k, jumpcloudtest.SampleKey)
			s := open(t, k, Options{})
			c := s.connections.all[0]
			c.HandOver = connector.HandOver{At: s.clock.Now(), Outdated: true}
			s.tell(handOverWanted{c})
			return s
		}},
		{"settings", func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.showScreen(screenOf[*settingsScreen](s))
			return s
		}},
		{"unkept", func(t *testing.T) *stage { return open(t, keychain.Memory(), Options{Unkept: true}) }},
		{"unshown", func(t *testing.T) *stage {
			s := open(t, keychain.Memory(), Options{})
			s.showScreen(s.screens[len(s.screens)-1])
			s.inform("unshown", nil)
			return s
		}},
		{"organizations", organizations(func(*stage) {})},
		{"organizations-selected", organizations(func(s *stage) {
			s.many().search.SetText("ashby")
			s.many().selectShown()
			s.many().search.SetText("")
			s.win.Canvas().Focus(s.many().list)
		})},
		{"organizations-none", organizations(func(s *stage) { s.many().search.SetText("nowhere") })},
		{"organizations-running", organizations(func(s *stage) {
			s.server.SetLatency(2 * time.Millisecond)
			s.many().selectShown()
			s.many().connectSelected()
			s.until("some are connected", func() bool { return len(s.many().connected) > 20 })
			s.pass(7 * time.Second)
		})},
		{"organizations-done", organizations(func(s *stage) {
			s.failFor(jumpcloudtest.Forbidden().On("/api/systems"), 100, 101, 107)
			s.failFor(jumpcloudtest.CaptivePortal().On("/api/systemusers"), 102)
			for i := range 15 {
				s.many().set(true, jumpcloudtest.OrganizationID(100+i))
			}
			s.many().connectSelected()
			s.connected()
		})},
		{"organizations-all", organizations(func(s *stage) {
			s.many().set(true, jumpcloudtest.OrganizationID(100), jumpcloudtest.OrganizationID(101))
			s.many().connectSelected()
			s.connected()
		})},
		{"organizations-behind", organizations(func(s *stage) {
			s.server.Fail(jumpcloudtest.Hang())
			s.choose(100, 101)
			s.many().connectSelected()
			s.tell(newWanted{})
		})},
		{"organizations-limit", organizations(func(s *stage) {
			s.choose(100, 101, 108)
			s.many().connectSelected()
			s.connected()
			s.failFor(jumpcloudtest.Forbidden(), 108)
			s.checks.start(true)
			s.until("all are checked", func() bool { return !s.checks.running })
			s.server.Heal()
			s.pass(time.Minute)
			s.server.Fail(jumpcloudtest.Waiting(429, "300"))
			s.choose(109, 110)
			s.many().connectSelected()
			s.connected()
		})},
		{"organizations-list", organizations(func(s *stage) {
			s.many().openList()
			s.types("Kestrel\nKirkwall\n5f0000000000000000000065\nAcme, Inc.")
		})},
		{"organizations-refused", organizations(func(s *stage) {
			s.choose(100, 101)
			s.many().connectSelected()
			s.connected()
			s.server.Fail(jumpcloudtest.CaptivePortal())
			s.tell(moreWanted{s.connections.all[0]})
			s.connected()
		})},
		{"demo", func(t *testing.T) *stage {
			return open(t, keychain.Memory(), Options{InMemory: true, Samples: []Sample{
				{Name: "good", Key: jumpcloudtest.SampleKey}, {Name: "many", Key: jumpcloudtest.SampleMultiTenantKey},
				{Name: "administrator", Key: jumpcloudtest.SampleAdministratorKey}, {Name: "ending", Key: jumpcloudtest.SampleEndingKey},
				{Name: "revoked", Key: jumpcloudtest.SampleRevokedKey}, {Name: "command_runner", Key: jumpcloudtest.SampleCommandRunnerKey}}})
		}},
	}
	all = append(append(append(all, handOverPictures()...), rotationPictures()...), homePictures()...)
	for name, key := range map[string]string{"many": jumpcloudtest.SampleMultiTenantKey, "administrator": jumpcloudtest.SampleAdministratorKey,
		"second": jumpcloudtest.SampleSecondKey, "partly": jumpcloudtest.SamplePartlyKey, "ending": jumpcloudtest.SampleEndingKey,
		"service": jumpcloudtest.SampleServiceKey, "revoked": jumpcloudtest.SampleRevokedKey, "command-runner": jumpcloudtest.SampleCommandRunnerKey,
		"portal": jumpcloudtest.SamplePortalKey, "limited": jumpcloudtest.SampleLimitedKey, "server": jumpcloudtest.SampleServerKey,
		"blocked": jumpcloudtest.SampleBlockedKey} {
		all = append(all, picture{"sample-" + name, tried(key)})
	}
	if words.Text("form.key") == "API key" { // the scenarios find things by their English names
		for cause, c := range scenarios {
			all = append(all, picture{"outcome-" + string(cause), c.comeAbout})
		}
	}
	return all
}

// samplePast makes up the history of 88 days with all that can happen.
func samplePast(now time.Time) (all []check.Past) {
	for i := range 88 {
		at := now.AddDate(0, 0, i-87)
		p := check.Past{At: at, Until: at, Times: 24, State: check.Passed}
		switch {
		case i%17 == 9:
			continue
		case i < 30:
			p.State, p.Cause = check.Warning, check.CauseRolePrivileged
		case i == 44, i == 45:
			p.State, p.Cause = check.Skipped, check.CauseTimeout
		case i > 59 && i < 64:
			p.State, p.Cause = check.Failed, check.CauseKeyStopped
		}
		all = append(all, p)
	}
	return all
}

// organizations is the window with the organizations of a key, after something was done there.
func organizations(do func(*stage)) func(t *testing.T) *stage {
	return func(t *testing.T) *stage {
		s := choosing(t, keychain.Memory())
		do(s)
		return s
	}
}

// tried is the window after a key was entered and checked.
func tried(key string) func(t *testing.T) *stage {
	return func(t *testing.T) *stage {
		s := open(t, keychain.Memory(), Options{})
		s.typeKey(key)
		s.saved()
		return s
	}
}

// replacing opens the form for another key of a kept connection.
func replacing(t *testing.T) *stage {
	k := keychain.Memory()
	keep(t, k, jumpcloudtest.SampleKey)
	s := open(t, k, Options{})
	s.tell(keyWanted{s.connections.all[0]})
	return s
}
