//go:build (!(linux || freebsd || netbsd || openbsd) || wayland) && !windows

package gui

import "errors"

// middle is not to be had here, and not needed: the scale is the same on every screen, and the system sees to the size.
func middle(uintptr) (x, y int, err error) { return 0, 0, errors.ErrUnsupported }
