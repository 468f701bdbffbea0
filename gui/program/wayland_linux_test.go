package program

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/check"
)

// TestInWaylandSession uses the program in a Wayland session. There it runs on Xwayland.
func TestInWaylandSession(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		inWaylandSession(t, app, os.Getenv(homeVar))
		return
	}
	needWayland(t)
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir()}, "scripts/with-keyring", "scripts/with-wayland")
}

// TestWaylandProgram uses the same program in a Wayland session without X, on a screen of scale 2. The window is one of Wayland's own.
func TestWaylandProgram(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		waylandProgram(t, app, os.Getenv(homeVar))
		return
	}
	needWayland(t)
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "MONITORS=2000x1400@2"},
		"scripts/with-keyring", "scripts/with-wayland")
}

// needWayland skips the test if there can be no Wayland session.
func needWayland(t *testing.T) {
	t.Helper()
	needTools(t, "xdotool", "import", "xclip", "dbus-daemon", "gnome-keyring-daemon", "secret-tool")
	mayLack(t, "sway", "Xwayland", "xhost", "grim", "wtype", "wl-paste")
}

func inWaylandSession(t *testing.T, app, home string) {
	x, key := newDesk(t, app, home)
	d := &session{desk: x}
	d.start()
	if w := d.shown(); w.Shell != "xwayland" || w.Inside.Width != 1180 || w.Inside.Height != 800 {
		t.Errorf("the session has the window as %+v", w)
	}
	if differ := differing(d.still(), d.screen()); differ > 400 {
		t.Errorf("%d pixels of the session's screen are not the window's", differ)
	}
	d.typeText(key.Value)
	d.isSaved()
	d.close()
	d.start()
	d.opensTheOnly()
	d.checksAgain()
	d.copies(key.Value)
	d.until("a program of Wayland's pastes the key", func() bool { return pasted() == key.Value })
	d.nowhere(key.Value)
	d.close()
	if pasted() != "" {
		t.Error("what was copied outlives the window")
	}
}

// TestWaylandProgramWithoutWlPaste copies a key where wl-paste is missing, and another program takes the clipboard and hangs. The window works on
// while the key's time on the clipboard ends, and closes.
func TestWaylandProgramWithoutWlPaste(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		x, key := newDesk(t, app, os.Getenv(homeVar))
		x.prefers(`{"clipboard-after":"20"}`)
		d := &session{x, newVirtualPointer(t, image.Pt(1000, 700))}
		os.Unsetenv("DISPLAY")
		d.program = exec.Command(app, "--jumpcloud", d.server.URL)
		d.program.Env = append(d.environment(), "LC_ALL=en_US.UTF-8", "PATH="+t.TempDir())
		d.begin()
		d.atRest(d.screen)
		d.types(key.Value)
		d.isSaved()
		d.clearsAlthoughAProgramHangs(key.Value)
		return
	}
	needWayland(t)
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "MONITORS=2000x1400@2"},
		"scripts/with-keyring", "scripts/with-wayland")
}

func waylandProgram(t *testing.T, app, home string) {
	x, key := newDesk(t, app, home)
	d := &session{x, newVirtualPointer(t, image.Pt(1000, 700))}
	os.Unsetenv("DISPLAY")
	d.program = exec.Command(app, "--jumpcloud", d.server.URL)
	d.program.Env = append(d.environment(), "LC_ALL=en_US.UTF-8") // an empty one GLFW takes for a name
	d.begin()
	d.atRest(d.screen)
	if w := d.shown(); w.Shell != "xdg_shell" || w.Inside.Width > 1000 || w.Inside.Height > 700 {
		t.Errorf("the session has the window as %+v", w)
	}
	d.pastesAlthoughAProgramHangs()
	d.types(key.Value)
	d.isSaved()
	d.startsNoOther()
	d.close()
	// GLFW complains that Wayland does not let it take the focus.
	harmless := "PlatformError: Wayland: Focusing a window requires user interaction"
	if printed := strings.ReplaceAll(d.printed(), harmless, ""); strings.Contains(printed, "rror") {
		t.Errorf("the app complains: %s", printed)
	}
}

// session is the app in a Wayland session. The methods of desk use X, so they reach only a program on Xwayland.
type session struct {
	*desk
	pointer *virtualPointer // nil if it is not used
}

// node is an entry in the compositor's tree of windows.
type node struct {
	PID     int
	Shell   string // xdg_shell for a window of Wayland's, xwayland for one of X's
	Visible bool
	Rect    struct{ X, Y int }
	Inside  struct{ X, Y, Width, Height int } `json:"window_rect"`
	Nodes   []node
	Floats  []node `json:"floating_nodes"`
}

// shown waits until the program's window is on the screen, and returns it.
func (d *session) shown() (window node) {
	d.t.Helper()
	d.until("the session has the window", func() bool {
		var root node
		out, err := exec.Command("swaymsg", "-t", "get_tree").Output()
		if err != nil || json.Unmarshal(out, &root) != nil {
			d.t.Fatalf("swaymsg: %v: %s", err, out)
		}
		for all := []node{root}; len(all) > 0; all = all[1:] {
			if all[0].PID == d.program.Process.Pid && all[0].Visible {
				window = all[0]
				return true
			}
			all = slices.Concat(all, all[0].Nodes, all[0].Floats)
		}
		return false
	})
	return window
}

