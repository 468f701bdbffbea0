package keychain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// The tests of the real Secret Service: gnome-keyring on a D-Bus session, both of which live for one case only. Each
// case is a process of its own, started by TestSystem from this same test binary, for the D-Bus library keeps one
// connection a process.

// Names in the environment: of the case that the process is to run, and of what makes a missing tool a failure.
const (
	caseVariable = "KEYCHAIN_TEST_CASE"
	mustVariable = "CONTROLMAP_E2E"
)

// busConfig makes a session bus that starts no services by itself: what is on it is what the case has started. Its
// limit is that of a usual session bus: secret-tool asks for all entries at once.
const busConfig = `<busconfig>
<type>session</type>
<listen>unix:dir=%s</listen>
<auth>EXTERNAL</auth>
<limit name="max_replies_per_connection">50000</limit>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`

// where says on which bus a case runs.
type where int

const (
	onBus       where = iota
	noAddress         // nothing says where a bus is
	noBus             // there is no bus at its address
	onStrictBus       // which lets nobody ask the Secret Service
)

func TestSystem(t *testing.T) {
	if name := os.Getenv(caseVariable); name != "" {
		systemCases[name].run(t)
		return
	}
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon", "secret-tool"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv(mustVariable) == "1" {
			t.Fatalf("%s=1, but the program %s is missing", mustVariable, tool)
		} else if err != nil {
			t.Skipf("the program %s is missing, so that the Secret Service is not tested", tool)
		}
	}
	for name, c := range systemCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runCase(t, name, c.on)
		})
	}
}

// runCase runs the case in a process with a home and, as a rule, a bus of its own.
func runCase(t *testing.T, name string, on where) {
	t.Helper()
	home, err := os.MkdirTemp("", "keychain") // shorter than t.TempDir, for the path of a socket has its limit
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(home, "bus.conf")
	rules := busConfig
	if on == onStrictBus {
		rules = strings.Replace(rules, "</policy>", `<deny send_destination="org.freedesktop.secrets"/></policy>`, 1)
	}
	if err := os.WriteFile(config, fmt.Appendf(nil, rules, home), 0o600); err != nil {
		t.Fatal(err)
	}

	args := []string{program, "-test.run=^TestSystem$", "-test.v", "-test.timeout=45s"}
	environment := []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_RUNTIME_DIR=" + home, caseVariable + "=" + name}
	path := os.Getenv("PATH")
	switch on {
	case onBus, onStrictBus:
		args = append([]string{"dbus-run-session", "--config-file=" + config, "--"}, args...)
	case noAddress:
		if bus := fmt.Sprintf("/run/user/%d/bus", os.Getuid()); exists(bus) {
			t.Skipf("the D-Bus library would find %s, which is not this test's", bus)
		}
		path = home // no dbus-launch
	case noBus:
		environment = append(environment, "DBUS_SESSION_BUS_ADDRESS=unix:path="+filepath.Join(home, "bus"))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
	defer cancel()
	process := exec.CommandContext(ctx, args[0], args[1:]...)
	process.Env = append(environment, "PATH="+path)
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }
	process.WaitDelay = time.Second
	out, err := process.CombinedOutput()
	if err == nil && strings.Contains(string(out), "--- SKIP: TestSystem") {
		t.Skipf("%s", out)
	}
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSystem") {
		t.Errorf("%v\n%s", err, out)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// eventually waits for what has to become true soon.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !is() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(what, ": not within 20 s")
		}
	}
}

// connect returns a connection to the session bus apart from that of the keychain.
func connect(t *testing.T) *dbus.Conn {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	return bus
}

const (
	secretService = "org.freedesktop.secrets"
	servicePath   = "/org/freedesktop/secrets"
	loginPath     = "/org/freedesktop/secrets/collection/login"
)

// daemon is a running gnome-keyring.
type daemon struct {
	t       *testing.T
	process *exec.Cmd
}

// startDaemon starts gnome-keyring with what is stored in the home. Where it is unlocked, its collection "login" is
// made if it is not there.
func startDaemon(t *testing.T, unlocked bool) daemon {
	t.Helper()
	return runDaemon(t, exec.Command("gnome-keyring-daemon", "--foreground", "--components=secrets"), unlocked)
}

// startDaemonWithin starts an unlocked gnome-keyring whose file may not grow over so many bytes.
func startDaemonWithin(t *testing.T, most int) daemon {
	t.Helper()
	// With the signal ignored, a write over the limit fails, as on a disk that is full. The limit is in blocks of 512 or
	// 1,024 bytes, as the shell has it.
	const limited = `trap '' XFSZ; ulimit -f "$1"; shift; exec "$@"`
	return runDaemon(t, exec.Command("bash", "-c", limited, "-", fmt.Sprint(most/1024),
		"gnome-keyring-daemon", "--foreground", "--components=secrets"), true)
}

// startDaemonReadOnly starts an unlocked gnome-keyring to which the home is a disk that cannot be written to.
func startDaemonReadOnly(t *testing.T) daemon {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("skipped: to make a disk read-only takes root")
	}
	if err := exec.Command("unshare", "--mount", "true").Run(); err != nil {
		t.Skip("skipped: root may not mount here, as in some containers")
	}
	const mounted = `cd "$HOME/keyrings" && mount --bind . . && mount -o remount,bind,ro "$PWD" && cd / && exec "$@"`
	return runDaemon(t, exec.Command("unshare", "--mount", "bash", "-c", mounted, "-",
		"gnome-keyring-daemon", "--foreground", "--components=secrets"), true)
}

