package program

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
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

// buildApp builds the app as a developer does, with flags if there are any, and returns its file.
func buildApp(t *testing.T, tags ...string) string {
	t.Helper()
	app := filepath.Join(t.TempDir(), "app")
	tags = append(tags, "no_animations") // as scripts/setup.sh has it
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", strings.Join(tags, ","), "-o", app, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return app
}

// insideOf runs the test once more inside of the scripts, and with the environment added.
func insideOf(t *testing.T, env []string, scripts ...string) {
	t.Helper()
	command := append(scripts, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again := exec.Command(command[0], command[1:]...)
	again.Env = append(os.Environ(), env...)
	out, err := again.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("inside of %v: %v", scripts, err)
	}
}

// needTools skips the test if a tool is missing. With CONTROLMAP_E2E it fails instead.
func needTools(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CONTROLMAP_E2E") == "1" {
			t.Fatalf("%s is missing; scripts/test installs it", tool)
		}
		t.Skipf("skipped: %s is not here; scripts/test installs it", tool)
	}
	if testing.Short() {
		t.Skip("skipped: it takes a window, and half a minute")
	}
}

// mayLack skips the test if a tool is missing that not every system offers. In CI it fails instead.
func mayLack(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing; scripts/test installs it where there is apt", tool)
		}
		t.Skipf("skipped: %s is not here. scripts/test installs it where there is apt", tool)
	}
}

// desk is the app on its screen.
type desk struct {
	t           *testing.T
	app, home   string
	certificate string
	server      *jumpcloudtest.Server
	program     *exec.Cmd
	output      string // the file that it prints to
	window      string
}

// newDesk starts a simulator that the app trusts. It returns a desk, and a key that works there.
func newDesk(t *testing.T, app, home string) (*desk, jumpcloudtest.Key) {
	t.Helper()
	d := &desk{t: t, app: app, home: home, output: filepath.Join(home, "printed"),
		server: jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())}
	t.Cleanup(d.server.Close)
	d.trust()
	return d, newKey(d.server)
}

// newKey makes a key that works at the server. It is new each time: no earlier run can have left it anywhere.
func newKey(server *jumpcloudtest.Server) jumpcloudtest.Key {
	key := jumpcloudtest.Key{Value: "jca_TEST" + rand.Text() + "abcdefgh", Role: jumpcloudtest.RoleReadOnly, MFA: true,
		Email: "e2e@larkspur.example", Organizations: []string{jumpcloudtest.OrganizationID(1)}}
	server.SetKey(key)
	return key
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
	d.key("shift+Tab", "shift+Tab", "Return") // from the key's field over the region to the list, and its first connection
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
	for _, program := range []string{d.app, os.Getenv(cliVar)} {
		d.checkWithoutDisplay(program, "", 1, "It last worked on")
	}
	d.paintsAllTheSame()
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

// copies presses the key's Copy, and pastes it with xclip. The mark that keeps it out of clipboard histories must be there too.
func (d *desk) copies(key string) {
	d.t.Helper()
	d.key("Tab", "Tab", "space") // from the list over Show
	d.until("the key is on the clipboard", func() bool {
		held, err := d.clipboard("UTF8_STRING")
		return err == nil && held == key
	})
	if mark, err := d.clipboard("x-kde-passwordManagerHint"); mark != "secret" || err != nil {
		d.t.Errorf("the mark beside the key is %q, %v", mark, err)
	}
}

// clipboard returns what another program pastes in this format.
func (d *desk) clipboard(target string) (string, error) {
	out, err := exec.Command("xclip", "-o", "-selection", "clipboard", "-t", target).Output()
	return string(out), err
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
		took := d.painting()
		d.t.Logf("with a keychain %s, what is pressed is on the screen within %s", k.state, took)
		// A window that waited would wait 60 s for a keychain that hangs. A busy computer takes far less.
		if took > 20*time.Second {
			d.t.Errorf("the window waits for a keychain %s", k.state)
		}
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

// bus is the test's own connection to the session bus.
func (d *desk) bus() *dbus.Conn {
	d.t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { bus.Close() })
	return bus
}

// painting starts the app and shows and hides a text several times. It returns the longest time until the window showed that.
func (d *desk) painting() (longest time.Duration) {
	d.t.Helper()
	d.start()
	d.typeText("jca_TESThalf") // too short to be checked
	before := d.still()
	for range 6 {
		began := time.Now()
		d.key("ctrl+r")
		d.until("it is painted", func() bool {
			now := d.picture()
			painted := differing(before, now) > 300
			if painted {
				before = now
			}
			return painted
		})
		longest = max(longest, time.Since(began))
	}
	d.key("ctrl+a", "BackSpace") // otherwise closing asks whether to discard it
	d.close()
	return longest.Round(time.Millisecond)
}

// secretService returns the process that is the Secret Service on the test's session bus.
func (d *desk) secretService() *os.Process {
	d.t.Helper()
	var pid uint32
	call := d.bus().BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets")
	if err := call.Store(&pid); err != nil {
		d.t.Fatal(err)
	}
	process, err := os.FindProcess(int(pid))
	if err != nil {
		d.t.Fatal(err)
	}
	return process
}

// checkWithoutDisplay runs a program's command check as a scheduler does: no display, no locale.
func (d *desk) checkWithoutDisplay(program, piped string, code int, says string, flags ...string) {
	d.t.Helper()
	one := exec.Command(program, append([]string{"check", "--jumpcloud", d.server.URL}, flags...)...)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); name != "DISPLAY" && name != "LANG" && !strings.HasPrefix(name, "LC_") {
			one.Env = append(one.Env, variable)
		}
	}
	one.Env = append(one.Env, "SSL_CERT_FILE="+d.certificate)
	if piped != "" {
		one.Stdin = strings.NewReader(piped)
	}
	var errs bytes.Buffer
	one.Stderr = &errs
	out, _ := one.Output()
	if one.ProcessState.ExitCode() != code || !bytes.Contains(out, []byte(says)) || errs.Len() > 0 {
		d.t.Errorf("check %v: exit code %d, printed\n%s\ncomplained %q", flags, one.ProcessState.ExitCode(), out, &errs)
	}
}

