package autostart

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownProgram returns the file of this program as the system has to start it.
func ownProgram() (string, error) {
	file, err := os.Executable()
	if err != nil {
		return "", wrap("find the program's file for", err)
	}
	place := surroundings{system: runtime.GOOS, temporary: os.TempDir(), variable: os.Getenv}
	if _, err := os.Stat("/.flatpak-info"); !errors.Is(err, fs.ErrNotExist) && runtime.GOOS == "linux" {
		place.flatpak = true
	}
	return place.program(file)
}

// surroundings are what a program's file has to be looked at with.
type surroundings struct {
	system    string // as in runtime.GOOS
	temporary string // the folder for temporary files
	flatpak   bool
	variable  func(string) string // reads the environment
}

// program returns the file to start in place of an executable file.
func (s surroundings) program(file string) (string, error) {
	switch s.system {
	case "darwin":
		if strings.Contains(file, "/AppTranslocation/") { // macOS runs what was downloaded in a copy, until it is moved
			return "", ErrTemporary
		}
	case "windows":
		if within(file, s.temporary) { // the Explorer runs a program in a zip in a copy
			return "", ErrTemporary
		}
	default:
		if s.flatpak || within(file, s.variable("SNAP")) {
			return "", ErrSandbox
		}
		// These two are also in the environment of a program that another AppImage has started.
		if image := s.variable("APPIMAGE"); image != "" && within(file, s.variable("APPDIR")) {
			return image, nil
		}
	}
	return file, nil
}

// writable reports whether a file of text can hold the path.
func writable(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, unicode.IsControl)
}

// within reports whether a file is in a folder; in "" there is none.
func within(file, folder string) bool {
	if folder == "" {
		return false
	}
	inside, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(inside)
}
