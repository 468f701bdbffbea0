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
		fromPipe, asJSON     bool
		organization, region string
	)
	set := NewFlagSet(program+" check", &f)
	set.BoolVar(&fromPipe, "key-stdin", false, "check the API key that is piped in, rather than the stored connections")
	set.StringVar(&organization, "organization", "", "with --key-stdin: the Organization `ID`; found from the key unless told")
	set.StringVar(&region, "region", "", "with --key-stdin: us, eu or in; found from the key unless told")
	set.BoolVar(&asJSON, "json", false, "print JSON")
	usage := "Usage: " + program + " check [flags]\nChecks the stored connections. Exit code 0: all work, 1: one does not, 2: could not check."
	err := Parse(set, args, usage, out)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = f.Check()
	}
	if err == nil && !fromPipe && (organization != "" || region != "") {
		err = errors.New("--organization and --region go with --key-stdin")
	}
	if err != nil {
		fmt.Fprintf(errs, "%v\nTry check --help.\n", err)
		return exitNotRun
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := checker{connector: connect(f), out: out, errs: errs, asJSON: asJSON, now: time.Now}
	if fromPipe {
		return c.checkPiped(ctx, in, region, organization)
	}
	return c.checkStored(ctx)
}
