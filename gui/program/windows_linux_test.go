package program

import (
	"archive/zip"
	"bytes"
	"context"
	"debug/buildinfo"
	"debug/pe"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// These variables are for the second runs of the tests here, besides those of TestEndToEnd.
const (
	setupVar   = "CONTROLMAP_E2E_SETUP"   // the installer for Windows
	probeVar   = "CONTROLMAP_E2E_PROBE"   // scripts/wineprobe, built
	pictureVar = "CONTROLMAP_E2E_PICTURE" // where to save a picture of the window, if anywhere
)

// TestWindowsProgram installs the package for Windows in a fresh Wine, uses it as a person would, and uninstalls it: type a key, see the
// checks pass, close, find the connection at the next start, check it from a console and through a pipe, remove everything.
func TestWindowsProgram(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		insideWindows(t)
		return
	}
	needWine(t)
	app := packaged(t)
	isWhatWindowsWants(t, app)
	namesTheWorkOfOthers(t, app, outOf(t, strings.TrimSuffix(app, ".exe")+".zip", licencesFile))
	probe := filepath.Join(t.TempDir(), "wineprobe.exe")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", probe, "./scripts/wineprobe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	insideOf(t, []string{insideVar + "=" + app, setupVar + "=" + strings.TrimSuffix(app, ".exe") + "-setup.exe",
		probeVar + "=" + probe, "SCREEN=1400x1000"}, "scripts/with-wine", "scripts/with-display")
}

// TestWindowsProgramWithoutOpenGL starts the program without OpenGL, as over remote desktop. A message must say so.
func TestWindowsProgramWithoutOpenGL(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		saysWhyNoWindow(t, "OpenGL 2.1", os.Environ(), closeMessage, "wine", app, "--demo")
		return
	}
	needWine(t)
	insideOf(t, []string{insideVar + "=" + packaged(t), "OPENGL=no"}, "scripts/with-wine", "scripts/with-display")
}

// needWine skips the test if the program for Windows cannot be built or run here.
func needWine(t *testing.T) {
	t.Helper()
	needTools(t, "Xvfb", "openbox", "xdotool", "import")
	mayLack(t, "wine", "x86_64-w64-mingw32-gcc", "makensis", "icotool")
}

