package autostart

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A system that starts programs at login is the real one: a folder of its own on Linux and macOS, Wine's registry for Windows.

// newEntry returns an entry in a place of its own, and the folder for the programs of the test.
func newEntry(t *testing.T) (e Entry, folder string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "autostart")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(folder, "config"))
	t.Setenv("HOME", folder)
	e = Entry{ID: "com.example.autostart-test", Name: "Test of autostart", Args: []string{"--background"}}
	t.Cleanup(func() {
		if err := e.Disable(); err != nil {
			t.Error(err)
		}
	})
	return e, folder
}

// newProgram makes the file of a program.
func newProgram(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func isEnabled(t *testing.T, e Entry) bool {
	t.Helper()
	enabled, err := e.Enabled()
	if err != nil {
		t.Fatal(err)
	}
	return enabled
}

func TestItIsEnabledUntilItIsDisabled(t *testing.T) {
	e, folder := newEntry(t)
	if isEnabled(t, e) {
		t.Fatal("it is enabled before anybody has asked for it")
	}
	if err := e.Disable(); err != nil {
		t.Errorf("without an entry, disabling says %v", err)
	}
	for range 2 { // the second time is over its own entry
		if err := e.enable(newProgram(t, filepath.Join(folder, "app"))); err != nil {
			t.Fatal(err)
		}
		if !isEnabled(t, e) {
			t.Fatal("it is not enabled")
		}
	}
	if err := e.Disable(); err != nil {
		t.Fatal(err)
	}
	if isEnabled(t, e) {
		t.Error("it is still enabled")
	}
}

// The entry names exactly this program, whatever its path looks like.
func TestTheEntryNamesTheProgram(t *testing.T) {
	e, folder := newEntry(t)
	for _, name := range []string{"app", "with blanks in it", "two  blanks", "50% off", "%U", "a=b", "$HOME", "it's", "Ünïcödé – 日本", "a&b;c", "(x86)"} {
		program := newProgram(t, filepath.Join(folder, name, "app.exe"))
		if err := e.enable(program); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		k, err := e.read()
		if err != nil || k.program != program || !k.on {
			t.Errorf("%q: it names %q, on: %v, %v", program, k.program, k.on, err)
		}
	}
}

// A program that was moved is named anew. Another copy of it that is still there keeps the entry, and what is off stays off.
func TestAMovedProgramIsNamedAnew(t *testing.T) {
	e, folder := newEntry(t)
	here, there := filepath.Join(folder, "here", "app"), newProgram(t, filepath.Join(folder, "there", "app"))
	named := func() string {
		k, err := e.read()
		if err != nil {
			t.Fatal(err)
		}
		return k.program
	}
	if err := e.repair(there); err != nil || isEnabled(t, e) {
		t.Fatalf("what is not enabled is enabled, or %v", err)
	}
	if err := e.enable(newProgram(t, here)); err != nil {
		t.Fatal(err)
	}
	if err := e.repair(there); err != nil || named() != here {
		t.Errorf("a second copy takes the entry: it names %q, %v", named(), err)
	}
	if err := os.Remove(here); err != nil {
		t.Fatal(err)
	}
	if err := e.repair(there); err != nil || named() != there || !isEnabled(t, e) {
		t.Errorf("after the move it names %q, %v", named(), err)
	}
}

func TestWhichFileIsStarted(t *testing.T) {
	for name, c := range map[string]struct {
		surroundings
		file, want string
		err        error
	}{
		"installed":        {surroundings{system: "linux"}, "/usr/bin/app", "/usr/bin/app", nil},
		"an AppImage":      {surroundings{system: "linux", variable: vars("APPIMAGE=/opt/a/My App.AppImage", "APPDIR=/tmp/.mount_x")}, "/tmp/.mount_x/usr/bin/app", "/opt/a/My App.AppImage", nil},
		"beside one":       {surroundings{system: "linux", variable: vars("APPIMAGE=/opt/a/Terminal.AppImage", "APPDIR=/tmp/.mount_x")}, "/usr/bin/app", "/usr/bin/app", nil},
		"a snap":           {surroundings{system: "linux", variable: vars("SNAP=/snap/app/1")}, "/snap/app/1/bin/app", "", ErrSandbox},
		"beside a snap":    {surroundings{system: "linux", variable: vars("SNAP=/snap/code/1")}, "/usr/bin/app", "/usr/bin/app", nil},
		"a Flatpak":        {surroundings{system: "linux", flatpak: true}, "/app/bin/app", "", ErrSandbox},
		"a Mac's app":      {surroundings{system: "darwin"}, "/Applications/A.app/Contents/MacOS/app", "/Applications/A.app/Contents/MacOS/app", nil},
		"not moved there":  {surroundings{system: "darwin"}, "/private/var/folders/x/AppTranslocation/1/d/A.app/Contents/MacOS/app", "", ErrTemporary},
		"in an opened zip": {surroundings{system: "windows", temporary: "/temp"}, "/temp/Temp1_app.zip/app.exe", "", ErrTemporary},
		"beside a zip":     {surroundings{system: "windows", temporary: "/temp"}, "/temperature/app.exe", "/temperature/app.exe", nil},
	} {
		if c.variable == nil {
			c.variable = vars()
		}
		if got, err := c.program(c.file); filepath.ToSlash(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// vars is an environment with these variables.
func vars(all ...string) func(string) string {
	return func(name string) string {
		for _, one := range all {
			if value, ok := strings.CutPrefix(one, name+"="); ok {
				return value
			}
		}
		return ""
	}
}
