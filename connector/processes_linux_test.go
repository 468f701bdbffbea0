package connector_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// The tests of several processes on one real Secret Service, and of processes that are killed. The test's own program
// runs itself inside of scripts/with-keyring, and from there as the processes.

// Names in the environment: that the program is inside, and what a process does.
const (
	insideVariable  = "CONNECTOR_TEST_INSIDE"
	processVariable = "CONNECTOR_TEST_PROCESS"
	lockVariable    = "CONNECTOR_TEST_LOCK"
	killVariable    = "CONNECTOR_TEST_KILL_AT"
)

const renewedKey = "jca_TESTrenewed00000000000000000000000000001"

func TestProcesses(t *testing.T) {
	switch {
	case os.Getenv(processVariable) != "":
		process(t, os.Getenv(processVariable))
		return
	case os.Getenv(insideVariable) != "":
		t.Run("two at once", twoAtOnce)
		t.Run("killed at every write", killedAtEveryWrite)
		t.Run("killed at random moments", killedAtRandom)
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
		t.Skip("skipped: it takes minutes")
	}
	again := exec.Command("../scripts/with-keyring", os.Args[0], "-test.run=^TestProcesses$", "-test.v")
	again.Env = append(os.Environ(), insideVariable+"=1", lockVariable+"="+filepath.Join(t.TempDir(), "lock"))
	out, err := again.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestProcesses")) {
		t.Errorf("inside of the keyring: %v", err)
	}
}

// onSystem is a Connector on the real keychain.
func onSystem(b keychain.Backend, s *jumpcloudtest.Server) *connector.Connector {
	return connector.New(keychain.New(b, service), connector.WithRegions(jumpcloud.Region{ID: "us", Console: s.URL}),
		connector.WithFileLock(keychain.NewFileLock(os.Getenv(lockVariable))))
}

// world is the sample one, with one more key for its first organization.
func world(t *testing.T) *jumpcloudtest.Server {
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(s.Close)
	s.SetKey(jumpcloudtest.Key{Value: renewedKey, Role: jumpcloudtest.RoleReadOnly, MFA: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}})
	return s
}

// mortalBackend kills its process before its n-th write.
type mortalBackend struct {
	keychain.Backend
	left int // writes; negative: immortal
}

func (m *mortalBackend) Set(service, user, text string) error {
	m.write()
	return m.Backend.Set(service, user, text)
}

func (m *mortalBackend) Delete(service, user string) error {
	m.write()
	return m.Backend.Delete(service, user)
}

func (m *mortalBackend) DeleteAll(service string) error {
	m.write()
	return m.Backend.DeleteAll(service)
}

