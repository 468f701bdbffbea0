package gui

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"controlmap-jumpcloud/assets"
	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/wire"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// Each outcome that there is comes about, and the window says what was seen, whose move it is, what to do, and offers
// the button that helps.
func TestEveryOutcomeIsShown(t *testing.T) {
	for _, m := range check.Meanings() {
		t.Run(string(m.Cause), func(t *testing.T) {
			c, ok := scenarios[m.Cause]
			if !ok {
				t.Fatal("there is no scenario for it")
			}
			s := c.comeAbout(t)
			row := s.row(c.check)
			if row.Cause != m.Cause {
				t.Fatalf("%s is %s: %s", c.check, row.State, row.Cause)
			}
			outcomeIsShown(t, s, row, m)
		})
	}
}

func outcomeIsShown(t *testing.T, s *stage, row seenCheck, m check.Meaning) {
	t.Helper()
	now, place := s.work.now(), words.InConnection
	if s.formShown() {
		place = words.InForm
	}
	if row.State != m.State && row.State != check.Warning {
		t.Errorf("it is %s, want %s", row.State, m.State)
	}
	said := []string{words.Seen(row.Outcome, now), words.Missed(row.Check, row.Outcome)}
	says, inCard := row.says, s.results().about == row.Check
	if inCard {
		says = textIn(s.results().card.box)
		said = append(said, words.Title(row.Outcome, now), words.Who(m.Move))
		if next := m.Next(); m.State == check.Failed && next != check.HelpNone && !s.highlights(s.label(next, row.Outcome)) {
			t.Errorf("the next step is %q, and not %s", s.highlighted(), next)
		}
	} else {
		said = append(said, words.Move(row.Outcome, place, now))
	}
	for _, w := range said {
		if !strings.Contains(says, strings.TrimSuffix(w, ".")) { // what the title says is not said again
			t.Errorf("not in the window: %q", w)
		}
		if strings.Contains(w, "“”") || strings.Contains(w, "  ") || strings.Contains(w, " .") {
			t.Errorf("something is left out in %q", w)
		}
	}
	if high := s.highlighted(); len(high) != 1 && m.Cause != check.CauseKeySeveral {
		t.Errorf("the next step is one of %q", high)
	}
	if inCard && m.Next() == check.HelpMessage {
		messageIsCopied(t, s, row)
	}
	buttonIsThere(t, s, row, m, inCard)
}

// buttonIsThere finds the button that helps, in the card or in the row of the check, and presses it.
func buttonIsThere(t *testing.T, s *stage, row seenCheck, m check.Meaning, inCard bool) {
	t.Helper()
	button := row.button
	if inCard && m.Help != check.HelpNone {
		button, _ = s.findButton(s.label(m.Help, row.Outcome), nil).(*widgets.Button)
	}
	if shown, wanted := button != nil, m.Help != check.HelpNone; shown != wanted {
		t.Fatalf("there is a button: %v, want %v", shown, wanted)
	}
	if button != nil {
		buttonLeadsThere(t, s, button, m.Help)
	}
}

// label is what the button for a kind of help with an outcome is called on the screen.
func (s *stage) label(help check.Help, o check.Outcome) string {
	now := s.work.now()
	if until, ok := words.WaitsUntil(o); ok && until.After(now) && help == check.HelpAgain {
		return words.Text("help.again_in", words.OutcomeFacts(o, now))
	}
	if !s.formShown() && (help == check.HelpAllRegions || help == check.HelpPick || help == check.HelpPaste) {
		return words.Text("details.replace")
	}
	return words.Text("help." + string(help))
}

// highlighted are the labels of the buttons of high importance on the screen: what is to be pressed next.
func (s *stage) highlighted() (all []string) {
	for _, p := range s.parts() {
		if b, ok := p.CanvasObject.(*widgets.Button); ok && b.Importance == widget.HighImportance {
			all = append(all, b.Text)
		}
	}
	return all
}

func (s *stage) highlights(label string) bool { return slices.Contains(s.highlighted(), label) }

