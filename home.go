package main

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// findHome makes the environment name the user's own folders only. A path that is not absolute would be one below the folder that
// the program happens to be started in. Where HOME names none, it is the one that the system has for the user.
func findHome() {
	if runtime.GOOS == "windows" {
		return // it always tells them
	}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"} {
		if folder, set := os.LookupEnv(name); set && !filepath.IsAbs(folder) {
			os.Unsetenv(name)
		}
	}
	if filepath.IsAbs(os.Getenv("HOME")) {
		return
	}
	os.Unsetenv("HOME")
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		os.Setenv("HOME", u.HomeDir)
	}
}

// preferX11 has the window be one of X's where there is an X display, as Xwayland's in a Wayland session: GLFW 3.4 reads Wayland's
// clipboard on the window's thread and waits for its holder without limit, and knows no mark for a secret. Who sets FYNE_PLATFORM
// knows better.
func preferX11() {
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		os.Setenv("FYNE_PLATFORM", "x11")
	}
}
