package terminal

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

func TestCheckingAKeyFromAPipe(t *testing.T) {
	for name, c := range map[string]struct {
		piped, region, organization string
		code                        int
		out, errs                   string // is in what is printed, and complained about
	}{
		"good":               {piped: jumpcloudtest.SampleKey + "\n", out: "412 found, 364 with MFA"},
		"warning":            {piped: jumpcloudtest.SampleAdministratorKey, region: "us", out: "signs in without MFA"},
		"revoked":            {piped: jumpcloudtest.SampleRevokedKey, code: 1, out: "→ Your move: Copy the key once more"},
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
			code := term.checkPiped(t.Context(), strings.NewReader(c.piped), c.region, c.organization)
			if code != c.code || !strings.Contains(term.out.String(), c.out) || !strings.Contains(term.errs.String(), c.errs) {
				t.Errorf("exit code %d, printed\n%s\ncomplained %q", code, &term.out, &term.errs)
			}
			if key := strings.TrimSpace(c.piped); key != "" && strings.Contains(term.out.String()+term.errs.String(), key) {
				t.Error("the key is printed")
			}
		})
	}
}

// JumpCloud gets only the key and the Organization ID from a pipe. The command says that it left out the rest.
func TestOnlyTheKeyLeavesThePipe(t *testing.T) {
	key, id := jumpcloudtest.SampleKey, jumpcloudtest.OrganizationID(1)
	store := key + "\nurl: https://console.jumpcloud.com\nlogin: dana@larkspur.example\nrecovery: TEST-1234-hunter2\n"
	const leftOut, good, unusual = "are not sent", "They look right", "The text around it is not sent"
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
			term.checkPiped(t.Context(), strings.NewReader(c.piped), "", "")
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

// utf16of encodes a text as the shells of Windows do.
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
	// macOS has no such device that works without a person: what is not taken for a keyboard would be read forever.
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
			if code := term.checkPiped(t.Context(), keyboard, "", ""); code != 2 || !strings.Contains(term.errs.String(), says) {
				t.Errorf("exit code %d: %s", code, &term.errs)
			}
		})
	}
}

// Reading a pipe that never ends can be cancelled.
func TestAPipeWithoutAnEnd(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := term.checkPiped(ctx, in, "", ""); code != 2 {
		t.Errorf("exit code %d", code)
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
	if code := term.checkPiped(ctx, strings.NewReader(jumpcloudtest.SampleKey), "", ""); code != 2 || term.out.Len() > 0 {
		t.Errorf("exit code %d, printed %q", code, &term.out)
	}
}
