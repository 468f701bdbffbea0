package autostart

import (
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
	if isTemporary(file, runtime.GOOS, os.TempDir()) {
		return "", ErrTemporary
	}
	return file, nil
}

// isTemporary reports whether a file is gone by the next login. Programs that open archives, such as the Explorer, run what is in one in a copy
// in the folder for temporary files. A Mac runs what was downloaded in a copy of its own until it is moved, and mounts disk images in /Volumes.
func isTemporary(file, system, temporary string) bool {
	return within(file, temporary) || system == "darwin" && (strings.Contains(file, "/AppTranslocation/") || within(file, "/Volumes"))
}

// writable reports whether a file of text can hold the path.
func writable(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, unicode.IsControl)
}

// within reports whether a file is in a folder.
func within(file, folder string) bool {
	inside, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(inside)
}
