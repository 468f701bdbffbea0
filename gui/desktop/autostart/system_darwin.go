package autostart

import (
	"os"
	"path/filepath"
)

// path returns the file that launchd reads at the next login.
func (e Entry) path() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", e.ID+".plist"), err
}

func (e Entry) text(program string) (string, error) { return plist(e, program) }

// readText does not see whether the user has switched the entry off under Login Items: since macOS 13 the system keeps that to itself.
func readText(text string) (kept, error) { return readPlist(text) }
