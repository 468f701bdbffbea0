// Package autostart has the system start a program when its user logs in.
package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var (
	// ErrTemporary says that the program's file is in a place that is gone by the next login.
	ErrTemporary = errors.New("the program's file is in a temporary place")
	// ErrPath says that the system's format has no way to write the path of the program's file.
	ErrPath = errors.New("the path of the program's file is too long, or has characters that the system cannot start")
)

// Entry is what the system keeps about a program that it starts at login. Nothing in it is secret.
type Entry struct {
	ID   string   // the id of the app; it names the entry
	Name string   // what the system's own settings call it
	Args []string // what the program is started with
}

// kept is an entry as the system has it.
type kept struct {
	program string // "" if that cannot be read
	on      bool   // nobody has switched it off
}

// Enabled reports whether the system starts this program at login. An entry that starts another copy of it does not count, nor one that was
// switched off in the system's own settings. (On macOS nobody can see the latter.) What somebody else has written counts.
func (e Entry) Enabled() (bool, error) {
	program, _ := ownProgram() // an entry does not name one in a temporary place
	return e.enabled(program)
}

func (e Entry) enabled(program string) (bool, error) {
	k, own, err := e.read()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return k.on && (!own || isSame(k.program, program)), wrap("read", err)
}

// isSame reports whether two paths lead to the same file.
func isSame(a, b string) bool {
	one, err := os.Stat(a)
	other, otherErr := os.Stat(b)
	return err == nil && otherErr == nil && os.SameFile(one, other)
}

// Enable has the system start this program at login, also if it was switched off in the system's own settings. (On macOS it stays off there.)
// It returns [ErrTemporary] or [ErrPath] if that is not possible here.
func (e Entry) Enable() error {
	program, err := ownProgram()
	if err != nil {
		return err
	}
	return e.enable(program)
}

func (e Entry) enable(program string) error { return wrap("write", e.write(program)) }

// Disable ends that. Without an entry it does nothing.
func (e Entry) Disable() error {
	err := e.remove()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return wrap("remove", err)
}

// Repair names this program in the entry if the program that the entry names is gone, because it was moved or installed elsewhere. A
// second copy of the program, which is still there, keeps its entry. What somebody else has written stays.
func (e Entry) Repair() error {
	program, err := ownProgram()
	if err != nil {
		return err
	}
	return e.repair(program)
}

func (e Entry) repair(program string) error {
	k, own, err := e.read()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return wrap("read", err)
	case !k.on || !own:
		return nil
	}
	if _, err := os.Stat(k.program); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return e.enable(program)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the entry for the login: %w", what, err)
}
