package program

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"image"
	"image/draw"
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
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
)

// buildApp builds the app as a developer does, with these tags, and returns its file. The next test finds it built.
func buildApp(t *testing.T, tags ...string) string {
	t.Helper()
	app, err := filepath.Abs(filepath.Join("build", "tested", strings.Join(append(tags, "app"), "-")))
	if err != nil {
		t.Fatal(err)
	}
	tags = append(tags, "no_animations") // as scripts/setup.sh has it
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", strings.Join(tags, ","), "-o", app, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return app
}

// insideOf runs the test once more inside of the scripts, and with the environment added. Other tests run at the same time: each
// has a display of its own.
func insideOf(t *testing.T, env []string, scripts ...string) {
	t.Helper()
	t.Parallel()
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

// clipboard returns what another program pastes in this format. The program that holds the clipboard may not answer.
func (d *desk) clipboard(target string) (string, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "xclip", "-o", "-selection", "clipboard", "-t", target).Output()
	return string(out), err
}

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
		"XDG_CACHE_HOME="+filepath.Join(d.home, "cache"), "TMPDIR="+d.home, "SSL_CERT_FILE="+d.certificate, "LC_ALL=", "LANG=en_US.UTF-8")
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

// close closes the window, and waits until the program has ended.
func (d *desk) close() {
	d.t.Helper()
	d.pressClose()
	d.ends()
}

// pressClose closes the window as its button does, whoever has the keyboard.
func (d *desk) pressClose() {
	d.t.Helper()
	conn, err := xgb.NewConn()
	if err != nil {
		d.t.Fatal(err)
	}
	defer conn.Close()
	window, err := strconv.ParseUint(d.window, 10, 32)
	if err != nil {
		d.t.Fatal(err)
	}
	message := xproto.ClientMessageEvent{Format: 32, Window: xproto.Window(window), Type: d.atom(conn, "WM_PROTOCOLS"),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(d.atom(conn, "WM_DELETE_WINDOW")), xproto.TimeCurrentTime, 0, 0, 0})}
	if err := xproto.SendEventChecked(conn, false, message.Window, 0, string(message.Bytes())).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// atom returns the display's number for a name.
func (d *desk) atom(conn *xgb.Conn, name string) xproto.Atom {
	d.t.Helper()
	reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	return reply.Atom
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
	d.untilIn(time.Minute, what, ok)
}

// untilIn waits for at most so long until ok.
func (d *desk) untilIn(most time.Duration, what string, ok func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(most); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// picture returns a picture of the window.
func (d *desk) picture() *image.RGBA {
	d.t.Helper()
	return d.pngOf("import", "-silent", "-window", d.window, "png:-")
}

// pngOf returns the picture that a program writes to its output.
func (d *desk) pngOf(name string, args ...string) *image.RGBA {
	d.t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	p, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		d.t.Fatal(err)
	}
	if same, ok := p.(*image.RGBA); ok {
		return same
	}
	converted := image.NewRGBA(p.Bounds())
	draw.Draw(converted, p.Bounds(), p, p.Bounds().Min, draw.Src)
	return converted
}

// still waits until the window shows something and does not change any more. It returns the picture.
func (d *desk) still() *image.RGBA {
	d.t.Helper()
	return d.atRest(d.picture)
}

// atRest is still with another way to take pictures.
func (d *desk) atRest(picture func() *image.RGBA) *image.RGBA {
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
		return same > 8 && drawn(now) > 5000
	})
	return last
}

// differing counts the pixels that differ between a and b. Between pictures of different sizes, all of a do.
func differing(a, b *image.RGBA) (n int) {
	if a.Rect != b.Rect {
		return a.Rect.Dx() * a.Rect.Dy()
	}
	if bytes.Equal(a.Pix, b.Pix) {
		return 0
	}
	for i := 0; i < len(a.Pix); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

// drawn counts the pixels that do not have the colour of the background, at the lower left.
func drawn(p *image.RGBA) (n int) {
	at := p.PixOffset(p.Rect.Min.X+5, p.Rect.Max.Y-5)
	background := p.Pix[at : at+4]
	for i := 0; i < len(p.Pix); i += 4 {
		if !bytes.Equal(p.Pix[i:i+4], background) {
			n++
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
