package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/gui/desktop/tray/traytest"
)

// TestInTheTray starts the built app as the system does at login, on a session bus with a panel, and uses it by its icon there. The panel is
// the test's own: a real service on the bus, which draws nothing.
func TestInTheTray(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		d.closingKeeps()
		d.livesInTheTray(d.panel())
		d.isStartedAtLogin()
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"},
		"scripts/with-keyring", "scripts/with-display")
}

// TestWithoutATray does the same on a session bus without a panel.
func TestWithoutATray(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		d, _ := newDesk(t, app, os.Getenv(homeVar))
		d.closingKeeps()
		d.start()
		d.close() // nothing could open the window again
		d.startsMinimized()
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "xprop", "dbus-daemon", "gnome-keyring-daemon")
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"},
		"scripts/with-keyring", "scripts/with-display")
}

// closingKeeps chooses that closing the window keeps the app going.
func (d *desk) closingKeeps() {
	d.t.Helper()
	d.prefers(`{"closing":"watch"}`)
}

// prefers writes the preferences that the app finds when it starts.
func (d *desk) prefers(preferences string) {
	d.t.Helper()
	folder := filepath.Join(d.home, "config", "fyne", mustMetadata(d.t).ID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "preferences.json"), []byte(preferences), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// panel starts a panel.
func (d *desk) panel() *traytest.Panel {
	d.t.Helper()
	p, err := traytest.Start(true)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(p.Stop)
	return p
}

// registers waits until the app has its icon in the panel.
func (d *desk) registers(p *traytest.Panel) {
	d.t.Helper()
	select {
	case <-p.Registered:
	case <-time.After(time.Minute):
		d.t.Fatalf("no icon comes: %s", d.printed())
	}
}

// visible reports whether the app has a window that can be seen.
func (d *desk) visible() bool {
	out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(d.program.Process.Pid)).Output()
	return len(strings.Fields(string(out))) > 0
}

// goes waits until no window of the app can be seen, and looks whether the app lives.
func (d *desk) goes() {
	d.t.Helper()
	d.until("the window is gone", func() bool { return !d.visible() })
	d.sleeps() // a program that has ended has no threads
}

func (d *desk) do(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// inBackground starts the app as the system does at login.
func (d *desk) inBackground() {
	d.t.Helper()
	d.program = exec.Command(d.app, "--background", "--jumpcloud", d.server.URL)
	d.program.Env = d.environment()
	d.begin()
}

// livesInTheTray starts the app without its window, and opens and closes the window in each way that there is.
func (d *desk) livesInTheTray(p *traytest.Panel) {
	d.t.Helper()
	d.inBackground()
	d.registers(p)
	d.sleeps()
	again := exec.Command(d.app, "--background") // as by a session that restores its programs
	again.Env = d.program.Env
	if out, err := again.CombinedOutput(); err != nil || len(out) > 0 {
		d.t.Errorf("a second start in the background ends with %v: %s", err, out)
	}
	d.sleeps()
	if d.visible() {
		d.t.Error("a window comes without being asked for")
	}
	d.do(p.Click("Open"))
	d.appears()
	before := d.still()
	d.pressClose()
	d.until("it is said what closing does", func() bool { return differing(before, d.picture()) > 20_000 })
	d.still()
	d.run("xdotool", "windowactivate", "--sync", d.window)
	d.key("space")
	d.goes()
	for name, open := range map[string]func() error{
		"a click on the icon": p.Activate,
		"a second start":      func() error { d.startsNoOther(); return nil },
	} {
		d.do(open())
		d.appears()
		d.inFront()
		if n := differing(before, d.still()); n > 400 {
			d.t.Errorf("after %s, %d pixels differ", name, n)
		}
		d.pressClose()
		d.goes()
	}
	p.Stop()
	p = d.panel()
	d.registers(p)
	d.do(p.Click("Quit"))
	d.ends()
	if strings.Contains(d.printed(), "rror") {
		d.t.Errorf("the app complains: %s", d.printed())
	}

	p.Stop()
	p = d.panel() // the other one may have heard of the icon twice
	d.inBackground()
	d.registers(p)
	d.do(p.Click("Quit")) // before it ever had a window
	d.ends()

	d.inBackground()
	d.registers(p)
	d.endsWithTheSession()
}

// isStartedAtLogin chooses the start at login by keyboard, and looks at what the desktop then starts.
func (d *desk) isStartedAtLogin() {
	d.t.Helper()
	d.start()
	d.key("ctrl+comma")
	d.still()
	d.key("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Right")
	entry := filepath.Join(d.home, "config", "autostart", mustMetadata(d.t).ID+".desktop")
	d.until("the entry is there", func() bool {
		text, err := os.ReadFile(entry)
		return err == nil && strings.Contains(string(text), "\nExec="+d.app+" --background\n")
	})
	d.key("ctrl+q")
	d.ends()
}

// startsMinimized starts the app as at login. Its window comes, minimized, once no tray has come. A second start brings it to the front.
func (d *desk) startsMinimized() {
	d.t.Helper()
	d.inBackground()
	d.untilIn(2*time.Minute, "the window is there, minimized", func() bool {
		out, _ := exec.Command("xdotool", "search", "--pid", strconv.Itoa(d.program.Process.Pid), "--name", mustMetadata(d.t).Name).Output()
		for _, window := range strings.Fields(string(out)) {
			state, _ := exec.Command("xprop", "-id", window, "WM_STATE").Output()
			if strings.Contains(string(state), "Iconic") {
				d.window = window
				return true
			}
		}
		return false
	})
	d.startsNoOther()
	d.inFront()
	d.still()
	d.close()
}
