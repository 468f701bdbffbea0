//go:build !windows && !darwin

package autostart

import (
	"os"
	"path/filepath"
)

// path returns the file that the desktop looks for.
func (e Entry) path() (string, error) {
	folder, err := os.UserConfigDir() // heeds XDG_CONFIG_HOME
	return filepath.Join(folder, "autostart", e.ID+".desktop"), err
}

func (e Entry) text(program string) (string, error) { return desktopFile(e, program) }

func readText(text string) (kept, error) { return readDesktopFile(text), nil }
