package pasteboard

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector/secret"
)

// insideVariable says that the test's program runs inside of the virtual display.
const insideVariable = "PASTEBOARD_TEST_INSIDE"

const made = "jca_TESTclipboard00000000000000000000000001"

// TestCopy copies on a real X display, and reads with a program that shares no code with ours.
func TestCopy(t *testing.T) { onDisplay(t, inside) }

// onDisplay runs a test once more, inside of a virtual display.
func onDisplay(t *testing.T, inside func(*testing.T)) {
	t.Helper()
	if os.Getenv(insideVariable) != "" {
		inside(t)
		return
	}
	for _, tool := range []string{"Xvfb", "openbox", "xdotool", "xclip"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CONTROLMAP_E2E") == "1" {
			t.Fatalf("%s is missing; scripts/test installs it", tool)
		} else if err != nil {
			t.Skipf("skipped: %s is not here; scripts/test installs it", tool)
		}
	}
	again := exec.Command("../../../scripts/with-display", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), insideVariable+"=1")
	if out, err := again.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("inside of the display: %v\n%s", err, out)
	}
}

func inside(t *testing.T) {
	former := copied(t, "the one before")
	copied(t, made)
	if former.Release() {
		t.Error("what was copied before takes away what is there")
	}
	offered := strings.Fields(pasted(t, "TARGETS"))
	for _, target := range append([]string{hint}, textTargets...) {
		if !slices.Contains(offered, target) {
			t.Errorf("%s is not among what is offered: %q", target, offered)
		}
	}
	for _, target := range textTargets {
		if pasted(t, target) != made {
			t.Errorf("as %s something else is pasted", target)
		}
	}
	if len(pasted(t, "TIMESTAMP")) == 0 {
		t.Error("it does not tell since when it is there")
	}
	several(t)
	if got := pasted(t, hint); got != "secret" {
		t.Errorf("the mark is %q", got)
	}
	if out, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", "image/png").Output(); err == nil {
		t.Errorf("as a picture it gives %d bytes", len(out))
	}
	xclip(t, "UTF8_STRING", "something else")
	unmarked := copied(t, made)
	unmarked.Release()
	if _, err := exec.Command("xclip", "-o", "-selection", "clipboard").Output(); err == nil {
		t.Error("what was released is still there")
	}
	if _, err := (System{}).Copy(t.Context(), secret.New("no secret"), false); err != nil {
		t.Fatal(err)
	}
	if offered := pasted(t, "TARGETS"); strings.Contains(offered, hint) || pasted(t, "UTF8_STRING") != "no secret" {
		t.Errorf("what is no secret is marked, or is not there: %s", offered)
	}
}

// copied copies with the mark.
func copied(t *testing.T, text string) Claim {
	t.Helper()
	claim, err := System{}.Copy(t.Context(), secret.New(text), true)
	if err != nil {
		t.Fatal(err)
	}
	return claim
}

// several asks for three forms at once, one of which there is not.
func several(t *testing.T) {
	t.Helper()
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &display{conn: conn, atoms: make(map[string]xproto.Atom)}
	var list []byte
	for _, name := range []string{"CLIPBOARD", "MULTIPLE", "TIMESTAMP", "ATOM_PAIR", "UTF8_STRING", hint, "image/png", "LIST"} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		c.atoms[name] = reply.Atom
	}
	for _, target := range []string{"UTF8_STRING", hint, "image/png"} { // each is to be put into the property of its own name
		list = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(list, uint32(c.atoms[target])), uint32(c.atoms[target]))
	}
	c.window, _ = xproto.NewWindowId(conn)
	xproto.CreateWindow(conn, 0, c.window, xproto.Setup(conn).DefaultScreen(conn).Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
	xproto.ChangeProperty(conn, xproto.PropModeReplace, c.window, c.atoms["LIST"], c.atoms["ATOM_PAIR"], 32, 6, list)
	xproto.ConvertSelection(conn, c.window, c.atoms["CLIPBOARD"], c.atoms["MULTIPLE"], c.atoms["LIST"], xproto.TimeCurrentTime)
	for {
		event, err := conn.WaitForEvent()
		if event == nil {
			t.Fatal(err)
		}
		if _, ok := event.(xproto.SelectionNotifyEvent); ok {
			break
		}
	}
	for target, want := range map[string]string{"UTF8_STRING": made, hint: "secret", "image/png": ""} {
		got, err := xproto.GetProperty(conn, false, c.window, c.atoms[target], xproto.GetPropertyTypeAny, 0, 100).Reply()
		if err != nil || string(got.Value) != want {
			t.Errorf("asked for several, %s is something else, %v", target, err)
		}
	}
	left, err := xproto.GetProperty(conn, false, c.window, c.atoms["LIST"], xproto.GetPropertyTypeAny, 0, 100).Reply()
	if err != nil || len(left.Value) != 24 || binary.LittleEndian.Uint32(left.Value[20:]) != 0 {
		t.Errorf("what was not given is not struck out, %v", err)
	}
}

