// ControlMap Connect for JumpCloud: validates a JumpCloud API key, and keeps it in the system keychain.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/BurntSushi/toml"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui"
	"controlmap-jumpcloud/gui/crash"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/desktop/instance"
	"controlmap-jumpcloud/gui/terminal"
)

//go:embed FyneApp.toml
var fyneApp string

// flags are those of the window. No secret is among them.
type flags struct {
	terminal.Flags
	demo    bool
	version bool
}

func main() {
	secret.ProtectProcess()
	keychain.NoNewBus()
	out, errs := terminal.Console()
	os.Exit(run(os.Args[1:], os.Stdin, terminal.Safe(out), terminal.Safe(errs)))
}

func run(args []string, in io.Reader, out, errs io.Writer) int {
	log.SetOutput(terminal.Log(errs))
	meta, err := metadata()
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	desktop.FindHome()
	if len(args) > 0 && args[0] == "check" {
		return terminal.Check(args[1:], in, out, errs, func(f terminal.Flags) *connector.Connector {
			return newConnector(meta, f)
		})
	}
	if len(args) == 1 && args[0] == watchCrash {
		return keepCrash(meta, in)
	}
	f, err := parse(args, out, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(errs, "%v\nTry --help.\n", err)
		return 2
	case f.version:
		fmt.Fprintf(out, "%s %s\n", meta.Name, meta.Version)
		return 0
	}
	return show(meta, f, errs)
}

// metadata reads FyneApp.toml, the only place for the app's name, id and version.
func metadata() (fyne.AppMetadata, error) {
	var file struct {
		Details struct {
			Name, ID, Version string
		}
	}
	if err := toml.Unmarshal([]byte(fyneApp), &file); err != nil {
		return fyne.AppMetadata{}, fmt.Errorf("read FyneApp.toml: %w", err)
	}
	d := file.Details
	return fyne.AppMetadata{Name: d.Name, ID: d.ID, Version: d.Version}, nil
}

func parse(args []string, out, errs io.Writer) (flags, error) {
	var f flags
	set := terminal.NewFlagSet("controlmap-jumpcloud", &f.Flags)
	set.BoolVar(&f.demo, "demo", false, "try it with a simulated JumpCloud; nothing is kept")
	set.BoolVar(&f.version, "version", false, "print the version")
	usage := "Usage: controlmap-jumpcloud [flags]\n       controlmap-jumpcloud check [flags], see check --help"
	if err := terminal.Parse(set, args, usage, out); err != nil {
		return f, err
	}
	switch {
	case f.demo && f.Keychain == "system":
		return f, errors.New("--demo keeps nothing: leave out --keychain system")
	case f.demo && f.JumpCloud != "":
		return f, errors.New("--demo brings a JumpCloud of its own: leave out --jumpcloud")
	}
	return f, f.Check()
}

