//go:build !(linux || freebsd || netbsd || openbsd) || wayland

package gui

import "errors"

// middle is not to be had here, and not needed: a new window opens on the main screen, or where the system sees to its size.
func middle(uintptr) (x, y int, err error) { return 0, 0, errors.ErrUnsupported }
