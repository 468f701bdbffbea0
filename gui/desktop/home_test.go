package desktop

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
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
		{"/", "/", u.HomeDir},
		{"//.", "", u.HomeDir},
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

// Where the user's own folders cannot be written to, the files are in a folder of this process, and nothing is made elsewhere.
func TestTemporaryHome(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows tells the folders by itself")
	}
	base := t.TempDir()
	file, missing := filepath.Join(base, "file"), filepath.Join(base, "missing")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		home, xdg string // "": not set
		own       bool
	}{
		{base, "", true},
		{missing, "", false},
		{file, "", false},
		{"", "", false},
		{base, filepath.Join(file, "config"), runtime.GOOS == "darwin"}, // which does not know XDG
		{missing, filepath.Join(base, "a", "b"), runtime.GOOS != "darwin"},
	} {
		for name, value := range map[string]string{"HOME": c.home, "XDG_CONFIG_HOME": c.xdg, "XDG_CACHE_HOME": c.xdg} {
			if t.Setenv(name, value); value == "" {
				os.Unsetenv(name)
			}
		}
		folder, remove, err := TemporaryHome()
		if err != nil || (folder == "") != c.own {
			t.Fatalf("%+v: the folder is %q, %v", c, folder, err)
		}
		for _, of := range []func() (string, error){os.UserConfigDir, os.UserCacheDir} {
			if got, err := of(); err != nil || !strings.HasPrefix(got, folder) || folder == "" && !strings.HasPrefix(got, base) {
				t.Errorf("%+v: the files are in %q, %v", c, got, err)
			}
		}
		remove()
		for range 1000 { // ten seconds at most
			if _, err := os.Stat(folder); err != nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%+v: %s is still there", c, folder)
		}
		if _, err := os.Stat(missing); err == nil {
			t.Fatalf("%+v: a home was made that the system does not have", c)
		}
	}
}
