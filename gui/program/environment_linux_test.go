package program

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// TestOddEnvironments runs the built program's commands where folders or the language are not set as usual. They work, and say nothing about
// that.
func TestOddEnvironments(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it builds the program")
	}
	app := buildApp(t)
	server := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	d := &desk{t: t, server: server}
	d.trust()
	for name, odd := range map[string][]string{
		"no home, no language":      nil,
		"home is no absolute path":  {"HOME=here", "XDG_CONFIG_HOME=config", "XDG_CACHE_HOME=cache", "XDG_DATA_HOME=data", "XDG_RUNTIME_DIR=run"},
		"home is this folder":       {"HOME=."},
		"home is empty":             {"HOME="},
		"a list of odd languages":   {"LANG=ca_ES.UTF-8", "LANGUAGE=ca@valencia:ca"},
		"a list without a language": {"LANGUAGE=ca@valencia:ca"},
		"with a currency":           {"LANG=de_DE@euro"},
		"C":                         {"LC_ALL=C"},
		"POSIX":                     {"LC_ALL=POSIX", "LANGUAGE=C:POSIX"},
		"no text at all":            {"LC_ALL=\xff\xfe", "LANGUAGE=\xff"},
		"blanks and colons":         {"LANG= ", "LANGUAGE=:::"},
	} {
		folder := t.TempDir()
		for _, args := range [][]string{{"--version"}, {"check", "--key-stdin", "--keychain", "memory", "--jumpcloud", server.URL}} {
			program := exec.Command(app, args...)
			program.Dir, program.Stdin = folder, strings.NewReader(jumpcloudtest.SampleKey)
			program.Env = append([]string{"PATH=" + os.Getenv("PATH"), "SSL_CERT_FILE=" + d.certificate}, odd...)
			var errs bytes.Buffer
			program.Stderr = &errs
			if out, err := program.Output(); err != nil || errs.Len() > 0 || len(out) == 0 {
				t.Errorf("%s: %q ends with %v, complains %q and prints\n%s", name, args, err, &errs, out)
			}
		}
	}
}

// TestWindowWithoutAHome opens the window for a user whom the system does not know, with folders that are missing or cannot be written to. It
// works, and writes nothing outside of a temporary folder, which goes with it. Where there is a home, that is used.
func TestWindowWithoutAHome(t *testing.T) {
	if app := os.Getenv(insideVar); app != "" {
		home := os.Getenv(homeVar)
		closed, file := filepath.Join(home, "closed"), filepath.Join(home, "file")
		if err := errors.Join(os.Mkdir(closed, 0o500), os.WriteFile(file, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			environment []string
			kept        bool
		}{
			"nothing is set":       {nil, false},
			"home is the root":     {[]string{"HOME=/"}, false},
			"home is read-only":    {[]string{"HOME=" + closed}, false},
			"home is this folder":  {[]string{"HOME=."}, false},
			"settings are a file":  {[]string{"HOME=" + home, "XDG_CONFIG_HOME=" + file}, false},
			"relative XDG folders": {[]string{"HOME=" + home, "XDG_CONFIG_HOME=config", "XDG_CACHE_HOME=cache"}, true},
		} {
			t.Run(name, func(t *testing.T) { opensWithoutAHome(t, app, c.environment, c.kept) })
		}
		return
	}
	needTools(t, "Xvfb", "openbox", "xdotool", "import", "unshare")
	if out, err := exec.Command("unshare", "--user", "--map-user=64321", "true").CombinedOutput(); err != nil {
		t.Skipf("skipped: no user without a home can be made here: %v: %s", err, out)
	}
	insideOf(t, []string{insideVar + "=" + buildApp(t), homeVar + "=" + t.TempDir(), "SCREEN=1400x1000"}, "scripts/with-display")
}

// opensWithoutAHome opens the window with this environment, types into it, and closes it.
func opensWithoutAHome(t *testing.T, app string, environment []string, kept bool) {
	d, _ := newDesk(t, app, t.TempDir())
	temporary, current, root := t.TempDir(), t.TempDir(), names(t, "/")
	// The user has the rights of the one who runs this, but no entry among the system's users.
	d.program = exec.Command("unshare", "--user", "--map-user=64321", "--", app, "--jumpcloud", d.server.URL)
	d.program.Dir = current
	d.program.Env = append([]string{"PATH=" + os.Getenv("PATH"), "DISPLAY=" + os.Getenv("DISPLAY"), "LANG=en_US.UTF-8",
		"SSL_CERT_FILE=" + d.certificate, "TMPDIR=" + temporary}, environment...)
	d.launch()
	if used := len(names(t, temporary)) > 0; used == kept {
		t.Errorf("while it runs there are %q among the temporary files", names(t, temporary))
	}
	empty := d.still()
	d.typeText("TEST")
	d.until("what is typed shows", func() bool { return differing(empty, d.picture()) > 300 })
	d.key("ctrl+a", "BackSpace") // else closing asks
	d.key("ctrl+q")
	d.ends()
	d.until("the temporary folder is gone", func() bool { return len(names(t, temporary)) == 0 })
	for folder, want := range map[string][]string{current: {}, "/": root} {
		if got := names(t, folder); !slices.Equal(got, want) {
			t.Errorf("in %s there are %q, not %q", folder, got, want)
		}
	}
}

// names lists a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
