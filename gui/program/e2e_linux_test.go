package program

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"controlmap-jumpcloud/connector/check"
)

// These variables tell the second run of the test's program, inside of the display and the keyring, what to work with.
const (
	insideVar = "CONTROLMAP_E2E_APP"  // the built app
	homeVar   = "CONTROLMAP_E2E_HOME" // the home folder that the app is given
	cliVar    = "CONTROLMAP_E2E_CLI"  // the built program without a window
)

// TestEndToEnd drives the built app in a real window, with a real Secret Service and the simulator over https, as
// a person would: type a key, see the checks pass, close, start again, find the connection.
//
// It runs itself once more inside of scripts/with-keyring and scripts/with-display.
func TestEndToEnd(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		inside(t, app, os.Getenv(homeVar))
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "xclip", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")
	insideOf(t, []string{insideVar + "=" + buildApp(t), cliVar + "=" + buildHeadless(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"},
		"scripts/with-keyring", "scripts/with-display")
}

func inside(t *testing.T, app, home string) {
	d, key := newDesk(t, app, home)
	d.start()
	d.typeText(key.Value)
	saved := d.connection()
	if saved.Report.Worst() != check.Passed || saved.Organization.Name != "Larkspur Robotics" {
		t.Errorf("the kept report says %s for %q", saved.Report.Worst(), saved.Organization.Name)
	}
	d.foundBySecretTool()
	d.hidesWithoutFocus()
	d.secondStart()
	d.nowhere(key.Value)
	d.close()

	d.start()
	d.opensTheOnly()
	d.checksAgain()
	d.nowhere(key.Value)
	d.copies(key.Value)
	d.chooseGerman()
	d.close()
	d.nowhere(key.Value)
	if held, _ := d.clipboard("UTF8_STRING"); held != "" {
		t.Error("what was copied outlives the window")
	}

	for _, program := range []string{d.app, os.Getenv(cliVar)} {
		d.checkWithoutDisplay(program, "", 0, "Larkspur Robotics: Passed")
		d.checkWithoutDisplay(program, key.Value, 0, "412 found", "--key-stdin")
	}
	key.Revoked = true
	d.server.SetKey(key)
	d.checkWithoutDisplay(d.app, "", 1, "It last worked on", "--changed") // asks twice, a minute apart, and says so nowhere else
	d.checkWithoutDisplay(os.Getenv(cliVar), "", 1, "It last worked on")
	d.paintsAllTheSame()
}

// opensTheOnly opens the only connection from the home, by keyboard. The focus is in its list.
func (d *desk) opensTheOnly() {
	d.t.Helper()
	d.still()
	d.key("Return")
	d.still()
}

// checksAgain starts a check of the connection on the screen, by keyboard. It waits until JumpCloud is asked with the stored key.
func (d *desk) checksAgain() {
	d.t.Helper()
	d.server.ResetRequests()
	d.key("ctrl+Return")
	d.until("the kept key is used", func() bool {
		for _, r := range d.server.Requests() {
			if r.Path == "/api/systemusers" && !r.Key.Empty() {
				return true
			}
		}
		return false
	})
}

// copies copies the key by its shortcut, and pastes it with xclip. The mark that keeps it out of clipboard histories must be there too.
func (d *desk) copies(key string) {
	d.t.Helper()
	d.key("ctrl+k")
	d.holds(key)
	if mark, err := d.clipboard("x-kde-passwordManagerHint"); mark != "secret" || err != nil {
		d.t.Errorf("the mark beside the key is %q, %v", mark, err)
	}
}

// paintsAllTheSame brings the keychain into each bad state: locked with nobody to ask, waiting for the user's password, hanging, and
// gone. The window must react to keys as it does with a keychain that works.
func (d *desk) paintsAllTheSame() {
	d.t.Helper()
	provider := d.secretService()
	for _, k := range []struct {
		state string
		make  func() error
	}{
		{"that works", func() error { return nil }},
		{"that is locked", d.lock},
		{"that asks for the password", d.leavePromptOpen},
		{"that hangs", func() error { return provider.Signal(syscall.SIGSTOP) }},
		{"that is gone", func() error { return provider.Signal(syscall.SIGKILL) }},
	} {
		if err := k.make(); err != nil {
			d.t.Fatalf("a keychain %s: %v", k.state, err)
		}
		d.t.Logf("a keychain %s", k.state)
		d.paints()
	}
}

// lock locks the keyring, as the user can at any time. No program on this bus can ask for the password.
func (d *desk) lock() error {
	service := d.bus().Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	login := []dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}
	return service.Call("org.freedesktop.Secret.Service.Lock", 0, login).Err
}

// leavePromptOpen takes the place of the program that asks for the password. Its user never answers.
func (d *desk) leavePromptOpen() error {
	bus := d.bus()
	if err := bus.Export(prompter{}, "/org/gnome/keyring/Prompter", "org.gnome.keyring.internal.Prompter"); err != nil {
		return err
	}
	_, err := bus.RequestName("org.gnome.keyring.SystemPrompter", dbus.NameFlagDoNotQueue)
	return err
}

type prompter struct{}

// BeginPrompting is called to open a prompt. It opens none.
func (prompter) BeginPrompting(dbus.ObjectPath) *dbus.Error { return nil }

// paints starts the app, and shows and hides a text several times. A window that waited for a keychain that hangs would wait for 60 s,
// which is longer than this waits for the window.
func (d *desk) paints() {
	d.t.Helper()
	d.start()
	d.key("ctrl+n")            // where the keychain works, the home is on the screen
	d.typeText("jca_TESThalf") // too short to be checked
	before := d.still()
	for range 6 {
		d.key("ctrl+r")
		d.untilIn(30*time.Second, "what is pressed is on the screen", func() bool {
			now := d.picture()
			painted := differing(before, now) > 300
			if painted {
				before = now
			}
			return painted
		})
	}
	d.key("ctrl+a", "BackSpace") // otherwise closing asks whether to discard it
	d.close()
}

// chooseGerman chooses the language in the menu, by keyboard. The window must change at once, and the choice must be saved.
func (d *desk) chooseGerman() {
	d.t.Helper()
	english := d.still()
	d.key("Alt_L")
	d.until("the menu is open", func() bool { return differing(english, d.picture()) > 2000 })
	d.key("Right", "Right", "Down", "Down", "Down", "Down", "Down", "Right", "Down", "Down", "Return")
	kept := filepath.Join(d.home, "config", "fyne", "com.controlmap.connect.jumpcloud", "preferences.json")
	d.until("the choice is kept", func() bool {
		preferences, err := os.ReadFile(kept)
		return err == nil && bytes.Contains(preferences, []byte(`"language":"de"`))
	})
	if n := differing(english, d.still()); n < 5000 {
		d.t.Errorf("the window is not in German: only %d pixels differ", n)
	}
}

// secondStart starts the app once more while the window is minimized. It must end, and the window must come to the front.
func (d *desk) secondStart() {
	d.t.Helper()
	d.run("xdotool", "windowminimize", "--sync", d.window)
	other := exec.Command(d.app, "--jumpcloud", "https://another.example")
	other.Env = d.program.Env
	if out, _ := other.CombinedOutput(); other.ProcessState.ExitCode() != 2 || !bytes.Contains(out, []byte("Close it first")) {
		d.t.Errorf("a second start for another address ends with %v: %s", other.ProcessState, out)
	}
	d.run("xdotool", "windowminimize", "--sync", d.window)
	d.startsNoOther()
	d.inFront()
}

// foundBySecretTool looks for the entries with secret-tool, which shares no code with ours.
func (d *desk) foundBySecretTool() {
	d.t.Helper()
	out, err := exec.Command("secret-tool", "search", "--all", "service", mustMetadata(d.t).ID).CombinedOutput()
	if err != nil {
		d.t.Fatal("secret-tool search:", err) // without its output, which has the key
	}
	for _, name := range []string{"index", "connections/0", "key/0"} {
		if !strings.Contains(string(out), "attribute.username = "+name) {
			d.t.Errorf("secret-tool does not find %s", name)
		}
	}
}

// hidesWithoutFocus shows the key and takes the focus away. The key must be hidden again.
func (d *desk) hidesWithoutFocus() {
	d.t.Helper()
	d.still()       // the connection is on the screen
	d.key("ctrl+r") // unfolds the row with the key
	d.still()
	d.key("ctrl+r")
	hidden := d.still()
	d.key("ctrl+r")
	d.until("the key is shown", func() bool { return differing(hidden, d.picture()) > 500 })
	d.run("xdotool", "windowminimize", "--sync", d.window)
	d.run("xdotool", "windowmap", "--sync", d.window)
	d.run("xdotool", "windowactivate", "--sync", d.window)
	if n := differing(hidden, d.still()); n > 400 {
		d.t.Errorf("the key may still be shown: %d pixels differ", n)
	}
}
