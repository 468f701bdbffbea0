package autostart

import (
	"os"
	"path/filepath"
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

// isEnabled reports what the program sees that the entry names.
func isEnabled(t *testing.T, e Entry) bool {
	t.Helper()
	k, _, _ := e.read()
	enabled, err := e.enabled(k.program)
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
		k, own, err := e.read()
		if err != nil || k.program != program || !k.on || !own {
			t.Errorf("%q: it names %q, on: %v, %v", program, k.program, k.on, err)
		}
	}
}

// A program that was moved is named anew. Another copy of it that is still there keeps the entry, and what is off stays off.
func TestAMovedProgramIsNamedAnew(t *testing.T) {
	e, folder := newEntry(t)
	here, there := filepath.Join(folder, "here", "app"), newProgram(t, filepath.Join(folder, "there", "app"))
	named := func() string {
		k, _, err := e.read()
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
	if on, err := e.enabled(there); on || err != nil {
		t.Errorf("to a second copy it is enabled, or %v", err)
	}
	if err := os.Remove(here); err != nil {
		t.Fatal(err)
	}
	if err := e.repair(there); err != nil || named() != there || !isEnabled(t, e) {
		t.Errorf("after the move it names %q, %v", named(), err)
	}
}

func TestTemporaryPlaces(t *testing.T) {
	for _, c := range []struct {
		file, system, temporary string
		want                    bool
	}{
		{"/usr/bin/app", "linux", "/tmp", false},
		{"/tmp/fr-abc/app", "linux", "/tmp", true},
		{"/tmp/.mount_x/usr/bin/app", "linux", "/tmp", true},
		{"/tmpfiles/app", "linux", "/tmp", false},
		{"/Volumes/data/app", "linux", "/tmp", false},
		{"/Applications/A.app/Contents/MacOS/app", "darwin", "/var/folders/x/T", false},
		{"/private/var/folders/x/AppTranslocation/1/d/A.app/Contents/MacOS/app", "darwin", "/var/folders/x/T", true},
		{"/Volumes/ControlMap Connect/A.app/Contents/MacOS/app", "darwin", "/var/folders/x/T", true},
		{"/temp/Temp1_app.zip/app.exe", "windows", "/temp", true},
		{"/temperature/app.exe", "windows", "/temp", false},
	} {
		if got := isTemporary(c.file, c.system, c.temporary); got != c.want {
			t.Errorf("%s on %s: %v", c.file, c.system, got)
		}
	}
}