// messageIsCopied copies the message for whoever has to act. It says what is to be done, and nothing secret.
func messageIsCopied(t *testing.T, s *stage, row seenCheck) {
	t.Helper()
	test.Tap(s.results().card.next)
	content := func() string { return fyne.CurrentApp().Clipboard().Content() }
	s.until("the message is copied", func() bool { return strings.Contains(content(), words.Text("message.begin")) })
	for _, want := range []string{words.Title(row.Outcome, s.work.now()), words.Remedy(row.Outcome, words.InMessage, s.work.now())} {
		if !strings.Contains(content(), want) {
			t.Errorf("%q is not in the message %q", want, content())
		}
	}
	for _, key := range append(jumpcloudtest.SampleWorld().Keys, *owned(func(*jumpcloudtest.Key) {})) {
		if strings.Contains(content(), key.Value[:12]) {
			t.Errorf("the message has a key, or its beginning: %q", content())
		}
	}
}

// buttonLeadsThere presses the button that helps, and looks at what it does.
func buttonLeadsThere(t *testing.T, s *stage, b *widgets.Button, help check.Help) {
	t.Helper()
	kept := !s.formShown()
	var key, organization string
	if !kept {
		key, organization = s.field("API key").Text, s.field("Organization ID").Text
	}
	s.server.ResetRequests()
	fyne.CurrentApp().Clipboard().SetContent(jumpcloudtest.SampleSecondKey)
	test.Tap(b)
	running := func() bool { return s.offers("Cancel") }
	done := map[check.Help]func() bool{
		check.HelpConsole: func() bool { return s.page == s.server.URL }, // that of the first region
		check.HelpBrowser: func() bool { return s.page == s.server.URL },
		check.HelpStatus:  func() bool { return s.page == check.StatusPage },
		check.HelpSwap: func() bool {
			return s.field("API key").Text == organization && s.field("Organization ID").Text == key && running()
		},
		check.HelpAgain:      running,
		check.HelpAllRegions: running,
		check.HelpPick: func() bool {
			return strings.HasPrefix(s.focused().(*widgets.Field).PlaceHolder, "Search by name or ID")
		},
		check.HelpPaste: func() bool {
			s.until("it is pasted", func() bool { return s.field("API key").Text != key })
			return s.field("API key").Text == jumpcloudtest.SampleSecondKey
		},
		check.HelpSave: func() bool {
			s.shown()
			return len(s.kept()) == 1
		},
		check.HelpLeaveOut: func() bool { return s.field("Organization ID").Text == "" && running() },
		check.HelpClose: func() bool {
			if s.dialog() != "" { // it asks what becomes of the key that is entered
				return true
			}
			s.shut = s.work.ctx.Err() != nil
			return s.shut
		},
	}[help]
	if kept && (help == check.HelpAllRegions || help == check.HelpPick || help == check.HelpPaste) {
		done = func() bool { return strings.HasPrefix(s.title(), "Replace the key of ") }
	}
	if !done() {
		t.Errorf("the button %q does not do what it says; the page is %q", b.Text, s.page)
	}
}

var update = flag.Bool("update", false, "write docs/outcomes.md anew")

// The page of all outcomes is made from the same data as the window's words.
func TestThePageOfOutcomes(t *testing.T) {
	const page = "../docs/outcomes.md"
	want := outcomesPage()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("%s is not up to date (%v): go test ./gui -run TestThePageOfOutcomes -update", page, err)
	}
}

// placesOfOutcomes has a fact for each place that the texts about outcomes have to fill in: its name, in ‹brackets›.
func placesOfOutcomes() check.Facts {
	texts, err := assets.Translations.ReadFile("translations/en.json")
	if err != nil {
		panic(err) // it is embedded
	}
	places := check.Facts{}
	for _, place := range regexp.MustCompile(`\.([A-Z]\w*)`).FindAllStringSubmatch(string(texts), -1) {
		places[place[1]] = "‹" + strings.ToLower(place[1]) + "›"
	}
	return places
}

