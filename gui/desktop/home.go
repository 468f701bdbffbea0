package desktop

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
)

// FindHome corrects the folders in this process's environment. It removes paths that are not absolute, because they depend on the
// current folder, and the root folder, which is nobody's. If HOME is missing then, it sets HOME to the home that the system knows.
func FindHome() {
	if runtime.GOOS == "windows" {
		return // Windows always sets them
	}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"} {
		if folder, set := os.LookupEnv(name); set && !isOwn(folder) {
			os.Unsetenv(name)
		}
	}
	if isOwn(os.Getenv("HOME")) {
		return
	}
	os.Unsetenv("HOME")
	if u, err := user.Current(); err == nil && isOwn(u.HomeDir) {
		os.Setenv("HOME", u.HomeDir)
	}
}

// isOwn reports whether a path can be a user's own folder.
func isOwn(path string) bool { return filepath.IsAbs(path) && filepath.Clean(path) != "/" }

// TemporaryHome makes a folder for the files of this process, and names it in the environment, if the user's own folders for settings and
// caches are missing or cannot be written to. The folder is "" if they can. It is removed when the process calls remove or ends, in
// whatever way.
func TemporaryHome() (folder string, remove func(), err error) {
	if runtime.GOOS == "windows" || writable(os.UserConfigDir) && writable(os.UserCacheDir) {
		return "", func() {}, nil
	}
	if folder, err = os.MkdirTemp("", "controlmap-connect-"); err != nil {
		return "", nil, err
	}
	if remove, err = removedAfter(folder); err != nil {
		return "", nil, errors.Join(err, os.Remove(folder))
	}
	os.Setenv("XDG_CONFIG_HOME", filepath.Join(folder, "config"))
	os.Setenv("XDG_CACHE_HOME", filepath.Join(folder, "cache"))
	if _, has := os.LookupEnv("HOME"); !has || runtime.GOOS == "darwin" { // macOS has no other name for these folders
		os.Setenv("HOME", folder)
	}
	return folder, remove, nil
}

// removedAfter starts a shell that removes a folder once this process has ended, or has called remove. The process itself cannot: Fyne 2.8.1
// makes the folders of its settings anew when they are removed (watchFileAddTarget in its settings_desktop.go).
func removedAfter(folder string) (remove func(), err error) {
	shell := exec.Command("/bin/sh", "-c", `trap '' HUP INT TERM; read -r _; rm -rf -- "$1"`, "sh", folder)
	input, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	return func() { _ = input.Close() }, nil
}

// writable reports whether a file can be made in a folder. It makes the folder if necessary, but not the user's home: one that is not there, such
// as /nonexistent of a service, is not to be.
func writable(folder func() (string, error)) bool {
	path, err := folder()
	if err != nil {
		return false
	}
	home := os.Getenv("HOME")
	if _, err := os.Stat(home); err != nil && strings.HasPrefix(path, home+"/") {
		return false
	}
	if os.MkdirAll(path, 0o700) != nil {
		return false
	}
	file, err := os.CreateTemp(path, ".controlmap-connect-")
	if err != nil {
		return false
	}
	file.Close()
	return os.Remove(file.Name()) == nil
}

// PreferX11 chooses X11 if there is an X display, also Xwayland's, unless FYNE_PLATFORM is set. GLFW 3.4 reads Wayland's clipboard on
// the window's thread, waits for its owner without limit, and cannot mark a secret.
func PreferX11() {
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		os.Setenv("FYNE_PLATFORM", "x11")
	}
}
