package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/words"
)

func TestMain(m *testing.M) {
	// The tests are in English, whoever runs them.
	os.Unsetenv("LANGUAGE")
	os.Setenv("LC_ALL", "en_US.UTF-8")
	os.Exit(m.Run())
}

// testChecker is the command check on a simulated JumpCloud, with what it prints.
type testChecker struct {
	checker
	server    *jumpcloudtest.Server
	out, errs bytes.Buffer
}

func newTestChecker(t *testing.T, k keychain.Backend) *testChecker {
	t.Helper()
	server := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	term := &testChecker{server: server}
	term.checker = checker{out: &term.out, errs: &term.errs, now: time.Now,
		connector: connector.New(keychain.New(k, "terminal.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}), connector.WithTimer(atOnce))}
	return term
}

// Names come from outside. Commands for the terminal in them are not passed on.
func TestNothingFromOutsideIsAnOrder(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	w := jumpcloudtest.World{Organizations: []jumpcloudtest.Organization{{ID: jumpcloudtest.OrganizationID(1), Name: "A\x1b]0;title\x07\nEverything: Passed"}},
		Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleKey, Role: "R\x1b[2J", Organizations: []string{jumpcloudtest.OrganizationID(1)}}}}
	server := jumpcloudtest.New(w)
	t.Cleanup(server.Close)
	term.connector = connector.New(keychain.New(keychain.Memory(), "terminal.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
	term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
	if strings.ContainsAny(term.out.String(), "\x1b\x07") || strings.Contains(term.out.String(), "\nEverything") {
		t.Errorf("printed %q", term.out.String())
	}
}

// A connection that could not be checked does not count as one that does not work.
func TestWhatCannotBeCheckedIsNotTakenForAFailure(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	report := term.connector.Validate(t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
	_, err := term.connector.Save(t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Delete("terminal.test", "key/0"); err != nil {
		t.Fatal(err)
	}
	isNotChecked := func(why string) {
		t.Helper()
		term.out.Reset()
		if code := term.checkStored(t.Context()); code != exitNotRun || !strings.Contains(term.out.String(), "Larkspur Robotics: Not checked") {
			t.Errorf("%s: exit code %d:\n%s", why, code, &term.out)
		}
	}
	isNotChecked("the key is gone")
	_, err = term.connector.Save(t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report)
	if err != nil {
		t.Fatal(err)
	}
	for why, fault := range map[string]*jumpcloudtest.Fault{"a guest network": jumpcloudtest.CaptivePortal(), "JumpCloud fails": jumpcloudtest.Status(503),
		"JumpCloud fails at one list": jumpcloudtest.Status(503).On("/api/systems")} {
		term.server.Fail(fault)
		isNotChecked(why)
		term.out.Reset()
		if code := term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", ""); code != exitNotRun {
			t.Errorf("%s: with a piped key, the exit code is %d:\n%s", why, code, &term.out)
		}
		term.out.Reset()
		if term.list(t.Context(), true); !strings.Contains(term.out.String(), ",unchecked,skipped,") {
			t.Errorf("%s: the list says\n%s", why, &term.out)
		}
		term.server.Heal()
	}
}

func TestCheckingWhatIsStored(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	for _, key := range []string{jumpcloudtest.SampleKey, jumpcloudtest.SampleAdministratorKey} {
		report := term.connector.Validate(t.Context(), credentialsOf(key), func(check.Result) {})
		if _, err := term.connector.Save(t.Context(), "", credentialsOf(key), report); err != nil {
			t.Fatal(err)
		}
	}
	if code := term.checkStored(t.Context()); code != 0 || !strings.Contains(term.out.String(), "Juniper & Sons Bakery: Attention") {
		t.Errorf("exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	if code := term.checkStored(t.Context()); code != 1 || !strings.Contains(term.out.String(), "Larkspur Robotics: Failed") ||
		!strings.Contains(term.out.String(), "It last worked on") || !strings.Contains(term.errs.String(), "JumpCloud is asked again in a minute") {
		t.Errorf("exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.asJSON = true
	term.checkStored(t.Context())
	var printed struct {
		Connections []struct {
			Name, State string
			Report      struct {
				Results []struct{ Check, State, Cause string }
			}
		}
	}
	if err := json.Unmarshal(term.out.Bytes(), &printed); err != nil || len(printed.Connections) != 2 {
		t.Fatalf("%v: %s", err, &term.out)
	}
	if c := printed.Connections[1]; c.Name != "Larkspur Robotics" || c.State != "failed" || c.Report.Results[3].Cause != "key_stopped" {
		t.Errorf("printed %+v", c)
	}
	if strings.Contains(term.out.String(), "jca_") {
		t.Error("a key is printed")
	}
}

// One refusal is not reported: after a minute, the answer is another one. Who does not wait for that is told that not all was checked.
func TestRefusedOnce(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	for _, key := range []string{jumpcloudtest.SampleKey, jumpcloudtest.SampleAdministratorKey} {
		report := term.connector.Validate(t.Context(), credentialsOf(key), func(check.Result) {})
		if _, err := term.connector.Save(t.Context(), "", credentialsOf(key), report); err != nil {
			t.Fatal(err)
		}
	}
	world := connector.WithRegions(jumpcloud.Region{ID: "us", Console: term.server.URL})
	ctx, cancel := context.WithCancel(t.Context())
	meanwhile := func(f func()) {
		term.connector = connector.New(keychain.New(k, "terminal.test"), world, connector.WithTimer(func(time.Duration) <-chan time.Time {
			f()
			return atOnce(0)
		}))
		term.out.Reset()
		term.errs.Reset()
		term.server.Fail(jumpcloudtest.Unauthorized())
	}
	meanwhile(term.server.Heal)
	if code := term.checkStored(ctx); code != 0 || !strings.Contains(term.out.String(), "Larkspur Robotics: Passed") || !strings.Contains(term.errs.String(), "2 connections") {
		t.Errorf("refused once: exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	meanwhile(cancel)
	if code := term.checkStored(ctx); code != 2 || term.out.Len() > 0 {
		t.Errorf("cancelled meanwhile: exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	term.changed = true
	meanwhile(term.server.Heal)
	if code := term.checkStored(t.Context()); code != 0 || term.out.Len()+term.errs.Len() > 0 {
		t.Errorf("then it is an alarm: exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
}

// What is removed, or gets another key, while it is doubtful is not among the results, and nothing is wrong with it.
func TestRemovedWhileDoubtful(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	var removed connector.Connection
	for _, key := range []string{jumpcloudtest.SampleAdministratorKey, jumpcloudtest.SampleKey} {
		report := term.connector.Validate(t.Context(), credentialsOf(key), func(check.Result) {})
		removed, _ = term.connector.Save(t.Context(), "", credentialsOf(key), report)
	}
	term.connector = connector.New(keychain.New(k, "terminal.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: term.server.URL}), connector.WithTimer(func(time.Duration) <-chan time.Time {
		term.server.Heal()
		if err := term.connector.Remove(t.Context(), removed.ID); err != nil {
			t.Error(err)
		}
		return atOnce(0)
	}))
	for _, changed := range []bool{false, true} {
		term.changed = changed
		term.server.Fail(jumpcloudtest.Unauthorized())
		if code := term.checkStored(t.Context()); code != exitPassed || strings.Contains(term.out.String(), removed.Name) {
			t.Errorf("changed: %t, exit code %d:\n%s%s", changed, code, &term.out, &term.errs)
		}
		term.server.Heal()
		report := term.connector.Validate(t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
		removed, _ = term.connector.Save(t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report)
		term.out.Reset()
	}
}

// What is refused counts, whatever else could not be asked, and in any order.
func TestARefusalAmongFailures(t *testing.T) {
	people, devices := "/api/systemusers", "/api/systems"
	for _, of := range []struct {
		missing, failing string
		code             int
	}{{people, devices, exitFailed}, {devices, people, exitFailed}, {"/api/nothing", people, exitNotRun}, {"/api/nothing", devices, exitNotRun}, {devices, "/api/nothing", exitFailed}} {
		term := newTestChecker(t, keychain.Memory())
		report := term.connector.Validate(t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
		if _, err := term.connector.Save(t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report); err != nil {
			t.Fatal(err)
		}
		term.server.Fail(jumpcloudtest.Status(404).On(of.missing))
		term.server.Fail(jumpcloudtest.Status(503).On(of.failing))
		if code := term.checkStored(t.Context()); code != of.code {
			t.Errorf("%+v: exit code %d:\n%s%s", of, code, &term.out, &term.errs)
		}
	}
}

// A key whose known end is past does not work, also while nobody answers.
func TestTheKeyHasEndedInAnOutage(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	key := credentialsOf(jumpcloudtest.SampleEndingKey)
	report := term.connector.Validate(t.Context(), key, func(check.Result) {})
	if _, err := term.connector.Save(t.Context(), "", key, report); err != nil {
		t.Fatal(err)
	}
	term.server.Fail(jumpcloudtest.Status(503))
	if code := term.checkStored(t.Context()); code != exitNotRun {
		t.Errorf("before its end, exit code %d:\n%s", code, &term.out)
	}
	term.now = func() time.Time { return time.Now().AddDate(0, 1, 0) }
	term.out.Reset()
	if code := term.checkStored(t.Context()); code != exitFailed || !strings.Contains(term.out.String(), "Larkspur Robotics: Failed") {
		t.Errorf("after its end, exit code %d:\n%s", code, &term.out)
	}
}

// atOnce waits for nothing.
func atOnce(time.Duration) <-chan time.Time { return time.After(0) }

func credentialsOf(key string) check.Credentials {
	return check.Credentials{APIKey: secret.New(key)}
}

// noKeychain is a system without a keychain.
type noKeychain struct{ keychain.Backend }

func (noKeychain) Get(string, string) (string, error) { return "", keychain.ErrNoProvider }

func TestNothingToCheck(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	if code := term.checkStored(t.Context()); code != 2 || !strings.Contains(term.errs.String(), "No connections are stored") {
		t.Errorf("exit code %d: %s", code, &term.errs)
	}
	term = newTestChecker(t, noKeychain{keychain.Memory()})
	if code := term.checkStored(t.Context()); code != 2 || !strings.Contains(term.errs.String(), "gnome-keyring") {
		t.Errorf("without a keychain, exit code %d: %s", code, &term.errs)
	}
}

// The command check says when the key ends, for people and for programs.
func TestWhenTheKeyEndsInATerminal(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	key := credentialsOf(jumpcloudtest.SampleEndingKey)
	report := term.connector.Validate(t.Context(), key, func(check.Result) {})
	if _, err := term.connector.Save(t.Context(), "", key, report); err != nil {
		t.Fatal(err)
	}
	if code := term.checkStored(t.Context()); code != exitPassed || !strings.Contains(term.out.String(), "Larkspur Robotics: Attention (Key ends: ") ||
		!strings.Contains(term.out.String(), ", in 12 days. After that, ControlMap") {
		t.Errorf("exit code %d, printed\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.asJSON = true
	var printed struct {
		Connections []struct{ Report check.Report }
	}
	term.checkStored(t.Context())
	if err := json.Unmarshal(term.out.Bytes(), &printed); err != nil || len(printed.Connections) != 1 {
		t.Fatalf("%v in\n%s", err, &term.out)
	}
	r := printed.Connections[0].Report
	if days := time.Until(r.Administrator.KeyExpires).Hours() / 24; days < 11 || days > 12 || r.Result(check.IDKeyEnd).Cause != check.CauseKeyExpires {
		t.Errorf("as JSON it ends in %.1f days, and is %s", days, r.Result(check.IDKeyEnd).Cause)
	}
}

func TestTheCommandSaysThatAListBreaksOff(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		term := newTestChecker(t, keychain.Memory())
		term.asJSON = asJSON
		term.server.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Forbidden()))
		code := term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleMultiTenantKey), "", "")
		says := map[bool]string{false: words.Text("terminal.choices_more"), true: `"moreChoices": true`}[asJSON]
		if out := term.out.String(); code != exitFailed || !strings.Contains(out, says) || !strings.Contains(out, jumpcloudtest.OrganizationID(199)) {
			t.Errorf("exit code %d, printed\n%s", code, out)
		}
	}
}

// A count that is only a lower limit says so, for people and for programs.
func TestCountsInTheTerminal(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	s := term.server
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Total("500")).On("/api/applications"))
	s.Fail(jumpcloudtest.Changed(jumpcloudtest.Field(-1, "displayName", `"\u200b"`)).On("/api/organizations"))
	for asJSON, want := range map[bool][]string{
		false: {"31 or more found", jumpcloudtest.OrganizationID(1)},
		true:  {`"Count": "31+"`, `"name": "` + jumpcloudtest.OrganizationID(1) + `"`},
	} {
		term.out.Reset()
		term.asJSON = asJSON
		term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
		for _, text := range want {
			if !strings.Contains(term.out.String(), text) {
				t.Errorf("%q is missing in:\n%s%s", text, &term.out, &term.errs)
			}
		}
	}
}

// Texts for people are in the system's language. JSON is the same in every language.
func TestTheCommandSpeaksTheSystemsLanguage(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("skipped: the language of this system cannot be set for one program")
	}
	if _, err := words.Use("es"); err != nil { // the window's language is not the terminal's
		t.Fatal(err)
	}
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	term := newTestChecker(t, keychain.Memory())
	term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
	if !strings.Contains(term.out.String(), "Larkspur Robotics: Bestanden") {
		t.Errorf("in German it prints\n%s", &term.out)
	}
	asJSON := func(locale string) any {
		t.Setenv("LC_ALL", locale)
		term := newTestChecker(t, keychain.Memory())
		term.asJSON = true
		term.checkPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
		var answer struct {
			Connections []struct {
				State  string
				Report struct {
					Results []struct{ Check, State, Cause string }
				}
			}
		}
		if err := json.Unmarshal(term.out.Bytes(), &answer); err != nil || len(answer.Connections) != 1 || len(answer.Connections[0].Report.Results) == 0 {
			t.Fatalf("%v in\n%s", err, &term.out)
		}
		printed, _ := json.Marshal(answer)
		return string(printed)
	}
	if english, german := asJSON("en_US.UTF-8"), asJSON("de_DE.UTF-8"); english != german {
		t.Errorf("in German the JSON says\n%s\nand in English\n%s", german, english)
	}
}