func outcomesPage() string {
	var b strings.Builder
	b.WriteString("# Outcomes\n\nEvery way in which a check can end, in the words of the window. What stands in ‹brackets› is filled in.\n" +
		"The next click is the one coloured button of the window. This page is made from the program: `go test ./gui -run TestThePageOfOutcomes -update`.\n\n" +
		"| outcome | state | in a few words | what was observed | whose move, and what to do | next click | also |\n|---|---|---|---|---|---|---|\n")
	places := placesOfOutcomes()
	for _, m := range check.Meanings() {
		o := check.Outcome{State: m.State, Cause: m.Cause, Facts: places}
		what := words.Seen(o, time.Time{})
		title, next, also := "", "", ""
		if m.State == check.Failed || m.State == check.Warning {
			title = words.Title(o, time.Time{})
		}
		if m.Help != check.HelpNone {
			next = words.Text("help." + string(m.Next()))
		}
		if m.Help != m.Next() {
			also = words.Text("help." + string(m.Help))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", m.Cause, words.State(m.State), title, what, words.Move(o, words.InForm, time.Time{}), next, also)
	}
	b.WriteString("\n## Failures of the system keychain\n\nWhat is typed stays typed, what is stored stays stored, and the window has a button to " +
		"try again. [security.md](security.md) says which test shows each.\n\n| outcome | what was observed | what to do |\n|---|---|---|\n")
	for _, cause := range connector.KeychainCauses() {
		o := check.Outcome{Cause: cause}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cause, words.Seen(o, time.Time{}), words.Remedy(o, words.InForm, time.Time{}))
	}
	b.WriteString("\n## The commonest, in the window\n")
	for _, name := range pictured {
		fmt.Fprintf(&b, "\n**%s**\n\n![%s](images/failure-%s.png)\n", name.what, name.what, name.file)
	}
	return b.String()
}

// pictured are the failures of which scripts/pictures takes a picture.
var pictured = []struct{ file, what string }{
	{"swapped", "The two entries in each other's field"},
	{"revoked", "A key that JumpCloud does not know"},
	{"command_runner", "A Command Runner's key"},
	{"organization", "An organization that the key does not open"},
	{"many", "A key of several organizations"},
	{"partly", "A role that may not read everything, and a key that is old"},
	{"administrator", "A key that can do more than needed, of an administrator without MFA"},
	{"portal", "The sign-in page of a guest network"},
	{"limited", "Too many requests: the wait is counted down"},
	{"server", "A problem of JumpCloud's own"},
	{"blocked", "A blocked network address"},
}

