package program

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStarting starts the built app several times and looks at what a window does not show: the sockets that it opens, what it does
// while nothing changes, and the size that it opens with.
func TestStarting(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, key := newDesk(t, app, os.Getenv(homeVar))
		d.keepsItsSize()
		d.asksNobody()
		d.drawsWhatComesLate()
		d.asksJumpCloudOnly(key.Value)
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "dbus-daemon", "gnome-keyring-daemon", "secret-tool", "strace", "xprop")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1280x720"},
		"scripts/with-keyring", "scripts/with-display")
}

// keepsItsSize starts the app on a screen that is smaller than its usual window, changes its size, and starts it again.
func (d *desk) keepsItsSize() {
	d.t.Helper()
	d.start()
	if width, height := d.size(); width != 1180 || height < 600 || height > 720 {
		d.t.Errorf("the first time, on a screen of 1280×720, it is %d×%d", width, height)
	}
	d.isWhatTheMenuStarts()
	d.run("xdotool", "windowsize", "--sync", d.window, "1000", "650")
	d.still()
	d.close()
	d.start()
	if width, height := d.size(); width != 1000 || height != 650 {
		d.t.Errorf("the next time it is %d×%d", width, height)
	}
	d.rests()
	d.endsWithTheSession()
}

// endsWithTheSession ends the app while it rests, as a shutdown does. That is no crash.
func (d *desk) endsWithTheSession() {
	d.t.Helper()
	d.sleeps()
	if err := d.program.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	d.ends()
	if strings.Contains(d.printed(), "panic") {
		d.t.Errorf("it ends with %s", d.printed())
	}
}

func (d *desk) size() (width, height int) {
	d.t.Helper()
	out, err := exec.Command("xdotool", "getwindowgeometry", d.window).Output()
	if _, after, ok := strings.Cut(string(out), "Geometry: "); ok && err == nil {
		_, err = fmt.Sscanf(after, "%dx%d", &width, &height)
	}
	if err != nil {
		d.t.Errorf("xdotool: %v: %s", err, out)
	}
	return width, height
}

// rests waits until the window's thread sleeps, with the caret in a field. Then nothing may change by itself, and a key wakes the
// app. How much of a processor it takes, scripts/measure says.
func (d *desk) rests() {
	d.t.Helper()
	d.still()
	d.sleeps()
	picture := d.picture()
	for range 4 {
		d.sleeps()
		if n := differing(picture, d.picture()); n > 0 {
			d.t.Errorf("%d pixels have changed by themselves", n)
			break
		}
	}
	d.key("x")
	d.until("what is typed is there", func() bool { return differing(picture, d.picture()) > 0 })
	d.key("BackSpace")
}

// sleeps waits until the window's thread sleeps. In a second it is switched off and on a few times then; in Fyne's own loop, 60 times.
// Under strace each system call is a switch too: about 50 asleep, 800 awake. A thread that computes is not switched off, but it runs.
func (d *desk) sleeps() {
	d.t.Helper()
	most := 15
	if filepath.Base(d.program.Path) == "strace" {
		most = 150
	}
	d.until("the window's thread sleeps", func() bool {
		before, _ := d.switches()
		time.Sleep(time.Second)
		after, state := d.switches()
		return after-before < most && state != "R"
	})
}

// switches returns how often the window's thread, the program's first one, has been switched off so far, and its state.
func (d *desk) switches() (n int, state string) {
	d.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.program.Process.Pid))
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		switch fields := strings.Fields(line); fields[0] {
		case "State:":
			state = fields[1]
		case "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:":
			times, err := strconv.Atoi(fields[1])
			if err != nil {
				d.t.Fatal(err)
			}
			n += times
		}
	}
	return n, state
}

// asksNobody starts the app without a connection. It must connect to no other computer, and look up no name.
func (d *desk) asksNobody() {
	d.t.Helper()
	trace := d.openTraced()
	d.sleeps() // nothing starts any more
	d.close()
	if asked := remote(d.t, trace); len(asked) > 0 {
		d.t.Errorf("it asked for\n%s", strings.Join(asked, "\n"))
	}
}

