package gui

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// pageIs fails the test if the guide is not open at a step.
func (s *stage) pageIs(step, when string) {
	s.t.Helper()
	if title := words.Text("guide." + step + ".title"); !s.hasLine(title) {
		s.t.Errorf("%s: the guide is not at %q but at %s of %s", when, title, chapters[s.guide.chapter][s.guide.at[s.guide.chapter]], s.guide.chapter)
	}
}

func TestTheGuideFollowsTheState(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.pageIs("menu", "nothing is entered")
	s.press("I have a key")
	s.pageIs("here", "the user has a key")
	s.press("I need a key")
	s.pageIs("menu", "the user needs a key")
	s.press("More options")
	s.pageIs("organization", "the options are open")
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	s.pageIs("administrator", "the role may not use the API")
	s.fill("API key", jumpcloudtest.SampleRevokedKey)
	s.pageIs("here", "another key is entered")
	s.pass(typingPause)
	s.checked()
	s.pageIs("here", "the key is not known")
	s.fill("API key", jumpcloudtest.OrganizationID(1))
	s.typeInto("Organization ID", jumpcloudtest.SampleKey)
	s.pass(typingPause)
	s.pageIs("organization", "the fields are swapped")
	s.reread()
	s.idle()
	s.pageIs("organization", "the fields are still swapped")
	s.press("Swap the two fields")
	s.shown()
	s.pageIs("integrations", "the connection works")
	s.press("Hand over to ControlMap")
	s.press("Copy", "API key")
	s.until("the guide goes on", func() bool { return s.hasLine(words.Text("guide.paste.title")) })
	s.press("Mark as handed over")
	s.until("it is handed over", func() bool { return s.offers("Show the connection") })
	s.pageIs("reminder", "the connection is handed over")
	s.press("Show the connection")
	s.press("Replace key")
	s.pageIs("mykey", "the key is replaced")
}

// Who turns the pages is not interrupted by what was known before.
func TestTurningThePagesOfTheGuide(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	name := s.field("Name") // which is under More options
	s.press("I need a key")
	steps := chapters[guideNeed]
	for i, step := range steps {
		s.pageIs(step, "turning on")
		if want := words.Text("guide.count", words.Facts{"Step": string(rune('1' + i)), "Count": "6"}); !s.hasLine(want) {
			t.Errorf("it does not say %q", want)
		}
		if s.offers("Back") != (i > 0) || s.offers("Next") != (i < len(steps)-1) {
			t.Errorf("at %s: Back is offered: %v, Next: %v", step, s.offers("Back"), s.offers("Next"))
		}
		if i < len(steps)-1 {
			s.press("Next")
		}
	}
	if s.focused() != s.button("Back") {
		t.Error("the focus stays on a button that is gone")
	}
	s.press("Back")
	s.win.Canvas().Focus(name)
	s.types("Ours")
	s.pageIs("mykey", "a name is typed")
	s.press("Or: a service account")
	s.pageIs("accounts", "a service account is wanted")
	s.press("Or: an administrator")
	s.pageIs("mykey", "the way back leads to where the user was")
	s.win.Canvas().Focus(s.button("Back"))
	s.keys(fyne.KeyReturn)
	s.pageIs("mail", "by keyboard")
}

// What a person has to know before generating stands on the page before that.
func TestTheWarningStandsBeforeTheHarm(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	warning := words.Text("guide.mykey.warning")
	warned := false
	for _, step := range chapters[guideNeed] {
		if step == "generate" {
			break
		}
		warned = warned || s.sees(warning)
		s.press("Next")
	}
	if !warned {
		t.Error("nothing warns of what generating does")
	}
}

