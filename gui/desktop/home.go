package desktop

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// FindHome makes this process's environment name only folders of the user. It drops paths that are not absolute: they would lie below
// the folder in which the program was started. Where HOME is missing, it takes the user's home from the system.
func FindHome() {
	if runtime.GOOS == "windows" {
		return // the system always names them
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

// PreferX11 chooses X11 wherever there is an X display, also that of Xwayland in a Wayland session. GLFW 3.4 reads Wayland's
// clipboard on the window's thread, waits for its owner without limit, and cannot mark a secret. A FYNE_PLATFORM that is set is kept.
func PreferX11() {
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		os.Setenv("FYNE_PLATFORM", "x11")
	}
}
