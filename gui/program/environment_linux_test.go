package program

import (
	"bytes"
	"os"
	"os/exec"
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
