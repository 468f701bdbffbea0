//go:build !windows

package autostart

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// This file is for the systems on which an entry is a file. Its place and its text are in the system's own file.

// read returns the entry, and whether it is as this program writes it.
func (e Entry) read() (k kept, own bool, err error) {
	path, err := e.path()
	if err != nil {
		return kept{}, false, err
	}
	text, err := readFile(path)
	if err != nil {
		return kept{}, false, err
	}
	if k, err = readText(text); err != nil {
		return kept{}, false, err
	}
	written, err := e.text(k.program)
	return k, err == nil && text == written, nil
}

func (e Entry) write(program string) error {
	path, err := e.path()
	if err != nil {
		return err
	}
	text, err := e.text(program)
	if err != nil {
		return err
	}
	return writeFile(path, text)
}

func (e Entry) remove() error {
	path, err := e.path()
	if err != nil {
		return err
	}
	return os.Remove(path)
}

// most is how much of an entry's file is read, in bytes.
const most = 64 << 10

// readFile reads a file's beginning.
func readFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most))
	return string(text), err
}

// writeFile writes a file so that whoever reads it meanwhile finds the whole former text, or the whole new one.
func writeFile(path, text string) (err error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".*~") // desktops and launchd look at other names only
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
