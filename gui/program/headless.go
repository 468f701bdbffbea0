//go:build headless

package program

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"controlmap-jumpcloud/gui/terminal"
)

// command is the name of the program.
const command = "controlmap-jumpcloud-cli"

// start prints the version or the help. Without a window there is nothing else to start.
func start(m metadata, args []string, _ io.Reader, out, errs io.Writer) int {
	set := flag.NewFlagSet(command, flag.ContinueOnError)
	version := set.Bool("version", false, "print the version")
	usage := "Usage: " + command + " [flags]" + commands
	err := terminal.Parse(set, args, usage, out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return usageError(errs, err)
	case *version:
		fmt.Fprintf(out, "%s %s\n", m.Name, m.Version)
		return 0
	}
	return usageError(errs, errors.New("this program has no window: it needs a command, such as check"))
}