func (m *mortalBackend) write() {
	if m.left == 0 {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	m.left--
}

// process does what a process of these tests is for: words are an operation and what it is about.
func process(t *testing.T, words string) {
	killAt, err := strconv.Atoi(os.Getenv(killVariable))
	if err != nil {
		killAt = -1
	}
	c := onSystem(&mortalBackend{keychain.System(), killAt}, world(t))
	switch f := strings.Fields(words); f[0] {
	case "save": // with this key, for this organization
		credentials := connector.Credentials{APIKey: secret.New(f[1]), OrganizationID: f[2]}
		if _, err := c.Save(t.Context(), "Ours", credentials, validated(t, c, credentials)); err != nil {
			t.Fatal(err)
		}
	case "remove": // all connections
		all, err := c.Connections(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			if err := c.Remove(t.Context(), one.ID); err != nil {
				t.Fatal(err)
			}
		}
	case "crowd": // save and remove and tidy, for these organizations
		for _, org := range f[1:] {
			credentials := connector.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: org}
			saved, err := c.Save(t.Context(), org, credentials, validated(t, c, credentials))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
			if org == f[len(f)-1] { // the last one goes again
				if err := c.Remove(t.Context(), saved.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// start starts a process.
func start(t *testing.T, words string, killAt int) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	p := exec.Command(os.Args[0], "-test.run=^TestProcesses$")
	p.Env = append(os.Environ(), processVariable+"="+words, killVariable+"="+strconv.Itoa(killAt))
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out bytes.Buffer
	p.Stdout, p.Stderr = &out, &out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p, &out
}

// finish waits for a process, and reports whether it was killed.
func finish(t *testing.T, p *exec.Cmd, out *bytes.Buffer) (killed bool) {
	t.Helper()
	err := p.Wait()
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("the process failed: %v\n%s", err, out)
	}
	return false
}

// twoAtOnce has processes save, remove and tidy at the same time: none loses what another has saved.
func twoAtOnce(t *testing.T) {
	const crowd, each = 4, 4
	var all sync.WaitGroup
	want := make(map[string]bool)
	for i := range crowd {
		words := "crowd"
		for j := range each {
			org := jumpcloudtest.OrganizationID(100 + i*each + j)
			words += " " + org
			want[org] = j < each-1
		}
		p, out := start(t, words, -1)
		all.Go(func() { finish(t, p, out) })
	}
	all.Wait()
	c := onSystem(keychain.System(), world(t))
	found, err := c.Connections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range found {
		if !want[one.Name] {
			t.Errorf("%s is there", one.Name)
		}
		if key, err := c.APIKey(t.Context(), one.ID); err != nil || key.Reveal() != jumpcloudtest.SampleMultiTenantKey {
			t.Errorf("%s has lost its key: %v", one.Name, err)
		}
	}
	if len(found) != crowd*(each-1) {
		t.Errorf("%d connections, want %d", len(found), crowd*(each-1))
	}
	nothingOrphaned(t, len(found))
	p, out := start(t, "remove", -1)
	finish(t, p, out)
	nothingOrphaned(t, 0)
}

// nothingOrphaned looks with secret-tool for what does not belong to one of so many connections.
func nothingOrphaned(t *testing.T, connections int) {
	t.Helper()
	out, _ := exec.Command("secret-tool", "search", "--all", "service", service).CombinedOutput() // fails for none
	entries := make(map[string]bool)
	for line := range strings.Lines(string(out)) {
		if user, ok := strings.CutPrefix(line, "attribute.username = "); ok {
			entries[strings.TrimSpace(user)] = true
		}
	}
	names, err := keychain.New(keychain.System(), service).Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := keptIn(t, keychain.System())
	if there.connections != connections || there.reports != connections || connections == 0 && there.keys > 0 || there.keys > max(1, connections) {
		t.Errorf("for %d connections there are %+v", connections, there)
	}
	for user := range entries {
		name, part, _ := strings.Cut(user, "#")
		if !slices.Contains(names, name) && user != "index" && !strings.HasPrefix(user, "index/") {
			t.Errorf("%s belongs to nothing", user)
		}
		if generation, number, ok := strings.Cut(part, "."); ok {
			n, _ := strconv.Atoi(number)
			head, _ := exec.Command("secret-tool", "lookup", "service", service, "username", name).Output()
			var parts int
			var written string
			if _, err := fmt.Sscanf(string(head), "entry version=1 generation=%s parts=%d", &written, &parts); err != nil || written != generation || n > parts {
				t.Errorf("%s belongs to no value: %v", user, err)
			}
		}
	}
}

// killedAtEveryWrite kills a process before each of its writes, one after the other.
func killedAtEveryWrite(t *testing.T) {
	organization := jumpcloudtest.OrganizationID(1)
	save, replace := "save "+jumpcloudtest.SampleKey+" "+organization, "save "+renewedKey+" "+organization
	for _, c := range []struct {
		name, before, words string
		keys                []string // that may be found, "" for no connection
	}{
		{"save", "", save, []string{"", jumpcloudtest.SampleKey}},
		{"replace", save, replace, []string{jumpcloudtest.SampleKey, renewedKey}},
		{"remove", save, "remove", []string{jumpcloudtest.SampleKey, ""}},
	} {
		at := 0
		for killed := true; killed && !t.Failed(); at++ {
			reset(t, c.before)
			p, out := start(t, c.words, at)
			killed = finish(t, p, out)
			recovered(t, fmt.Sprintf("%s, killed before write %d", c.name, at+1), c.keys)
		}
		t.Logf("%s: killed before each of its %d writes", c.name, at-1)
	}
	reset(t, "")
}

// killedAtRandom kills processes at moments that nobody chose.
func killedAtRandom(t *testing.T) {
	const kills = 1000
	organization := jumpcloudtest.OrganizationID(1)
	words := []string{"save " + jumpcloudtest.SampleKey + " " + organization, "save " + renewedKey + " " + organization, "remove"}
	any := []string{"", jumpcloudtest.SampleKey, renewedKey}
	dice := rand.New(rand.NewPCG(1, 2))
	done, began := 0, time.Now()
	for tries := 0; done < kills && !t.Failed(); tries++ {
		p, out := start(t, words[dice.IntN(len(words))], -1)
		time.AfterFunc(time.Duration(10+dice.IntN(140))*time.Millisecond, func() { _ = p.Process.Kill() })
		if finish(t, p, out) {
			done++
		}
		if tries%10 == 9 { // what several crashes in a row leave
			recovered(t, fmt.Sprintf("%d processes killed", done), any)
		}
	}
	t.Logf("%d processes killed at random moments in %s", done, time.Since(began).Round(time.Second))
	reset(t, "")
}

// reset removes all, and does what there is to be before.
func reset(t *testing.T, words string) {
	t.Helper()
	for _, w := range []string{"remove", words} {
		if w != "" {
			p, out := start(t, w, -1)
			finish(t, p, out)
		}
	}
}

// recovered starts anew, as the program does, and finds one of the states, and nothing else.
func recovered(t *testing.T, what string, keys []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := onSystem(keychain.System(), world(t))
	all, err := c.Connections(ctx, nil)
	if err != nil || len(all) > 1 {
		t.Fatalf("%s: %d connections, %v", what, len(all), err)
	}
	found := ""
	if len(all) == 1 {
		key, err := c.APIKey(ctx, all[0].ID)
		if err != nil || !all[0].Report.Usable() {
			t.Fatalf("%s: the key or the report cannot be read: %v", what, err)
		}
		found = key.Reveal()
	}
	if !slices.Contains(keys, found) {
		t.Errorf("%s: neither the old state nor the new one", what)
	}
	if err := c.Tidy(ctx); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	nothingOrphaned(t, len(all))
	if t.Failed() {
		t.Log(what)
	}
}
