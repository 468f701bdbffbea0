package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// listOf writes a list into a file, and returns the file.
func listOf(t *testing.T, text string) string {
	t.Helper()
	file, err := os.CreateTemp("", "list-*.csv") // Wine cannot remove the folder of t.TempDir
	if err == nil {
		_, err = file.WriteString(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(file.Name()) })
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// connectList connects the organizations of a list with a key, and returns the exit code and what is printed now.
func (c *testChecker) connectListed(t *testing.T, list, key string) (code int, printed string) {
	t.Helper()
	c.out.Reset()
	c.errs.Reset()
	code = c.connectList(t.Context(), listOf(t, list), strings.NewReader(key), "")
	return code, c.out.String() + c.errs.String()
}

func TestConnectingAList(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	names := []string{"Organization ID,Name"}
	for n := range 5 {
		names = append(names, jumpcloudtest.OrganizationID(100+n)+",")
	}
	names = append(names, ",No such client", ",", jumpcloudtest.OrganizationID(1)+",Of somebody else")
	code, printed := term.connectListed(t, strings.Join(names, "\n"), jumpcloudtest.SampleMultiTenantKey)
	for _, want := range []string{"Line 7 is left out: the key opens no organization of the name “No such client”.", "Line 8 is left out: it has neither",
		"6/6  ", "Connected: 5 of 6", "  1: ", "Of somebody else"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is not in\n%s", want, printed)
		}
	}
	if code != 1 {
		t.Errorf("the exit code is %d", code)
	}
	code, printed = term.connectListed(t, strings.Join(names[:6], "\n"), jumpcloudtest.SampleMultiTenantKey)
	if code != 0 || strings.Count(printed, "was connected already") != 5 || !strings.Contains(printed, "Connected: 5 of 5") {
		t.Errorf("again: exit code %d\n%s", code, printed)
	}
}

// A name is enough if the key opens one organization of that name.
func TestConnectingByName(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	code, printed := term.connectListed(t, "larkspur ROBOTICS", jumpcloudtest.SampleKey)
	if code != 0 || !strings.Contains(printed, "Larkspur Robotics: connected") {
		t.Errorf("exit code %d\n%s", code, printed)
	}
	code, printed = term.connectListed(t, "Larkspur Robotics", jumpcloudtest.SampleSecondKey)
	if code != 1 || !strings.Contains(printed, "Larkspur Robotics: is connected with another key, which stays") {
		t.Errorf("with another key: exit code %d\n%s", code, printed)
	}
}

// What keeps it from beginning is said, and nothing is asked of JumpCloud without need.
func TestConnectingThatCannotBegin(t *testing.T) {
	for name, c := range map[string]struct {
		list, key, says string
		code            int
	}{
		"an empty list": {"\n\n", jumpcloudtest.SampleKey, "names no organization", 2},
		"no key":        {"Larkspur Robotics", "", "No key came in", 2},
		"a dead key":    {"Larkspur Robotics", jumpcloudtest.SampleRevokedKey, "Copy the key once more", 2},
		"no list":       {"Larkspur Robotics", jumpcloudtest.SampleServiceKey, "JumpCloud did not list all organizations of the key", 1},
		"far too much":  {strings.Repeat("Larkspur Robotics\n", 300_000), jumpcloudtest.SampleKey, "larger than 4 MiB", 2},
	} {
		term := newTestChecker(t, keychain.Memory())
		if code, printed := term.connectListed(t, c.list, c.key); code != c.code || !strings.Contains(printed, c.says) {
			t.Errorf("%s: exit code %d\n%s", name, code, printed)
		}
	}
	term := newTestChecker(t, keychain.Memory())
	missing := filepath.Join(os.TempDir(), "no-such-folder", "missing.csv")
	if code := term.connectList(t.Context(), missing, strings.NewReader(jumpcloudtest.SampleKey), ""); code != 2 || !strings.Contains(term.errs.String(), "could not be read: ") {
		t.Errorf("a file that is missing: exit code %d\n%s", code, &term.errs)
	}
}

// The JSON says how each organization ended, and nothing of the key.
func TestConnectingAsJSON(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	term.asJSON = true
	code, printed := term.connectListed(t, "Larkspur Robotics\nNobody\n", jumpcloudtest.SampleKey)
	var got struct {
		Organizations []struct {
			Organization     struct{ ID, Name string }
			Ended, ID, State string
		}
		LeftOut []struct {
			Line      int
			Name, Why string
		}
	}
	if err := json.Unmarshal([]byte(printed), &got); err != nil || code != 1 {
		t.Fatalf("exit code %d, %v\n%s", code, err, printed)
	}
	if len(got.Organizations) != 1 || got.Organizations[0].Ended != "connected" || got.Organizations[0].ID == "" || fmt.Sprint(got.LeftOut) != "[{2 Nobody Line 2 is left out: the key opens no organization of the name “Nobody”.}]" {
		t.Errorf("%+v", got)
	}
	if strings.Contains(printed, "jca_") {
		t.Errorf("the key is in\n%s", printed)
	}
	_, printed = term.connectListed(t, "Larkspur Robotics", jumpcloudtest.SampleRevokedKey)
	if !strings.Contains(printed, `"organizations": []`) || !strings.Contains(printed, `"leftOut": []`) || !strings.Contains(printed, `"key_unknown"`) {
		t.Errorf("with a dead key:\n%s", printed)
	}
}

