package connector_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// TestGoneFromOutside deletes and restores entries of the real Secret Service with secret-tool. It runs itself once more inside
// of scripts/with-keyring.
func TestGoneFromOutside(t *testing.T) {
	if os.Getenv(insideVariable) != "" {
		for name, test := range map[string]func(*testing.T, outside){
			"index": indexGone, "page": pageGone, "key": keyGone, "all but a page": allGone, "old index": indexRestored,
		} {
			t.Run(name, func(t *testing.T) {
				s := world(t)
				o := outside{t, s, onSystem(keychain.System(), s)}
				if err := o.c.RemoveEverything(t.Context()); err != nil {
					t.Fatal(err)
				}
				test(t, o)
				if err := o.restarted().RemoveEverything(t.Context()); err != nil {
					t.Error(err)
				}
				if left := o.search(); len(left) > 0 {
					t.Errorf("removed everything, secret-tool still finds %q", left)
				}
			})
		}
		return
	}
	for _, tool := range []string{"dbus-daemon", "gnome-keyring-daemon", "secret-tool"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CONTROLMAP_E2E") == "1" {
			t.Fatalf("%s is missing; scripts/test installs it", tool)
		} else if err != nil {
			t.Skipf("skipped: %s is not here; scripts/test installs it", tool)
		}
	}
	if testing.Short() {
		t.Skip("skipped: it starts a keyring for each case")
	}
	again := exec.Command("../scripts/with-keyring", os.Args[0], "-test.run=^TestGoneFromOutside$", "-test.v")
	again.Env = append(os.Environ(), insideVariable+"=1", lockVariable+"="+filepath.Join(t.TempDir(), "lock"))
	out, err := again.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestGoneFromOutside")) {
		t.Errorf("inside of the keyring: %v\n%s", err, out)
	}
}

// outside changes the keychain with secret-tool, while the program runs.
type outside struct {
	t *testing.T
	s *jumpcloudtest.Server
	c *connector.Connector
}

// restarted starts the program once more.
func (o outside) restarted() *connector.Connector { return onSystem(keychain.System(), o.s) }

func (o outside) tool(input string, args ...string) string {
	o.t.Helper()
	tool := exec.Command("secret-tool", args...)
	tool.Stdin = strings.NewReader(input)
	out, err := tool.Output()
	if err != nil && args[0] != "search" { // which fails if there is nothing
		o.t.Fatalf("secret-tool %s: %v", args[0], err)
	}
	return string(out)
}

// search returns the names of all entries.
func (o outside) search() (users []string) {
	out, _ := exec.Command("secret-tool", "search", "--all", "service", service).CombinedOutput() // fails for none
	for line := range strings.Lines(string(out)) {
		if user, ok := strings.CutPrefix(line, "attribute.username = "); ok {
			users = append(users, strings.TrimSpace(user))
		}
	}
	return users
}

func (o outside) clear(user string) { o.tool("", "clear", "service", service, "username", user) }
func (o outside) lookup(user string) string {
	return o.tool("", "lookup", "service", service, "username", user)
}
func (o outside) restore(user, text string) {
	o.clear(user)
	o.tool(text, "store", "--label=restored", "service", service, "username", user)
}

// save saves connections to three organizations, with two keys.
func (o outside) save() (all []connector.Connection) {
	o.t.Helper()
	for _, organization := range []string{oneClient, anotherClient} {
		credentials := with(jumpcloudtest.SampleMultiTenantKey)
		credentials.OrganizationID = secret.New(organization)
		all = append(all, save(o.t, o.c, organization, credentials))
	}
	return append(all, save(o.t, o.c, ours, with(jumpcloudtest.SampleKey)))
}

// there lists the connections, and checks that the wanted ones are among them, with their keys.
func (o outside) there(want ...connector.Connection) ([]connector.Connection, error) {
	o.t.Helper()
	c := o.restarted()
	all, err := c.Connections(o.t.Context(), nil)
	names := make(map[string]bool)
	for _, one := range all {
		names[one.Name] = true
	}
	for _, one := range want {
		if _, keyErr := c.APIKey(o.t.Context(), one.ID); !names[one.Name] || keyErr != nil {
			o.t.Errorf("%s is not there (%v), or its key is not: %v", one.Name, err, keyErr)
		}
	}
	return all, err
}

