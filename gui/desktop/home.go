package desktop

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// FindHome corrects the folders in this process's environment. It removes paths that are not absolute, because they depend on the
// current folder. If HOME is missing, it sets HOME to the home that the system knows.
func FindHome() {
	if runtime.GOOS == "windows" {
		return // Windows always sets them
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

// PreferX11 chooses X11 if there is an X display, also Xwayland's, unless FYNE_PLATFORM is set. GLFW 3.4 reads Wayland's clipboard on
// the window's thread, waits for its owner without limit, and cannot mark a secret.
func PreferX11() {
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		os.Setenv("FYNE_PLATFORM", "x11")
	}
}