func runDaemon(t *testing.T, process *exec.Cmd, unlocked bool) daemon {
	t.Helper()
	if unlocked {
		process.Args = append(process.Args, "--unlock")
		process.Stdin = strings.NewReader("password of the login collection")
	}
	return launch(t, process, func(collection dbus.ObjectPath) bool { return !unlocked || collection == loginPath })
}

// launch starts a provider, and waits until its default collection, "/" if there is none, is as it should be.
func launch(t *testing.T, process *exec.Cmd, ready func(collection dbus.ObjectPath) bool) daemon {
	t.Helper()
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	d := daemon{t, process}
	t.Cleanup(d.kill)
	bus := connect(t)
	eventually(t, filepath.Base(process.Path)+" answers", func() bool {
		var collection dbus.ObjectPath
		service := bus.Object(secretService, servicePath)
		err := service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
		return err == nil && ready(collection)
	})
	return d
}

func (d daemon) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.process.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

// quit lets the daemon end as at the end of a session, and waits until it is gone from the bus.
func (d daemon) quit() {
	d.t.Helper()
	d.signal(syscall.SIGTERM)
	_ = d.process.Wait()
	d.kill()
}

// kill ends the daemon, if it runs, and waits until it is gone from the bus, as it then is for the keychain.
func (d daemon) kill() {
	_ = d.process.Process.Kill()
	_ = d.process.Wait()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return // the bus is gone too
	}
	defer bus.Close()
	eventually(d.t, "gnome-keyring is gone from the bus", func() bool {
		var owned bool
		err := bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secretService).Store(&owned)
		return err != nil || !owned
	})
}

// lock locks the login collection, as the user can at any time.
func lock(t *testing.T) {
	t.Helper()
	service := connect(t).Object(secretService, servicePath)
	call := service.Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{loginPath})
	if call.Err != nil {
		t.Fatal(call.Err)
	}
}

// killBus kills the session bus.
func killBus(t *testing.T) {
	t.Helper()
	bus := connect(t)
	var pid uint32
	err := bus.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.DBus").Store(&pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(int(pid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-bus.Context().Done()
}

// prompter stands for the program that shows unlock prompts. It shows none, and answers never.
type prompter struct{ asked chan struct{} }

// BeginPrompting is the call that asks for a prompt.
func (p prompter) BeginPrompting(dbus.ObjectPath) *dbus.Error {
	p.asked <- struct{}{}
	return nil
}

// startPrompter puts a prompter on the bus. Asked tells of each prompt; leave takes it away, which is as if the user
// had closed the prompt.
func startPrompter(t *testing.T) (asked <-chan struct{}, leave func()) {
	t.Helper()
	bus := connect(t)
	p := prompter{make(chan struct{}, 9)}
	err := bus.Export(p, "/org/gnome/keyring/Prompter", "org.gnome.keyring.internal.Prompter")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := bus.RequestName("org.gnome.keyring.SystemPrompter", dbus.NameFlagDoNotQueue)
	if err != nil || answer != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(answer, err)
	}
	return p.asked, func() { bus.Close() }
}

// keePassXCDatabase is an empty one whose root group is offered as the Secret Service's collection.
const keePassXCDatabase = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile><Meta><DatabaseName>test</DatabaseName><CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>
<Value>{00112233-4455-6677-8899-aabbccddeeff}</Value></Item></CustomData></Meta>
<Root><Group><UUID>ABEiM0RVZneImaq7zN3u/w==</UUID><Name>Root</Name></Group></Root></KeePassFile>`

// keePassXCSettings turn the Secret Service on, and questions to the user off. Its database is saved at the end only: version
// 2.7.4 crashes now and then when hundreds of entries are written within seconds and each is saved at once.
const keePassXCSettings = `[General]
ConfigVersion=2
UpdateCheckMessageShown=true
AutoSaveAfterEveryChange=false
AutoSaveOnExit=true
[GUI]
CheckForUpdates=false
[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=false
ConfirmDeleteItem=false
`

// startKeePassXC starts another provider, without a display, with what is stored in the home.
func startKeePassXC(t *testing.T) daemon {
	t.Helper()
	if _, err := exec.LookPath("keepassxc"); err != nil {
		t.Skip("skipped: the program keepassxc is missing")
	}
	home := os.Getenv("HOME")
	database, settings := filepath.Join(home, "test.kdbx"), filepath.Join(home, "keepassxc.ini")
	if err := os.WriteFile(settings, []byte(keePassXCSettings), 0o600); err != nil {
		t.Fatal(err)
	}
	if !exists(database) {
		outline := filepath.Join(home, "test.xml")
		if err := os.WriteFile(outline, []byte(keePassXCDatabase), 0o600); err != nil {
			t.Fatal(err)
		}
		make := exec.Command("keepassxc-cli", "import", "--set-password", outline, database)
		make.Stdin = strings.NewReader("password\npassword\n")
		if out, err := make.CombinedOutput(); err != nil {
			t.Fatalf("make a database: %v\n%s", err, out)
		}
	}
	process := exec.Command("keepassxc", "--config", settings, "--localconfig", filepath.Join(home, "local.ini"), "--pw-stdin", database)
	process.Stdin = strings.NewReader("password\n")
	process.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "TMPDIR="+home) // where it looks for another one
	bus := connect(t)
	return launch(t, process, func(collection dbus.ObjectPath) bool {
		if collection == "/" {
			return false // the database is not open yet
		}
		locked, err := bus.Object(secretService, collection).GetProperty("org.freedesktop.Secret.Collection.Locked")
		return err == nil && locked.Value() == false
	})
}
