package terminal

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"controlmap-jumpcloud/connector"
)

// Check runs the command check, and returns the exit code. Program is the name of the program. Check calls connect after it has
// checked the flags.
func Check(program string, args []string, in io.Reader, out, errs io.Writer, connect func(Flags) *connector.Connector) int {
	var (
		f                    Flags
		all, changed         bool
		fromPipe, asJSON     bool
		organization, region string
	)
	set := NewFlagSet(program+" check", &f)
	set.BoolVar(&all, "all", false, "check all stored connections, as without --key-stdin")
	set.BoolVar(&changed, "changed", false, "print only what has changed since the last check")
	set.BoolVar(&fromPipe, "key-stdin", false, "check the API key that is piped in, rather than the stored connections")
	set.StringVar(&organization, "organization", "", "with --key-stdin: the Organization `ID`; found from the key unless told")
	set.StringVar(&region, "region", "", "with --key-stdin: us, eu or in; found from the key unless told")
	set.BoolVar(&asJSON, "json", false, "print JSON")
	usage := "Usage: " + program + " check [flags]\nChecks the stored connections. Exit code 0: all work, 1: one does not, 2: could not check."
	if code, ends := parseCommand(set, &f, "check", args, usage, out, errs); ends {
		return code
	}
	switch {
	case !fromPipe && (organization != "" || region != ""):
		return misused(errs, "check", errors.New("--organization and --region go with --key-stdin"))
	case fromPipe && (all || changed):
		return misused(errs, "check", errors.New("--all and --changed go with the stored connections, not with --key-stdin"))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := checker{connector: connect(f), out: out, errs: errs, asJSON: asJSON, changed: changed, now: time.Now}
	if fromPipe {
		return c.checkPiped(ctx, in, region, organization)
	}
	return c.checkStored(ctx)
}

// parseCommand reads a command's flags. It reports whether the command ends here, with which exit code: the user has asked for help, or the
// flags make no sense.
func parseCommand(set *flag.FlagSet, f *Flags, command string, args []string, usage string, out, errs io.Writer) (code int, ends bool) {
	err := Parse(set, args, usage, out)
	if errors.Is(err, flag.ErrHelp) {
		return exitPassed, true
	}
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		return misused(errs, command, err), true
	}
	return exitPassed, false
}

// misused says what is wrong with the flags of a command, and returns the exit code for that.
func misused(errs io.Writer, command string, err error) int {
	fmt.Fprintf(errs, "%v\nTry %s --help.\n", err, command)
	return exitNotRun
}
