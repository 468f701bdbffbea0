package desktop

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"testing"
)

// Whatever the environment says, the app's files are in a folder of the user's.
func TestFilesAreInTheUsersFolders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows tells the folders by itself")
	}
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ home, xdg, want string }{
		{"", "", u.HomeDir},
		{"here", "", u.HomeDir},
		{".", "config", u.HomeDir},
		{"/srv/dana", "./config", "/srv/dana"},
		{"/srv/dana", "", "/srv/dana"},
		{"/nonexistent", "/somewhere", "/nonexistent"},
	} {
		t.Setenv("HOME", c.home)
		t.Setenv("XDG_CONFIG_HOME", c.xdg)
		t.Setenv("XDG_CACHE_HOME", c.xdg)
		FindHome()
		if got := os.Getenv("HOME"); got != c.want {
			t.Errorf("HOME=%s becomes %q", c.home, got)
		}
		for _, folder := range []func() (string, error){os.UserConfigDir, os.UserCacheDir} {
			if got, err := folder(); err != nil || !filepath.IsAbs(got) {
				t.Errorf("HOME=%s XDG_CONFIG_HOME=%s: the folder is %q, %v", c.home, c.xdg, got, err)
			}
		}
	}
}