// pasted is what is on the clipboard in this form.
func pasted(t *testing.T, target string) string {
	t.Helper()
	out, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", target).Output()
	if err != nil {
		t.Errorf("xclip -t %s: %v", target, err)
	}
	return string(out)
}

func TestNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	if _, err := (System{}).Copy(t.Context(), secret.New(made), true); err == nil {
		t.Error("copied to nowhere")
	} else if strings.Contains(err.Error(), made) {
		t.Error("the error repeats what was to be copied")
	}
}

// A window of Wayland's has another clipboard than Xwayland, although there is a display.
func TestNoXWherePlatformIsWayland(t *testing.T) {
	t.Setenv("FYNE_PLATFORM", "wayland")
	t.Setenv("DISPLAY", ":99")
	if _, err := (System{}).Copy(t.Context(), secret.New("TEST"), true); !errors.Is(err, ErrUnsupported) {
		t.Errorf("it copies to X: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := (System{}).Read(t.Context(), 100); !errors.Is(err, ErrNoTool) {
		t.Errorf("it reads without wl-paste: %v", err)
	}
}

// Which window it is depends on the display and on what is chosen.
func TestWhetherTheWindowIsWaylands(t *testing.T) {
	for _, c := range []struct {
		platform, display, wayland string
		want                       bool
	}{
		{"", "", "wayland-1", true}, {"", ":0", "wayland-1", false}, {"", ":0", "", false}, {"", "", "", false},
		{"wayland", ":0", "wayland-1", true}, {"x11", "", "wayland-1", false}, {"x11", ":0", "wayland-1", false},
	} {
		t.Setenv("FYNE_PLATFORM", c.platform)
		t.Setenv("DISPLAY", c.display)
		t.Setenv("WAYLAND_DISPLAY", c.wayland)
		if got := onWayland(); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

// What wl-paste does decides what is read. It stands in for the session, which TestInWaylandSession has.
func TestReadingWithATool(t *testing.T) {
	t.Setenv("FYNE_PLATFORM", "wayland")
	for name, c := range map[string]struct {
		script, want string
		limit        int
		err          error
	}{
		"text":          {"printf jca_TEST", "jca_TEST", 100, nil},
		"too much":      {"yes TEST", "TEST\nTEST\n", 10, nil},
		"no text":       {"echo 'Nothing is copied' >&2; exit 1", "", 100, ErrNoText},
		"no text, 2.1":  {"echo 'No selection' >&2; exit 1", "", 100, ErrNoText},
		"picture, 2.1":  {"echo 'No suitable type of content copied' >&2; exit 1", "", 100, ErrNoText},
		"a picture":     {"echo 'Clipboard content is not available as requested type \"text\"' >&2; exit 1", "", 100, ErrNoText},
		"no session":    {"echo 'Failed to connect to a Wayland server' >&2; exit 1", "", 100, ErrNoTool},
		"it breaks":     {"printf jca_TE; exit 1", "", 100, ErrNoTool},
		"does not end":  {"exec sleep 60", "", 100, ErrUnanswered},
		"with children": {"sleep 60 & sleep 60", "", 100, ErrUnanswered},
	} {
		tool := filepath.Join(t.TempDir(), "wl-paste")
		if err := os.WriteFile(tool, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", filepath.Dir(tool)+":/usr/bin:/bin")
		limit := time.Minute
		if errors.Is(c.err, ErrUnanswered) {
			limit = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		got, err := System{}.Read(ctx, c.limit)
		cancel()
		if got.Reveal() != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
}