// trust writes the simulator's certificate into a file that the app trusts.
func (d *desk) trust() {
	d.certificate = filepath.Join(d.t.TempDir(), "certificate.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: d.server.Certificate().Raw})
	if err := os.WriteFile(d.certificate, block, 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// chooseGerman chooses the language in the menu, by keyboard. The window must change at once, and the choice must be saved.
func (d *desk) chooseGerman() {
	d.t.Helper()
	english := d.still()
	d.key("Alt_L")
	d.until("the menu is open", func() bool { return differing(english, d.picture()) > 2000 })
	d.key("Right", "Down", "Down", "Down", "Down", "Down", "Right", "Down", "Down", "Return")
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

// startsNoOther starts the app once more. It must end and print nothing.
func (d *desk) startsNoOther() {
	d.t.Helper()
	second := exec.Command(d.app)
	second.Env = d.program.Env
	if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
		d.t.Errorf("the second start ends with %v: %s", err, out)
	}
}

// inFront waits until the window is in front and has the keyboard.
func (d *desk) inFront() {
	d.t.Helper()
	d.until("the first window is in front", func() bool {
		out, _ := exec.Command("xdotool", "getactivewindow").Output()
		return strings.TrimSpace(string(out)) == d.window
	})
}

// start starts the app with a home folder of its own.
func (d *desk) start() {
	d.t.Helper()
	d.open(exec.Command(d.app, "--jumpcloud", d.server.URL))
}

// open starts the app with this command.
func (d *desk) open(program *exec.Cmd) {
	d.t.Helper()
	d.program = program
	d.program.Env = d.environment()
	d.launch()
}

// environment returns the environment for the app.
func (d *desk) environment() []string {
	return append(os.Environ(), "HOME="+d.home, "XDG_CONFIG_HOME="+filepath.Join(d.home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(d.home, "cache"), "SSL_CERT_FILE="+d.certificate, "LC_ALL=", "LANG=en_US.UTF-8")
}

// launch starts the program and waits until its window is drawn and has the keyboard.
func (d *desk) launch() {
	d.t.Helper()
	d.begin()
	d.appears()
	d.run("xdotool", "windowactivate", "--sync", d.window)
	d.still()
}

// appears waits until the program has a window.
func (d *desk) appears() {
	d.t.Helper()
	d.until("there is a window", func() bool {
		out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(d.program.Process.Pid)).Output()
		lines := strings.Fields(string(out))
		if len(lines) > 0 {
			d.window = lines[len(lines)-1]
		}
		return len(lines) > 0
	})
}

// begin starts the program.
func (d *desk) begin() {
	d.t.Helper()
	output, err := os.OpenFile(d.output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer output.Close()
	d.program.Stdout, d.program.Stderr = output, output
	if err := d.program.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = d.program.Process.Kill() })
}

// close closes the window as its button does, and waits until the program has ended.
func (d *desk) close() {
	d.t.Helper()
	d.key("alt+F4")
	d.ends()
}

// ends waits until the program has ended. On a busy disk, saving the preferences can take minutes.
func (d *desk) ends() {
	d.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- d.program.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			d.t.Errorf("the app ended with %v: %s", err, d.printed())
		}
	case <-time.After(3 * time.Minute):
		threads, _ := exec.Command("ps", "-L", "-o", "stat,wchan:30,comm", "-p", strconv.Itoa(d.program.Process.Pid)).Output()
		active, _ := exec.Command("xdotool", "getactivewindow", "getwindowname").Output()
		_ = d.program.Process.Signal(syscall.SIGQUIT) // has it print what each goroutine does
		time.Sleep(time.Second)
		d.t.Fatalf("the app does not end; the keyboard is with %q\n%s\n%s", active, threads, d.printed())
	}
}