func indexGone(t *testing.T, o outside) {
	all := o.save()
	o.clear("index")
	if _, err := o.there(all...); !errors.Is(err, keychain.ErrIncomplete) {
		t.Errorf("listed with %v", err)
	}
	all = append(all, save(t, o.restarted(), "Another", with(jumpcloudtest.SampleAdministratorKey)))
	if found, err := o.there(all...); err != nil || len(found) != 4 {
		t.Errorf("saved, there are %d, %v", len(found), err)
	}
	if _, err := o.restarted().Tidy(t.Context()); err != nil {
		t.Error(err)
	}
	nothingOrphaned(t, 4, 3)
}

func pageGone(t *testing.T, o outside) {
	o.save()
	o.clear("connections/0")
	for range 2 { // the clean-up at the start must not take it for what a crash has left
		all, err := o.there()
		if err != nil || len(all) != 1 || all[0].Trouble != check.CauseConnectionsGone {
			t.Fatalf("listed %+v, %v", all, err)
		}
		if _, err := o.restarted().Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	}
	another := save(t, o.restarted(), "Another", with(jumpcloudtest.SampleAdministratorKey))
	all, _ := o.there(another)
	for _, one := range all {
		if one.Trouble != "" {
			if err := o.restarted().Remove(t.Context(), one.ID); err != nil {
				t.Error(err)
			}
		}
	}
	if all, err := o.there(another); err != nil || len(all) != 1 {
		t.Errorf("the rest is removed, and there are %d, %v", len(all), err)
	}
	nothingOrphaned(t, 1, 1)
}

func keyGone(t *testing.T, o outside) {
	all := o.save()
	o.clear("key/0")
	_, err := o.restarted().Check(t.Context(), all[0].ID, ignore)
	if cause := connector.KeychainCause(err); cause != check.CauseKeychainGone {
		t.Errorf("checked without its key: %v", err)
	}
	c := o.restarted()
	if again, err := c.Tidy(t.Context()); err != nil || !again {
		t.Errorf("tidied, the list is not to be read again: %v", err)
	}
	o.there(all[2])
	found, err := c.Connections(t.Context(), nil)
	gone := 0
	for _, one := range found {
		if one.Trouble == check.CauseKeychainGone && !one.Unread() && one.Organization.ID != "" {
			gone++
		}
	}
	if gone != 2 || err != nil {
		t.Errorf("%d say that their key is gone, %v: %+v", gone, err, found)
	}
	credentials := with(jumpcloudtest.SampleMultiTenantKey)
	credentials.OrganizationID = secret.New(oneClient)
	save(t, o.restarted(), oneClient, credentials)
	o.there(all...) // the other one has its key again too
	nothingOrphaned(t, 3, 2)
}

func allGone(t *testing.T, o outside) {
	all := o.save()
	for _, user := range o.search() {
		if user != "connections/0" {
			o.clear(user)
		}
	}
	found, err := o.there()
	if len(found) != 3 || err == nil {
		t.Errorf("listed %+v, %v", found, err)
	}
	if err := o.restarted().Remove(t.Context(), all[0].ID); err != nil {
		t.Error(err)
	}
	if found, err := o.there(); len(found) != 2 || err != nil {
		t.Errorf("one is removed, listed %+v, %v", found, err)
	}
}

func indexRestored(t *testing.T, o outside) {
	all := o.save()
	old := o.lookup("index")
	for i := range 40 {
		credentials, report := with(jumpcloudtest.SampleMultiTenantKey), all[0].Report
		report.Organization = check.Organization{ID: jumpcloudtest.OrganizationID(1000 + i), Name: "Client"}
		one, err := o.c.Save(t.Context(), "Client "+report.Organization.ID, credentials, report)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	o.restore("index", old)
	o.there(all...)
	all = append(all, save(t, o.restarted(), "Another", with(jumpcloudtest.SampleAdministratorKey)))
	if found, err := o.there(all...); err != nil || len(found) != 44 {
		t.Errorf("saved, there are %d, %v", len(found), err)
	}
	if _, err := o.restarted().Tidy(t.Context()); err != nil {
		t.Error(err)
	}
	nothingOrphaned(t, 44, 3)
}
