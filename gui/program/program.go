// Package program starts the window or a command, as the command line says, from the parts of the other packages. With the build tag
// headless it has no window, and needs neither Fyne nor cgo. A command is a function in package terminal and a case in [Run].
//
// The tests of the whole program are here, too.
package program

import (
	"fmt"
	"io"
	"log"

	"github.com/BurntSushi/toml"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/gui/desktop"
	"controlmap-jumpcloud/gui/terminal"
)

// commands is what the usage says of the commands.
const commands = "\n       " + command + " check [flags], see check --help" +
	"\n       " + command + " connect --from-csv FILE [flags] < KEY, see connect --help" +
	"\n       " + command + " list [flags], see list --help"

// metadata is the app's name, id and version, from FyneApp.toml.
type metadata struct{ Name, ID, Version string }

// Run runs the program with the arguments of its command line, and returns its exit code. FyneApp is the text of FyneApp.toml, which
// only main can embed.
func Run(fyneApp string, args []string, in io.Reader, out, errs io.Writer) int {
	out, errs = terminal.Safe(out), terminal.Safe(errs)
	log.SetOutput(terminal.Log(errs))
	m, err := readMetadata(fyneApp)
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	desktop.FindHome()
	connect := func(f terminal.Flags) *connector.Connector { return newConnector(m, f) }
	if len(args) > 0 {
		switch args[0] {
		case "check":
			return terminal.Check(command, args[1:], in, out, errs, connect)
		case "connect":
			return terminal.Connect(command, args[1:], in, out, errs, connect)
		case "list":
			return terminal.List(command, args[1:], out, errs, connect)
		}
	}
	return start(m, args, in, out, errs)
}

func readMetadata(fyneApp string) (metadata, error) {
	var file struct{ Details metadata }
	if err := toml.Unmarshal([]byte(fyneApp), &file); err != nil {
		return metadata{}, fmt.Errorf("read FyneApp.toml: %w", err)
	}
	return file.Details, nil
}

// usageError prints what is wrong with the flags, and returns the exit code for that.
func usageError(errs io.Writer, err error) int {
	fmt.Fprintf(errs, "%v\nTry --help.\n", err)
	return 2
}