func (d *desk) run(name string, args ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		d.t.Fatalf("%s %s: %v: %s", name, args[0], err, out)
	}
}

// click clicks at a position in the window, in pixels.
func (d *desk) click(x, y int) {
	d.t.Helper()
	d.run("xdotool", "mousemove", "--window", d.window, strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

func (d *desk) key(keys ...string) {
	d.t.Helper()
	d.run("xdotool", append([]string{"key"}, keys...)...)
}

// typeText types a secret. It hands it to xdotool by a pipe, not as an argument.
func (d *desk) typeText(text string) {
	d.t.Helper()
	typing := exec.Command("xdotool", "type", "--delay", "10", "--file", "-")
	typing.Stdin = strings.NewReader(text)
	if out, err := typing.CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool type: %v: %s", err, out)
	}
}

func (d *desk) until(what string, ok func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// picture returns a picture of the window.
func (d *desk) picture() image.Image {
	d.t.Helper()
	return d.pngOf("import", "-silent", "-window", d.window, "png:-")
}

// pngOf returns the picture that a program writes to its output.
func (d *desk) pngOf(name string, args ...string) image.Image {
	d.t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	p, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// still waits until the window shows something and does not change any more. It returns the picture.
func (d *desk) still() image.Image {
	d.t.Helper()
	return d.atRest(d.picture)
}

// atRest is still with another way to take pictures.
func (d *desk) atRest(picture func() image.Image) image.Image {
	d.t.Helper()
	last, same := picture(), 0
	d.until("the window is at rest", func() bool {
		now := picture()
		if differing(last, now) < 400 { // a blinking cursor is less
			same++
		} else {
			same = 0
		}
		last = now
		return same > 8 && differing(now, image.NewUniform(now.At(5, now.Bounds().Max.Y-5))) > 5000
	})
	return last
}

// differing counts the pixels that differ between a and b.
func differing(a, b image.Image) int {
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}

// connection waits until a connection is stored. It reads it from the Secret Service, as another program would.
func (d *desk) connection() connector.Connection {
	d.t.Helper()
	c := connector.New(keychain.New(keychain.System(), mustMetadata(d.t).ID))
	var all []connector.Connection
	d.until("a connection is kept", func() bool {
		var err error
		all, err = c.Connections(context.Background(), nil)
		return err == nil && len(all) == 1
	})
	return all[0]
}

// foundBySecretTool looks for the entries with secret-tool, which shares no code with ours.
func (d *desk) foundBySecretTool() {
	d.t.Helper()
	out, err := exec.Command("secret-tool", "search", "--all", "service", mustMetadata(d.t).ID).CombinedOutput()
	if err != nil {
		d.t.Fatal("secret-tool search:", err) // without its output, which has the key
	}
	for _, name := range []string{"index", "connections/0", "reports/0", "key/"} {
		if !strings.Contains(string(out), "attribute.username = "+name) {
			d.t.Errorf("secret-tool does not find %s", name)
		}
	}
}

// hidesWithoutFocus shows the key and takes the focus away. The key must be hidden again.
func (d *desk) hidesWithoutFocus() {
	d.t.Helper()
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

// nowhere looks for the key in all places where it must not be: the command line, the environment, what the program prints (a file
// in its home), every other file in its home, and the keyring's encrypted files.
func (d *desk) nowhere(key string) {
	d.t.Helper()
	places := make(map[string][]byte)
	for _, file := range []string{"cmdline", "environ"} {
		if data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", d.program.Process.Pid, file)); err == nil {
			places[file] = data
		}
	}
	files := 0
	for _, folder := range []string{d.home, os.Getenv("XDG_DATA_HOME"), os.Getenv("XDG_RUNTIME_DIR")} {
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				places[path], _ = os.ReadFile(path)
				files++
			}
			return nil
		})
	}
	if files < 2 {
		d.t.Errorf("only %d files were looked at: the app's preferences and the keyring are more", files)
	}
	for place, data := range places {
		if bytes.Contains(data, []byte(key)) || bytes.Contains(data, []byte(key[8:])) {
			d.t.Errorf("the key is in %s", place)
		}
	}
	// At the first start Fyne may read its file of preferences while it writes it, and complains.
	if strings.Contains(strings.ReplaceAll(d.printed(), "Fyne error:  Preferences load error", ""), "rror") {
		d.t.Errorf("the app complains: %s", d.printed())
	}
}

// printed returns what the app has printed so far.
func (d *desk) printed() string {
	d.t.Helper()
	data, err := os.ReadFile(d.output)
	if err != nil {
		d.t.Error(err)
	}
	return string(data)
}