// A wait that JumpCloud asked for is counted down, while it is waited for and after it was not.
func TestWaitsAreCountedDown(t *testing.T) {
	server := sampleServer(t)
	server.Fail(jumpcloudtest.RateLimited(9 * time.Second).Times(1))
	server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
	goOn := make(chan struct{})
	waiting := connector.WithHTTPClient(func() *http.Client {
		h := impatient(nil)
		h.Transport.(*wire.Retry).Wait = func(ctx context.Context, _ time.Duration) error {
			select {
			case <-goOn:
			case <-ctx.Done():
			}
			return ctx.Err()
		}
		return h
	})
	s := openOn(t, server, keychain.Memory(), Options{}, waiting,
		connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
	s.typeKey(jumpcloudtest.SampleKey)
	row := func() seenCheck { return s.row(check.IDReachable) }
	s.until("it waits", func() bool { return row().Cause == check.CauseWaiting })
	first := row().says
	s.pass(3 * time.Second)
	if now := row(); now.says == first || !strings.Contains(now.says, " s left") || now.State != check.Running {
		t.Errorf("3 s later it says %q, after %q", now.says, first)
	}
	close(goOn)
	s.checked()
	if got := row().Cause; got != check.CauseRateLimited {
		t.Fatalf("it ended with %s", got)
	}
	card := func() string { return textIn(s.results().card.box) }
	first = card()
	s.pass(30 * time.Second)
	if now := card(); now == first || !strings.Contains(now, "for another") {
		t.Errorf("30 s later it says %q, after %q", now, first)
	}
	s.press("Stop the countdown")
	s.pass(90 * time.Second)
	if now := card(); strings.Contains(now, "for another") {
		t.Errorf("when the wait is over it says %q", now)
	}
}

// When a wait is over that JumpCloud asked for, the checks run again by themselves. The button counts down to that.
func TestTheChecksRunAgainAfterAWait(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
	s.typeKey(jumpcloudtest.SampleKey)
	s.checked()
	next, left := s.highlighted(), 0 // the core's clock is another one, and may be some seconds ahead
	if _, err := fmt.Sscanf(strings.Join(next, ""), "Run again in %d s", &left); err != nil || left < 89 {
		t.Fatalf("the next step is %q", next)
	}
	s.server.Heal()
	s.server.ResetRequests()
	for _, seconds := range []int{30, 30, left - 61} {
		left -= seconds
		if s.pass(time.Duration(seconds) * time.Second); !s.highlights(fmt.Sprintf("Run again in %d s", left)) {
			t.Errorf("the next step is %q, want %d s left", s.highlighted(), left)
		}
	}
	if n := len(s.server.Requests()); n > 0 {
		t.Errorf("%d requests came before the wait was over", n)
	}
	s.pass(time.Second)
	s.shown()
}

// A wait goes on in another language, and the window of the former one runs nothing.
func TestAWaitGoesOnInAnotherLanguage(t *testing.T) {
	for name, wait := range map[string]func(*stage){
		"the form": func(s *stage) { s.typeKey(jumpcloudtest.SampleKey) },
		"a connection": func(s *stage) {
			s.server.Heal()
			s.typeKey(jumpcloudtest.SampleKey)
			s.shown()
			s.idle()
			s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
			s.menu("Check", "Check now")
		},
	} {
		t.Run(name, func(t *testing.T) {
			spoken(t, "")
			s := openHere(t, keychain.Memory())
			s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
			wait(s)
			s.until("it counts down", func() bool { return s.offers("Stop the countdown") })
			s.menu("View", "Language", "Deutsch")
			s.settle()
			if !s.offers(words.Text("help.wait_no_more")) {
				t.Errorf("it counts down no more; the screen says:\n%s", s.screenText())
			}
			s.server.Heal()
			s.server.ResetRequests()
			for left := s.results().waits(); left > 0; left = s.results().waits() { // the core's clock may be some seconds ahead
				s.pass(min(left, 30*time.Second))
			}
			s.settle()
			if n := s.runs(); n != 1 {
				t.Errorf("the checks ran %d times", n)
			}
		})
	}
}

// A countdown ends in one run of the checks, whatever happens at its end before its clock.
func TestACountdownEndsInOneRun(t *testing.T) {
	for name, meanwhile := range map[string]func(*stage){
		"nothing":         func(*stage) {},
		"a minute passes": func(s *stage) { s.hear(minutePassed{}) },
		"it gets another name": func(s *stage) {
			s.connections.change(s.details().c.ID, func(c *connector.Connection) { c.Name = "Ours" })
		},
		"the connections are read": func(s *stage) { s.reread(); s.settle() },
		"the language changes":     func(s *stage) { s.menu("View", "Language", "Deutsch"); s.settle() },
		"a save into it that fails": func(s *stage) {
			id := s.details().c.ID
			s.writer.setOccupied(id, true)
			s.pass(0)
			s.writer.setOccupied(id, false)
		},
	} {
		for _, late := range []bool{false, true} { // whether the wait is over by then
			t.Run(fmt.Sprint(name, late), func(t *testing.T) {
				spoken(t, "")
				k := keychain.Memory()
				keepHere(t, k, jumpcloudtest.SampleKey)
				s := openHere(t, k)
				s.tap("Larkspur Robotics")
				s.idle()
				s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
				s.menu("Check", "Check now")
				s.until("it counts down", func() bool { return s.offers("Stop the countdown") })
				s.settle()
				s.server.Heal()
				s.server.ResetRequests()
				for wait := s.results().waits() - time.Second; wait > 0; wait -= 30 * time.Second {
					s.pass(min(wait, 30*time.Second))
				}
				if requests := s.server.Requests(); s.highlights("Run again") || len(requests) > 0 {
					t.Fatalf("before the end the next step is %q, and these requests came: %v", s.highlighted(), requests)
				}
				if late {
					s.clock.advance(2 * time.Second)
				}
				meanwhile(s)
				for range 4 {
					s.pass(2 * time.Second)
					s.settle()
				}
				if n := s.runs(); n != 1 {
					t.Errorf("the checks ran %d times; the screen says:\n%s", n, s.screenText())
				}
			})
		}
	}
}

// runs is how often the checks have asked about the organizations since the requests were reset.
func (s *stage) runs() (n int) {
	for _, r := range s.server.Requests() {
		if r.Path == "/api/organizations" {
			n++
		}
	}
	return n
}

// A wait is for one connection. Whoever opens another one, which has to wait too, decides when that is checked.
func TestAWaitStaysWithItsConnection(t *testing.T) {
	k := keychain.Memory()
	keepHere(t, k, jumpcloudtest.SampleKey)
	keepHere(t, k, jumpcloudtest.SampleAdministratorKey)
	s := openHere(t, k)
	s.idle()
	s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
	s.press("Check all")
	s.until("all are checked", func() bool { return !s.checks.running })
	s.tap("Larkspur Robotics")
	s.press("Run again")
	s.until("it counts down", func() bool { return s.offers("Stop the countdown") })
	s.tap("Juniper & Sons Bakery")
	if s.offers("Stop the countdown") {
		t.Errorf("the other connection counts down: %q", s.highlighted())
	}
}

// Whoever cancels the wait decides when the checks run again. So does a change of the entries.
func TestAWaitIsCancelled(t *testing.T) {
	for name, stop := range map[string]func(*stage){
		"the button":      func(s *stage) { s.press("Stop the countdown") },
		"Esc":             func(s *stage) { s.win.Canvas().Focus(s.field("API key")); s.keys(fyne.KeyEscape) },
		"another key":     func(s *stage) { s.fill("API key", "no key") },
		"another screen":  func(s *stage) { s.menu("View", "Settings…"); s.press("Done") },
		"a closed window": func(s *stage) { s.shut = true; s.win.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, keychain.Memory(), Options{})
			s.server.Fail(jumpcloudtest.RateLimited(90 * time.Second))
			s.typeKey(jumpcloudtest.SampleKey)
			s.checked()
			s.server.Heal()
			s.server.ResetRequests()
			stop(s)
			for range 4 {
				s.pass(30 * time.Second)
			}
			s.settle()
			if n := len(s.server.Requests()); n > 0 {
				t.Errorf("the checks ran by themselves, with %d requests", n)
			}
		})
	}
}

