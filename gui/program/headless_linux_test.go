package program

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
)

// buildHeadless builds the program without a window, and returns its file.
func buildHeadless(t *testing.T) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("build", "tested", "cli"))
	if err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "headless", "-o", file, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return file
}

// The program without a window is one static file without Fyne. It checks a key, and needs nothing but the certificates.
func TestHeadless(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it builds the program")
	}
	file := buildHeadless(t)
	isStatic(t, file)
	server := jumpcloudtest.NewTLS(jumpcloudtest.SampleWorld())
	t.Cleanup(server.Close)
	d := &desk{t: t, server: server}
	d.trust()
	for name, c := range map[string]struct {
		args  []string
		piped string
		code  int
		says  string
	}{
		"version":     {[]string{"--version"}, "", 0, mustMetadata(t).Name + " "},
		"help":        {[]string{"--help"}, "", 0, "controlmap-jumpcloud-cli check [flags]"},
		"check: help": {[]string{"check", "--help"}, "", 0, "controlmap-jumpcloud-cli check [flags]"},
		"no command":  {nil, "", 2, "no window"},
		"a window":    {[]string{"--demo"}, "", 2, "-demo"},
		"a good key":  {[]string{"check", "--key-stdin", "--keychain", "memory", "--jumpcloud", server.URL}, jumpcloudtest.SampleKey, 0, "Larkspur Robotics: Passed"},
		"a bad key":   {[]string{"check", "--key-stdin", "--keychain", "memory", "--jumpcloud", server.URL}, jumpcloudtest.SampleRevokedKey, 1, "Copy the key once more"},
	} {
		program := exec.Command(file, c.args...)
		program.Env = []string{"SSL_CERT_FILE=" + d.certificate} // it needs no other variable
		program.Stdin = strings.NewReader(c.piped)
		out, _ := program.CombinedOutput()
		if code := program.ProcessState.ExitCode(); code != c.code || !bytes.Contains(out, []byte(c.says)) {
			t.Errorf("%s: exit code %d, printed\n%s", name, code, out)
		}
	}
}

// isStatic looks into a program. It must need no library of the system, and hold no module that draws.
func isStatic(t *testing.T, file string) {
	t.Helper()
	program, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("it is linked to libraries: it has a %s", part.Type)
		}
	}
	built, err := buildinfo.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range built.Deps {
		if strings.Contains(strings.ToLower(module.Path), "fyne") || strings.Contains(module.Path, "go-gl") {
			t.Errorf("it holds %s", module.Path)
		}
	}
	if len(built.Deps) == 0 {
		t.Error("it does not say what it is built from")
	}
}
