//go:build !headless

package program

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/gui"
	"controlmap-jumpcloud/gui/crash"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/desktop/autostart"
	"controlmap-jumpcloud/gui/desktop/instance"
	"controlmap-jumpcloud/gui/desktop/tray"
	"controlmap-jumpcloud/gui/terminal"
)

// command is the name of the program.
const command = "controlmap-jumpcloud"

// watchCrash is the argument with which the program starts itself once more, to report a crash of the window.
const watchCrash = "watch-crash"

// backgroundFlag is the flag with which the system starts the program at login.
const backgroundFlag = "background"

// flags are the flags of the window. None is secret.
type flags struct {
	terminal.Flags
	demo       bool
	background bool
	version    bool
}

// start opens the window, unless the flags say otherwise.
func start(m metadata, args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 1 && args[0] == watchCrash {
		return keepCrash(m, in)
	}
	f, err := parseFlags(args, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return usageError(errs, err)
	case f.version:
		fmt.Fprintf(out, "%s %s\n", m.Name, m.Version)
		return 0
	}
	return firstWindow(m, f, errs)
}

func parseFlags(args []string, out io.Writer) (flags, error) {
	var f flags
	set := terminal.NewFlagSet(command, &f.Flags)
	set.BoolVar(&f.demo, "demo", false, "try it with a simulated JumpCloud; nothing is kept")
	set.BoolVar(&f.background, backgroundFlag, false, "start without the window, in the tray")
	set.BoolVar(&f.version, "version", false, "print the version")
	usage := "Usage: " + command + " [flags]" + commands
	if err := terminal.Parse(set, args, usage, out); err != nil {
		return f, err
	}
	switch {
	case f.background && (f.demo || f.Keychain == "memory"):
		return f, errors.New("there is nothing to watch: leave out --" + backgroundFlag)
	case f.demo && f.Keychain == "system":
		return f, errors.New("--demo keeps nothing: leave out --keychain system")
	case f.demo && f.JumpCloud != "":
		return f, errors.New("--demo brings a JumpCloud of its own: leave out --jumpcloud")
	}
	return f, f.Check()
}

// firstWindow opens the window. If a window with the same keychain is open, it brings that one to the front instead.
func firstWindow(m metadata, f flags, errs io.Writer) int {
	temporary, remove, err := desktop.TemporaryHome()
	if err != nil { // Fyne would write into the current folder
		why := "There is no folder for this user's settings (" + err.Error() + "). Set HOME, then start again."
		fmt.Fprintln(errs, why)
		desktop.Alert(m.Name, why)
		return 2
	}
	defer remove()
	folder, err := cacheFolder(m)
	if err != nil || f.demo || f.Keychain == "memory" {
		return showWindow(m, f, nil, temporary, errs)
	}
	only, first := instance.First(folder, f.background)
	switch {
	case first:
		defer only.Close()
		return showWindow(m, f, only, temporary, errs)
	case f.background: // what is open already is watching
		return 0
	case f.JumpCloud != "":
		fmt.Fprintln(errs, "The app is open already, and has come to the front. Close it first: --jumpcloud is heeded at start only.")
		return 2
	}
	return 0
}

// showWindow opens the window and returns when it is closed. A second start brings it to the front through only, which may be nil. The files are in
// the temporary folder, unless it is "".
func showWindow(m metadata, f flags, only *instance.Instance, temporary string, errs io.Writer) int {
	desktop.PreferX11()
	if temporary == "" { // else nobody would find the report
		_ = crash.Watch(watchCrash) // the window works without it too
	}
	app.SetMetadata(fyne.AppMetadata{Name: m.Name, ID: m.ID, Version: m.Version})
	a := app.NewWithID(m.ID)
	if err := gui.Prepare(a); err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	var simulated []connector.Option
	environment := os.Environ() // before the window adds its scale to it
	options := gui.Options{Crashes: crashFolder(m), Unkept: temporary != "", OpenDemo: func() error { return openDemo(environment) }}
	if f.demo {
		server := jumpcloudtest.New(jumpcloudtest.SampleWorld())
		defer server.Close()
		simulated = append(simulated, connector.WithRegions(jumpcloud.Region{ID: "us", Console: server.URL}))
		f.Keychain, options.Samples, options.OpenDemo = "memory", samples, nil
	}
	if options.InMemory = f.Keychain == "memory"; !options.InMemory {
		options.Tray, options.Hidden = tray.System{}, f.background
	}
	if !options.InMemory && !options.Unkept {
		options.AtLogin = autostart.Entry{ID: m.ID, Name: m.Name, Args: []string{"--" + backgroundFlag}}
	}
	window, err := gui.Open(a, newConnector(m, f.Flags, simulated...), options)
	if err != nil {
		fmt.Fprintln(errs, err)
		only.Close() // there is no window to bring to the front
		desktop.Alert(m.Name, err.Error())
		return 2
	}
	only.OnSecond(window.ToFront)
	window.Run(a, only.Close, func() { os.Exit(0) })
	return 0
}

// keepCrash waits until the window ends, and writes a report if it crashed.
func keepCrash(m metadata, in io.Reader) int {
	folder := crashFolder(m)
	if folder == "" || folder.Read(in, m.Name+" "+m.Version, time.Now) != nil {
		return 2
	}
	return 0
}

// crashFolder returns the folder for crash reports; "" if the system has no place for them.
func crashFolder(m metadata) crash.Folder {
	folder, err := cacheFolder(m)
	if err != nil {
		return ""
	}
	return crash.Folder(filepath.Join(folder, "crashes"))
}