// Run again repeats only what did not pass.
func TestRunAgain(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/systems"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.checked()
	s.server.Heal()
	s.server.ResetRequests()
	s.press("Run again")
	s.shown()
	for _, r := range s.server.Requests() {
		if r.Path != "/api/systems" {
			t.Errorf("%s was asked for again", r.Path)
		}
	}
	if got := s.kept()[0].Report.Worst(); got != check.Passed {
		t.Errorf("the connection is %s", got)
	}
}

func TestCopyForSupport(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.typeKey(jumpcloudtest.SampleCommandRunnerKey)
	s.checked()
	s.press("Copy for support")
	s.until("it is copied", func() bool { return s.offers("Copied") })
	got := fyne.CurrentApp().Clipboard().Content()
	for _, want := range []string{"role_refused", "status=403", "GET /api/organizations  403", "51311a7e-0000-4000-8000"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in what is copied:\n%s", want, got)
		}
	}
	if strings.Contains(got, jumpcloudtest.SampleCommandRunnerKey) {
		t.Error("the key is copied")
	}
}

// A point about a list says which list it is.
func TestPointsNameTheirLists(t *testing.T) {
	s := open(t, keychain.Memory(), Options{})
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/v2/usergroups"))
	s.server.Fail(jumpcloudtest.Forbidden().On("/api/v2/policies"))
	s.typeKey(jumpcloudtest.SampleKey)
	s.shown()
	card := textIn(s.results().card.box)
	for _, want := range []string{"2 points", "User groups: The role Read Only is not allowed to read this", "Device policies: The role Read Only is not allowed to read this"} {
		if !strings.Contains(card, want) {
			t.Errorf("not in the card: %q\n%s", want, card)
		}
	}
}

// What the system said of a failure that the program does not know is under Details.
func TestTheTechnicalTextIsUnderDetails(t *testing.T) {
	s := scenarios[check.CauseUnknown].comeAbout(t)
	s.press("Details")
	if s.settle(); !strings.Contains(s.results().checks.took.Text, "the moon is in the wrong house)") || !s.results().checks.details.IsOpen() {
		t.Errorf("under Details stands %q", s.results().checks.took.Text)
	}
}