// screen returns a picture of the session's screen, where the window's content is.
func (d *session) screen() *image.RGBA {
	d.t.Helper()
	w := d.shown()
	place := fmt.Sprintf("%d,%d %dx%d", w.Rect.X+w.Inside.X, w.Rect.Y+w.Inside.Y, w.Inside.Width, w.Inside.Height)
	return d.pngOf("grim", "-g", place, "-")
}

// types types a secret, without making it an argument of a program. In each run, wtype makes a keyboard whose keys start at Escape. The
// fourteenth character would be on Backspace, so it types a few at a time.
func (d *session) types(text string) {
	d.t.Helper()
	for part := range slices.Chunk([]byte(text), 8) {
		typing := exec.Command("wtype", "-s", "200", "-d", "20", "-")
		typing.Stdin = strings.NewReader(string(part))
		if out, err := typing.CombinedOutput(); err != nil {
			d.t.Fatalf("wtype: %v: %s", err, out)
		}
	}
}

// clicks clicks a place in the window. Shortcuts cannot be typed here: wtype's keys stand in other places than a keyboard's.
func (d *session) clicks(at image.Point) {
	d.t.Helper()
	w := d.shown()
	d.pointer.click(at.Add(image.Pt(w.Rect.X+w.Inside.X, w.Rect.Y+w.Inside.Y)))
}

// Where the field for the key and the buttons beside it are.
var (
	keyField    = image.Pt(500, 207)
	showButton  = image.Pt(830, 207)
	pasteButton = image.Pt(885, 207)
	clearButton = image.Pt(940, 207)
)

// Where the button on the card of a connection is, and those of the key on the screen that it opens.
var (
	handOverButton = image.Pt(371, 185)
	showKeyButton  = image.Pt(796, 303)
	copyKeyButton  = image.Pt(900, 303)
)

// pastesAlthoughAProgramHangs pastes while the program that holds the clipboard is stopped, and once it goes on. The window works meanwhile.
// The field for the key is empty afterwards.
func (d *session) pastesAlthoughAProgramHangs() {
	d.t.Helper()
	holder := d.holdsClipboard("jca_TESTother")
	if err := holder.Signal(syscall.SIGSTOP); err != nil {
		d.t.Fatal(err)
	}
	d.types("jca_TESThalf")
	before := d.atRest(d.screen)
	d.clicks(pasteButton)
	d.clicks(showButton)
	d.until("the key is shown meanwhile", func() bool { return differing(before, d.screen()) > 3000 })
	d.until("the window says that the clipboard does not answer", func() bool { return differing(before, d.screen()) > 20_000 })
	d.run("wtype", "-s", "200", "-k", "Escape")
	if err := holder.Signal(syscall.SIGCONT); err != nil {
		d.t.Fatal(err)
	}
	before = d.atRest(d.screen)
	d.clicks(pasteButton)
	d.until("what is pasted is there", func() bool { return differing(before, d.screen()) > 300 })
	d.clicks(clearButton)
	d.clicks(keyField)
}

// clearsAlthoughAProgramHangs copies the saved key, and has another program take the clipboard and hang. The window goes on when the key's time
// is over.
func (d *session) clearsAlthoughAProgramHangs(key string) {
	d.t.Helper()
	d.clicks(handOverButton)
	d.atRest(d.screen)
	d.clicks(copyKeyButton)
	d.until("the key is copied", func() bool { return pasted() == key })
	if err := d.holdsClipboard("jca_TESTother").Signal(syscall.SIGSTOP); err != nil {
		d.t.Fatal(err)
	}
	time.Sleep(25 * time.Second) // the key's time, after which Fyne would ask that program
	before := d.atRest(d.screen)
	d.clicks(showKeyButton)
	d.until("the key is shown", func() bool { return differing(before, d.screen()) > 3000 }) // the pointer alone is less
}

// holdsClipboard starts a program of Wayland's that holds the clipboard with this text.
func (d *session) holdsClipboard(text string) *os.Process {
	d.t.Helper()
	holder := exec.Command("wl-copy", "--foreground")
	holder.Stdin = strings.NewReader(text)
	if err := holder.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = holder.Process.Kill(); _ = holder.Wait() })
	d.until("the other program holds the clipboard", func() bool { return pasted() == text })
	return holder.Process
}

// isSaved waits until a connection is stored. It must work.
func (d *session) isSaved() {
	d.t.Helper()
	if saved := d.connection(); saved.Report.Worst() != check.Passed {
		d.t.Errorf("the kept report says %s", saved.Report.Worst())
	}
	d.atRest(d.screen) // it is read back before it is called saved
}

// pasted returns what a Wayland program gets from the clipboard.
func pasted() string {
	out, _ := exec.Command("wl-paste", "--no-newline").Output()
	return string(out)
}

// close closes the window as its button does.
func (d *session) close() {
	d.t.Helper()
	d.run("swaymsg", fmt.Sprintf("[pid=%d] kill", d.program.Process.Pid))
	d.ends()
}
