package terminal

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

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
	Checker
	server    *jumpcloudtest.Server
	out, errs bytes.Buffer
}

func newTestChecker(t *testing.T, k keychain.Backend) *testChecker {
	t.Helper()
	server := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	term := &testChecker{server: server}
	term.Checker = Checker{Out: &term.out, Errs: &term.errs, Now: time.Now,
		Connector: connector.New(keychain.New(k, "terminal.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))}
	return term
}

func TestCheckingAKeyFromAPipe(t *testing.T) {
	for name, c := range map[string]struct {
		piped, region, organization string
		code                        int
		out, errs                   string // is in what is printed, and complained about
	}{
		"good":               {piped: jumpcloudtest.SampleKey + "\n", out: "412 found, 364 with MFA"},
		"warning":            {piped: jumpcloudtest.SampleAdministratorKey, region: "us", out: "signs in without MFA"},
		"revoked":            {piped: jumpcloudtest.SampleRevokedKey, code: 1, out: "→ Your move: Copy the key again"},
		"no organization":    {piped: jumpcloudtest.SampleMultiTenantKey, code: 1, out: jumpcloudtest.OrganizationID(100) + "  Aldgate Dental Group"},
		"one of them":        {piped: jumpcloudtest.SampleMultiTenantKey, organization: jumpcloudtest.OrganizationID(101), out: "Ørsted & Åkesson Architects: Passed"},
		"another":            {piped: jumpcloudtest.SampleKey, organization: jumpcloudtest.OrganizationID(2), code: 1, out: "it opens Larkspur Robotics"},
		"nothing":            {piped: " \n", code: 2, errs: "No key came in"},
		"no such region":     {piped: jumpcloudtest.SampleKey, region: "mars", code: 2, errs: "--region is one of us, not mars"},
		"far too much":       {piped: strings.Repeat("x", 10<<20), code: 1, out: "far longer than any API key"},
		"two keys":           {piped: jumpcloudtest.SampleKey + "\n" + jumpcloudtest.SampleRevokedKey, code: 1, out: "→ Your move: Pipe one key only"},
		"another came along": {piped: jumpcloudtest.SampleKey + "\n" + jumpcloudtest.OrganizationID(2), organization: jumpcloudtest.OrganizationID(1), out: "Leave out --organization"},
		"only words":         {piped: "there is no key here\n", code: 1, out: "Pipe the key alone"},
	} {
		t.Run(name, func(t *testing.T) {
			term := newTestChecker(t, keychain.Memory())
			code := term.CheckPiped(t.Context(), strings.NewReader(c.piped), c.region, c.organization)
			if code != c.code || !strings.Contains(term.out.String(), c.out) || !strings.Contains(term.errs.String(), c.errs) {
				t.Errorf("exit code %d, printed\n%s\ncomplained %q", code, &term.out, &term.errs)
			}
			if key := strings.TrimSpace(c.piped); key != "" && strings.Contains(term.out.String()+term.errs.String(), key) {
				t.Error("the key is printed")
			}
		})
	}
}

// Of what comes out of a pipe, JumpCloud gets the key and the Organization ID. What else there was is said to be left out.
func TestOnlyTheKeyLeavesThePipe(t *testing.T) {
	key, id := jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1)
	store := key + "\nurl: https://console.jumpcloud.com\nlogin: dana@larkspur.example\nrecovery: TEST-1234-hunter2\n"
	const leftOut, good, unusual = "are not sent", "They look right", "What stands around it is not sent"
	for name, c := range map[string]struct {
		piped, sent, says string
	}{
		"alone":                  {key, key, good},
		"a line break":           {key + "\n", key, good},
		"Windows' line break":    {key + "\r\n", key, good},
		"a password store":       {store, key, leftOut},
		"a key of two lines":     {"jca_TEST\nhunter2", "jca_TEST", unusual},
		"a key cut in two":       {key + "\r\nhunter2", key, leftOut},
		"an .env file":           {"PASSWORD=hunter2\nexport JUMPCLOUD_API_KEY=\"" + key + "\"\nJC_ORG_ID=" + id + "\n", key, leftOut},
		"curl":                   {"curl -u dana:hunter2 -H 'x-api-key: " + key + "' -H \"x-org-id: " + id + "\"", key, leftOut},
		"JSON":                   {`{"apiKey":"` + key + `","orgId":"` + id + `","password":"hunter2"}`, key, leftOut},
		"key and id":             {id + "\n" + key + "\n", key, good},
		"UTF-8 with its mark":    {"\ufeff" + key + "\n", key, good},
		"UTF-16 with its mark":   {utf16of(store, binary.LittleEndian, true), key, leftOut},
		"the other UTF-16":       {utf16of(key+"\r\n", binary.BigEndian, true), key, good},
		"UTF-16 without a mark":  {utf16of(key+"\r\n", binary.LittleEndian, false), key, good},
		"the other without":      {utf16of(store, binary.BigEndian, false), key, leftOut},
		"an environment":         {"HOME=/root\x00PASSWORD=hunter2\x00JC_API_KEY=" + key + "\x00", key, leftOut},
		"words":                  {"my password is hunter2", "", "Nothing was sent"},
		"two keys":               {key + " " + jumpcloudtest.SampleAdministratorKey, "", "Nothing is sent"},
		"a key behind a million": {strings.Repeat("hunter2\n", 1<<17) + key, "", "far longer"},
	} {
		t.Run(name, func(t *testing.T) {
			term := newTestChecker(t, keychain.Memory())
			term.CheckPiped(t.Context(), strings.NewReader(c.piped), "", "")
			if asked := len(term.server.Requests()) > 0; asked != (c.sent != "") {
				t.Errorf("JumpCloud was asked: %v", asked)
			}
			for _, r := range term.server.Requests() {
				if r.Key.Reveal() != c.sent || r.OrganizationID != "" && r.OrganizationID != id {
					t.Errorf("%s was asked with the key %q and the Organization ID %q", r.Path, r.Key.Reveal(), r.OrganizationID)
				}
			}
			printed := term.out.String() + term.errs.String()
			if !strings.Contains(printed, c.says) || strings.Contains(printed, "taken out") {
				t.Errorf("it does not say %q, but\n%s", c.says, printed)
			}
			if strings.Contains(printed, "hunter2") || strings.Contains(printed, key) {
				t.Errorf("it prints what was piped:\n%s", printed)
			}
		})
	}
}

// utf16of is a text as Windows' shells write it into a file or a pipe.
func utf16of(text string, order binary.AppendByteOrder, mark bool) string {
	if mark {
		text = "\ufeff" + text
	}
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

func TestAKeyIsNotTyped(t *testing.T) {
	says := map[string]string{os.DevNull: "No key came in"}
	// On macOS nothing that has no person before it is sure to be taken for a keyboard, and what is not is read for ever.
	if keyboard := map[string]string{"linux": "/dev/ptmx", "windows": "CONIN$"}[runtime.GOOS]; keyboard != "" {
		says[keyboard] = "from a pipe"
	}
	for device, says := range says {
		t.Run(strings.Trim(device, "/"), func(t *testing.T) {
			keyboard, err := os.OpenFile(device, os.O_RDWR, 0)
			if err != nil {
				t.Skipf("skipped: %v", err)
			}
			defer keyboard.Close()
			term := newTestChecker(t, keychain.Memory())
			if code := term.CheckPiped(t.Context(), keyboard, "", ""); code != 2 || !strings.Contains(term.errs.String(), says) {
				t.Errorf("exit code %d: %s", code, &term.errs)
			}
		})
	}
}

// A pipe that never ends does not keep it from being cancelled.
func TestAPipeWithoutAnEnd(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := term.CheckPiped(ctx, in, "", ""); code != 2 {
		t.Errorf("exit code %d", code)
	}
}

// Names come from outside: what a terminal takes for an order is not passed on.
func TestNothingFromOutsideIsAnOrder(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	w := jumpcloudtest.World{Organizations: []jumpcloudtest.Organization{{ID: jumpcloudtest.OrganizationID(1), Name: "A\x1b]0;title\x07\nEverything: Passed"}},
		Keys: []jumpcloudtest.Key{{Value: jumpcloudtest.SampleKey, Role: "R\x1b[2J", Organizations: []string{jumpcloudtest.OrganizationID(1)}}}}
	server := jumpcloudtest.New(w)
	t.Cleanup(server.Close)
	term.Connector = connector.New(keychain.New(keychain.Memory(), "terminal.test"), connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
	term.CheckPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
	if strings.ContainsAny(term.out.String(), "\x1b\x07") || strings.Contains(term.out.String(), "\nEverything") {
		t.Errorf("printed %q", term.out.String())
	}
}

// What could not be checked is told apart from what does not work.
func TestWhatCannotBeCheckedIsNotTakenForAFailure(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	report := term.Connector.Validate(t.Context(), credentialsOf(jumpcloudtest.SampleKey), func(check.Result) {})
	saved, err := term.Connector.Save(t.Context(), "", credentialsOf(jumpcloudtest.SampleKey), report)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Delete("terminal.test", "key/"+saved.KeyID); err != nil {
		t.Fatal(err)
	}
	if code := term.CheckStored(t.Context()); code != 2 || !strings.Contains(term.out.String(), "Larkspur Robotics: Not checked") {
		t.Errorf("exit code %d:\n%s", code, &term.out)
	}
}

func TestCheckingWhatIsStored(t *testing.T) {
	k := keychain.Memory()
	term := newTestChecker(t, k)
	for _, key := range []string{jumpcloudtest.SampleKey, jumpcloudtest.SampleAdministratorKey} {
		report := term.Connector.Validate(t.Context(), credentialsOf(key), func(check.Result) {})
		if _, err := term.Connector.Save(t.Context(), "", credentialsOf(key), report); err != nil {
			t.Fatal(err)
		}
	}
	if code := term.CheckStored(t.Context()); code != 0 || !strings.Contains(term.out.String(), "Juniper & Sons Bakery: Attention") {
		t.Errorf("exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.server.SetKey(jumpcloudtest.Key{Value: jumpcloudtest.SampleKey, Revoked: true})
	if code := term.CheckStored(t.Context()); code != 1 || !strings.Contains(term.out.String(), "Larkspur Robotics: Failed") ||
		!strings.Contains(term.out.String(), "It last worked on") {
		t.Errorf("exit code %d:\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.JSON = true
	term.CheckStored(t.Context())
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

func credentialsOf(key string) check.Credentials {
	return check.Credentials{APIKey: secret.New(key)}
}

// noKeychain is a system without a keychain.
type noKeychain struct{ keychain.Backend }

func (noKeychain) Get(string, string) (string, error) { return "", keychain.ErrNoProvider }

func TestNothingToCheck(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	if code := term.CheckStored(t.Context()); code != 2 || !strings.Contains(term.errs.String(), "No connections are stored") {
		t.Errorf("exit code %d: %s", code, &term.errs)
	}
	term = newTestChecker(t, noKeychain{keychain.Memory()})
	if code := term.CheckStored(t.Context()); code != 2 || !strings.Contains(term.errs.String(), "gnome-keyring") {
		t.Errorf("without a keychain, exit code %d: %s", code, &term.errs)
	}
}

func TestACheckThatIsCancelled(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	term.server.Fail(jumpcloudtest.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(term.server.Requests()) == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if code := term.CheckPiped(ctx, strings.NewReader(jumpcloudtest.SampleKey), "", ""); code != 2 || term.out.Len() > 0 {
		t.Errorf("exit code %d, printed %q", code, &term.out)
	}
}

// The command check says it too, for people and for programs.
func TestWhenTheKeyEndsInATerminal(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	key := credentialsOf(jumpcloudtest.SampleEndingKey)
	report := term.Connector.Validate(t.Context(), key, func(check.Result) {})
	if _, err := term.Connector.Save(t.Context(), "", key, report); err != nil {
		t.Fatal(err)
	}
	if code := term.CheckStored(t.Context()); code != exitPassed || !strings.Contains(term.out.String(), "Larkspur Robotics: Attention (Key ends: ") ||
		!strings.Contains(term.out.String(), ", in 12 days. After that, ControlMap") {
		t.Errorf("exit code %d, printed\n%s%s", code, &term.out, &term.errs)
	}
	term.out.Reset()
	term.JSON = true
	var printed struct {
		Connections []struct{ Report check.Report }
	}
	term.CheckStored(t.Context())
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
		term.JSON = asJSON
		term.server.Fail(jumpcloudtest.BeyondTheFirst(jumpcloudtest.Forbidden()))
		code := term.CheckPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleMultiTenantKey), "", "")
		says := map[bool]string{false: words.Text("terminal.choices_more"), true: `"moreChoices": true`}[asJSON]
		if out := term.out.String(); code != exitFailed || !strings.Contains(out, says) || !strings.Contains(out, jumpcloudtest.OrganizationID(199)) {
			t.Errorf("exit code %d, printed\n%s", code, out)
		}
	}
}

// In the terminal, for people and for programs.
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
		term.JSON = asJSON
		term.CheckPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
		for _, text := range want {
			if !strings.Contains(term.out.String(), text) {
				t.Errorf("%q is missing in:\n%s%s", text, &term.out, &term.errs)
			}
		}
	}
}

// What programs read is the same in every language; what people read is in that of the system.
func TestTheCommandSpeaksTheSystemsLanguage(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("skipped: the language of this system cannot be set for one program")
	}
	if _, err := words.Use("es"); err != nil { // the window's language is not the terminal's
		t.Fatal(err)
	}
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	term := newTestChecker(t, keychain.Memory())
	term.CheckPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
	if !strings.Contains(term.out.String(), "Larkspur Robotics: Bestanden") {
		t.Errorf("in German it prints\n%s", &term.out)
	}
	asJSON := func(locale string) any {
		t.Setenv("LC_ALL", locale)
		term := newTestChecker(t, keychain.Memory())
		term.JSON = true
		term.CheckPiped(t.Context(), strings.NewReader(jumpcloudtest.SampleKey), "", "")
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