// packaged makes the packages for Windows, and returns the file of the program.
func packaged(t *testing.T) string {
	t.Helper()
	if out, err := exec.Command("scripts/package", "windows").CombinedOutput(); err != nil {
		t.Fatalf("scripts/package windows: %v\n%s", err, out)
	}
	app, err := filepath.Abs("build/packages/controlmap-jumpcloud-" + mustMetadata(t).Version + "-windows-amd64.exe")
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func mustMetadata(t *testing.T) metadata {
	t.Helper()
	meta, err := readMetadata(fyneApp())
	if err != nil {
		t.Fatal(err)
	}
	return meta
}

// isWhatWindowsWants looks into the file. It must be a program with a window, need only Windows' own libraries, and have the resources
// that the Explorer and the system read.
func isWhatWindowsWants(t *testing.T, app string) {
	t.Helper()
	file, err := pe.Open(app)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if header := file.OptionalHeader.(*pe.OptionalHeader64); header.Subsystem != pe.IMAGE_SUBSYSTEM_WINDOWS_GUI {
		t.Errorf("subsystem %d: a double-click opens a console", header.Subsystem)
	}
	own := []string{"advapi32.dll", "gdi32.dll", "kernel32.dll", "msvcrt.dll", "opengl32.dll", "shell32.dll", "user32.dll", "winmm.dll"}
	libraries, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	for _, library := range libraries {
		if !slices.Contains(own, strings.ToLower(library)) {
			t.Errorf("it needs %s", library)
		}
	}
	resources, err := file.Section(".rsrc").Data()
	if err != nil {
		t.Fatal(err)
	}
	meta := mustMetadata(t)
	for _, text := range []string{"PerMonitorV2", "longPathAware", `level="asInvoker"`, `name="` + meta.ID + `"`} {
		if !bytes.Contains(resources, []byte(text)) {
			t.Errorf("the manifest lacks %s", text)
		}
	}
	for _, text := range []string{"GLFW_ICON", "ProductName\x00" + meta.Name, "ProductVersion\x00" + meta.Version} {
		var wide []byte
		for _, c := range text {
			wide = append(wide, byte(c), 0)
		}
		// The value is aligned to four bytes.
		if !bytes.Contains(resources, wide) && !bytes.Contains(resources, bytes.Replace(wide, []byte{0, 0}, []byte{0, 0, 0, 0}, 1)) {
			t.Errorf("the resources lack %q", text)
		}
	}
}

// licencesFile is in every package.
const licencesFile = "THIRD-PARTY-LICENCES.txt"

// outOf returns a file of an archive.
func outOf(t *testing.T, archive, file string) []byte {
	t.Helper()
	files, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	text, err := fs.ReadFile(files, file)
	if err != nil {
		t.Error(err)
	}
	return text
}

// namesTheWorkOfOthers compares the modules in a program with those that the text of licences names.
func namesTheWorkOfOthers(t *testing.T, program string, text []byte) {
	t.Helper()
	built, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range built.Deps {
		if !bytes.Contains(text, []byte("\n==== "+m.Path+" "+m.Version+" (")) {
			t.Errorf("the licences lack %s %s", m.Path, m.Version)
		}
	}
	if len(built.Deps) == 0 || !bytes.Contains(text, []byte("\n==== Go (")) {
		t.Errorf("the licences lack Go, or %s does not say what it is built from", program)
	}
}

// windowsDesk is a desk with Wine.
type windowsDesk struct {
	desk
	drive string // the folder that is drive C:
	probe string
}

func insideWindows(t *testing.T) {
	meta := mustMetadata(t)
	d := &windowsDesk{desk: desk{t: t, home: t.TempDir(), server: jumpcloudtest.New(jumpcloudtest.SampleWorld())},
		drive: filepath.Join(os.Getenv("WINEPREFIX"), "drive_c"), probe: os.Getenv(probeVar)}
	defer d.server.Close()
	d.output = filepath.Join(d.home, "printed")
	key := newKey(d.server)

	d.install(meta.Name, meta.ID)
	d.start()
	d.cannotBeReplaced()
	d.startsOnce()
	d.typeText(key.Value)
	d.until("the connection is in the Credential Manager, with its key", func() bool {
		entries := d.credentials(meta.ID)
		return strings.Contains(entries, meta.ID+":key/") && strings.Contains(entries, meta.ID+":connections/")
	})
	d.still() // it is read back before it is called saved
	d.keepPicture()
	d.close()

	d.start()
	d.click(100, 140) // the connection in the home
	d.checksAgain()
	d.close()

	d.checksByPipe()
	d.inConsole(0, "Larkspur Robotics: Passed", "check", "--jumpcloud", d.server.URL)
	d.inConsole(0, meta.Name+" "+meta.Version, "--version")
	d.inConsole(0, "-jumpcloud URL", "--help")
	d.inConsole(2, "--keychain is system or memory", "--keychain", "file")
	d.nowhereInWindows(key.Value)

	d.startsHidden(meta.ID)
	d.start()
	d.removeEverything(meta.ID)
	d.close()
	d.uninstall(meta.Name, meta.ID)
	if printed := d.printed(); strings.Contains(strings.ReplaceAll(printed, "Fyne error:  Preferences load error", ""), "rror") {
		t.Errorf("the app complains: %s", printed)
	}
}

// wine runs a Windows program. It returns its output and exit code.
func (d *windowsDesk) wine(args ...string) (string, int) {
	d.t.Helper()
	program := exec.Command("wine", args...)
	out, err := program.Output()
	if err != nil && program.ProcessState == nil {
		d.t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\r\n", "\n"), program.ProcessState.ExitCode()
}

// start starts the installed app. Wine takes its Unix path.
func (d *windowsDesk) start() {
	d.t.Helper()
	d.program = exec.Command("wine", d.app, "--jumpcloud", d.server.URL)
	d.launch()
}

// credentials lists the app's entries in the Credential Manager. Wine's fails while an entry is being written, so this asks until it
// answers.
func (d *windowsDesk) credentials(id string) (entries string) {
	d.t.Helper()
	d.until("the Credential Manager answers", func() bool {
		out, code := d.wine(d.probe, "credentials", id+":")
		entries = out
		return code == 0
	})
	return entries
}

// traces returns the files that the installer made, and whether the program is registered for removal.
func (d *windowsDesk) traces(name, id string) (files []string, registered bool) {
	d.t.Helper()
	_ = filepath.WalkDir(filepath.Join(d.drive, "users"), func(path string, _ fs.DirEntry, _ error) error {
		if base := filepath.Base(path); base == name || base == name+".lnk" || base == id {
			files = append(files, path)
		}
		return nil
	})
	_, code := d.wine("reg", "query", `HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\`+id)
	return files, code == 0
}

// install runs the installer silently, twice: the second time is an update.
func (d *windowsDesk) install(name, id string) {
	d.t.Helper()
	for range 2 {
		if out, code := d.wine(os.Getenv(setupVar), "/S"); code != 0 {
			d.t.Fatalf("the installer ends with %d: %s", code, out)
		}
	}
	files, registered := d.traces(name, id)
	if len(files) != 2 || !registered {
		d.t.Errorf("installed: %v, registered: %v", files, registered)
	}
	for _, file := range files {
		if app := filepath.Join(file, "controlmap-jumpcloud.exe"); !strings.HasSuffix(file, ".lnk") {
			d.app = app
		}
	}
	installed, err := os.ReadFile(d.app)
	if err != nil {
		d.t.Fatal(err)
	}
	if packaged, err := os.ReadFile(os.Getenv(insideVar)); err != nil || !bytes.Equal(installed, packaged) {
		d.t.Errorf("what is installed is not the packaged program: %v", err)
	}
	names, err := os.ReadFile(filepath.Join(filepath.Dir(d.app), licencesFile))
	if err != nil {
		d.t.Error(err)
	}
	namesTheWorkOfOthers(d.t, os.Getenv(insideVar), names)
}

// cannotBeReplaced runs the installer while the app is open. It must give up with exit code 2.
func (d *windowsDesk) cannotBeReplaced() {
	d.t.Helper()
	if _, code := d.wine(os.Getenv(setupVar), "/S"); code != 2 {
		d.t.Errorf("over an open app the installer ends with %d", code)
	}
}

// startsOnce starts the app once more while its window is minimized. It must end, and the window must come back.
func (d *windowsDesk) startsOnce() {
	d.t.Helper()
	d.run("xdotool", "windowminimize", "--sync", d.window)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "wine", d.app).Output(); err != nil || len(out) > 0 {
		d.t.Errorf("the second start ends with %v: %s", err, out)
	}
	d.inFront()
	d.still()
}

// startsHidden starts the app as Windows does at login. Its window comes with a second start.
func (d *windowsDesk) startsHidden(id string) {
	d.t.Helper()
	locks := func() []string {
		found, _ := filepath.Glob(filepath.Join(d.drive, "users", "*", "AppData", "Local", id, "window.lock"))
		return found
	}
	for _, former := range locks() {
		if err := os.Remove(former); err != nil {
			d.t.Fatal(err)
		}
	}
	d.program = exec.Command("wine", d.app, "--background", "--jumpcloud", d.server.URL)
	d.begin()
	d.until("it has begun", func() bool { return len(locks()) > 0 })
	if out, code := d.wine(d.app); code != 0 || out != "" {
		d.t.Errorf("the second start ends with %d: %s", code, out)
	}
	d.appears()
	d.inFront()
	d.still()
	d.pressClose()
	// Where Wine has shown the tray's icon by then, it asks once whether to keep watching; the second answer is to quit. Else it just ends.
	time.Sleep(15 * time.Second)
	d.key("Tab", "space")
	d.ends()
}

// startKey is the key of the registry by which Windows starts programs at login.
const startKey = `HKCU\Software\Microsoft\Windows\CurrentVersion\Run`

// uninstall runs the uninstaller silently. The uninstaller goes on in a copy of itself, so this waits until all is gone.
func (d *windowsDesk) uninstall(name, id string) {
	d.t.Helper()
	if out, code := d.wine("reg", "add", startKey, "/v", id, "/d", d.app, "/f"); code != 0 {
		d.t.Fatalf("reg add: %d: %s", code, out)
	}
	if out, code := d.wine(filepath.Join(filepath.Dir(d.app), "uninstall.exe"), "/S"); code != 0 {
		d.t.Errorf("the uninstaller ends with %d: %s", code, out)
	}
	var files []string
	var registered bool
	defer func() {
		if d.t.Failed() {
			d.t.Logf("left are %v; registered: %v", files, registered)
		}
	}()
	d.until("all of it is gone", func() bool {
		files, registered = d.traces(name, id)
		return len(files) == 0 && !registered
	})
	if _, code := d.wine("reg", "query", startKey, "/v", id); code == 0 {
		d.t.Error("Windows would still start it at login")
	}
}

// checksByPipe runs the command check as another program would.
func (d *windowsDesk) checksByPipe() {
	d.t.Helper()
	out, code := d.wine(d.app, "check", "--json", "--jumpcloud", d.server.URL)
	var answer struct {
		Connections []struct{ Name, State string }
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 || len(answer.Connections) != 1 ||
		answer.Connections[0].Name != "Larkspur Robotics" || answer.Connections[0].State != "passed" {
		d.t.Errorf("check --json: exit code %d, %v, printed\n%s", code, err, out)
	}
}

// inConsole runs a command in a console window. The program gets no file and no pipe for its output.
func (d *windowsDesk) inConsole(code int, says string, args ...string) {
	d.t.Helper()
	out, got := d.wine(append([]string{d.probe, "console", d.app}, args...)...)
	if got != code || !strings.Contains(out, says) {
		d.t.Errorf("%v in a console: exit code %d, the screen shows\n%s", args, got, out)
	}
}

// nowhereInWindows looks for the key in every file of this Wine. Its Credential Manager is in the registry's files, encrypted with a key
// beside it. So the key must not be there in any of the ways in which these files write bytes.
func (d *windowsDesk) nowhereInWindows(key string) {
	d.t.Helper()
	d.run("wineserver", "-k") // writes the registry
	hexes := hex.EncodeToString([]byte(key))
	var commas []string
	for i := 0; i < len(hexes); i += 2 {
		commas = append(commas, hexes[i:i+2])
	}
	forms := [][]byte{[]byte(key), []byte(hexes), []byte(strings.Join(commas, ",")), []byte(strings.Join(commas, ",00,"))}
	registry := false
	_ = filepath.WalkDir(os.Getenv("WINEPREFIX"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil
		}
		data, _ := os.ReadFile(path)
		registry = registry || entry.Name() == "user.reg" && bytes.Contains(data, []byte("Credential Manager"))
		// A long value continues in the next line.
		data = bytes.ReplaceAll(data, []byte("\\\n  "), nil)
		for i, form := range forms {
			if bytes.Contains(data, form) {
				d.t.Errorf("the key is in %s, form %d", path, i)
			}
		}
		return nil
	})
	if !registry {
		d.t.Error("Wine's Credential Manager is not where it was looked for")
	}
}

// removeEverything chooses the menu's entry and says yes. It waits until the Credential Manager holds nothing of the app.
func (d *windowsDesk) removeEverything(id string) {
	d.t.Helper()
	d.click(45, 15) // the first menu
	d.still()
	d.click(80, 339) // Remove everything…
	d.still()
	d.key("Tab", "space") // the first answer is No
	d.until("the Credential Manager is empty", func() bool { return d.credentials(id) == "" })
	d.still()
}

// keepPicture saves a picture of the window if pictureVar names a file.
func (d *windowsDesk) keepPicture() {
	d.t.Helper()
	file := os.Getenv(pictureVar)
	if file == "" {
		return
	}
	d.run("xdotool", "mousemove", "0", "0")
	var picture bytes.Buffer
	if err := png.Encode(&picture, d.still()); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(file, picture.Bytes(), 0o644); err != nil {
		d.t.Fatal(err)
	}
	fmt.Println("picture:", file)
}
