//go:build !windows

package desktop

import (
	"io"
	"os"
)

// Console returns the writers that the command line prints to.
func Console() (out, errs io.Writer) { return os.Stdout, os.Stderr }
