//go:build !windows

package gui

import "fyne.io/fyne/v2"

// raise brings a window before all others.
func raise(w fyne.Window) { w.RequestFocus() }