// show opens the window and returns when it is closed.
func show(meta fyne.AppMetadata, f flags, errs io.Writer) int {
	if _, err := os.UserConfigDir(); err != nil { // Fyne would write into the folder that it is started in
		why := "There is no folder for this user's settings (" + err.Error() + "). Set HOME, then start again."
		fmt.Fprintln(errs, why)
		desktop.Alert(meta.Name, why)
		return 2
	}
	var only *instance.Instance
	if folder, err := folderOf(meta); err == nil && !f.demo && f.Keychain != "memory" {
		first := false
		if only, first = instance.First(folder); !first && f.JumpCloud != "" {
			fmt.Fprintln(errs, "The app is open already, and has come to the front. Close it first: --jumpcloud is heeded at start only.")
			return 2
		} else if !first {
			return 0 // and the first one has come to the front
		}
		defer only.Close()
	}
	desktop.PreferX11()
	_ = crash.Watch(watchCrash) // without it, the window is as good
	app.SetMetadata(meta)
	a := app.NewWithID(meta.ID)
	if err := gui.Prepare(a); err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	var simulated []connector.Option
	if f.demo {
		server := jumpcloudtest.New(jumpcloudtest.SampleWorld())
		defer server.Close()
		simulated = append(simulated, connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
		f.Keychain = "memory"
	}
	options := gui.Options{InMemory: f.Keychain == "memory", Crashes: crashesOf(meta)}
	if f.demo {
		options.Samples = samples
	} else {
		options.OpenDemo = openDemo
	}
	window, err := gui.Open(a, newConnector(meta, f.Flags, simulated...), options)
	if err != nil {
		fmt.Fprintln(errs, err)
		only.Close() // there is no window that a second start could bring to the front
		desktop.Alert(meta.Name, err.Error())
		return 2
	}
	only.OnSecond(window.ToFront)
	window.Run(a, only.Close, func() { os.Exit(0) })
	return 0
}

func newConnector(meta fyne.AppMetadata, f terminal.Flags, options ...connector.Option) *connector.Connector {
	options = append(options, connector.WithUserAgent("controlmap-jumpcloud/"+meta.Version))
	if f.JumpCloud != "" {
		options = append(options, connector.WithRegions(customRegion(f.JumpCloud)))
	}
	if f.Keychain == "memory" {
		return connector.New(keychain.New(keychain.Memory(), meta.ID), options...)
	}
	if folder, err := folderOf(meta); err == nil {
		options = append(options, connector.WithFileLock(keychain.NewFileLock(filepath.Join(folder, "lock"))))
	}
	return connector.New(keychain.New(keychain.System(), meta.ID), options...)
}

// watchCrash is what the program is started with, by itself, to read from a pipe how the window ends.
const watchCrash = "watch-crash"

// keepCrash waits for the end of the window, and keeps a report if it was a crash.
func keepCrash(meta fyne.AppMetadata, in io.Reader) int {
	folder := crashesOf(meta)
	if folder == "" || folder.Read(in, meta.Name+" "+meta.Version, time.Now) != nil {
		return 2
	}
	return 0
}

// crashesOf is where the reports of crashes are kept; "" where the system has no place for them.
func crashesOf(meta fyne.AppMetadata) crash.Folder {
	folder, err := folderOf(meta)
	if err != nil {
		return ""
	}
	return crash.Folder(filepath.Join(folder, "crashes"))
}

// folderOf is where the locks are, and the reports of crashes. Nothing else is kept there.
func folderOf(meta fyne.AppMetadata) (string, error) {
	caches, err := os.UserCacheDir()
	return filepath.Join(caches, meta.ID), err
}

// customRegion is an address in place of JumpCloud's regions. It is called by its host, so that a connection that was
// made with it is never checked with another one.
func customRegion(address string) jumpcloud.Region {
	u, err := jumpcloud.ParseBaseURL(address)
	if err != nil {
		return jumpcloud.Region{ID: "at:", Console: address} // cannot be: the flag was looked at
	}
	return jumpcloud.Region{ID: "at:" + u.Host, Console: u.String()}
}

// samples are the simulator's keys that the demo offers.
var samples = []gui.Sample{
	{Name: "good", Key: jumpcloudtest.SampleKey},
	{Name: "many", Key: jumpcloudtest.SampleMultiTenantKey},
	{Name: "administrator", Key: jumpcloudtest.SampleAdministratorKey},
	{Name: "second", Key: jumpcloudtest.SampleSecondKey},
	{Name: "partly", Key: jumpcloudtest.SamplePartlyKey},
	{Name: "ending", Key: jumpcloudtest.SampleEndingKey},
	{Name: "service", Key: jumpcloudtest.SampleServiceKey, Organization: jumpcloudtest.OrganizationID(1)},
	{Name: "revoked", Key: jumpcloudtest.SampleRevokedKey},
	{Name: "command_runner", Key: jumpcloudtest.SampleCommandRunnerKey},
	{Name: "portal", Key: jumpcloudtest.SamplePortalKey},
	{Name: "limited", Key: jumpcloudtest.SampleLimitedKey},
	{Name: "server", Key: jumpcloudtest.SampleServerKey},
	{Name: "blocked", Key: jumpcloudtest.SampleBlockedKey},
}

// openDemo starts the program once more as the demo, so that the two share nothing.
func openDemo() error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program's own file: %w", err)
	}
	demo := exec.Command(program, "--demo")
	if err := demo.Start(); err != nil {
		return fmt.Errorf("start the demo: %w", err)
	}
	go func() { _ = demo.Wait() }() // so that no trace of it stays once it is closed
	return nil
}
