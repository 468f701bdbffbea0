package terminal

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"controlmap-jumpcloud/connector/jumpcloud"
)

// Flags are the flags of the window and of every command. None is secret.
type Flags struct {
	// JumpCloud is a URL to use in place of JumpCloud's regions; "" for the regions.
	JumpCloud string
	// Keychain is system, memory, or "" if the user did not say.
	Keychain string
}

// NewFlagSet returns a set with these flags. More can be added to it.
func NewFlagSet(name string, f *Flags) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.StringVar(&f.JumpCloud, "jumpcloud", "", "`URL` to use in place of JumpCloud's regions (https, or http to this computer)")
	set.StringVar(&f.Keychain, "keychain", "", "where connections are kept: `system or memory` (until the program ends); system unless told")
	return set
}

// Parse reads the flags. If the user asks for help, it prints the usage and the flags, and returns [flag.ErrHelp]. It prints
// no other error.
func Parse(set *flag.FlagSet, args []string, usage string, out io.Writer) error {
	set.SetOutput(io.Discard)
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(out, usage)
		set.SetOutput(out)
		set.PrintDefaults()
	}
	if err == nil && set.NArg() > 0 {
		return fmt.Errorf("there is nothing to do with %q", set.Arg(0))
	}
	return err
}

// Check returns an error if the flags make no sense.
func (f Flags) Check() error {
	if f.Keychain != "" && f.Keychain != "system" && f.Keychain != "memory" {
		return fmt.Errorf("--keychain is system or memory, not %q", f.Keychain)
	}
	if f.JumpCloud == "" {
		return nil
	}
	if _, err := jumpcloud.ParseBaseURL(f.JumpCloud); err != nil {
		return fmt.Errorf("--jumpcloud: %w", err)
	}
	return nil
}
