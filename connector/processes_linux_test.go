package connector_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
)

// The tests of several processes on one real Secret Service, and of processes that are killed. The test's own program
// runs itself inside of scripts/with-keyring, and from there as the processes.

// Names in the environment: that the program is inside, with which seed it is to kill at random, how often it is to kill processes
// that connect how many, and with which seed, how often it is to kill one that replaces a key, and what a process does.
const (
	insideVariable  = "CONNECTOR_TEST_INSIDE"
	seedVariable    = "CONNECTOR_TEST_SEED"
	connectVariable = "CONNECTOR_TEST_CONNECT"
	rotateVariable  = "CONNECTOR_TEST_ROTATE"
	processVariable = "CONNECTOR_TEST_PROCESS"
	lockVariable    = "CONNECTOR_TEST_LOCK"
	killVariable    = "CONNECTOR_TEST_KILL_AT"
)

// Two more keys of the first organization.
const (
	renewedKey = "jca_TESTrenewed00000000000000000000000000001"
	thirdKey   = "jca_TESTthird0000000000000000000000000000001"
)

func TestProcesses(t *testing.T) {
	switch {
	case os.Getenv(processVariable) != "":
		process(t, os.Getenv(processVariable))
		return
	case os.Getenv(seedVariable) != "":
		t.Run("killed at random moments", killedAtRandom)
		return
	case os.Getenv(connectVariable) != "":
		t.Run("connecting many, killed", connectingKilled)
		return
	case os.Getenv(rotateVariable) != "":
		t.Run("replacing a key, killed", rotatingKilled)
		t.Run("replacing a key beside others", rotatingBesideOthers)
		return
	case os.Getenv(insideVariable) != "":
		t.Run("two at once", twoAtOnce)
		t.Run("killed at every write", killedAtEveryWrite)
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
	// Without the race detector, which sees one process only, and with which each of these thousands takes long to start.
	program := filepath.Join(t.TempDir(), "connector.test")
	if out, err := exec.Command("go", "test", "-c", "-buildvcs=false", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	// The processes and their keyring mostly wait for each other: several keyrings side by side make use of that time.
	var all sync.WaitGroup
	all.Go(func() { inKeyring(t, "chosen moments", program) })
	all.Go(func() {
		for part, left := 0, *connectKills; left > 0; part, left = part+1, left-killsAKeyring {
			inKeyring(t, fmt.Sprintf("connecting many, part %d", part), program,
				fmt.Sprintf("%s=%d %d %d", connectVariable, min(left, killsAKeyring), *connectedMany, part))
		}
	})
	all.Go(func() { inKeyring(t, "replacing a key", program, fmt.Sprintf("%s=%d", rotateVariable, rotateKills)) })
	for seed := range randomParts {
		all.Go(func() {
			inKeyring(t, fmt.Sprintf("random moments, seed %d", seed), program, fmt.Sprintf("%s=%d", seedVariable, seed))
		})
	}
	all.Wait()
}

// inKeyring runs the program inside of a keyring of its own, with this added to its environment.
func inKeyring(t *testing.T, name, program string, environment ...string) {
	t.Run(name, func(t *testing.T) {
		again := exec.Command("../scripts/with-keyring", program, "-test.run=^TestProcesses$", "-test.v")
		again.Env = append(os.Environ(), insideVariable+"=1", lockVariable+"="+filepath.Join(t.TempDir(), "lock"))
		again.Env = append(again.Env, environment...)
		var out bytes.Buffer
		again.Stdout = io.MultiWriter(&out, t.Output()) // as it goes: some of it takes hours
		again.Stderr = again.Stdout
		err := again.Run()
		if err != nil || !bytes.Contains(out.Bytes(), []byte("--- PASS: TestProcesses/")) {
			t.Errorf("inside of the keyring: %v", err)
		}
	})
}

// onSystem is a Connector on the real keychain.
func onSystem(b keychain.Backend, s *jumpcloudtest.Server) *connector.Connector {
	return connector.New(keychain.New(b, service), connector.WithRegions(jumpcloud.Region{ID: "us", Console: s.URL}),
		connector.WithFileLock(keychain.NewFileLock(os.Getenv(lockVariable))))
}

// world is the sample one, with more keys for its first organization, and one more for those of the MSP.
func world(t *testing.T) *jumpcloudtest.Server {
	s := jumpcloudtest.New(jumpcloudtest.SampleWorld())
	t.Cleanup(s.Close)
	for _, key := range []string{renewedKey, thirdKey} {
		s.SetKey(jumpcloudtest.Key{Value: key, Role: jumpcloudtest.RoleReadOnly, MFA: true, Organizations: []string{jumpcloudtest.OrganizationID(1)}})
	}
	s.AddCredential(jumpcloudtest.SampleMultiTenantKey, nextMSPKey, 0)
	return s
}

// mortalBackend kills its process before its n-th write.
type mortalBackend struct {
	keychain.Backend
	left int      // writes; negative: immortal
	tell *os.File // is told of each write before it is done
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
	_, _ = m.tell.Write([]byte{1})
}

// process does what a process of these tests is for: words are an operation and what it is about.
func process(t *testing.T, words string) {
	killAt, err := strconv.Atoi(os.Getenv(killVariable))
	if err != nil {
		killAt = -1
	}
	b, f := &mortalBackend{keychain.System(), killAt, os.NewFile(3, "writes")}, strings.Fields(words)
	if f[0] == "connect" {
		err = connectMany(t, b, f[1])
	} else {
		err = operations[f[0]](t, onSystem(b, world(t)), f[1:]...)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// operations are what a process can do. Those with a key take an organization after it; those with organizations mean the
// connections to them, and all where none is named.
var operations = map[string]func(t *testing.T, c *connector.Connector, words ...string) error{
	"save": func(t *testing.T, c *connector.Connector, words ...string) error {
		credentials := check.Credentials{APIKey: secret.New(words[0]), OrganizationID: secret.New(words[1])}
		_, err := c.Save(t.Context(), words[1], credentials, validated(t, c, credentials))
		return leaving(err)
	},
	"replace": func(t *testing.T, c *connector.Connector, words ...string) error { // the key of the first connection
		all, err := c.Connections(t.Context(), nil)
		if err != nil || len(all) == 0 {
			return err
		}
		credentials := check.Credentials{APIKey: secret.New(words[0]), OrganizationID: secret.New(words[1])}
		_, err = c.Save(t.Context(), "", credentials, validated(t, c, credentials), connector.Replacing(all[0]))
		return leaving(err)
	},
	"both": func(t *testing.T, c *connector.Connector, words ...string) error { // beside what is kept of the organization
		credentials := check.Credentials{APIKey: secret.New(words[0]), OrganizationID: secret.New(words[1])}
		_, err := c.Save(t.Context(), words[1], credentials, validated(t, c, credentials), connector.KeepingBoth())
		return err
	},
	"session": func(t *testing.T, c *connector.Connector, words ...string) error { // kept for it first, and then saved
		credentials := check.Credentials{APIKey: secret.New(words[0]), OrganizationID: secret.New(words[1])}
		kept, err := c.SaveForSession(t.Context(), words[1], credentials, validated(t, c, credentials))
		if err != nil {
			return err
		}
		_, err = c.SaveFromSession(t.Context(), kept.ID)
		return leaving(err)
	},
	"remove": func(t *testing.T, c *connector.Connector, words ...string) error {
		return each(t, c, words, func(id string) error { return c.Remove(t.Context(), id) })
	},
	"check": func(t *testing.T, c *connector.Connector, words ...string) error {
		return each(t, c, words, func(id string) error {
			_, err := c.Check(t.Context(), id, ignore)
			return err
		})
	},
	"rotate": rotateKey,
	"fill":   func(t *testing.T, c *connector.Connector, words ...string) error { return fill(t, c, words...) },
	"tidy": func(t *testing.T, c *connector.Connector, _ ...string) error {
		_, err := c.Tidy(t.Context())
		return err
	},
	"wipe":   func(t *testing.T, c *connector.Connector, _ ...string) error { return c.RemoveEverything(t.Context()) },
	"litter": func(t *testing.T, _ *connector.Connector, _ ...string) error { return litter(t) },
	"crowd": func(t *testing.T, c *connector.Connector, words ...string) error { // save all and tidy, and remove the last
		for _, organization := range words {
			if err := fill(t, c, organization); err != nil {
				return err
			}
			if _, err := c.Tidy(t.Context()); err != nil {
				return err
			}
		}
		last := words[len(words)-1:]
		return each(t, c, last, func(id string) error { return c.Remove(t.Context(), id) })
	},
}

// leaving is err, unless it asks what becomes of a kept key: the answer is that it stays.
func leaving(err error) error {
	var connected *connector.ConnectedError
	if errors.As(err, &connected) {
		return nil
	}
	return err
}

// fill saves connections to these organizations, all with one key.
func fill(t *testing.T, c *connector.Connector, organizations ...string) error {
	for _, organization := range organizations {
		credentials := check.Credentials{APIKey: secret.New(jumpcloudtest.SampleMultiTenantKey), OrganizationID: secret.New(organization)}
		if _, err := c.Save(t.Context(), organization, credentials, validated(t, c, credentials)); err != nil {
			return err
		}
	}
	return nil
}

// each does something with the connections to these organizations, or with all.
func each(t *testing.T, c *connector.Connector, organizations []string, do func(id string) error) error {
	all, err := c.Connections(t.Context(), nil)
	for _, one := range all {
		if err == nil && (len(organizations) == 0 || slices.Contains(organizations, one.Organization.ID)) {
			err = do(one.ID)
		}
	}
	return err
}

// litter leaves what interrupted changes leave: keys without a connection, a page without one, and a connection that has moved
// to a later page and is on the former one too.
func litter(t *testing.T) error {
	entries := systemEntries(t)
	last := 0
	for entries[fmt.Sprintf("connections/%d", last)] != "" {
		last++
	}
	putRecord(t, keychain.System(), "index", map[string]any{"schema": 1, "pages": last, "keys": 9})
	if last > 0 {
		var record map[string]any
		if err := json.Unmarshal(recordOf(t, entries["connections/0"]), &record); err != nil {
			return err
		}
		connections, _ := record["connections"].([]any)
		for _, one := range connections {
			one.(map[string]any)["edition"] = one.(map[string]any)["edition"].(float64) + 1
		}
		putRecord(t, keychain.System(), fmt.Sprintf("connections/%d", last), record)
		last++
	}
	putRecord(t, keychain.System(), fmt.Sprintf("connections/%d", last), map[string]any{"schema": 1})
	putRecord(t, keychain.System(), "key/8", map[string]any{"schema": 1, "service": "jumpcloud", "key": "jca_TESTlitter000000000000000000000000000001"})
	return nil
}

// start starts a process.
func start(t *testing.T, words string, killAt int) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	nobody, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	return startTelling(t, words, killAt, nobody)
}

// startTelling starts a process that writes a byte to told before each of its writes to the keychain.
func startTelling(t *testing.T, words string, killAt int, told *os.File) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	p := exec.Command(os.Args[0], "-test.run=^TestProcesses$")
	p.ExtraFiles = []*os.File{told}
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
	nothingOrphaned(t, len(found), 1)
	p, out := start(t, "remove", -1)
	finish(t, p, out)
	nothingOrphaned(t, 0, 0)
}

// nothingOrphaned looks with secret-tool for what does not belong to one of so many connections, which use so many keys.
func nothingOrphaned(t *testing.T, connections, keys int) {
	t.Helper()
	entries := systemEntries(t)
	if there := keptAmong(t, entries); there != (kept{keys, connections, connections}) {
		t.Errorf("for %d connections with %d keys there are %+v", connections, keys, there)
	}
	if connections == 0 && len(entries) > 0 {
		t.Errorf("without a connection there are %d entries", len(entries))
	}
}

// systemEntries reads all entries that secret-tool finds.
func systemEntries(t *testing.T) map[string]string {
	t.Helper()
	out, _ := exec.Command("secret-tool", "search", "--all", "service", service).CombinedOutput() // fails for none
	entries := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if user, ok := strings.CutPrefix(line, "attribute.username = "); ok {
			user = strings.TrimSpace(user)
			entry, err := exec.Command("secret-tool", "lookup", "service", service, "username", user).Output()
			if err != nil {
				t.Fatal(err)
			}
			entries[user] = string(entry)
		}
	}
	return entries
}

// The organizations of the tests that kill, and what is kept of them: who opens them with what.
var (
	ours, oneClient, anotherClient = jumpcloudtest.OrganizationID(1), jumpcloudtest.OrganizationID(100), jumpcloudtest.OrganizationID(101)

	oursKept, oursRenewed      = ours + "=" + jumpcloudtest.SampleKey, ours + "=" + renewedKey
	oursThird                  = ours + "=" + thirdKey
	oneClientKept, anotherKept = oneClient + "=" + jumpcloudtest.SampleMultiTenantKey, anotherClient + "=" + jumpcloudtest.SampleMultiTenantKey
	saveOurs, renewOurs        = "save " + jumpcloudtest.SampleKey + " " + ours, "replace " + renewedKey + " " + ours
	keepBoth, saveRenewed      = "both " + renewedKey + " " + ours, "save " + renewedKey + " " + ours
	saveOneClient, saveAnother = "save " + jumpcloudtest.SampleMultiTenantKey + " " + oneClient, "save " + jumpcloudtest.SampleMultiTenantKey + " " + anotherClient
)

// states are several keychains' contents, each given by its connections.
func states(each ...[]string) []string {
	var all []string
	for _, one := range each {
		all = append(all, strings.Join(slices.Sorted(slices.Values(one)), " "))
	}
	return all
}

// perPage is how many connections with the multi-tenant key fit on a page.
func perPage(t *testing.T) int {
	k := newRecorder()
	c := onSystem(k, world(t))
	for n := 0; ; n++ {
		if err := fill(t, c, jumpcloudtest.OrganizationID(100+n)); err != nil {
			t.Fatal(err)
		}
		if len(pages(t, k)) > 1 {
			return n
		}
	}
}

// killedAtEveryWrite kills a process before each of its writes, one after the other, in everything that writes.
func killedAtEveryWrite(t *testing.T) {
	fillPage, page := "fill", []string(nil) // no further connection fits on the page then
	for i := range perPage(t) {
		organization := jumpcloudtest.OrganizationID(100 + i)
		fillPage += " " + organization
		page = append(page, organization+"="+jumpcloudtest.SampleMultiTenantKey)
	}
	pageAndOurs := append(slices.Clone(page), oursKept)
	for _, c := range []struct {
		name   string
		before []string
		words  string
		after  []string // the states that may be found
	}{
		{"save", nil, saveOurs, states(nil, []string{oursKept})},
		{"save from the session", nil, "session " + jumpcloudtest.SampleKey + " " + ours, states(nil, []string{oursKept})},
		{"save one more with the same key", []string{saveOneClient}, saveAnother, states([]string{oneClientKept}, []string{oneClientKept, anotherKept})},
		{"replace", []string{saveOurs}, renewOurs, states([]string{oursKept}, []string{oursRenewed})},
		{"keep both", []string{saveOurs}, keepBoth, states([]string{oursKept}, []string{oursKept, oursRenewed})},
		{"replace one of both", []string{saveOurs, keepBoth}, "replace " + thirdKey + " " + ours,
			states([]string{oursKept, oursRenewed}, []string{oursThird, oursRenewed})},
		{"remove both", []string{saveOurs, keepBoth}, "remove " + ours,
			states([]string{oursKept, oursRenewed}, []string{oursRenewed}, nil)},
		{"remove the last with its key", []string{saveOurs, saveOneClient}, "remove " + ours, states([]string{oursKept, oneClientKept}, []string{oneClientKept})},
		{"remove one of two with a key", []string{saveOneClient, saveAnother}, "remove " + oneClient, states([]string{oneClientKept, anotherKept}, []string{anotherKept})},
		{"remove the last of all", []string{saveOurs}, "remove", states([]string{oursKept}, nil)},
		{"check", []string{saveOurs, saveOneClient}, "check", states([]string{oursKept, oneClientKept})},
		{"tidy", []string{saveOurs, "litter"}, "tidy", states([]string{oursKept})},
		{"remove everything", []string{saveOurs, saveOneClient, "litter"}, "wipe", states([]string{oursKept, oneClientKept}, nil)},
		{"save where the page is full", []string{fillPage}, saveOurs, states(page, pageAndOurs)},
		{"remove the only one on a page", []string{fillPage, saveOurs}, "remove " + ours, states(pageAndOurs, page)},
		{"remove one of a full page", []string{fillPage}, "remove " + oneClient, states(page, page[1:])},
	} {
		at := 0
		for killed := true; killed && !t.Failed(); at++ {
			reset(t, c.before...)
			p, out := start(t, c.words, at)
			killed = finish(t, p, out)
			recovered(t, fmt.Sprintf("%s, killed before write %d", c.name, at+1), c.after)
		}
		if at < 2 {
			t.Errorf("%s: it writes nothing", c.name)
		}
		t.Logf("%s: killed before each of its %d writes", c.name, at-1)
	}
	reset(t)
}

const (
	randomKills = 1000 // so many processes are killed at random moments,
	randomParts = 4    // in so many keyrings
)

// killedAtRandom kills the processes of one keyring, at moments that nobody chose, but after each has begun to write.
func killedAtRandom(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	const kills = randomKills / randomParts
	words := []string{saveOurs, renewOurs, saveRenewed, keepBoth, saveOneClient, "session " + jumpcloudtest.SampleKey + " " + ours,
		"check", "remove " + ours, "remove", "tidy", "litter", "wipe"}
	allowed := states(nil, []string{oursKept}, []string{oursRenewed}, []string{oursKept, oursRenewed}, []string{oneClientKept},
		[]string{oursKept, oneClientKept}, []string{oursRenewed, oneClientKept}, []string{oursKept, oursRenewed, oneClientKept})
	dice := rand.New(rand.NewPCG(1, seed))
	done, began := 0, time.Now()
	for tries := 0; done < kills && !t.Failed(); tries++ {
		if killedWhileWriting(t, words[dice.IntN(len(words))], time.Duration(dice.IntN(60))*time.Millisecond) {
			done++
		}
		if tries%10 == 9 { // what several crashes in a row leave
			recovered(t, fmt.Sprintf("%d processes killed", done), allowed)
		}
	}
	t.Logf("%d processes killed at random moments in %s", done, time.Since(began).Round(time.Second))
	reset(t)
}

// killedWhileWriting starts a process, and kills it so long after its first write; it reports whether it lived until then.
func killedWhileWriting(t *testing.T, words string, after time.Duration) bool {
	t.Helper()
	writes, told, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writes.Close()
	p, out := startTelling(t, words, -1, told)
	told.Close()
	if n, _ := writes.Read(make([]byte, 1)); n == 1 { // none: it has ended, with nothing to write
		time.Sleep(after)
		_ = p.Process.Kill()
	}
	return finish(t, p, out)
}

// reset removes all, and does what there is to be before.
func reset(t *testing.T, before ...string) {
	t.Helper()
	for _, words := range append([]string{"wipe"}, before...) {
		p, out := start(t, words, -1)
		finish(t, p, out)
	}
}

// recovered starts anew, as the program does, and finds one of the states, and nothing else.
func recovered(t *testing.T, what string, allowed []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := onSystem(keychain.System(), world(t))
	all, err := c.Connections(ctx, nil)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	var found []string
	keys := make(map[string]bool)
	for _, one := range all {
		key, err := c.APIKey(ctx, one.ID)
		if err != nil || !one.Report.Usable() || one.Report.Organization.ID != one.Organization.ID {
			t.Fatalf("%s: the key or the report cannot be read: %v", what, err)
		}
		found = append(found, one.Organization.ID+"="+key.Reveal())
		keys[key.Reveal()] = true
	}
	if !slices.Contains(allowed, states(found)[0]) {
		t.Errorf("%s: neither the old state nor the new one, but %d connections", what, len(all))
	}
	if _, err := c.Tidy(ctx); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	nothingOrphaned(t, len(all), len(keys))
	if t.Failed() {
		t.Log(what)
	}
}