// seedSteps are the steps of ControlMap's help page on JumpCloud, each with the step of the guide that has it, and the words there. What is
// JumpCloud's name for something today is after the one of that page.
var seedSteps = []struct{ says, step, words string }{
	{"Administrator Account means an account with elevated privileges", "add", "An administrator may see and change your organization"},
	{"Log in to the JumpCloud Administrator Portal", "menu", "Sign in to the JumpCloud Admin Portal"},
	{"click the circle with your initials", "menu", "Click your initials (top right)"},
	{"Select Administrators. The Administrators panel appears", "menu", "Click Administrators"},
	{"Click (+). The New Administrator panel appears", "add", "Click +"},
	{"Enter a unique email address", "administrator", "A unique email address"},
	{"select a Role for the administrator account", "administrator", "Role: Read Only"},
	{"Enable Multifactor Authentication for Login", "administrator", "Multi-factor authentication for login: optional"},
	{"Click create", "administrator", "Then Create"},
	{"receive an email to the specified address with a link to create a password", "mail", "sends an email to that address. Its link sets the first password"},
	{"the new admin can log in to the Administrator Portal", "mail", "Sign in to the Admin Portal"},
	{"Log into the JumpCloud Admin Console", "mail", "Sign in to the Admin Portal"},
	{"Click the username drop-down menu", "mykey", "Click the initials (top right)"},
	{"Click API Settings", "mykey", "Click My API Key (older consoles: API Settings)"},
	{"This API key is associated with the administrator currently logged in", "mykey", "The key belongs to whoever is signed in"},
	{"Command runners receive a 403 error", "here", "A Command Runner cannot use the API (error 403)"},
	{"Do not share this API key", "here", "The key can do whatever its administrator can: never mail or chat it"},
	{"click Generate New API Key", "generate", "Click Generate New API Key"},
	{"This renders all calls using the previous API key inaccessible", "mykey", "ends this administrator’s former key at once, everywhere"},
	{"Click on Settings at the bottom of the left-hand navigation panel", "organization", "Click Settings (bottom left)"},
	{"click the ‘eye’ icon to remove the obscured view", "organization", "The eye uncovers the ID"},
	{"Copy the Organization ID", "organization", "Copy it"},
	{"Both API Key and Organization ID are needed at the time of integration", "paste", "ControlMap needs both at the same time"},
	{"(since then) keys end", "generate", "Choose how long it lasts"},
	{"(since then) service accounts", "accounts", "Better where ControlMap takes its key"},
}

func TestEveryStepOfTheHelpPageIsInTheGuide(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	for _, seed := range seedSteps {
		s.guide.turnTo(chapterOf(seed.step))
		if said := strings.Join(strings.Fields(textIn(s.guide.box)), " "); !strings.Contains(said, seed.words) {
			t.Errorf("%q: the step %s says %q", seed.says, seed.step, said)
		}
	}
}

func TestEveryStepHasItsWords(t *testing.T) {
	for chapter, steps := range chapters {
		keys := []string{"guide." + string(chapter)}
		for _, step := range steps {
			keys = append(keys, "guide."+step+".title", "guide."+step+".text")
		}
		for _, key := range keys {
			if words.Text(key, words.Facts{"Seconds": "30"}) == key {
				t.Errorf("there is no %s", key)
			}
		}
	}
}

// chapterOf returns the topic that is a step.
func chapterOf(step string) topic {
	for chapter, steps := range chapters {
		for _, one := range steps {
			if one == step {
				return chapter + "/" + topic(step)
			}
		}
	}
	return ""
}

// Each picture belongs to a step, can be read, and has only colours that follow the theme.
func TestThePicturesOfTheGuide(t *testing.T) {
	files, err := fs.Glob(assets.Guide, "guide/*.svg")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".svg")
		if chapterOf(name) == "" {
			t.Errorf("%s belongs to no step", file)
		}
		svg, err := assets.Guide.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := widgets.NewPicture(name, svg); err != nil {
			t.Error(err)
		}
	}
}

// Each topic that a cause leads to is a step of the guide or a chapter.
func TestHelpfulTopicsExist(t *testing.T) {
	for cause, wanted := range helpful {
		chapter, step := wanted.split()
		if chapters[chapter] == nil || step < 0 && strings.Contains(string(wanted), "/") {
			t.Errorf("%s leads to %q", cause, wanted)
		}
	}
}

// In a wide page the picture is beside the text, so that both are seen on a low screen.
func TestThePictureIsBesideTheTextWhereThereIsRoom(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.guide.open()
	for width, beside := range map[float32]bool{480: false, 640: true, 1280: false} {
		s.win.Resize(fyne.NewSize(width, 422))
		layOut(s.win.Content())
		parts := s.guide.body.Objects
		picture, text := boxOf(parts[1].Position(), parts[1].Size()), boxOf(parts[2].Position(), parts[2].Size())
		if got := text.left >= picture.right; got != beside {
			t.Errorf("at %g the picture is beside the text: %v", width, got)
		}
		if !beside && text.top < picture.bottom {
			t.Errorf("at %g the text begins at %g, and the picture ends at %g", width, text.top, picture.bottom)
		}
	}
}