// drawsWhatComesLate starts the app after a crash. The offer of the report comes from another goroutine, after everything is drawn. It
// must appear although nobody touches the window.
func (d *desk) drawsWhatComesLate() {
	d.t.Helper()
	d.start()
	without := d.still()
	d.close()
	folder := filepath.Join(d.home, "cache", mustMetadata(d.t).ID, "crashes")
	report := filepath.Join(folder, "crash-20260102-030405.000.txt")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(report, []byte("TEST\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.program = exec.Command(d.app, "--keychain", "memory") // so that no connections come late too
	d.program.Env = d.environment()
	d.begin()
	d.appears()
	if n := differing(without, d.still()); n < 5000 {
		d.t.Errorf("the report is not offered on the screen: only %d pixels differ", n)
	}
	d.run("xdotool", "windowactivate", "--sync", d.window)
	d.close()
	if err := os.Remove(report); err != nil {
		d.t.Fatal(err)
	}
}

// asksJumpCloudOnly checks and saves a key. The app may connect to no other address than the one of its flag.
func (d *desk) asksJumpCloudOnly(key string) {
	d.t.Helper()
	server, err := url.Parse(d.server.URL)
	if err != nil {
		d.t.Fatal(err)
	}
	trace := d.openTraced("--jumpcloud", d.server.URL)
	d.typeText(key)
	d.connection()
	d.still() // it is read back before it is called saved
	d.close()
	asked := remote(d.t, trace)
	for _, address := range asked {
		if address != server.Host {
			d.t.Errorf("it asked for %s", address)
		}
	}
	if !slices.Contains(asked, server.Host) {
		d.t.Error("the trace does not even show JumpCloud's address")
	}
}

// openTraced opens the app and traces its network calls into a file, with those of the processes that it starts.
func (d *desk) openTraced(flags ...string) (trace string) {
	d.t.Helper()
	trace = filepath.Join(d.t.TempDir(), "trace")
	// With -D, the app is this process's child, and strace runs beside it.
	d.open(exec.Command("strace", append([]string{"-D", "-f", "-qq", "-s", "200", "-e", "trace=network", "-o", trace, d.app}, flags...)...))
	return trace
}

var (
	called = regexp.MustCompile(`^\d+ +(?:<\.\.\. )?(connect|sendto|sendmsg|sendmmsg)\b`)
	inet   = regexp.MustCompile(`sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"`)
	local  = regexp.MustCompile(`sun_path=@?"([^"]*)"`)
)

// remote returns the addresses that a program connected to, according to a trace of its system calls, and the services on this
// computer that it asked for names. The test fails if the trace lacks the display: then it shows nothing.
func remote(t *testing.T, trace string) (asked []string) {
	t.Helper()
	data, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	display := false
	for line := range strings.Lines(string(data)) {
		if !called.MatchString(line) {
			continue
		}
		if m := inet.FindStringSubmatch(line); m != nil {
			asked = append(asked, m[2]+":"+m[1])
		} else if m := local.FindStringSubmatch(line); m != nil {
			display = display || strings.Contains(m[1], "X11-unix")
			if strings.Contains(m[1], "resolve") {
				asked = append(asked, m[1])
			}
		} else if strings.Contains(line, "AF_INET") || strings.Contains(line, `"hosts`) || strings.Contains(line, `hosts\0"`) {
			// glibc asks nscd for hosts with this word. It also asks nscd for the user's name, which is allowed.
			asked = append(asked, strings.TrimSpace(line))
		}
	}
	if !display {
		t.Errorf("the display is not in the trace of %d bytes: it shows nothing", len(data))
	}
	slices.Sort(asked)
	return slices.Compact(asked)
}

// TestStartingWithoutABus starts the app without a session bus, but with a program that starts one, as the package dbus-x11 has it. The
// app must not run it: nothing would ever end that bus.
func TestStartingWithoutABus(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		withoutABus(t, app, os.Getenv(homeVar))
		return
	}
	if bus := fmt.Sprintf("/run/user/%d/bus", os.Getuid()); isFile(bus) {
		t.Skipf("skipped: the D-Bus library would find %s", bus)
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"}, "scripts/with-display")
}

func isFile(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func withoutABus(t *testing.T, app, home string) {
	d, _ := newDesk(t, app, home)
	started := filepath.Join(home, "started")
	launch := "#!/bin/sh\necho >>" + started + "\necho DBUS_SESSION_BUS_ADDRESS=unix:path=" + home + "/none\n"
	if err := os.WriteFile(filepath.Join(home, "dbus-launch"), []byte(launch), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", home+":"+os.Getenv("PATH"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	for range 3 {
		check := exec.Command(app, "check")
		check.Env = d.environment()
		if out, _ := check.CombinedOutput(); !strings.Contains(string(out), "no session bus") {
			t.Errorf("check prints %s", out)
		}
	}
	d.start()
	d.sleeps() // nothing starts any more
	d.close()
	if isFile(started) {
		t.Error("a bus was started")
	}
}
