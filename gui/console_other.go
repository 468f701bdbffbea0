//go:build !windows

package gui

import (
	"io"
	"os"
)

// Console returns what the command line prints to.
func Console() (out, errs io.Writer) { return os.Stdout, os.Stderr }
