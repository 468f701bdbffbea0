package autostart

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// Switched off in the Task Manager it is off, until it is enabled again here.
func TestSwitchedOffInTheTaskManager(t *testing.T) {
	e, folder := newEntry(t)
	program := newProgram(t, filepath.Join(folder, "app.exe"))
	for noted, on := range map[string]bool{
		"\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00": true,
		"\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00": true,
		"\x03\x00\x00\x00\x4c\x0a\x41\x7c\xa2\xd7\xd9\x01": false,
		"\x07\x00\x00\x00\x4c\x0a\x41\x7c\xa2\xd7\xd9\x01": false,
		"\x01": false,
		"":     true,
	} {
		if err := e.enable(program); err != nil {
			t.Fatal(err)
		}
		key, _, err := registry.CreateKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		if err := key.SetBinaryValue(e.ID, []byte(noted)); err != nil || key.Close() != nil {
			t.Fatal(err)
		}
		if isEnabled(t, e) != on {
			t.Errorf("%x: on is %v", noted, !on)
		}
		if err := e.enable(program); err != nil || !isEnabled(t, e) {
			t.Errorf("%x: it cannot be switched on again: %v", noted, err)
		}
	}
	if err := e.Disable(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{runKey, approvedKey} {
		key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := key.GetValue(e.ID, nil); !errors.Is(err, registry.ErrNotExist) {
			t.Errorf("something is left in %s: %v", path, err)
		}
		key.Close()
	}
}

// The command line is the program in quotation marks, with its arguments. A longer one than Windows takes is an error.
func TestTheCommandLine(t *testing.T) {
	e, _ := newEntry(t)
	if err := e.enable(`C:\Program Files\A & B\app.exe`); err != nil {
		t.Fatal(err)
	}
	line, err := readValue(runKey, func(key registry.Key) (string, error) {
		line, kind, err := key.GetStringValue(e.ID)
		if kind != registry.SZ {
			t.Errorf("its kind is %d", kind)
		}
		return line, err
	})
	if err != nil || line != `"C:\Program Files\A & B\app.exe" --background` {
		t.Errorf("%q, %v", line, err)
	}
	if err := e.enable(`C:\` + strings.Repeat("x", 240) + `\app.exe`); !errors.Is(err, ErrPath) {
		t.Errorf("too long: %v", err)
	}
}

// What the user or an administrator has written stays, and counts.
func TestValuesOfOthersStay(t *testing.T) {
	e, folder := newEntry(t)
	program := newProgram(t, filepath.Join(folder, "app.exe"))
	if err := e.enable(program); err != nil {
		t.Fatal(err)
	}
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE|registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	for _, line := range []string{`"%LOCALAPPDATA%\Gone\app.exe" --background`, `cmd /c start /min app.exe --background`} {
		if err := key.SetExpandStringValue(e.ID, line); err != nil {
			t.Fatal(err)
		}
		if err := e.repair(program); err != nil {
			t.Error(err)
		}
		if now, kind, err := key.GetStringValue(e.ID); now != line || kind != registry.EXPAND_SZ || err != nil {
			t.Errorf("%s became %s, %v", line, now, err)
		}
		if on, err := e.enabled(program); !on || err != nil {
			t.Errorf("%s is off, %v", line, err)
		}
	}
}
