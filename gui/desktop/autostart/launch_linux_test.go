package autostart

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Another program starts what the file names, with its arguments: GLib's, as GNOME, XFCE and others do. No file is a fault in the eyes of
// desktop-file-validate.
func TestTheDesktopStartsTheProgram(t *testing.T) {
	for _, tool := range []string{"gio", "desktop-file-validate"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipped: %s is not here", tool)
		}
	}
	e, folder := newEntry(t)
	for _, odd := range oddArgs {
		if strings.ContainsAny(odd, "/") || odd == "" {
			continue
		}
		program := newProgram(t, filepath.Join(folder, odd, odd+" app"))
		noted := filepath.Join(folder, "noted")
		script := "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >'" + noted + ".new' && mv '" + noted + ".new' '" + noted + "'\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		e.Args = []string{"--background", odd}
		if err := e.enable(program); err != nil {
			t.Fatal(err)
		}
		path, _ := e.path()
		if out, err := exec.Command("desktop-file-validate", path).CombinedOutput(); err != nil || strings.Contains(string(out), "error") {
			t.Errorf("%q: %v: %s", odd, err, out)
		}
		if out, err := exec.Command("gio", "launch", path).CombinedOutput(); err != nil {
			t.Errorf("%q: gio launch: %v: %s", odd, err, out)
			continue
		}
		if got, want := waitFor(t, noted), strings.Join(append([]string{program}, e.Args...), "\n")+"\n"; got != want {
			t.Errorf("%q: started was\n%swanted\n%s", odd, got, want)
		}
		_ = os.Remove(noted)
	}
}

// waitFor returns the text of a file once it is there. The started program may end after the one that has started it.
func waitFor(t *testing.T, path string) string {
	t.Helper()
	for range 3000 {
		if text, err := os.ReadFile(path); err == nil {
			return string(text)
		}
		_, _ = exec.Command("sleep", "0.01").Output()
	}
	t.Fatal("nothing was started")
	return ""
}

// The file can be read by the session, and nothing is left beside it.
func TestTheFileAlone(t *testing.T) {
	e, folder := newEntry(t)
	if err := e.enable(newProgram(t, filepath.Join(folder, "app"))); err != nil {
		t.Fatal(err)
	}
	path, _ := e.path()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
		t.Errorf("there are %v", all)
	}
}

// Switched off in the desktop's settings it is off, until it is enabled again here.
func TestSwitchedOffByTheDesktop(t *testing.T) {
	e, folder := newEntry(t)
	program := newProgram(t, filepath.Join(folder, "app"))
	for _, off := range []string{"Hidden=true", "X-GNOME-Autostart-enabled=false"} {
		if err := e.enable(program); err != nil {
			t.Fatal(err)
		}
		path, _ := e.path()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, off+"\n"...), 0o600); err != nil {
			t.Fatal(err)
		}
		if isEnabled(t, e) {
			t.Errorf("%s: it is on", off)
		}
		if err := os.Remove(program); err != nil {
			t.Fatal(err)
		}
		if err := e.repair(newProgram(t, filepath.Join(folder, "elsewhere"))); err != nil || isEnabled(t, e) {
			t.Errorf("%s: a repair switches it on, or %v", off, err)
		}
		if err := e.enable(newProgram(t, program)); err != nil || !isEnabled(t, e) {
			t.Errorf("%s: it cannot be switched on again: %v", off, err)
		}
	}
}

// What the user or somebody else has written stays, and counts, also where it names no file that is there.
func TestEntriesOfOthersStay(t *testing.T) {
	e, folder := newEntry(t)
	program, gone := newProgram(t, filepath.Join(folder, "app")), filepath.Join(folder, "gone")
	path, _ := e.path()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	ours, err := desktopFile(e, gone)
	if err != nil {
		t.Fatal(err)
	}
	head := "[Desktop Entry]\nType=Application\nName=Mine\nExec="
	for _, text := range []string{
		head + "env FYNE_SCALE=2 " + program + " --background\n",
		head + "/usr/bin/env FYNE_SCALE=2 " + gone + " --background\n",
		head + "app --background\n",
		head + `sh -c "sleep 20; ` + program + ` --background"` + "\n",
		head + gone + "\n",
		ours + "X-GNOME-Autostart-Delay=30\n",
		strings.Replace(ours, "--background", "--background --jumpcloud http://127.0.0.1", 1),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := e.repair(program); err != nil {
			t.Error(err)
		}
		if now, err := os.ReadFile(path); string(now) != text {
			t.Errorf("of\n%s\nbecame, %v\n%s", text, err, now)
		}
		if on, err := e.enabled(program); !on || err != nil {
			t.Errorf("%s\nis off, %v", text, err)
		}
	}
}

// What cannot be read or written is an error, and no answer.
func TestAFolderInTheWay(t *testing.T) {
	e, folder := newEntry(t)
	path, _ := e.path()
	newProgram(t, filepath.Join(path, "in the way"))
	if on, err := e.Enabled(); err == nil {
		t.Errorf("enabled: %v", on)
	}
	if e.enable(newProgram(t, filepath.Join(folder, "app"))) == nil || e.repair("/x") == nil || e.Disable() == nil {
		t.Error("it does as if all were well")
	}
	if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
		t.Errorf("left behind: %v", all)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}
