//go:build !windows

package terminal

import (
	"io"
	"os"
)

// Console returns the standard output and the standard error.
func Console() (out, errs io.Writer) { return os.Stdout, os.Stderr }
