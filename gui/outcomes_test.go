package gui

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

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
	for _, w := range []string{words.Seen(row.Outcome, now), words.Move(row.Outcome, place, now), words.Missed(row.Check, row.Outcome)} {
		if !strings.Contains(row.says, w) {
			t.Errorf("not in the window: %q", w)
		}
		if strings.Contains(w, "“”") || strings.Contains(w, "  ") || strings.Contains(w, " .") {
			t.Errorf("something is left out in %q", w)
		}
	}
	wanted := m.Help != check.HelpNone
	if shown := row.button != nil; shown != wanted {
		t.Fatalf("there is a button: %v, want %v", shown, wanted)
	}
	if wanted {
		buttonLeadsThere(t, s, row.button, m.Help)
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
	test.Tap(b)
	running := func() bool { return s.offers("Cancel") }
	done := map[check.Help]func() bool{
		check.HelpConsole: func() bool { return s.page == s.server.URL }, // that of the first region
		check.HelpStatus:  func() bool { return s.page == check.StatusPage },
		check.HelpSwap: func() bool {
			return s.field("API key").Text == organization && s.field("Organization ID").Text == key && running()
		},
		check.HelpAgain:      running,
		check.HelpAllRegions: running,
		check.HelpPick: func() bool {
			return strings.HasPrefix(s.focused().(*widgets.Field).PlaceHolder, "Search by name or ID")
		},
	}[help]
	if kept && (help == check.HelpAllRegions || help == check.HelpPick) {
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
		"This page is made from the program: `go test ./gui -run TestThePageOfOutcomes -update`.\n\n" +
		"| outcome | state | what was observed | whose move, and what to do | button |\n|---|---|---|---|---|\n")
	places := placesOfOutcomes()
	for _, m := range check.Meanings() {
		o := check.Outcome{State: m.State, Cause: m.Cause, Facts: places}
		what := words.Seen(o, time.Time{})
		button := ""
		if m.Help != check.HelpNone {
			button = words.Text("help." + string(m.Help))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.Cause, words.State(m.State), what, words.Move(o, words.InForm, time.Time{}), button)
	}
	b.WriteString("\n## Failures of the system keychain\n\nWhat is typed stays typed, what is stored stays stored, and the window has a button to " +
		"try again. [security.md](security.md) says which test shows each.\n\n| outcome | what was observed | what to do |\n|---|---|---|\n")
	for _, cause := range connector.KeychainCauses() {
		o := check.Outcome{Cause: cause}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", cause, words.Seen(o, time.Time{}), words.Remedy(o, time.Time{}))
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
	first = row().says
	s.pass(30 * time.Second)
	if now := row().says; now == first || !strings.Contains(now, "for another") {
		t.Errorf("30 s later it says %q, after %q", now, first)
	}
	s.pass(90 * time.Second)
	if now := row().says; strings.Contains(now, "for another") {
		t.Errorf("when the wait is over it says %q", now)
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
	s.until("it is said what is copied", func() bool {
		return s.sees("Copied: versions, checks, timings and request numbers. No key, no names, nothing personal.")
	})
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
