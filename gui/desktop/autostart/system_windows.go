package autostart

import (
	"errors"
	"io/fs"
	"unicode/utf16"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	// runKey has a value for each program that Windows starts when the user has logged in: its command line.
	runKey = `Software\Microsoft\Windows\CurrentVersion\Run`
	// approvedKey is where the Task Manager and Windows' settings note that the user has switched such a program off: then the first
	// byte of the value is odd.
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	// longest is how long a command line in runKey may be, in UTF-16 units.
	longest = 260
)

// read returns the entry, and whether it is as this program writes it.
func (e Entry) read() (k kept, own bool, err error) {
	var kind uint32
	line, err := readValue(runKey, func(key registry.Key) (line string, err error) {
		line, kind, err = key.GetStringValue(e.ID)
		return line, err
	})
	if err != nil {
		return kept{}, false, err
	}
	approved, err := readValue(approvedKey, func(key registry.Key) ([]byte, error) {
		noted, _, err := key.GetBinaryValue(e.ID)
		return noted, err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kept{}, false, err
	}
	k.on = len(approved) == 0 || approved[0]%2 == 0
	if args, err := windows.DecomposeCommandLine(line); err == nil && len(args) > 0 {
		k.program = args[0]
	}
	return k, kind == registry.SZ && line == e.line(k.program), nil
}

// line is the command line that starts a program.
func (e Entry) line(program string) string {
	line := `"` + program + `"` // no path holds a quotation mark
	if len(e.Args) > 0 {
		line += " " + windows.ComposeCommandLine(e.Args)
	}
	return line
}

// readValue reads a value of one of the user's keys.
func readValue[T any](path string, read func(registry.Key) (T, error)) (none T, err error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return none, err
	}
	defer key.Close()
	return read(key)
}

func (e Entry) write(program string) error {
	line := e.line(program)
	if len(utf16.Encode([]rune(line))) > longest {
		return ErrPath
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if err := e.forgetApproval(); err != nil {
		return err
	}
	return key.SetStringValue(e.ID, line)
}

func (e Entry) remove() error {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	return errors.Join(e.forgetApproval(), key.DeleteValue(e.ID))
}

// forgetApproval removes what the user has chosen in the Task Manager.
func (e Entry) forgetApproval() error {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE)
	if err == nil {
		defer key.Close()
		err = key.DeleteValue(e.ID)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