// A key that stands in the list is printed nowhere.
func TestAKeyInTheList(t *testing.T) {
	for _, json := range []bool{false, true} {
		term := newTestChecker(t, keychain.Memory())
		term.asJSON = json
		list := "Ours: " + jumpcloudtest.SampleKey + ",Larkspur Robotics\nLarkspur Robotics"
		if code, printed := term.connectListed(t, list, jumpcloudtest.SampleKey); code != 1 || strings.Contains(printed, jumpcloudtest.SampleKey) || !strings.Contains(printed, "Line 1 is left out") {
			t.Errorf("exit code %d\n%s", code, printed)
		}
	}
}

// An Organization ID that is piped in with the key does not narrow the list.
func TestTheListCounts(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	piped := jumpcloudtest.SampleMultiTenantKey + "\n" + jumpcloudtest.OrganizationID(100)
	var names []string
	for _, o := range jumpcloudtest.SampleWorld().Organizations {
		if o.ID == jumpcloudtest.OrganizationID(101) || o.ID == jumpcloudtest.OrganizationID(102) {
			names = append(names, o.Name)
		}
	}
	code, printed := term.connectListed(t, strings.Join(names, "\n"), piped)
	if code != 0 || !strings.Contains(printed, "Connected: 2 of 2") {
		t.Errorf("exit code %d\n%s", code, printed)
	}
}

func TestListing(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	term.connectListed(t, jumpcloudtest.OrganizationID(100)+"\n"+jumpcloudtest.OrganizationID(101), jumpcloudtest.SampleMultiTenantKey)
	for name, c := range map[string]struct {
		json, csv bool
		lines     int
		says      string
	}{
		"a table": {false, false, 2, "just now"},
		"CSV":     {false, true, 3, jumpcloudtest.OrganizationID(101)},
		"JSON":    {true, false, 0, `"role": "` + jumpcloudtest.RoleReadOnly + `"`},
	} {
		term.out.Reset()
		term.asJSON = c.json
		code := term.list(t.Context(), c.csv)
		printed := term.out.String()
		if code != 0 || !strings.Contains(printed, c.says) || strings.Contains(printed, "jca_") || c.lines > 0 && strings.Count(printed, "\n") != c.lines {
			t.Errorf("%s: exit code %d\n%s", name, code, printed)
		}
		if c.json && !json.Valid([]byte(printed)) {
			t.Errorf("no JSON:\n%s", printed)
		}
	}
	term = newTestChecker(t, keychain.Memory())
	if code := term.list(t.Context(), true); code != 0 || strings.Count(term.out.String(), "\n") != 1 {
		t.Errorf("of nothing: exit code %d\n%s", code, &term.out)
	}
}

// Only what has changed since the last check is printed. The exit code is that of all connections.
func TestCheckingForChanges(t *testing.T) {
	term := newTestChecker(t, keychain.Memory())
	term.connectListed(t, jumpcloudtest.OrganizationID(100)+"\n"+jumpcloudtest.OrganizationID(101), jumpcloudtest.SampleMultiTenantKey)
	term.changed = true
	check := func(when string, code int, says ...string) {
		t.Helper()
		term.out.Reset()
		if got := term.checkStored(t.Context()); got != code || (len(says) == 0) != (term.out.Len() == 0) {
			t.Errorf("%s: exit code %d\n%s", when, got, &term.out)
		}
		for _, want := range says {
			if !bytes.Contains(term.out.Bytes(), []byte(want)) {
				t.Errorf("%s: %q is not in\n%s", when, want, &term.out)
			}
		}
	}
	check("nothing has changed", 0)
	term.server.Fail(jumpcloudtest.Status(403).On("/api/systems"))
	check("a list is refused", 1, "Failed")
	check("it is still refused", 1)
	term.server.Heal()
	check("it is mended", 0, "Passed")
	check("it stays mended", 0)
	term.server.Fail(jumpcloudtest.Status(503))
	check("JumpCloud is down", 2)
	term.server.Heal()
	check("it is up again", 0)
	term.server.Fail(jumpcloudtest.Unauthorized())
	check("the key is refused", 1, "Failed")
	check("it is still refused", 1)
	term.asJSON = true
	term.out.Reset()
	if term.checkStored(t.Context()); !strings.Contains(term.out.String(), `"connections": []`) {
		t.Errorf("as JSON, without a change:\n%s", &term.out)
	}
}
